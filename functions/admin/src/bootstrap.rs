//! The first global owner. No default account exists: somebody who may act in the AWS account asks for a
//! one-time link, and whoever follows it chooses the password.

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use outlay_core::UserId;
use outlay_http::fields;
use outlay_identity::secret_hash;
use outlay_runtime::{App, MessageError, Outcome, Trail};
use outlay_store::{
    AuditLog, Condition, EmailGuard, EmailHash, GlobalOwner, OperatorTable, PendingOwner,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long the link is good.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What `cargo xtask bootstrap-owner` asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {
    /// Address of the global owner to be.
    email: String,
    /// Whether one more is meant, where there is one already.
    #[serde(default)]
    another: bool,
}

/// What it is told. The secret is in this answer alone: the table holds its hash.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "status"
)]
enum Told {
    /// The link's secret, good once and for an hour.
    Invited {
        email: String,
        code: String,
        expires_at: String,
    },
    /// Nothing was changed.
    Refused { detail: &'static str },
}

const NO_ADDRESS: &str = "This is no address of mail.";
const THERE_IS_ONE: &str = "There is a global owner already. Say --another to make one more; it is written into the audit.";
const TAKEN: &str = "This address has an account already. A global owner belongs to no company: use another address.";

/// Called by `cargo xtask bootstrap-owner`, whom IAM lets; by nothing else.
pub fn handler(app: &'static App, event: Value) -> Outcome {
    Box::pin(async move { Ok(serde_json::to_value(bootstrap(app, event).await?)?) })
}

async fn bootstrap(app: &App, event: Value) -> Result<Told, MessageError> {
    let ask: Ask = serde_json::from_value(event)?;
    let Ok(email) = fields::email("email", &ask.email) else {
        return Ok(Told::Refused { detail: NO_ADDRESS });
    };
    let table = app.operator(None, None).await?;
    let first = owners(&table).await?.is_empty();
    if !first && !ask.another {
        return Ok(Told::Refused {
            detail: THERE_IS_ONE,
        });
    }
    if table
        .get::<EmailGuard>(&EmailHash::of(&email))
        .await?
        .is_some()
    {
        return Ok(Told::Refused { detail: TAKEN });
    }
    invite(app, &table, email, !first).await
}

async fn owners(table: &OperatorTable) -> Result<Vec<GlobalOwner>, MessageError> {
    Ok(table.list_all(&UserId::derive(&[])).await?)
}

/// A link asked for later replaces the one before.
async fn invite(
    app: &App,
    table: &OperatorTable,
    email: String,
    another: bool,
) -> Result<Told, MessageError> {
    let (user, code) = (UserId::mint(), secret()?);
    let expires_at = (app.clock)().checked_add(LIFETIME)?;
    let pending = PendingOwner {
        email_hash: EmailHash::of(&email).as_str().to_owned(),
        user_id: user.clone(),
        email: email.clone(),
        secret_hash: secret_hash(user.as_str(), &code),
        another,
        expires_at,
    };
    let entry = Trail::worker(app, "admin-bootstrap")
        .entry("admin.invite-owner", "user", &user)
        .after(json!({ "another": another }));
    table
        .writes()
        .put(&pending, Condition::Any)?
        .audit(&AuditLog::Platform, &entry)?
        .commit()
        .await?;
    Ok(Told::Invited {
        email,
        code,
        expires_at: expires_at.to_string(),
    })
}

/// 256 bits: nobody guesses it, so nobody's tries need counting.
fn secret() -> Result<String, MessageError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| "no random bytes")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_what_xtask_reads() {
        let told = serde_json::to_value(Told::Refused { detail: TAKEN }).unwrap();
        assert_eq!(told, json!({ "status": "refused", "detail": TAKEN }));
        let invited = Told::Invited {
            email: "a@b.c".into(),
            code: "s".into(),
            expires_at: "t".into(),
        };
        let expected =
            json!({ "status": "invited", "email": "a@b.c", "code": "s", "expiresAt": "t" });
        assert_eq!(serde_json::to_value(invited).unwrap(), expected);
        let event = include_str!("../../../events/admin-bootstrap.first.json");
        let ask: Ask = serde_json::from_str(event).unwrap();
        assert!(!ask.another);
        assert!(serde_json::from_str::<Ask>(r#"{"email":"a@b.c","password":"x"}"#).is_err());
    }

    #[test]
    fn secrets_differ_and_are_long() {
        let (a, b) = (secret().unwrap(), secret().unwrap());
        assert!(a != b && a.len() == 43);
    }
}
