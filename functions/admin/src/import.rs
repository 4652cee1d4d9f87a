//! People of another system come into a company with the passwords that they have: bcrypt hashes, which are
//! checked as they are and replaced at the first sign-in.

use outlay_core::{TenantId, UserId};
use outlay_http::fields;
use outlay_identity::imported_hash;
use outlay_runtime::{App, MessageError, Outcome, Trail};
use outlay_store::{
    AuditLog, EmailGuard, EmailHash, OperatorTable, Role, Standing, StoreError, TRIES, Tenant, User,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// People in one call: each is a transaction and a session of its own.
const MOST: usize = 25;

/// What `cargo xtask import-users` asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {
    /// The company that they join.
    tenant_id: TenantId,
    users: Vec<Imported>,
}

/// Somebody of another system.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Imported {
    email: String,
    name: String,
    role: Role,
    /// bcrypt, as the other system kept it.
    password_hash: String,
}

/// What came of the call.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "status")]
enum Told {
    /// Each was looked at; in the order in which they were given.
    Done { users: Vec<Came> },
    /// Nothing was changed.
    Refused { detail: &'static str },
}

/// What came of one of them.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "status"
)]
enum Came {
    /// Can sign in with the password that they have.
    Imported { user_id: UserId },
    /// The address has an account: it is left as it is, and its owner can be invited.
    Exists,
    /// Nothing was changed.
    Refused { detail: &'static str },
}

const TOO_MANY: &str = "At most 25 people come in one call.";
const NO_COMPANY: &str = "There is no such company, or it may not act.";
const NO_ADDRESS: &str = "This is no address of mail.";
const NO_NAME: &str = "A name is one line of 1 to 100 characters.";
const NO_HASH: &str = "The password hash is no bcrypt of a cost that is checked within a second.";

/// Called by `cargo xtask import-users`, whom IAM lets; by nothing else.
pub fn handler(app: &'static App, event: Value) -> Outcome {
    Box::pin(async move { Ok(serde_json::to_value(import(app, event).await?)?) })
}

async fn import(app: &App, event: Value) -> Result<Told, MessageError> {
    let Ask { tenant_id, users } = serde_json::from_value(event)?;
    if users.len() > MOST {
        return Ok(Told::Refused { detail: TOO_MANY });
    }
    let mut came = Vec::with_capacity(users.len());
    for somebody in users {
        came.push(match account(app, &somebody) {
            Ok((user, role)) => join(app, &tenant_id, user, role).await?,
            Err(detail) => Came::Refused { detail },
        });
    }
    Ok(Told::Done { users: came })
}

/// The account to be, or why there is none.
fn account(app: &App, somebody: &Imported) -> Result<(User, Role), &'static str> {
    let user = User {
        user_id: UserId::mint(),
        email: fields::email("email", &somebody.email).map_err(|_| NO_ADDRESS)?,
        name: fields::line("name", &somebody.name, 100).map_err(|_| NO_NAME)?,
        password_hash: Some(imported_hash(&somebody.password_hash).map_err(|_| NO_HASH)?),
        created_at: (app.clock)(),
        standing: Standing::Active,
        revision: 1,
    };
    Ok((user, somebody.role))
}

async fn join(app: &App, tenant: &TenantId, user: User, role: Role) -> Result<Came, MessageError> {
    let table = app.operator(Some(tenant), Some(&user.user_id)).await?;
    for _ in 0..TRIES {
        let company = table.tenant(tenant).get::<Tenant>(&()).await?;
        let Some(company) = company.filter(|company| company.standing == Standing::Active) else {
            return Ok(Came::Refused { detail: NO_COMPANY });
        };
        let address = EmailHash::of(&user.email);
        if table.get::<EmailGuard>(&address).await?.is_some() {
            return Ok(Came::Exists);
        }
        match create(app, &table, &company, &user, role).await {
            // Somebody signed up with the address, or the company was changed, in this very moment.
            Err(StoreError::Conflict) => {}
            outcome => {
                outcome?;
                let user_id = user.user_id;
                return Ok(Came::Imported { user_id });
            }
        }
    }
    Err("the company is changed all the while".into())
}

/// All of it or nothing, while the company may act.
async fn create(
    app: &App,
    table: &OperatorTable,
    company: &Tenant,
    user: &User,
    role: Role,
) -> Result<(), StoreError> {
    let (user_id, tenant_id) = (&user.user_id, &company.tenant_id);
    let trail = Trail::worker(app, "admin-import");
    let entry = || {
        let entry = trail.entry("admin.import-user", "user", user_id);
        entry.after(json!({ "role": role, "tenantId": tenant_id }))
    };
    let (membership, member) = user.joins(tenant_id, role, user.created_at);
    // The company is written as it is, because the operator's role has no other way to demand something of an item.
    let of_company = table
        .tenant(tenant_id)
        .writes()
        .put(company, company.unchanged())?
        .create(&member)?
        .audit(&entry())?;
    table
        .writes()
        .create(user)?
        .create(&EmailGuard::of(user))?
        .create(&membership)?
        .audit(&AuditLog::Platform, &entry())?
        .with(of_company)
        .commit()
        .await
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;

    use super::*;

    fn event() -> Value {
        let event = include_str!("../../../events/admin-import.two.json");
        serde_json::from_str(event).unwrap()
    }

    #[tokio::test]
    async fn who_is_no_good_is_told_why() {
        let app = App::start(Config::default()).await;
        let told = |field: &str, text: &str| {
            let mut user = event()["users"][0].clone();
            user[field] = text.into();
            account(&app, &serde_json::from_value(user).unwrap()).err()
        };
        assert_eq!(told("name", "Ann"), None);
        assert_eq!(told("name", "A\nnn"), Some(NO_NAME));
        assert_eq!(told("email", "nobody"), Some(NO_ADDRESS));
        assert_eq!(told("passwordHash", "plain"), Some(NO_HASH));
        let argon = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA";
        assert_eq!(told("passwordHash", argon), Some(NO_HASH));
    }

    #[tokio::test]
    async fn too_many_are_refused_before_anything_is_looked_at() {
        let app = App::start(Config::default()).await;
        let mut event = event();
        event["users"] = vec![event["users"][0].clone(); MOST + 1].into();
        let told = import(&app, event).await.unwrap();
        assert_eq!(told, Told::Refused { detail: TOO_MANY });
    }

    #[test]
    fn the_answer_is_what_xtask_reads() {
        let told = Told::Done {
            users: vec![Came::Exists, Came::Refused { detail: NO_NAME }],
        };
        let expected = json!({ "status": "done",
            "users": [{ "status": "exists" }, { "status": "refused", "detail": NO_NAME }] });
        assert_eq!(serde_json::to_value(told).unwrap(), expected);
    }
}
