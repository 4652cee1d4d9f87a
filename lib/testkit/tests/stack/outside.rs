//! Signing in with an identity token of the user pool that the local stack set up.

use std::{fmt::Write as _, thread};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use outlay_core::UserId;
use outlay_testkit::{
    Account, Answer, Stack,
    account::{REFRESH_COOKIE, log_in},
    proof::measured,
    stack::wait_until,
};
use serde_json::{Value, json};

use crate::{
    sessions::refresh,
    support::{sign_up, slug, stack},
    tables::Tables,
};

const PASSWORD: &str = "a long enough pass phrase";
const OUTSIDE: &str = "Passw0rd-of-the-pool!";

/// Somebody whom the user pool knows.
pub(crate) struct Outsider {
    stack: Stack,
    email: String,
}

/// A sign-in there: the token, and the nonce that this browser made up.
pub(crate) struct Token {
    pub(crate) id_token: String,
    pub(crate) nonce: String,
}

impl Outsider {
    pub(crate) fn new(stack: &Stack, email: &str, verified: bool) -> Self {
        let provider = &stack.identity_provider;
        let created = cognito(
            stack,
            "AdminCreateUser",
            &json!({ "UserPoolId": provider.pool_id, "Username": email, "MessageAction": "SUPPRESS",
                "UserAttributes": [
                    { "Name": "email", "Value": email },
                    { "Name": "email_verified", "Value": verified.to_string() },
                    { "Name": "name", "Value": "Olga Outside" }] }),
        );
        created.expect(200).unwrap();
        let set = cognito(
            stack,
            "AdminSetUserPassword",
            &json!({ "UserPoolId": provider.pool_id, "Username": email, "Password": OUTSIDE, "Permanent": true }),
        );
        set.expect(200).unwrap();
        Self {
            stack: stack.clone(),
            email: email.to_owned(),
        }
    }

    /// Goes through the hosted page as a browser does, and fetches the token.
    pub(crate) fn sign_in(&self) -> Token {
        let provider = &self.stack.identity_provider;
        let nonce = UserId::mint().to_string();
        let asked = BASE64URL.encode(digest(&SHA256, nonce.as_bytes()));
        let form = [
            ("username", self.email.as_str()),
            ("password", OUTSIDE),
            ("client_id", &provider.client_id),
            ("redirect_uri", &provider.callback),
            ("response_type", "code"),
            ("scope", "openid email profile"),
            ("state", "s"),
            ("nonce", &asked),
        ];
        let page = self.post("/login", &form);
        let location = page.header("location").unwrap_or_else(|| panic!("{page}"));
        let (_, code) = location.split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &provider.client_id),
            ("redirect_uri", &provider.callback),
            ("code", code),
        ];
        let tokens = self.post("/oauth2/token", &form).expect(200).unwrap();
        let tokens = tokens.json().unwrap();
        Token {
            id_token: tokens["id_token"].as_str().unwrap().to_owned(),
            nonce,
        }
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| {
            text.bytes().fold(String::new(), |mut encoded, byte| {
                let _ = write!(encoded, "%{byte:02X}");
                encoded
            })
        };
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        self.stack
            .request_to("POST", &format!("{}{path}", self.stack.aws_endpoint))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"))
            .send()
            .unwrap()
    }

    fn exchange(&self, token: &Token, more: &Value) -> Answer {
        let mut body = json!({ "idToken": token.id_token, "nonce": token.nonce });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let request = self.stack.request("POST", "/v1/auth/oidc/exchange");
        request.json(&body).send().unwrap()
    }
}

/// A call of the user pool's API, as its operator.
fn cognito(stack: &Stack, operation: &str, body: &Value) -> Answer {
    stack
        .request_to("POST", &stack.aws_endpoint)
        .header("content-type", "application/x-amz-json-1.1")
        .header(
            "x-amz-target",
            &format!("AWSCognitoIdentityProviderService.{operation}"),
        )
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(body.to_string())
        .send()
        .unwrap()
}

fn fresh_address(name: &str) -> String {
    format!("{name}.{}@example.com", UserId::mint())
}

fn user_of(answer: &Answer) -> String {
    let session = answer.clone().expect(200).unwrap().json().unwrap();
    session["user"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn somebody_new_founds_a_company_and_comes_back() {
    let stack = stack();
    let olga = Outsider::new(&stack, &fresh_address("olga"), true);
    let token = olga.sign_in();
    assert_eq!(slug(&olga.exchange(&token, &json!({})), 409), "no-account");
    let founded = olga.exchange(&token, &json!({ "company": "Outside" }));
    let user = user_of(&founded);
    assert!(founded.cookie(REFRESH_COOKIE).is_some());
    let session = founded.json().unwrap();
    assert_eq!(session["tenant"]["name"], "Outside");
    assert_eq!(session["user"]["email"], olga.email.as_str());
    assert_eq!(session["role"], "owner");

    let back = olga.exchange(&olga.sign_in(), &json!({}));
    assert_eq!(user_of(&back), user, "the same person");
    for password in ["", PASSWORD, OUTSIDE] {
        let guess = log_in(&stack, &olga.email, password).unwrap();
        assert_eq!(guess.status, 401, "there is no password");
    }
}

#[test]
fn the_web_app_is_told_where_to_ask() {
    let stack = stack();
    let asked = stack.request("GET", "/v1/auth/oidc").send().unwrap();
    let told = asked.expect(200).unwrap().json().unwrap();
    let (issuer, provider) = (&told["provider"], &stack.identity_provider);
    assert_eq!(issuer["clientId"], provider.client_id.as_str());
    assert_eq!(
        issuer["tokenEndpoint"],
        format!("{}/oauth2/token", stack.aws_endpoint)
    );
    let page = format!(
        "{}?response_type=code&client_id={}&redirect_uri={}&scope=openid",
        issuer["authorizationEndpoint"].as_str().unwrap(),
        provider.client_id,
        provider.callback
    );
    let page = stack.request_to("GET", &page).send().unwrap();
    let page = page.expect(200).unwrap();
    assert!(String::from_utf8_lossy(&page.body).contains("password"));
}

#[test]
fn a_token_is_good_once_and_for_this_browser() {
    let stack = stack();
    let olga = Outsider::new(&stack, &fresh_address("once"), true);
    let token = olga.sign_in();
    let seen = Token {
        id_token: token.id_token.clone(),
        nonce: "what somebody else makes up".to_owned(),
    };
    let company = json!({ "company": "Once" });
    assert_eq!(slug(&olga.exchange(&seen, &company), 401), "wrong-identity");
    assert_eq!(olga.exchange(&token, &company).status, 200);
    let again = olga.exchange(&token, &json!({}));
    assert!(again.cookie(REFRESH_COOKIE).is_none());
    assert_eq!(slug(&again, 401), "wrong-identity");
}

/// Promise 25: an address is no identity.
#[test]
fn identities_never_merge_by_address() {
    let account = sign_up("merge");
    let stack = account.stack();
    let olga = Outsider::new(stack, &account.email, true);
    let token = olga.sign_in();
    let company = json!({ "company": "Mine now" });
    for more in [json!({}), company] {
        let answer = olga.exchange(&token, &more);
        assert_eq!(slug(&answer, 409), "address-has-account");
    }
    let wrong = olga.exchange(&token, &json!({ "password": OUTSIDE }));
    assert_eq!(slug(&wrong, 401), "wrong-credentials");
    assert_eq!(wrong.header("set-cookie"), None);

    // The person says so, once: both ways lead to one account from then on.
    let linked = olga.exchange(&token, &json!({ "password": PASSWORD }));
    assert_eq!(user_of(&linked), account.user_id);
    assert_eq!(
        user_of(&olga.exchange(&olga.sign_in(), &json!({}))),
        account.user_id
    );
    let local = Account::log_in(stack, &account.email, PASSWORD).unwrap();
    assert_eq!(local.user_id, account.user_id);
    measured(
        "25",
        "two ways to sign in, and no merge by address",
        "2 identities; 0 takeovers",
        "a proved address of an account: 0 of 3 exchanges opened it, the password linked it once",
    );
}

fn identities(account: &Account) -> Vec<Value> {
    let list = account.get("/v1/auth/identities").unwrap();
    let list = list.expect(200).unwrap().json().unwrap();
    assert_eq!(list["nextCursor"], Value::Null);
    list["items"].as_array().unwrap().clone()
}

#[test]
fn one_sees_what_opens_the_account_and_unlinks_it() {
    let (account, other) = (sign_up("linked"), sign_up("unlinked"));
    let stack = account.stack();
    assert_eq!(identities(&account), [Value::Null; 0]);
    let olga = Outsider::new(stack, &account.email, true);
    let linked = olga.exchange(&olga.sign_in(), &json!({ "password": PASSWORD }));
    assert_eq!(user_of(&linked), account.user_id);
    let told = wait_until("mail about the link", 20, || {
        let mut mails = stack.mail_for(&account.email)?.into_iter();
        Ok(mails.find(|mail| mail.subject.starts_with("Another way to sign in")))
    });
    let [identity] = identities(&account).try_into().unwrap();
    let issuer = identity["issuer"].as_str().unwrap();
    assert!(told.unwrap().text.contains(issuer));

    let path = format!("/v1/auth/identities/{}", identity["id"].as_str().unwrap());
    let foreign = other.delete(&path).unwrap();
    assert_eq!(slug(&foreign, 404), "not-found");
    let outside = linked.cookie(REFRESH_COOKIE).unwrap();
    assert_eq!(account.delete(&path).unwrap().status, 204);
    let ended = refresh(stack, outside);
    assert_eq!(
        slug(&ended, 401),
        "session-ended",
        "it came in by the identity"
    );
    let here = refresh(stack, &account.refresh);
    assert_eq!(here.status, 200, "the session that unlinked it goes on");
    let told = wait_until("mail about the end", 20, || {
        let mut mails = stack.mail_for(&account.email)?.into_iter();
        Ok(mails.find(|mail| mail.subject.starts_with("One way less")))
    });
    assert!(told.unwrap().text.contains(issuer));
    assert_eq!(slug(&account.delete(&path).unwrap(), 404), "not-found");
    assert_eq!(identities(&account), [Value::Null; 0]);
    let back = olga.exchange(&olga.sign_in(), &json!({}));
    assert_eq!(slug(&back, 409), "address-has-account");
    assert_eq!(back.header("set-cookie"), None);
}

#[test]
fn the_only_way_in_is_not_unlinked() {
    let stack = stack();
    let olga = Outsider::new(&stack, &fresh_address("only"), true);
    let founded = olga.exchange(&olga.sign_in(), &json!({ "company": "Only" }));
    let founded = founded.expect(200).unwrap().json().unwrap();
    let user = founded["user"]["id"].as_str().unwrap();
    let ask = |method, path: &str| {
        let request = stack.request(method, path);
        let request = request.bearer(founded["accessToken"].as_str().unwrap());
        request.send().unwrap()
    };
    let list = ask("GET", "/v1/auth/identities").expect(200).unwrap();
    let list = list.json().unwrap();
    let own = format!(
        "/v1/auth/identities/{}",
        list["items"][0]["id"].as_str().unwrap()
    );
    assert_eq!(slug(&ask("DELETE", &own), 409), "only-way-in");

    // Of two that are unlinked at once, one stays.
    let second = format!("/v1/auth/identities/{}", Tables::of(&stack).link(user));
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let both = [&own, &second].map(|path| scope.spawn(|| ask("DELETE", path).status));
        both.map(|one| one.join().unwrap()).to_vec()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[test]
fn five_identities_open_an_account_and_no_more() {
    let account = sign_up("five");
    let stack = account.stack();
    let tables = Tables::of(stack);
    for _ in 0..5 {
        tables.link(&account.user_id);
    }
    let olga = Outsider::new(stack, &account.email, true);
    let sixth = olga.exchange(&olga.sign_in(), &json!({ "password": PASSWORD }));
    assert_eq!(slug(&sixth, 409), "too-many-identities");
    assert_eq!(sixth.header("set-cookie"), None);
    let again = olga.exchange(&olga.sign_in(), &json!({}));
    assert_eq!(slug(&again, 409), "address-has-account");
}

/// Whoever is suspended or in no company any more is let in by no other door either.
#[test]
fn a_suspended_person_does_not_come_in_from_outside() {
    let owner = sign_up("outside-suspended");
    let stack = owner.stack();
    let member = owner.joined_by("viewer").unwrap();
    let olga = Outsider::new(stack, &member.email, true);
    let linked = olga.exchange(&olga.sign_in(), &json!({ "password": PASSWORD }));
    assert_eq!(user_of(&linked), member.user_id);
    let path = format!("/v1/users/{}", member.user_id);
    let now = owner.get(&path).unwrap();
    let tag = now.header("etag").unwrap().to_owned();
    let request = owner.request("PATCH", &path).header("if-match", &tag);
    let suspended = request.json(&json!({ "standing": "suspended" })).send();
    suspended.unwrap().expect(200).unwrap();
    let barred = olga.exchange(&olga.sign_in(), &json!({}));
    assert_eq!(slug(&barred, 403), "suspended-everywhere");
    let removed = owner.delete(&format!("/v1/members/{}", member.user_id));
    assert_eq!(removed.unwrap().status, 204);
    let barred = olga.exchange(&olga.sign_in(), &json!({}));
    assert_eq!(slug(&barred, 403), "no-company");
    assert_eq!(barred.header("set-cookie"), None);
}

#[test]
fn an_address_that_is_not_proved_opens_and_tells_nothing() {
    let account = sign_up("unproved");
    let stack = account.stack();
    let unknown = fresh_address("unproved");
    for email in [&account.email, &unknown] {
        let eve = Outsider::new(stack, email, false);
        let token = eve.sign_in();
        for more in [
            json!({}),
            json!({ "password": PASSWORD }),
            json!({ "company": "Mine now" }),
        ] {
            let answer = eve.exchange(&token, &more);
            assert_eq!(slug(&answer, 403), "address-not-proved", "{more}");
        }
    }
}

#[test]
fn another_pool_and_another_kind_of_token_are_refused() {
    let stack = stack();
    let made = cognito(
        &stack,
        "CreateUserPool",
        &json!({ "PoolName": "elsewhere", "UsernameAttributes": ["email"] }),
    );
    let made = made.expect(200).unwrap().json().unwrap();
    let pool_id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
    let client = cognito(
        &stack,
        "CreateUserPoolClient",
        &json!({ "UserPoolId": pool_id, "ClientName": "elsewhere", "CallbackURLs": [stack.identity_provider.callback],
            "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": ["openid", "email", "profile"], "SupportedIdentityProviders": ["COGNITO"] }),
    );
    let client = client.expect(200).unwrap().json().unwrap();
    let mut elsewhere = stack.clone();
    elsewhere.identity_provider.pool_id = pool_id;
    elsewhere.identity_provider.client_id = client["UserPoolClient"]["ClientId"]
        .as_str()
        .unwrap()
        .to_owned();
    let eve = Outsider::new(&elsewhere, &fresh_address("elsewhere"), true);
    let foreign = eve.exchange(&eve.sign_in(), &json!({ "company": "Evil" }));
    assert_eq!(slug(&foreign, 401), "wrong-identity");

    // Our own access token is no identity token either.
    let account = sign_up("kinds");
    let own = Token {
        id_token: account.token.clone(),
        nonce: UserId::mint().to_string(),
    };
    let answer = eve.exchange(&own, &json!({}));
    assert_eq!(slug(&answer, 401), "wrong-identity");
}
