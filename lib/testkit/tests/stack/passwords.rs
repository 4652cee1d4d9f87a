//! Passwords forgotten, reset, changed, imported and guessed.

use outlay_core::UserId;
use outlay_testkit::{
    Account, Answer, Stack,
    account::{REFRESH_COOKIE, accept, log_in, mailed_code, register, verify},
    proof::measured,
    stack::wait_until,
};
use serde_json::{Value, json};

use crate::{
    support::{problem, sign_up, slug, stack, without_request_id},
    tables::Tables,
};

const PASSWORD: &str = "a long enough pass phrase";
const NEW: &str = "another pass phrase, longer";

fn fresh_address(name: &str) -> String {
    format!("{name}.{}@example.com", UserId::mint())
}

fn post(stack: &Stack, path: &str, body: &Value) -> Answer {
    stack.request("POST", path).json(body).send().unwrap()
}

fn forgot(stack: &Stack, email: &str) -> Answer {
    post(
        stack,
        "/v1/auth/password/forgot",
        &json!({ "email": email }),
    )
}

fn reset(stack: &Stack, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "newPassword": password });
    post(stack, "/v1/auth/password/reset", &body)
}

fn refresh(stack: &Stack, cookie: &str) -> Answer {
    stack
        .request("POST", "/v1/auth/refresh")
        .header("cookie", &format!("{REFRESH_COOKIE}={cookie}"))
        .header("sec-fetch-site", "same-origin")
        .send()
        .unwrap()
}

/// The tokens mailed to an address, once there are as many.
fn mailed_tokens(stack: &Stack, email: &str, at_least: usize) -> Vec<String> {
    wait_until("mail with a token", 20, || {
        let mails = stack.mail_for(email)?;
        let tokens = mails.iter().filter_map(|m| m.reset_token());
        let tokens: Vec<String> = tokens.map(str::to_owned).collect();
        Ok((tokens.len() >= at_least).then_some(tokens))
    })
    .unwrap()
}

#[test]
fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let account = sign_up("forgot");
    let stack = account.stack();
    let other = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    let asked = forgot(stack, &account.email).expect(202).unwrap();
    let unknown = forgot(stack, &fresh_address("unknown"));
    assert_eq!((unknown.status, &unknown.body), (202, &asked.body));
    let token = mailed_tokens(stack, &account.email, 1).remove(0);

    let weak = problem(&reset(stack, &token, "short"), 400);
    assert_eq!(weak["errors"][0]["pointer"], "/newPassword");
    let answer = reset(stack, &token, NEW).expect(200).unwrap();
    let session = answer.json().unwrap();
    assert_eq!(session["user"]["id"], account.user_id.as_str());
    let cookie = answer.cookie(REFRESH_COOKIE).unwrap();
    assert_eq!(refresh(stack, cookie).status, 200, "signed in at once");

    for old in [&account.refresh, &other.refresh] {
        assert_eq!(slug(&refresh(stack, old), 401), "session-ended");
    }
    assert_eq!(slug(&reset(stack, &token, NEW), 400), "wrong-token");
    assert_eq!(log_in(stack, &account.email, PASSWORD).unwrap().status, 401);
    assert_eq!(log_in(stack, &account.email, NEW).unwrap().status, 200);
    let told = wait_until("mail about the change", 20, || {
        let mails = stack.mail_for(&account.email)?;
        Ok(mails
            .into_iter()
            .find(|m| m.subject.contains("was changed")))
    });
    assert!(told.unwrap().text.contains("choose a new password"));
}

#[test]
fn a_token_of_nobody_somebody_else_or_no_form_is_one_answer() {
    let account = sign_up("tokens");
    let stack = account.stack();
    forgot(stack, &account.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &account.email, 1).remove(0);
    let (head, secret) = token.rsplit_once('_').unwrap();
    let nobody = UserId::mint().to_string().replace("usr_", "rst_");
    let garbled = format!("{head}_{}", secret.chars().rev().collect::<String>());
    let bodies: Vec<Value> = [
        format!("{nobody}_{secret}"),
        garbled,
        String::new(),
        "rst_".to_owned(),
        "x".repeat(5000),
    ]
    .iter()
    .map(|token| {
        let answer = reset(stack, token, NEW);
        assert_eq!(slug(&answer, 400), "wrong-token", "{token:.80}");
        without_request_id(&answer)
    })
    .collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(reset(stack, &token, NEW).status, 200);
}

#[test]
fn the_host_header_does_not_reach_the_mail() {
    let account = sign_up("host");
    let asked = account
        .stack()
        .request("POST", "/v1/auth/password/forgot")
        .header("x-forwarded-host", "evil.example")
        .header("origin", "https://evil.example")
        .header("forwarded", "host=evil.example")
        .json(&json!({ "email": account.email }))
        .send()
        .unwrap();
    asked.expect(202).unwrap();
    mailed_tokens(account.stack(), &account.email, 1);
    for mail in account.stack().mail_for(&account.email).unwrap() {
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
    }
}

#[test]
fn changing_the_password_keeps_this_session_only() {
    let account = sign_up("change");
    let stack = account.stack();
    let other = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    let change = |current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new });
        account.post("/v1/auth/password/change", &body).unwrap()
    };
    assert_eq!(slug(&change("not it", NEW), 400), "wrong-password");
    let weak = problem(&change(PASSWORD, "short"), 400);
    assert_eq!(weak["errors"][0]["pointer"], "/newPassword");
    assert_eq!(change(PASSWORD, NEW).status, 204);
    assert_eq!(slug(&refresh(stack, &other.refresh), 401), "session-ended");
    assert_eq!(refresh(stack, &account.refresh).status, 200);
    assert_eq!(log_in(stack, &account.email, PASSWORD).unwrap().status, 401);
    assert_eq!(log_in(stack, &account.email, NEW).unwrap().status, 200);
}

/// Promise 17: what an import brought is accepted, and is argon2id after the first sign-in.
#[test]
fn an_imported_hash_is_upgraded_at_the_first_sign_in() {
    let account = sign_up("import");
    let stack = account.stack();
    let tables = Tables::of(stack);
    // What PHP's manual shows for `rasmuslerdorf`.
    let bcrypt = "$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a";
    tables.set_password_hash(&account.user_id, bcrypt);
    let log_in = |password: &str| log_in(stack, &account.email, password).unwrap().status;
    assert_eq!(log_in(PASSWORD), 401);
    assert_eq!(log_in("rasmuslerdorf\0rasmuslerdorf"), 401, "no twin");
    assert_eq!(tables.password_hash(&account.user_id), bcrypt);
    assert_eq!(log_in("rasmuslerdorf"), 200);
    let kept = tables.password_hash(&account.user_id);
    assert!(
        kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{kept}"
    );
    assert_eq!(log_in("rasmuslerdorf"), 200);
    measured(
        "17a",
        "an imported bcrypt hash is argon2id after the first sign-in",
        "at the floor",
        kept.split('$')
            .skip(1)
            .step_by(2)
            .take(2)
            .collect::<Vec<_>>()
            .join(" "),
    );
}

/// Promise 19: 1,000 guesses, of which 20 are looked at, and the owner does not notice.
#[test]
fn guessing_is_bounded_and_no_weapon() {
    let account = sign_up("guessed");
    let stack = account.stack();
    let mut statuses = std::collections::BTreeMap::new();
    for number in 0..1000 {
        let answer = stack
            .request("POST", "/v1/auth/login")
            .header("x-forwarded-for", &format!("203.0.113.{}", number % 100))
            .json(&json!({ "email": account.email, "password": format!("guess number {number}") }))
            .send()
            .unwrap();
        if answer.status == 429 {
            assert!(answer.header("retry-after").is_some(), "{answer}");
        }
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    let all_told: Vec<(u16, i32)> = statuses.into_iter().collect();
    assert_eq!(all_told, [(401, 20), (429, 980)]);

    // The owner: signed in, and on the way to a new password.
    assert_eq!(account.get("/v1/auth/me").unwrap().status, 200);
    let renewed = refresh(stack, &account.refresh);
    assert_eq!(renewed.status, 200);
    let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    let changed = account.post("/v1/auth/password/change", &body).unwrap();
    assert_eq!(changed.status, 204, "{changed}");
    forgot(stack, &account.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &account.email, 1).remove(0);
    let answer = reset(stack, &token, "a third pass phrase").expect(200);
    assert!(answer.unwrap().cookie(REFRESH_COOKIE).is_some());
    measured(
        "19",
        "guessing is bounded, and locks nobody out",
        "<= 20 checked in 15 min; the owner unaffected",
        "1,000 guesses: 20 checked, 980 x 429; the owner reads, renews, changes and resets",
    );
}

#[test]
fn asking_for_a_new_password_takes_none_away() {
    let account = sign_up("flooded");
    let stack = account.stack();
    for _ in 0..12 {
        forgot(stack, &account.email).expect(202).unwrap();
    }
    let tokens = mailed_tokens(stack, &account.email, 5);
    assert_eq!(tokens.len(), 5, "five mails in the life of a token");
    assert_eq!(reset(stack, &tokens[0], NEW).status, 200, "the first too");
    for token in &tokens[1..] {
        assert_eq!(slug(&reset(stack, token, NEW), 400), "wrong-token");
    }
}

/// Whoever was taken out of the only company: the leaked password dies, and the new one joins again.
#[test]
fn who_is_in_no_company_sets_a_password_and_comes_back() {
    let owner = sign_up("leaving-reset");
    let stack = owner.stack();
    let member = owner.joined_by("member").unwrap();
    let path = format!("/v1/members/{}", member.user_id);
    assert_eq!(owner.delete(&path).unwrap().status, 204);
    forgot(stack, &member.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &member.email, 1).remove(0);
    let set = reset(stack, &token, NEW);
    assert_eq!((set.status, set.header("set-cookie")), (204, None), "{set}");
    assert_eq!(slug(&reset(stack, &token, NEW), 400), "wrong-token");
    let old = log_in(stack, &member.email, PASSWORD).unwrap();
    assert_eq!(slug(&old, 401), "wrong-credentials");
    let new = log_in(stack, &member.email, NEW).unwrap();
    assert_eq!(slug(&new, 403), "no-company");

    let invited = owner.invite(&member.email, "viewer").unwrap();
    let join = |password: &str| {
        let body = json!({ "token": invited, "name": "Kim Example", "password": password });
        post(stack, "/v1/members/invites/accept", &body)
    };
    assert_eq!(slug(&join(PASSWORD), 401), "sign-in-to-accept");
    join(NEW).expect(200).unwrap();
    let back = Account::log_in(stack, &member.email, NEW).unwrap();
    assert_eq!(back.user_id, member.user_id);
}

#[test]
fn who_is_suspended_everywhere_ends_a_leaked_password() {
    let owner = sign_up("suspended-reset");
    let stack = owner.stack();
    let member = owner.joined_by("member").unwrap();
    let path = format!("/v1/users/{}", member.user_id);
    let set_standing = |standing: &str| {
        let now = owner.get(&path).unwrap();
        let tag = now.header("etag").unwrap().to_owned();
        let request = owner.request("PATCH", &path).header("if-match", &tag);
        let changed = request.json(&json!({ "standing": standing })).send();
        changed.unwrap().expect(200).unwrap();
    };
    set_standing("suspended");
    forgot(stack, &member.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &member.email, 1).remove(0);
    assert_eq!(reset(stack, &token, NEW).status, 204);
    assert_eq!(log_in(stack, &member.email, PASSWORD).unwrap().status, 401);
    let barred = log_in(stack, &member.email, NEW).unwrap();
    assert_eq!(slug(&barred, 403), "suspended-everywhere");
    set_standing("active");
    assert_eq!(log_in(stack, &member.email, NEW).unwrap().status, 200);
    assert_eq!(slug(&refresh(stack, &member.refresh), 401), "session-ended");
}

#[test]
fn what_was_mailed_dies_with_the_password() {
    let account = sign_up("mailed-before");
    let stack = account.stack();
    forgot(stack, &account.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &account.email, 1).remove(0);
    let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
    let changed = account.post("/v1/auth/password/change", &body).unwrap();
    assert_eq!(changed.status, 204, "{changed}");
    let late = reset(stack, &token, "a third pass phrase");
    assert_eq!(slug(&late, 400), "wrong-token");
    assert_eq!(log_in(stack, &account.email, NEW).unwrap().status, 200);
}

/// The owner's sign-in gives a guesser no tries, and does not tell that there is an owner.
#[test]
fn a_right_password_gives_back_its_own_try_only() {
    let account = sign_up("given-back");
    let stack = account.stack();
    let log_in = |password: &str| log_in(stack, &account.email, password).unwrap().status;
    for number in 0..19 {
        assert_eq!(log_in(&format!("guess number {number}")), 401);
    }
    assert_eq!(log_in(PASSWORD), 200);
    assert_eq!(log_in("one more guess"), 401);
    assert_eq!(log_in("and another guess"), 429);
    assert_eq!(log_in(PASSWORD), 429, "until the window ends");
    assert_eq!(refresh(stack, &account.refresh).status, 200);
    forgot(stack, &account.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &account.email, 1).remove(0);
    let answer = reset(stack, &token, NEW).expect(200).unwrap();
    assert!(answer.cookie(REFRESH_COOKIE).is_some(), "in at once");
}

/// ASVS 6.2.4, 6.2.11: wherever a password is chosen.
#[test]
fn passwords_that_are_guessed_first_are_refused_at_every_door() {
    let account = sign_up("guessable");
    let stack = account.stack();
    forgot(stack, &account.email).expect(202).unwrap();
    let token = mailed_tokens(stack, &account.email, 1).remove(0);
    let invited = fresh_address("guessable-invited");
    let invitation = account.invite(&invited, "viewer").unwrap();
    let email = fresh_address("guessable-new");
    for bad in [
        "123456789012",
        "passwordpassword",
        "qwertyuiop12",
        "Outlay123456",
    ] {
        let registered = register(stack, &email, bad, "Guessable").unwrap();
        let change = json!({ "currentPassword": PASSWORD, "newPassword": bad });
        let join = json!({ "token": invitation, "name": "Kim Example", "password": bad });
        for (answer, pointer) in [
            (registered, "/password"),
            (reset(stack, &token, bad), "/newPassword"),
            (
                account.post("/v1/auth/password/change", &change).unwrap(),
                "/newPassword",
            ),
            (
                post(stack, "/v1/members/invites/accept", &join),
                "/password",
            ),
        ] {
            let told = problem(&answer, 400);
            assert_eq!(told["errors"][0]["pointer"], pointer, "{bad}");
        }
    }
    // Their own address; and the answer is the same where the address has an account.
    let own = register(stack, &email, &email, "Guessable").unwrap();
    let known = register(stack, &account.email, &account.email, "Guessable").unwrap();
    problem(&own, 400);
    assert_eq!(without_request_id(&own), without_request_id(&known));
    // None of it used anything up.
    accept(stack, &invitation).unwrap().expect(200).unwrap();
    assert_eq!(reset(stack, &token, NEW).status, 200);
}

#[test]
fn another_code_takes_none_away() {
    let stack = stack();
    let email = fresh_address("resend");
    let resend = |email: &str| {
        let body = json!({ "email": email });
        post(&stack, "/v1/auth/verify/resend", &body)
    };
    let registered = register(&stack, &email, PASSWORD, "Codes").unwrap();
    let first = mailed_code(&stack, &email).unwrap();
    let again = resend(&email).expect(202).unwrap();
    assert_eq!(again.body, registered.body);
    let second = wait_until("second code", 20, || {
        let newest = mailed_code(&stack, &email)?;
        Ok((newest != first).then_some(newest))
    });
    assert!(second.is_ok());
    assert_eq!(verify(&stack, &registered, &first).unwrap().status, 200);
    assert_eq!(log_in(&stack, &email, PASSWORD).unwrap().status, 200);

    // Now the address has an account: the same answer, and a mail without a code.
    let answer = resend(&email);
    assert_eq!((answer.status, &answer.body), (202, &registered.body));
    let last = wait_until("mail without a code", 20, || {
        let mails = stack.mail_for(&email)?;
        Ok(mails.into_iter().last().filter(|m| m.code().is_none()))
    });
    assert!(last.is_ok());
}

/// Promise 24: a page of another site signs nobody in, out or on.
#[test]
fn no_other_site_opens_a_session() {
    let account = sign_up("sites");
    let stack = account.stack();
    let login = json!({ "email": account.email, "password": PASSWORD });
    let cases = [
        ("/v1/auth/login", login.clone()),
        ("/v1/auth/verify", json!({ "code": "0000-0000-0000" })),
        (
            "/v1/auth/register",
            json!({ "email": fresh_address("site"), "password": PASSWORD, "name": "N", "company": "C" }),
        ),
        (
            "/v1/auth/password/reset",
            json!({ "token": "rst_a_b", "newPassword": NEW }),
        ),
        (
            "/v1/auth/oidc/exchange",
            json!({ "idToken": "a.b.c", "nonce": "n".repeat(43) }),
        ),
        ("/v1/auth/refresh", Value::Null),
        ("/v1/auth/logout", Value::Null),
    ];
    let from = [
        vec![
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
    ];
    for (path, body) in &cases {
        for headers in &from {
            let mut request = stack.request("POST", path);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            request = request.header("cookie", &format!("{REFRESH_COOKIE}={}", account.refresh));
            if !body.is_null() {
                request = request.json(body);
            }
            let answer = request.send().unwrap();
            assert_eq!(slug(&answer, 403), "cross-site", "{path} {headers:?}");
            assert_eq!(answer.header("set-cookie"), None);
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let as_text = stack
        .request("POST", "/v1/auth/login")
        .header("content-type", "text/plain")
        .body(login.to_string());
    problem(&as_text.send().unwrap(), 400);
    assert_eq!(refresh(stack, &account.refresh).status, 200, "untouched");
    let signed_in = log_in(stack, &account.email, PASSWORD).unwrap();
    let cookie = signed_in.header("set-cookie").unwrap();
    for attribute in ["__Secure-", "HttpOnly", "Secure", "SameSite=Strict"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    measured(
        "24",
        "a browser cannot be used against its owner",
        "0 state changes; prefix + HttpOnly + Secure + Strict",
        format!(
            "{} calls from other sites: 0 sessions opened, renewed or ended; the cookie has all four",
            cases.len() * from.len() + 1
        ),
    );
}
