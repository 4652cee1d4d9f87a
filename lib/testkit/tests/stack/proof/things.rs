//! How a customer makes what a call names. A new name is an arm of [`Tenant::the`].

use std::cell::RefCell;

use outlay_core::UserId;
use outlay_testkit::{
    Account, Operator,
    account::{REFRESH_COOKIE, mailed_code, register, registration_cookie},
    operator,
    proof::Own,
    stack::wait_until,
};
use serde_json::{Value, json};

use super::{
    forge::parts,
    parties::{PASSWORD, Tenant},
};
use crate::{
    outside::{Outsider, Token},
    support::{CSV, sign_up, three_months},
    tables::Tables,
};

impl Own for Tenant {
    fn the(&self, what: &str) -> String {
        match what {
            "tenantId" => self.id().to_owned(),
            "text" => format!("Text {}", self.canary),
            "email" => self.owner.email.clone(),
            "password" => PASSWORD.to_owned(),
            "freshEmail" => self.fresh_email(),
            "registrationCookie" => self.registration_cookie(),
            "mailedCode" => mailed_code(self.owner.stack(), &self.pending.borrow()).unwrap(),
            "refreshCookie" => self.refresh_cookie(),
            "resetToken" => self.reset_token(),
            "company" => self.company.clone(),
            "operatorsEmail" => self.invited_operator(),
            "operatorsCode" | "nonce" => self.besides.borrow().clone(),
            "identityToken" => self.identity_token(),
            "receipt" => receipt(),
            "schedule" => "platform-monitor".to_owned(),
            "sessionId" => self.sign_in(),
            "identityId" => Tables::of(self.owner.stack()).link(&self.owner.user_id),
            // To whom may not restore it, it is the same whether it is suspended.
            "strangersTenantId" | "suspendedTenantId" => sign_up("stranger").tenant_id,
            "strangersUserId" | "suspendedUserId" => sign_up("stranger").user_id,
            "userId" => self.colleague(),
            "inviteId" => text(&self.invite(&self.fresh_email()), "/id"),
            "inviteToken" => self.invite_token(&self.fresh_email()),
            "tokenId" => self.token_id(),
            "uploadId" => self.declared_upload(),
            "waitingUploadId" => self.waiting_upload(),
            other => panic!(
                "nobody knows how to make `{other}`: add an arm in lib/testkit/tests/stack/proof/things.rs"
            ),
        }
    }

    fn etag(&self, path: &str) -> String {
        let answer = self.owner.get(path).unwrap();
        // What is not there has none; whoever names it sends some.
        answer.header("etag").unwrap_or("\"1\"").to_owned()
    }
}

impl Tenant {
    fn fresh_email(&self) -> String {
        format!("{}.{}@example.com", UserId::mint(), self.canary)
    }

    /// Of somebody who waits for a code.
    fn registration_cookie(&self) -> String {
        let email = self.fresh_email();
        let registered = register(self.owner.stack(), &email, PASSWORD, &self.canary);
        email.clone_into(&mut self.pending.borrow_mut());
        registration_cookie(&registered.unwrap().expect(202).unwrap()).unwrap()
    }

    /// Somebody who may become a global owner; the code of the link is kept.
    fn invited_operator(&self) -> String {
        let email = self.fresh_email();
        let told = operator::invite(self.owner.stack(), &email, true).unwrap();
        *self.besides.borrow_mut() = text(&told, "/code");
        email
    }

    /// Of somebody new whom the user pool knows; the nonce is kept.
    fn identity_token(&self) -> String {
        let outsider = Outsider::new(self.owner.stack(), &self.fresh_email(), true);
        let Token { id_token, nonce } = outsider.sign_in();
        *self.besides.borrow_mut() = nonce;
        id_token
    }

    fn refresh_cookie(&self) -> String {
        let again = Account::log_in(self.owner.stack(), &self.owner.email, PASSWORD).unwrap();
        format!("{REFRESH_COOKIE}={}", again.refresh)
    }

    /// A further sign-in of the owner.
    fn sign_in(&self) -> String {
        let again = Account::log_in(self.owner.stack(), &self.owner.email, PASSWORD).unwrap();
        text(&parts(&again.token).1, "/sid")
    }

    /// What sets a colleague's password anew.
    fn reset_token(&self) -> String {
        let email = self.fresh_email();
        self.colleague_at(&email);
        let stack = self.owner.stack();
        let request = stack.request("POST", "/v1/auth/password/forgot");
        request
            .json(&json!({ "email": email }))
            .send()
            .unwrap()
            .expect(202)
            .unwrap();
        wait_until("mail that resets", 20, || {
            let mails = stack.mail_for(&email)?;
            Ok(mails
                .iter()
                .find_map(|mail| mail.reset_token().map(str::to_owned)))
        })
        .unwrap()
    }

    fn colleague(&self) -> String {
        self.colleague_at(&self.fresh_email())
    }

    /// Somebody who was invited and has come.
    fn colleague_at(&self, email: &str) -> String {
        let token = self.invite_token(email);
        let body = json!({ "token": token, "name": self.canary, "password": PASSWORD });
        let stack = self.owner.stack();
        let request = stack.request("POST", "/v1/members/invites/accept");
        let answer = request.json(&body).send().unwrap();
        text(&answer.expect(200).unwrap().json().unwrap(), "/userId")
    }

    fn invite(&self, email: &str) -> Value {
        let body = json!({ "email": email, "role": "member" });
        self.made("/v1/members/invites", &body, 201)
    }

    fn invite_token(&self, email: &str) -> String {
        self.invite(email);
        let stack = self.owner.stack();
        let mail = wait_until("invitation", 20, || Ok(stack.mail_for(email)?.pop())).unwrap();
        let mut words = mail
            .text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let token = words.find(|word| word.starts_with("inv_"));
        token
            .unwrap_or_else(|| panic!("no invitation in {}", mail.text))
            .to_owned()
    }

    /// A member's: a member revokes its own, those who run the tenant anybody's.
    fn token_id(&self) -> String {
        let body = json!({ "name": self.canary, "scopes": ["costs:read"], "expiresInDays": 1 });
        let request = self.owner.stack().request("POST", "/v1/tokens");
        let made = request.bearer(&self.tokens["member"]).json(&body).send();
        text(
            &made.unwrap().expect(201).unwrap().json().unwrap(),
            "/token/id",
        )
    }

    fn declared_upload(&self) -> String {
        let name = format!("{}.csv", self.canary);
        let declaration = json!({ "fileName": name, "sizeBytes": 10, "contentType": CSV });
        text(&self.made("/v1/uploads", &declaration, 201), "/upload/id")
    }

    /// A delivery that would replace a bill: it asks first.
    fn waiting_upload(&self) -> String {
        let bill = three_months().focus_csv();
        let name = format!("{}.csv", self.canary);
        let mut upload = self.owner.upload(&name, &bill, CSV).unwrap();
        while upload["stage"] != "needs-confirmation" {
            assert_eq!(upload["status"], "completed", "{upload:#}");
            upload = self.owner.upload(&name, &changed(&bill), CSV).unwrap();
        }
        text(&upload, "/id")
    }

    /// What the owner's POST made.
    fn made(&self, path: &str, body: &Value, status: u16) -> Value {
        let answer = self.owner.post(path, body).unwrap();
        answer.expect(status).unwrap().json().unwrap()
    }
}

/// Of a company that was founded and ended for it; it is its owner's, and no canary of anybody.
fn receipt() -> String {
    let ending = sign_up("ended");
    let request = ending.request("DELETE", "/v1/tenants/current");
    let ended = request.json(&json!({ "confirm": "ended" })).send().unwrap();
    let ended = ended.expect(202).unwrap();
    let (_, receipt) = ended.header("location").unwrap().rsplit_once('/').unwrap();
    receipt.to_owned()
}

fn text(value: &Value, pointer: &str) -> String {
    outlay_testkit::stack::text(value, pointer)
        .unwrap()
        .to_owned()
}

/// The same bill without its last row.
fn changed(bill: &[u8]) -> Vec<u8> {
    let body = &bill[..bill.len() - 1];
    let end = body.iter().rposition(|byte| *byte == b'\n').unwrap();
    bill[..=end].to_vec()
}

/// Notes which things of a tenant a call named.
pub(super) struct Noting<'a> {
    pub(super) own: &'a dyn Own,
    pub(super) named: RefCell<Vec<String>>,
}

impl<'a> Noting<'a> {
    pub(super) fn of(own: &'a dyn Own) -> Self {
        let named = RefCell::default();
        Self { own, named }
    }
}

impl Own for Noting<'_> {
    fn the(&self, what: &str) -> String {
        let thing = match what {
            // Others may write the same of their own: it is no canary.
            "text" => return "Text".to_owned(),
            "freshEmail" => return format!("{}@example.com", UserId::mint()),
            _ => self.own.the(what),
        };
        if is_id(what) {
            self.named.borrow_mut().push(thing.clone());
        }
        thing
    }

    fn etag(&self, path: &str) -> String {
        self.own.etag(path)
    }
}

/// What a global owner's call names: things of a tenant, and what the platform itself has.
pub(super) struct OfPlatform<'a> {
    pub(super) tenant: &'a dyn Own,
    pub(super) operator: &'a Operator,
}

impl Own for OfPlatform<'_> {
    fn the(&self, what: &str) -> String {
        let thing = self.tenant.the(what);
        match what {
            "suspendedTenantId" => self.suspend("tenants", &thing),
            "suspendedUserId" => self.suspend("users", &thing),
            _ => {}
        }
        thing
    }

    fn etag(&self, path: &str) -> String {
        let answer = self.operator.get(path).unwrap();
        answer.header("etag").unwrap_or_default().to_owned()
    }
}

impl OfPlatform<'_> {
    fn suspend(&self, kind: &str, id: &str) {
        let path = format!("/v1/admin/{kind}/{id}/suspend");
        let body = json!({ "reason": "To be restored" });
        let suspended = self.operator.post(&path, &body).unwrap();
        suspended.expect(200).unwrap();
    }
}

/// Whether a thing of this name is an id, and so could be somebody else's.
pub(super) fn is_id(what: &str) -> bool {
    what.ends_with("Id")
}
