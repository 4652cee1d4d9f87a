//! Who may do what: joining, roles, leaving.

mod effects;
mod guards;
mod imports;

use std::thread;

use outlay_core::{InviteId, UserId};
use outlay_testkit::{
    Account, Answer,
    account::{PASSWORD, accept, log_in, mailed_invitation},
    stack::wait_until,
};
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, without_request_id};

fn json_of(answer: Answer) -> Value {
    answer.expect(200).unwrap().json().unwrap()
}

fn patch(account: &Account, path: &str, body: &Value) -> Answer {
    account.request("PATCH", path).json(body).send().unwrap()
}

/// The same with the ETag of the thing as it is now.
fn patch_current(account: &Account, path: &str, body: &Value) -> Answer {
    let now = account.get(path).unwrap();
    let tag = now.header("etag").unwrap_or("none").to_owned();
    let request = account.request("PATCH", path).header("if-match", &tag);
    request.json(body).send().unwrap()
}

fn members(account: &Account) -> Vec<Value> {
    let page = json_of(account.get("/v1/members").unwrap());
    page["items"].as_array().unwrap().clone()
}

fn set_role(by: &Account, of: &Account, role: &str) -> Answer {
    let path = format!("/v1/members/{}", of.user_id);
    patch(by, &path, &json!({ "role": role }))
}

fn leave(account: &Account) -> Answer {
    account
        .delete(&format!("/v1/members/{}", account.user_id))
        .unwrap()
}

/// Something that only members and above may: answered 201, or refused.
fn change(account: &Account) -> Answer {
    let file = json!({ "fileName": "a.csv", "sizeBytes": 1, "contentType": "text/csv" });
    account.post("/v1/uploads", &file).unwrap()
}

#[test]
fn a_newcomer_accepts_an_invitation_once() {
    let owner = sign_up("inviting");
    let email = format!("new.{}@example.com", UserId::mint());
    let token = owner.invite(&email, "member").unwrap();
    let open = json_of(owner.get("/v1/members/invites").unwrap());
    assert_eq!(open["items"][0]["email"], email.as_str());
    assert!(!open.to_string().contains(&token), "shown to nobody");

    let joined = json_of(accept(owner.stack(), &token).unwrap());
    assert_eq!(joined["role"], "member");
    assert_eq!(joined["tenantId"], owner.tenant_id.as_str());
    let again = accept(owner.stack(), &token).unwrap();
    assert_eq!(slug(&again, 400), "invite-ended");

    let newcomer = Account::log_in(owner.stack(), &email, PASSWORD).unwrap();
    let me = json_of(newcomer.get("/v1/auth/me").unwrap());
    assert_eq!(
        (&me["role"], &me["user"]["name"]),
        (&json!("member"), &json!("Kim Example"))
    );
    assert_eq!(me["tenants"].as_array().unwrap().len(), 1);
    assert_eq!(members(&newcomer).len(), 2);
    let users = newcomer.get("/v1/users").unwrap();
    assert_eq!(slug(&users, 403), "forbidden");
    let open = json_of(owner.get("/v1/members/invites").unwrap());
    assert_eq!(open["items"], json!([]));
}

#[test]
fn of_acceptances_at_once_one_makes_a_member() {
    let owner = sign_up("race");
    let email = format!("race.{}@example.com", UserId::mint());
    let token = owner.invite(&email, "viewer").unwrap();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| accept(owner.stack(), &token).unwrap().status))
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let accepted = statuses.iter().filter(|s| **s == 200).count();
    assert_eq!(accepted, 1, "{statuses:?}");
    // Whoever is late finds the invitation used, or is in already: all gave the same password.
    assert!(
        statuses.iter().all(|s| [200, 400, 409].contains(s)),
        "{statuses:?}"
    );
    assert_eq!(members(&owner).len(), 2);
}

#[test]
fn nobodys_mailbox_is_flooded_with_invitations() {
    let owner = sign_up("flooding-mails");
    let invite = |email: &str| {
        let body = json!({ "email": email, "role": "viewer" });
        owner.post("/v1/members/invites", &body).unwrap()
    };
    let email = format!("flooded.{}@example.com", UserId::mint());
    // Five in an hour; where the hour ends in between, five more.
    let mut answers = (0..11).map(|_| invite(&email));
    let sent = answers.by_ref().take_while(|answer| answer.status == 201);
    assert!((5..=10).contains(&sent.count()));
    let refused = invite(&email.to_uppercase());
    assert_eq!(slug(&refused, 429), "too-many-requests");
    assert!(refused.header("retry-after").is_some());
    let another = format!("another.{}@example.com", UserId::mint());
    assert_eq!(invite(&another).status, 201);
}

#[test]
fn invitations_that_were_revoked_replaced_or_never_made_look_alike() {
    let owner = sign_up("revoking");
    let email = format!("gone.{}@example.com", UserId::mint());
    let first = owner.invite(&email, "viewer").unwrap();
    let again = json!({ "email": email, "role": "viewer" });
    let again = owner.post("/v1/members/invites", &again).unwrap();
    again.expect(201).unwrap();
    let second = wait_until("a second invitation", 20, || {
        let token = mailed_invitation(owner.stack(), &email)?;
        Ok((token != first).then_some(token))
    });
    let replaced = accept(owner.stack(), &first).unwrap();
    let open = json_of(owner.get("/v1/members/invites").unwrap());
    let id = open["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    let path = format!("/v1/members/invites/{id}");
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    problem(&owner.delete(&path).unwrap(), 404);
    let revoked = accept(owner.stack(), &second.unwrap()).unwrap();
    let made_up = format!("{}0", &first[..first.len() - 1]);
    let made_up = accept(owner.stack(), &made_up).unwrap();
    assert_eq!(slug(&revoked, 400), "invite-ended");
    assert_eq!(without_request_id(&revoked), without_request_id(&replaced));
    assert_eq!(without_request_id(&revoked), without_request_id(&made_up));
    assert_eq!(members(&owner).len(), 1);
}

#[test]
fn whoever_has_an_account_must_be_signed_in_to_it() {
    let (owner, known, other) = (sign_up("host"), sign_up("known"), sign_up("other"));
    let token = owner.invite(&known.email, "admin").unwrap();
    let body = json!({ "token": token });
    let accept_as = |account: &Account| account.post("/v1/members/invites/accept", &body).unwrap();
    let guess = json!({ "token": token, "name": "Nobody", "password": "not the pass phrase" });
    for body in [&body, &guess] {
        let request = owner.stack().request("POST", "/v1/members/invites/accept");
        let nobody = request.json(body).send().unwrap();
        assert_eq!(slug(&nobody, 401), "sign-in-to-accept");
    }
    assert_eq!(slug(&accept_as(&other), 403), "another-account");
    assert_eq!(
        log_in(owner.stack(), &known.email, PASSWORD)
            .unwrap()
            .status,
        200
    );
    let joined = json_of(accept_as(&known));
    assert_eq!(joined["userId"], known.user_id.as_str());
    assert_eq!(slug(&accept_as(&known), 400), "invite-ended");

    let me = json_of(known.get("/v1/auth/me").unwrap());
    let tenants: Vec<&str> = me["tenants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["id"].as_str().unwrap())
        .collect();
    assert_eq!(tenants.len(), 2);
    assert!(tenants.contains(&owner.tenant_id.as_str()));
    assert_eq!(
        me["tenant"]["id"],
        known.tenant_id.as_str(),
        "until switching"
    );
    assert_eq!(members(&owner).len(), 2);
    let again = owner.post(
        "/v1/members/invites",
        &json!({ "email": known.email, "role": "viewer" }),
    );
    assert_eq!(slug(&again.unwrap(), 409), "already-member");
}

#[test]
fn nobody_gives_or_takes_a_role_above_the_own() {
    let owner = sign_up("ranks");
    let (admin, viewer) = (
        owner.joined_by("admin").unwrap(),
        owner.joined_by("viewer").unwrap(),
    );
    let email = format!("x.{}@example.com", UserId::mint());
    let invite = |role: &str| {
        let body = json!({ "email": email, "role": role });
        admin.post("/v1/members/invites", &body).unwrap()
    };
    assert_eq!(slug(&invite("owner"), 403), "role-above-yours");
    assert_eq!(invite("admin").status, 201);
    assert_eq!(
        slug(&set_role(&admin, &viewer, "owner"), 403),
        "role-above-yours"
    );
    assert_eq!(
        slug(&set_role(&admin, &owner, "viewer"), 403),
        "role-above-yours"
    );
    let path = format!("/v1/members/{}", owner.user_id);
    assert_eq!(slug(&admin.delete(&path).unwrap(), 403), "role-above-yours");
    let path = format!("/v1/users/{}", owner.user_id);
    assert_eq!(slug(&admin.delete(&path).unwrap(), 403), "role-above-yours");
    let suspended = patch_current(&admin, &path, &json!({ "standing": "suspended" }));
    assert_eq!(slug(&suspended, 403), "role-above-yours");
    let path = format!("/v1/members/{}", viewer.user_id);
    assert_eq!(
        slug(&viewer.delete("/v1/members/nobody").unwrap(), 404),
        "not-found"
    );
    let other = format!("/v1/members/{}", admin.user_id);
    assert_eq!(slug(&viewer.delete(&other).unwrap(), 403), "forbidden");
    assert_eq!(
        json_of(set_role(&admin, &viewer, "member"))["role"],
        "member"
    );
    assert_eq!(admin.delete(&path).unwrap().status, 204);
    let roles: Vec<Value> = members(&owner).iter().map(|m| m["role"].clone()).collect();
    assert_eq!(roles, [json!("owner"), json!("admin")]);
}

#[test]
fn the_last_owner_stays() {
    let owner = sign_up("last");
    assert_eq!(slug(&leave(&owner), 409), "last-owner");
    assert_eq!(slug(&set_role(&owner, &owner, "admin"), 409), "last-owner");
    let second = owner.joined_by("admin").unwrap();
    assert_eq!(slug(&leave(&owner), 409), "last-owner");
    json_of(set_role(&owner, &second, "owner"));
    // A suspended owner is none to count on.
    let path = format!("/v1/users/{}", second.user_id);
    json_of(patch_current(
        &owner,
        &path,
        &json!({ "standing": "suspended" }),
    ));
    assert_eq!(slug(&leave(&owner), 409), "last-owner");
    json_of(patch_current(
        &owner,
        &path,
        &json!({ "standing": "active" }),
    ));
    assert_eq!(leave(&owner).status, 204);
    assert_eq!(slug(&leave(&second), 409), "last-owner");
}

#[test]
fn of_two_owners_who_leave_at_once_one_stays() {
    for round in 0..5 {
        let first = sign_up("leaving");
        let second = first.joined_by("owner").unwrap();
        let both = [&first, &second];
        let mut statuses = thread::scope(|scope| {
            let going = both.map(|owner| scope.spawn(move || leave(owner).status));
            going.map(|thread| thread.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "round {round}");
        let stayed = both.map(|o| o.get("/v1/members").unwrap());
        let left: Vec<usize> = stayed
            .iter()
            .filter(|answer| answer.status == 200)
            .map(|answer| answer.json().unwrap()["items"].as_array().unwrap().len())
            .collect();
        assert!(left.iter().all(|n| *n == 1), "round {round}: {left:?}");
    }
}

#[test]
fn two_owners_do_not_demote_each_other_to_none() {
    let first = sign_up("demoting");
    let second = first.joined_by("owner").unwrap();
    let (a, b) = (&first, &second);
    let mut statuses = thread::scope(|scope| {
        let one = scope.spawn(|| set_role(a, b, "viewer").status);
        let other = scope.spawn(|| set_role(b, a, "viewer").status);
        [one.join().unwrap(), other.join().unwrap()]
    });
    statuses.sort_unstable();
    // Whoever comes second is the last owner, or no owner any more.
    assert!([[200, 409], [200, 403]].contains(&statuses), "{statuses:?}");
    let owners = members(&first)
        .iter()
        .filter(|m| m["role"] == "owner")
        .count();
    assert_eq!(owners, 1);
}

#[test]
fn a_deleted_account_frees_its_address() {
    let owner = sign_up("deletion");
    let member = owner.joined_by("viewer").unwrap();
    let path = format!("/v1/users/{}", member.user_id);
    let own = owner
        .delete(&format!("/v1/users/{}", owner.user_id))
        .unwrap();
    assert_eq!(slug(&own, 409), "own-account");
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    let gone = log_in(owner.stack(), &member.email, PASSWORD).unwrap();
    assert_eq!(slug(&gone, 401), "wrong-credentials");
    let anew = Account::sign_up_as(owner.stack(), &member.email, PASSWORD, "Anew").unwrap();
    assert_ne!(anew.user_id, member.user_id);
}

#[test]
fn an_account_of_another_company_is_kept() {
    let (owner, known) = (sign_up("keeps"), sign_up("elsewhere"));
    let token = owner.invite(&known.email, "viewer").unwrap();
    let body = json!({ "token": token });
    json_of(known.post("/v1/members/invites/accept", &body).unwrap());
    let path = format!("/v1/users/{}", known.user_id);
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    let still = Account::log_in(owner.stack(), &known.email, PASSWORD).unwrap();
    assert_eq!(still.tenant_id, known.tenant_id);
    assert_eq!(
        change(&known).status,
        201,
        "its own company's sign-in stays"
    );
}

#[test]
fn an_invitation_is_worth_what_its_maker_may_give_now() {
    let owner = sign_up("worth");
    let admin = owner.joined_by("admin").unwrap();
    let email = format!("back.{}@example.com", UserId::mint());
    let token = admin.invite(&email, "admin").unwrap();
    json_of(set_role(&owner, &admin, "viewer"));
    let refused = accept(owner.stack(), &token).unwrap();
    assert_eq!(slug(&refused, 400), "invite-ended");
    assert_eq!(members(&owner).len(), 2);
}

#[test]
fn a_company_is_changed_by_who_read_it() {
    let owner = sign_up("company");
    let path = "/v1/tenants/current";
    let read = owner.get(path).unwrap().expect(200).unwrap();
    let tag = read.header("etag").unwrap().to_owned();
    let renamed = patch_current(&owner, path, &json!({ "name": "Renamed" }));
    assert_eq!(renamed.json().unwrap()["name"], "Renamed");
    let stale = owner.request("PATCH", path).header("if-match", &tag);
    let stale = stale.json(&json!({ "name": "Stale" })).send().unwrap();
    assert_eq!(slug(&stale, 412), "outdated");
    assert_eq!(
        slug(&patch(&owner, path, &json!({ "name": "No" })), 428),
        "if-match-required"
    );
    let profile = patch_current(&owner, path, &json!({ "profile": "full" }));
    assert_eq!(profile.status, 400, "{profile}");
    let me = json_of(owner.get("/v1/auth/me").unwrap());
    assert_eq!(me["tenant"]["name"], "Renamed");
    let usage = json_of(owner.get("/v1/tenants/current/usage").unwrap());
    assert_eq!(
        (&usage["members"], &usage["uploads"]),
        (&json!(1), &json!(0))
    );
}

#[test]
fn another_companys_people_and_invitations_look_missing() {
    let (owner, stranger) = (sign_up("people"), sign_up("stranger"));
    let member = owner.joined_by("viewer").unwrap();
    let email = format!("open.{}@example.com", UserId::mint());
    owner.invite(&email, "viewer").unwrap();
    let open = json_of(owner.get("/v1/members/invites").unwrap());
    let invite = open["items"][0]["id"].as_str().unwrap().to_owned();
    let alike = |foreign: Answer, missing: Answer| {
        problem(&foreign, 404);
        assert_eq!(without_request_id(&foreign), without_request_id(&missing));
    };
    let nobody = UserId::mint().to_string();
    for base in ["/v1/members", "/v1/users"] {
        let ask = |id: &str| stranger.delete(&format!("{base}/{id}")).unwrap();
        alike(ask(&member.user_id), ask(&nobody));
    }
    let ask = |id: &str| stranger.get(&format!("/v1/users/{id}")).unwrap();
    alike(ask(&member.user_id), ask(&nobody));
    let ask = |id: &str| {
        let path = format!("/v1/members/{id}");
        patch(&stranger, &path, &json!({ "role": "viewer" }))
    };
    alike(ask(&member.user_id), ask(&nobody));
    let ask = |id: &str| {
        stranger
            .delete(&format!("/v1/members/invites/{id}"))
            .unwrap()
    };
    alike(ask(&invite), ask(&InviteId::mint().to_string()));
    assert_eq!(members(&owner).len(), 2, "nothing happened");
}
