use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use outlay_core::UserId;
use outlay_testkit::{
    Account, Answer, Stack,
    account::{REFRESH_COOKIE, log_in, mailed_code, register, verify},
    stack::wait_until,
};
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, stack, without_request_id};

const PASSWORD: &str = "a long enough pass phrase";

fn fresh_address(name: &str) -> String {
    format!("{name}.{}@example.com", UserId::mint())
}

fn refresh(stack: &Stack, cookie: &str) -> Answer {
    stack
        .request("POST", "/v1/auth/refresh")
        .header("cookie", &format!("{REFRESH_COOKIE}={cookie}"))
        .header("sec-fetch-site", "same-origin")
        .send()
        .unwrap()
}

fn me(stack: &Stack, token: &str) -> Answer {
    stack
        .request("GET", "/v1/auth/me")
        .bearer(token)
        .send()
        .unwrap()
}

#[test]
fn registering_a_known_address_answers_the_same_and_mails_no_code() {
    let known = sign_up("known");
    let stack = known.stack();
    let unknown = register(stack, &fresh_address("unknown"), PASSWORD, "Somewhere").unwrap();
    let again = register(stack, &known.email, "another pass phrase", "Elsewhere").unwrap();
    assert_eq!((again.status, &again.body), (202, &unknown.body));
    assert_eq!(
        again.json().unwrap(),
        json!({ "status": "verification-sent" })
    );
    let mails = wait_until("second mail", 20, || {
        let mails = stack.mail_for(&known.email)?;
        Ok((mails.len() > 1).then_some(mails))
    });
    assert_eq!(mails.unwrap().last().unwrap().code(), None);
    assert_eq!(
        log_in(stack, &known.email, "another pass phrase")
            .unwrap()
            .status,
        401
    );
    assert_eq!(log_in(stack, &known.email, PASSWORD).unwrap().status, 200);
}

#[test]
fn a_wrong_code_opens_nothing_and_the_right_one_works_once() {
    let stack = stack();
    let email = fresh_address("code");
    let registered = register(&stack, &email, PASSWORD, "Codes").unwrap();
    let code = mailed_code(&stack, &email).unwrap();
    let verify = |code: &str| verify(&stack, &registered, code).unwrap();
    let wrong = problem(&verify("12345678"), 400);
    assert_eq!(wrong["errors"][0]["pointer"], "/code");
    // However often: no tries are counted that a stranger could use up.
    for _ in 0..30 {
        assert_eq!(slug(&verify("0000-0000-0000"), 400), "wrong-code");
    }
    assert_eq!(
        log_in(&stack, &email, PASSWORD).unwrap().status,
        401,
        "not verified yet"
    );
    let typed = code.to_lowercase().replace('-', " ");
    assert_eq!(verify(&typed).status, 200);
    assert_eq!(slug(&verify(&code), 400), "no-registration");
}

/// A stranger who registers the same address, before and after, as often as anybody can: neither the mails that are
/// used up nor the other registrations keep the owner of the mailbox out, nor let the stranger in.
#[test]
fn nobody_is_kept_from_an_account_by_a_stranger() {
    let stack = stack();
    let email = fresh_address("contested");
    let register = |password: &str| register(&stack, &email, password, "Contested").unwrap();
    let strangers: Vec<Answer> = (0..12)
        .map(|_| register("a pass phrase of theirs"))
        .collect();
    let mine = register(PASSWORD);
    let after = register("a pass phrase of theirs");
    let mails = wait_until("five mails", 20, || {
        let mails = stack.mail_for(&email)?;
        Ok((mails.len() >= 5).then_some(mails))
    });
    let codes: Vec<String> = mails
        .unwrap()
        .iter()
        .map(|mail| mail.code().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 5, "five mails in the life of a code");
    let without = stack.request("POST", "/v1/auth/verify");
    let without = without.json(&json!({ "code": codes[0] })).send().unwrap();
    assert_eq!(slug(&without, 400), "no-registration");
    assert_eq!(verify(&stack, &mine, &codes[0]).unwrap().status, 200);
    for stranger in strangers.iter().chain([&after]) {
        let late = verify(&stack, stranger, &codes[1]).unwrap();
        assert_eq!(slug(&late, 400), "wrong-code", "the address is taken");
    }
    assert_eq!(log_in(&stack, &email, PASSWORD).unwrap().status, 200);
    let theirs = log_in(&stack, &email, "a pass phrase of theirs").unwrap();
    assert_eq!(theirs.status, 401);
}

/// Bad input 52: one account comes of fifty registrations whose codes are given at the same moment.
#[test]
fn of_many_registrations_at_once_one_founds_the_account() {
    let stack = stack();
    let email = fresh_address("race");
    let registered: Vec<Answer> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..50)
            .map(|_| scope.spawn(|| register(&stack, &email, PASSWORD, "Race").unwrap()))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(registered.iter().all(|answer| answer.status == 202));
    let code = mailed_code(&stack, &email).unwrap();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = registered
            .iter()
            .map(|one| scope.spawn(|| verify(&stack, one, &code).unwrap().status))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |status: u16| statuses.iter().filter(|s| **s == status).count();
    assert_eq!((of(200), of(400)), (1, 49), "{statuses:?}");
}

#[test]
fn a_wrong_password_and_an_unknown_address_look_alike() {
    let account = sign_up("login");
    let wrong = log_in(account.stack(), &account.email, "not the pass phrase").unwrap();
    let unknown = log_in(account.stack(), &fresh_address("nobody"), PASSWORD).unwrap();
    problem(&wrong, 401);
    problem(&unknown, 401);
    assert_eq!(without_request_id(&wrong), without_request_id(&unknown));
    let right = Account::log_in(account.stack(), &account.email, PASSWORD).unwrap();
    assert_eq!(right.tenant_id, account.tenant_id);
}

#[test]
fn the_session_says_who_and_the_cookie_is_out_of_reach() {
    let account = sign_up("session");
    let answer = log_in(account.stack(), &account.email, PASSWORD).unwrap();
    let session = answer.json().unwrap();
    assert_eq!(session["tokenType"], "Bearer");
    assert_eq!(session["role"], "owner");
    assert_eq!(session["user"]["email"], account.email.as_str());
    assert_eq!(session["tenant"]["name"], "session");
    let cookie = answer.header("set-cookie").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/v1/auth"] {
        assert!(
            cookie
                .split("; ")
                .any(|a| a.eq_ignore_ascii_case(attribute)),
            "{attribute}: {cookie}"
        );
    }
    let me = account
        .get("/v1/auth/me")
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(me["user"], session["user"]);
    assert_eq!(me["tenant"], session["tenant"]);
    assert_eq!(me["role"], "owner");
    assert!(!me["permissions"].as_array().unwrap().is_empty());
}

#[test]
fn refreshing_rotates_the_cookie_and_reuse_ends_the_family() {
    let account = sign_up("refresh");
    let stack = account.stack();
    let first = refresh(stack, &account.refresh).expect(200).unwrap();
    let second_cookie = first.cookie(REFRESH_COOKIE).unwrap();
    assert_ne!(second_cookie, account.refresh);
    let token = first.json().unwrap()["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(me(stack, &token).status, 200);

    let retry = refresh(stack, &account.refresh).expect(200).unwrap();
    assert_eq!(
        retry.cookie(REFRESH_COOKIE),
        Some(second_cookie),
        "a lost answer is given again"
    );

    let second = refresh(stack, second_cookie).expect(200).unwrap();
    let third_cookie = second.cookie(REFRESH_COOKIE).unwrap();
    problem(&refresh(stack, &account.refresh), 401);
    problem(&refresh(stack, third_cookie), 401);
}

#[test]
fn refresh_needs_its_own_cookie_from_its_own_site() {
    let account = sign_up("csrf");
    let stack = account.stack();
    problem(
        &stack.request("POST", "/v1/auth/refresh").send().unwrap(),
        401,
    );
    problem(&refresh(stack, "garbage"), 401);
    let cross = stack
        .request("POST", "/v1/auth/refresh")
        .header("cookie", &format!("{REFRESH_COOKIE}={}", account.refresh))
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .send()
        .unwrap();
    assert_eq!(slug(&cross, 403), "cross-site");
    assert_eq!(
        refresh(stack, &account.refresh).status,
        200,
        "the refused try cost nothing"
    );
}

#[test]
fn logging_out_ends_the_family() {
    let account = sign_up("logout");
    let answer = account
        .stack()
        .request("POST", "/v1/auth/logout")
        .header("cookie", &format!("{REFRESH_COOKIE}={}", account.refresh))
        .header("sec-fetch-site", "same-origin")
        .send()
        .unwrap();
    assert_eq!(answer.status, 204, "{answer}");
    assert_eq!(answer.cookie(REFRESH_COOKIE), Some(""));
    problem(&refresh(account.stack(), &account.refresh), 401);
}

#[test]
fn access_tokens_verify_with_the_published_keys() {
    let account = sign_up("jwks");
    let jwks = account
        .stack()
        .request("GET", "/.well-known/jwks.json")
        .send()
        .unwrap();
    let jwks = jwks.expect(200).unwrap().json().unwrap();
    let parts: Vec<&str> = account.token.split('.').collect();
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let header: Value = serde_json::from_slice(&decode(parts[0])).unwrap();
    assert_eq!(header["alg"], "ES256");
    let keys = jwks["keys"].as_array().unwrap();
    let key = keys
        .iter()
        .find(|k| k["kid"] == header["kid"])
        .expect("the key is published");
    assert!(key.get("d").is_none(), "only the public half");
    let coordinate = |name: &str| decode(key[name].as_str().unwrap());
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let signed = format!("{}.{}", parts[0], parts[1]);
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    public
        .verify(signed.as_bytes(), &decode(parts[2]))
        .expect("the signature holds");

    let claims: Value = serde_json::from_slice(&decode(parts[1])).unwrap();
    assert_eq!(claims["sub"], account.user_id.as_str());
    assert_eq!(claims["tenant_id"], account.tenant_id.as_str());
    assert_eq!(claims["role"], "owner");
    let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!((1..=900).contains(&life), "{life} s");
}

#[test]
fn garbled_tokens_are_refused() {
    let account = sign_up("garbled");
    let parts: Vec<&str> = account.token.split('.').collect();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    claims["role"] = json!("global_owner");
    let none = encode(&json!({ "alg": "none", "typ": "JWT" }));
    let zeros = URL_SAFE_NO_PAD.encode([0_u8; 64]);
    for token in [
        String::new(),
        "garbage".to_owned(),
        "a.b.c".to_owned(),
        format!("{none}.{}.", parts[1]),
        format!("{}.{}.{}", parts[0], encode(&claims), parts[2]),
        format!("{}.{}.{zeros}", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        account.refresh.clone(),
    ] {
        let answer = me(account.stack(), &token);
        assert_eq!(answer.status, 401, "{token}: {answer}");
        problem(&answer, 401);
    }
    let none_at_all = account
        .stack()
        .request("GET", "/v1/auth/me")
        .send()
        .unwrap();
    problem(&none_at_all, 401);
    assert_eq!(me(account.stack(), &account.token).status, 200);
}

#[test]
fn unknown_fields_and_weak_passwords_name_their_place() {
    let stack = stack();
    let post = |body: Value| {
        stack
            .request("POST", "/v1/auth/register")
            .json(&body)
            .send()
            .unwrap()
    };
    let email = fresh_address("fields");
    let body = |more: &str, value: Value| {
        let mut body = json!({ "email": email, "password": PASSWORD, "name": "A", "company": "B" });
        body[more] = value;
        body
    };
    problem(&post(body("role", json!("global_owner"))), 400);
    problem(&post(body("tenantId", json!("ten_0"))), 400);
    let weak = problem(&post(body("password", json!("short"))), 400);
    assert_eq!(weak["errors"][0]["pointer"], "/password");
    let address = problem(&post(body("email", json!("no address"))), 400);
    assert_eq!(address["errors"][0]["pointer"], "/email");
    let cut = stack
        .request("POST", "/v1/auth/register")
        .header("content-type", "application/json");
    problem(&cut.body("{\"email\":").send().unwrap(), 400);
}
