//! Sessions seen, ended, refreshed side by side, and taken to another company.

use std::{collections::BTreeSet, thread, time::Duration};

use outlay_testkit::{
    Account, Answer, Stack,
    account::{REFRESH_COOKIE, log_in},
    proof::measured,
    stack::{Mail, wait_until},
};
use serde_json::{Value, json};

use crate::{
    support::{sign_up, slug},
    tables::Tables,
};

const PASSWORD: &str = "a long enough pass phrase";

pub(crate) fn refresh(stack: &Stack, cookie: &str) -> Answer {
    stack
        .request("POST", "/v1/auth/refresh")
        .header("cookie", &format!("{REFRESH_COOKIE}={cookie}"))
        .header("sec-fetch-site", "same-origin")
        .send()
        .unwrap()
}

fn sessions(account: &Account) -> Vec<Value> {
    let answer = account.get("/v1/auth/sessions").unwrap();
    let list = answer.expect(200).unwrap().json().unwrap();
    assert_eq!(list["nextCursor"], Value::Null);
    list["items"].as_array().unwrap().clone()
}

fn id_of(account: &Account) -> String {
    let current = sessions(account).into_iter().find(|s| s["current"] == true);
    current.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it() {
    let account = sign_up("sessions");
    let stack = account.stack();
    let second = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    let third = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    let seen = sessions(&account);
    assert_eq!(seen.len(), 3);
    assert_eq!(seen.iter().filter(|s| s["current"] == true).count(), 1);
    assert!(
        seen.iter()
            .all(|s| s["tenantId"] == account.tenant_id.as_str())
    );

    let path = |id: &str| format!("/v1/auth/sessions/{id}");
    assert_eq!(account.delete(&path(&id_of(&second))).unwrap().status, 204);
    assert_eq!(slug(&refresh(stack, &second.refresh), 401), "session-ended");
    assert_eq!(refresh(stack, &third.refresh).status, 200);

    let gone = account.delete("/v1/auth/sessions").unwrap();
    assert_eq!(gone.status, 204, "{gone}");
    assert_eq!(slug(&refresh(stack, &third.refresh), 401), "session-ended");
    assert_eq!(refresh(stack, &account.refresh).status, 200);
    assert_eq!(sessions(&account).len(), 1);
}

#[test]
fn another_persons_session_is_like_a_missing_one() {
    let (mine, theirs) = (sign_up("mine"), sign_up("theirs"));
    let missing = outlay_core::FamilyId::mint().to_string();
    for id in [id_of(&theirs), missing, "nonsense".to_owned()] {
        let answer = mine.delete(&format!("/v1/auth/sessions/{id}")).unwrap();
        assert_eq!(slug(&answer, 404), "not-found", "{id}");
    }
    assert_eq!(refresh(theirs.stack(), &theirs.refresh).status, 200);
}

/// Promise 22: of refreshes side by side all get the one successor.
#[test]
fn refreshes_at_once_have_one_successor() {
    let account = sign_up("parallel");
    let stack = account.stack();
    let mut cookie = account.refresh.clone();
    let (rounds, at_once) = (4, 25);
    for round in 0..rounds {
        let answers: Vec<Answer> = thread::scope(|scope| {
            let all: Vec<_> = (0..at_once)
                .map(|_| scope.spawn(|| refresh(stack, &cookie)))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let successors: BTreeSet<&str> = answers
            .iter()
            .map(|answer| {
                assert_eq!(answer.status, 200, "round {round}: {answer}");
                answer.cookie(REFRESH_COOKIE).unwrap()
            })
            .collect();
        assert_eq!(successors.len(), 1, "round {round}");
        let next = successors.into_iter().next().unwrap().to_owned();
        assert_ne!(next, cookie);
        cookie = next;
    }
    measured(
        "22b",
        "refreshes at once have one successor, on the stack",
        "1 successor",
        format!("{rounds} rounds of {at_once} at once: 1 successor each"),
    );
}

/// Thief and owner cannot be told apart, so both are out; and the person hears of it, once.
#[test]
fn a_token_that_was_copied_ends_the_sign_in_and_is_told() {
    let account = sign_up("copied");
    let stack = account.stack();
    let stolen = account.refresh.as_str();
    let second = refresh(stack, stolen).expect(200).unwrap();
    let third = refresh(stack, second.cookie(REFRESH_COOKIE).unwrap()).expect(200);
    let third = third.unwrap().cookie(REFRESH_COOKIE).unwrap().to_owned();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| assert_eq!(slug(&refresh(stack, stolen), 401), "session-ended"));
        }
    });
    assert_eq!(slug(&refresh(stack, &third), 401), "session-ended");
    let told = || -> Vec<Mail> {
        let mails = stack.mail_for(&account.email).unwrap();
        let told = mails
            .into_iter()
            .filter(|mail| mail.subject.contains("signed out"));
        told.collect()
    };
    wait_until("mail about the copy", 20, || Ok(told().pop())).unwrap();
    let [mail] = told().try_into().unwrap();
    assert!(
        mail.text.contains("It is the sign-in of 20"),
        "{}",
        mail.text
    );

    let again = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    let log = again.get("/v1/audit?action=auth.end-replayed-session");
    let log = log.unwrap().expect(200).unwrap().json().unwrap();
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "{log:#}");
}

#[test]
fn a_session_goes_on_in_another_company() {
    let (account, other) = (sign_up("here"), sign_up("there"));
    let stack = account.stack();
    let switch = |tenant: &str| {
        let body = json!({ "tenantId": tenant });
        account.post("/v1/auth/switch", &body).unwrap()
    };
    let missing = outlay_core::TenantId::mint().to_string();
    for stranger in [&other.tenant_id, &missing, &"nonsense".to_owned()] {
        assert_eq!(slug(&switch(stranger), 404), "not-found");
    }
    Tables::of(stack).join(&other.tenant_id, &account.user_id, "viewer");
    let answer = switch(&other.tenant_id).expect(200).unwrap();
    let session = answer.json().unwrap();
    assert_eq!(session["tenant"]["id"], other.tenant_id.as_str());
    assert_eq!(session["role"], "viewer");
    assert_eq!(
        answer.header("set-cookie"),
        None,
        "an access token earns no refresh token"
    );
    let me = stack
        .request("GET", "/v1/auth/me")
        .bearer(session["accessToken"].as_str().unwrap())
        .send()
        .unwrap();
    assert_eq!(me.json().unwrap()["tenant"]["id"], other.tenant_id.as_str());

    // The cookie is the same one, and goes on there.
    let renewed = refresh(stack, &account.refresh).expect(200).unwrap();
    let renewed = renewed.json().unwrap();
    assert_eq!(renewed["tenant"]["id"], other.tenant_id.as_str());
    // However often somebody goes back and forth, what comes of an access token ends with it.
    thread::sleep(Duration::from_millis(1100));
    let back = switch(&account.tenant_id).expect(200).unwrap();
    let back = back.json().unwrap();
    assert_eq!(back["expiresAt"], session["expiresAt"], "no longer a life");
}

/// Bad input 50: a token of which any part is another token's opens nothing, and ends nothing.
#[test]
fn a_refresh_token_with_another_part_is_none() {
    let (mine, theirs) = (sign_up("segments"), sign_up("segments-of-another"));
    let stack = mine.stack();
    let second = Account::log_in(stack, &mine.email, PASSWORD).unwrap();
    let parts = |account: &Account| -> Vec<String> {
        account.refresh.split('.').map(str::to_owned).collect()
    };
    let (good, other, foreign) = (parts(&mine), parts(&second), parts(&theirs));
    assert_eq!(
        (good.len(), good[2].as_str()),
        (4, "1"),
        "person, family, number, MAC"
    );
    let with = |at: usize, part: &str| {
        let mut parts = good.clone();
        part.clone_into(&mut parts[at]);
        parts.join(".")
    };
    for (changed, token) in [
        ("person", with(0, &foreign[0])),
        ("family", with(1, &other[1])),
        ("another person's family", with(1, &foreign[1])),
        ("number after", with(2, "2")),
        ("number before", with(2, "0")),
        ("MAC from another family", with(3, &other[3])),
        ("MAC from another person", with(3, &foreign[3])),
        ("MAC of nothing", with(3, "")),
    ] {
        assert_eq!(
            slug(&refresh(stack, &token), 401),
            "session-ended",
            "{changed}"
        );
    }
    for untouched in [&mine, &second, &theirs] {
        let renewed = refresh(stack, &untouched.refresh);
        assert_eq!(renewed.status, 200, "{renewed}");
    }
}

/// Nobody is signed in to a company that ends, or to a suspended one where another is well.
#[test]
fn one_is_signed_in_where_one_can_work() {
    let account = sign_up("first-company");
    let stack = account.stack();
    let tables = Tables::of(stack);
    let other = sign_up("second-company");
    tables.join(&other.tenant_id, &account.user_id, "viewer");
    let lands_in = || {
        let account = Account::log_in(stack, &account.email, PASSWORD).unwrap();
        account.tenant_id
    };
    for standing in ["suspended", "ending"] {
        tables.set_company_standing(&account.tenant_id, standing);
        assert_eq!(lands_in(), other.tenant_id, "{standing}");
    }
    assert_eq!(
        slug(&refresh(stack, &account.refresh), 401),
        "session-ended"
    );
    tables.set_company_standing(&other.tenant_id, "suspended");
    assert_eq!(lands_in(), other.tenant_id, "suspended is better than none");
    tables.set_company_standing(&other.tenant_id, "ending");
    let nowhere = log_in(stack, &account.email, PASSWORD).unwrap();
    assert_eq!(slug(&nowhere, 403), "no-company");
}
