//! What holds whoever acts at the same moment, and of whom nothing may be left.

use std::thread;

use outlay_core::UserId;
use outlay_testkit::{
    Operator,
    account::{PASSWORD, accept},
    stack::wait_until,
};
use serde_json::{Value, json};

use super::{json_of, members};
use crate::{
    root,
    support::{sign_up, slug, stack},
};

#[test]
fn many_accept_at_once_and_all_are_let_in() {
    let owner = sign_up("many");
    let invited: Vec<String> = (0..6)
        .map(|n| {
            let email = format!("many{n}.{}@example.com", UserId::mint());
            owner.invite(&email, "viewer").unwrap()
        })
        .collect();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let tries: Vec<_> = invited
            .iter()
            .map(|token| scope.spawn(|| accept(owner.stack(), token).unwrap().status))
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(statuses, [200; 6]);
    assert_eq!(members(&owner).len(), 7);
}

#[test]
fn an_invitation_above_ones_rank_is_not_replaced() {
    let owner = sign_up("replacing");
    let admin = owner.joined_by("admin").unwrap();
    let email = format!("replaced.{}@example.com", UserId::mint());
    let token = owner.invite(&email, "owner").unwrap();
    let body = json!({ "email": email, "role": "viewer" });
    let refused = admin.post("/v1/members/invites", &body).unwrap();
    assert_eq!(slug(&refused, 403), "role-above-yours");
    let again = owner.post("/v1/members/invites", &body).unwrap();
    let made = again.expect(201).unwrap().json().unwrap();
    let refused = accept(owner.stack(), &token).unwrap();
    assert_eq!(slug(&refused, 400), "invite-ended");
    let told = json_of(owner.get("/v1/audit?action=invites.create").unwrap());
    let entries = told["items"].as_array().unwrap().iter();
    let of_it = |e: &&Value| e["target"]["id"] == made["id"];
    let entry = entries.clone().find(of_it).unwrap();
    assert_eq!(entry["before"]["replaced"][0]["role"], "owner", "{entry}");
}

#[test]
fn a_global_owner_joins_no_company() {
    let host = sign_up("no-operators");
    let operator = Operator::make(host.stack(), "joining").unwrap();
    let token = host.invite(&operator.email, "admin").unwrap();
    let body = json!({ "token": token, "password": operator.password });
    let request = host.stack().request("POST", "/v1/members/invites/accept");
    let refused = request.json(&body).send().unwrap();
    assert_eq!(slug(&refused, 409), "global-owner");
    assert_eq!(members(&host).len(), 1);
}

#[test]
fn of_tokens_made_at_once_none_is_one_too_many() {
    let owner = sign_up("token-race");
    let make = || {
        let body = json!({ "name": "x", "scopes": ["costs:read"], "expiresInDays": 1 });
        owner.post("/v1/tokens", &body).unwrap().status
    };
    for _ in 0..18 {
        assert_eq!(make(), 201);
    }
    let statuses: Vec<u16> = thread::scope(|scope| {
        let tries: Vec<_> = (0..6).map(|_| scope.spawn(make)).collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(
        statuses.iter().all(|s| [201, 409].contains(s)),
        "{statuses:?}"
    );
    let listed = json_of(owner.get("/v1/tokens").unwrap());
    let made = statuses.iter().filter(|s| **s == 201).count();
    assert_eq!(listed["items"].as_array().unwrap().len(), 18 + made);
    assert!(made <= 2, "{statuses:?}");
}

/// What the company itself may not remove, the worker does: log, throttles, ways to a new password.
#[test]
fn of_a_deleted_account_nothing_is_left() {
    let operator = Operator::make(&stack(), "eraser").unwrap();
    let owner = sign_up("erasing");
    let member = owner.joined_by("viewer").unwrap();
    let forgot = owner.stack().request("POST", "/v1/auth/password/forgot");
    let forgot = forgot.json(&json!({ "email": member.email })).send();
    forgot.unwrap().expect(202).unwrap();
    let changed = json!({ "currentPassword": PASSWORD, "newPassword": "another long pass phrase" });
    let changed = member.post("/v1/auth/password/change", &changed).unwrap();
    assert!(changed.status < 300, "{changed}");
    let month = jiff::Timestamp::now().strftime("%Y-%m").to_string();
    let log = format!("AUDIT#{}#{month}", member.user_id);
    let own = format!("USER#{}", member.user_id);
    assert!(!root::partition(owner.stack(), &log).is_empty());
    let path = format!("/v1/users/{}", member.user_id);
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    // The monitor asks the worker until nothing is left and nothing more can come.
    wait_until("the end of what is left", 60, || {
        operator.run("platform-monitor")?;
        let left = [&own, &log].map(|pk| root::partition(owner.stack(), pk).len());
        Ok((left == [0, 0]).then_some(()))
    })
    .unwrap();
}
