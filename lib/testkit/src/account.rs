//! A person with a tenant, who does what people do: signs up, uploads, asks.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    http::{Answer, Request},
    stack::{Stack, text, wait_until},
};

/// The cookie that keeps a browser signed in.
pub const REFRESH_COOKIE: &str = "__Secure-outlay-refresh";
/// The cookie that says which sign-up of an address a browser made.
pub const REGISTRATION_COOKIE: &str = "__Secure-outlay-registration";
/// The password of everybody whose password does not matter.
pub const PASSWORD: &str = "a long enough pass phrase";
const UPLOAD_SECONDS: u64 = 180;

/// A signed-in owner of a tenant.
#[derive(Debug, Clone)]
pub struct Account {
    stack: Stack,
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The tenant that signing up made.
    pub tenant_id: String,
    /// The user that signing up made.
    pub user_id: String,
    /// Access token.
    pub token: String,
    /// Value of the refresh cookie.
    pub refresh: String,
}

impl Account {
    /// Registers a fresh address made of `name`, reads the mailed code, verifies it.
    pub fn sign_up(stack: &Stack, name: &str) -> Result<Self> {
        let unique = outlay_core::UserId::mint();
        let email = format!("{name}.{unique}@example.com");
        Self::sign_up_as(stack, &email, PASSWORD, name)
    }

    /// Registers this address.
    pub fn sign_up_as(stack: &Stack, email: &str, password: &str, company: &str) -> Result<Self> {
        let registered = register(stack, email, password, company)?.expect(202)?;
        let code = mailed_code(stack, email)?;
        let answer = verify(stack, &registered, &code)?;
        Self::of_session(stack, email, password, &answer)
    }

    /// Signs in.
    pub fn log_in(stack: &Stack, email: &str, password: &str) -> Result<Self> {
        let answer = log_in(stack, email, password)?;
        Self::of_session(stack, email, password, &answer)
    }

    /// The account that a session answer opens.
    fn of_session(stack: &Stack, email: &str, password: &str, answer: &Answer) -> Result<Self> {
        let session = answer.clone().expect(200)?.json()?;
        let refresh = answer.cookie(REFRESH_COOKIE).context("no refresh cookie")?;
        Ok(Self {
            stack: stack.clone(),
            email: email.to_owned(),
            password: password.to_owned(),
            tenant_id: text(&session, "/tenant/id")?.to_owned(),
            user_id: text(&session, "/user/id")?.to_owned(),
            token: text(&session, "/accessToken")?.to_owned(),
            refresh: refresh.to_owned(),
        })
    }

    /// Invites an address; gives the mailed token.
    pub fn invite(&self, email: &str, role: &str) -> Result<String> {
        let body = json!({ "email": email, "role": role });
        self.post("/v1/members/invites", &body)?.expect(201)?;
        mailed_invitation(&self.stack, email)
    }

    /// Invites a fresh address, accepts for it, signs in: a further person of this tenant.
    pub fn joined_by(&self, role: &str) -> Result<Self> {
        let email = format!("{role}.{}@example.com", outlay_core::UserId::mint());
        let token = self.invite(&email, role)?;
        accept(&self.stack, &token)?.expect(200)?;
        Self::log_in(&self.stack, &email, PASSWORD)
    }

    /// The stack this account is on.
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

    /// A signed DELETE.
    pub fn delete(&self, path: &str) -> Result<Answer> {
        self.request("DELETE", path).send()
    }

    /// The answer to a cost query, which must be 200.
    pub fn query(&self, query: &Value) -> Result<Value> {
        self.post("/v1/costs/query", query)?.expect(200)?.json()
    }

    /// Declares a file: the answer holds `upload` and `put`.
    pub fn create_upload(&self, declaration: &Value) -> Result<Value> {
        self.post("/v1/uploads", declaration)?.expect(201)?.json()
    }

    /// Sends the bytes as the browser would: to the URL and with the headers of `put`.
    pub fn put(&self, created: &Value, bytes: &[u8]) -> Result<Answer> {
        let mut request = self.stack.request_to("PUT", text(created, "/put/url")?);
        let headers = created["put"]["headers"]
            .as_object()
            .context("no headers")?;
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            // The client writes these two itself, from the body and the URL.
            if lower != "content-length" && lower != "host" {
                request =
                    request.header(&lower, value.as_str().context("a header that is no text")?);
            }
        }
        request.body(bytes).send()
    }

    /// Uploads a file and waits until it is completed, failed or waits for confirmation.
    pub fn upload(&self, name: &str, bytes: &[u8], content_type: &str) -> Result<Value> {
        self.upload_with(name, bytes, content_type, &json!({}))
    }

    /// The same with more fields in the declaration, such as `onConflict`.
    pub fn upload_with(
        &self,
        name: &str,
        bytes: &[u8],
        content_type: &str,
        more: &Value,
    ) -> Result<Value> {
        let mut declaration = json!({
            "fileName": name, "sizeBytes": bytes.len(), "contentType": content_type,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            declaration[key] = value.clone();
        }
        let created = self.create_upload(&declaration)?;
        let answer = self.put(&created, bytes)?;
        if answer.status != 200 {
            bail!("PUT: {answer}");
        }
        self.settled(text(&created, "/upload/id")?)
    }

    /// The upload once nothing more happens by itself.
    pub fn settled(&self, upload_id: &str) -> Result<Value> {
        let path = format!("/v1/uploads/{upload_id}");
        wait_until("end of the upload", UPLOAD_SECONDS, || {
            let upload = self.get(&path)?.expect(200)?.json()?;
            let ended = matches!(upload["status"].as_str(), Some("completed" | "failed"))
                || upload["stage"] == "needs-confirmation";
            Ok(ended.then_some(upload))
        })
    }
}

/// Asks for an account.
pub fn register(stack: &Stack, email: &str, password: &str, company: &str) -> Result<Answer> {
    stack
        .request("POST", "/v1/auth/register")
        .json(&json!({
            "email": email, "password": password, "name": "Robin Example", "company": company,
        }))
        .send()
}

/// Gives a code in the browser that was answered so when it registered.
pub fn verify(stack: &Stack, registered: &Answer, code: &str) -> Result<Answer> {
    stack
        .request("POST", "/v1/auth/verify")
        .header("cookie", &registration_cookie(registered)?)
        .json(&json!({ "code": code }))
        .send()
}

/// What the browser that was answered so sends from then on.
pub fn registration_cookie(registered: &Answer) -> Result<String> {
    let value = registered.cookie(REGISTRATION_COOKIE);
    let value = value.context("no cookie of a registration")?;
    Ok(format!("{REGISTRATION_COOKIE}={value}"))
}

/// Tries to sign in.
pub fn log_in(stack: &Stack, email: &str, password: &str) -> Result<Answer> {
    stack
        .request("POST", "/v1/auth/login")
        .json(&json!({ "email": email, "password": password }))
        .send()
}

/// The newest code mailed to an address.
pub fn mailed_code(stack: &Stack, email: &str) -> Result<String> {
    wait_until("mail with a code", 20, || {
        let mails = stack.mail_for(email)?;
        Ok(mails.iter().rev().find_map(|m| m.code().map(str::to_owned)))
    })
}

/// The newest invitation mailed to an address.
pub fn mailed_invitation(stack: &Stack, email: &str) -> Result<String> {
    wait_until("mail with an invitation", 20, || {
        let mails = stack.mail_for(email)?;
        Ok(mails
            .iter()
            .rev()
            .find_map(|m| m.invitation().map(str::to_owned)))
    })
}

/// Accepts an invitation as somebody who has no account yet.
pub fn accept(stack: &Stack, token: &str) -> Result<Answer> {
    let body = json!({ "token": token, "name": "Kim Example", "password": PASSWORD });
    let request = stack.request("POST", "/v1/members/invites/accept");
    request.json(&body).send()
}
