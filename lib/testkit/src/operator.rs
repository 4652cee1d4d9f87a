//! A global owner: made as an operator of the AWS account makes one, then somebody who operates the platform.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    account,
    http::{Answer, Request},
    stack::{Stack, text, wait_until},
};

/// The emulator's root user; it looks at the key id alone.
pub const ROOT: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, \
    SignedHeaders=host, Signature=none";
const RUN_SECONDS: u64 = 60;

/// A signed-in global owner.
#[derive(Debug, Clone)]
pub struct Operator {
    stack: Stack,
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The person.
    pub user_id: String,
    /// Access token.
    pub token: String,
    /// Value of the refresh cookie.
    pub refresh: String,
}

impl Operator {
    /// One more global owner, with a fresh address made of `name`.
    pub fn make(stack: &Stack, name: &str) -> Result<Self> {
        let email = format!("{name}.{}@example.com", outlay_core::UserId::mint());
        let told = invite(stack, &email, true)?;
        let code = text(&told, "/code")?;
        let password = "a long enough pass phrase";
        accept(stack, &email, code, password)?.expect(201)?;
        Self::log_in(stack, &email, password)
    }

    /// Signs in.
    pub fn log_in(stack: &Stack, email: &str, password: &str) -> Result<Self> {
        let answer = account::log_in(stack, email, password)?.expect(200)?;
        let session = answer.json()?;
        ensure!(
            session["role"] == "global_owner",
            "no global owner: {session}"
        );
        let refresh = answer
            .cookie(account::REFRESH_COOKIE)
            .context("no refresh cookie")?;
        Ok(Self {
            stack: stack.clone(),
            email: email.to_owned(),
            password: password.to_owned(),
            user_id: text(&session, "/user/id")?.to_owned(),
            token: text(&session, "/accessToken")?.to_owned(),
            refresh: refresh.to_owned(),
        })
    }

    /// The stack that this person operates.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// A signed request.
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.stack.request(method, path).bearer(&self.token)
    }

    /// A signed GET.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.request("GET", path).send()
    }

    /// A signed POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.request("POST", path).json(body).send()
    }

    /// Agrees on these terms with a company, as it is now.
    pub fn set_terms(&self, tenant: &str, terms: &Value) -> Result<Answer> {
        let path = format!("/v1/admin/tenants/{tenant}");
        let seen = self.get(&path)?.expect(200)?;
        let etag = seen.header("etag").context("no ETag")?;
        let body = json!({ "terms": terms, "reason": "A test asks for it" });
        let request = self.request("PATCH", &path).header("if-match", etag);
        request.json(&body).send()
    }

    /// Starts a schedule now and waits until that run has ended; gives the run.
    pub fn run(&self, schedule: &str) -> Result<Value> {
        let path = format!("/v1/admin/sync/{schedule}");
        let started = self.request("POST", &path).send()?.expect(202)?.json()?;
        let asked: jiff::Timestamp = text(&started, "/askedAt")?.parse()?;
        wait_until("end of the run", RUN_SECONDS, || {
            let list = self.get("/v1/admin/sync")?.expect(200)?.json()?;
            let items = list["items"].as_array().context("no items")?;
            let found = items.iter().find(|item| item["name"] == schedule);
            let run = &found.context("no such schedule")?["lastRun"];
            let Some(began) = run["beganAt"].as_str() else {
                return Ok(None);
            };
            let began: jiff::Timestamp = began.parse()?;
            Ok((began >= asked).then(|| run.clone()))
        })
    }
}

/// Asks for a one-time link as `cargo xtask bootstrap-owner` does; what the function told.
pub fn invite(stack: &Stack, email: &str, another: bool) -> Result<Value> {
    let body = json!({ "email": email, "another": another });
    let answer = invoke(stack, "outlay-local-admin-bootstrap", &body)?.expect(200)?;
    let failed = answer.header("x-amz-function-error").is_some();
    ensure!(!failed, "the function failed: {answer}");
    answer.json()
}

/// Follows the link.
pub fn accept(stack: &Stack, email: &str, code: &str, password: &str) -> Result<Answer> {
    let body =
        json!({ "email": email, "code": code, "name": "Olga Example", "password": password });
    stack
        .request("POST", "/v1/admin/owners/accept")
        .json(&body)
        .send()
}

/// Invokes a function as the account's root.
pub fn invoke(stack: &Stack, function: &str, event: &Value) -> Result<Answer> {
    let url = format!(
        "{}/2015-03-31/functions/{function}/invocations",
        stack.aws_endpoint
    );
    let request = stack.request_to("POST", &url).header("authorization", ROOT);
    request.json(event).send()
}
