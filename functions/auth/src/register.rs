//! Asking for an account. The answer, and the work behind it, are the same whether or not the
//! address has one (ASVS 6.3.8); only its mailbox learns which.

use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_runtime::{App, public};
use outlay_store::{EmailHash, PendingRegistration, REGISTRATION_WAITS};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{cookies, origin, passwords, registrations};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RegisterRequest)]
pub struct RegisterRequest {
    /// Where the code is sent.
    #[schema(example = "ann@example.com", max_length = 254)]
    pub email: String,
    /// 12 to 1024 characters, used exactly as given.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    pub password: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Name of the company that the account is for.
    #[schema(min_length = 1, max_length = 100)]
    pub company: String,
}

/// What is always answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Registered)]
pub struct Registered {
    /// A mail is on its way.
    pub status: RegisteredStatus,
}

/// The one outcome.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RegisteredStatus {
    /// A mail is on its way to the address.
    VerificationSent,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, register)
}

/// Asks for an account and a company. A code is mailed to the address; nothing exists before it is given, in the
/// browser that asked: the cookie that is set says which sign-up it is for.
#[utoipa::path(
    post,
    path = "/v1/auth/register",
    operation_id = "auth-register",
    tag = "auth",
    request_body = RegisterRequest,
    responses(
        (status = 202, description = "A mail was sent, whether or not the address has an account", body = Registered,
            headers(("Set-Cookie" = String, description = "Which sign-up the code is for"))),
        (status = 403, description = "Sent by another site's page", body = ProblemBody, content_type = "application/problem+json"),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn register(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let pending = registration(app, &json_body(&request)?)?;
    let registry = registrations::registry(app, &pending.email).await?;
    registry.writes().create(&pending)?.commit().await?;
    registrations::mail_code(app, &registry, &pending.email).await?;
    let mut response = reply::json(
        StatusCode::ACCEPTED,
        &Registered {
            status: RegisteredStatus::VerificationSent,
        },
    )?;
    let email = EmailHash::of(&pending.email);
    let cookie = cookies::registration(&email, &pending.user_id).map_err(Problem::internal)?;
    response.headers_mut().insert("set-cookie", cookie);
    Ok(response)
}

/// What waits for a code.
fn registration(app: &App, input: &RegisterRequest) -> Result<PendingRegistration, Problem> {
    let email = fields::email("/email", &input.email)?;
    let name = fields::line("/name", &input.name, 100)?;
    let company = fields::line("/company", &input.company, 100)?;
    let about = [email.as_str(), &name, &company];
    let password_hash = passwords::hash("/password", &input.password, &about)?;
    let expires_at = (app.clock)().checked_add(REGISTRATION_WAITS);
    Ok(PendingRegistration {
        email_hash: EmailHash::of(&email).as_str().to_owned(),
        user_id: UserId::mint(),
        tenant_id: TenantId::mint(),
        email,
        name,
        company,
        password_hash,
        expires_at: expires_at.map_err(Problem::internal)?,
    })
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;

    use super::*;

    fn input() -> RegisterRequest {
        RegisterRequest {
            email: " Ann@Example.com ".into(),
            password: "correct horse battery".into(),
            name: "Ann".into(),
            company: "Example".into(),
        }
    }

    async fn app() -> App {
        App::start(Config::default()).await
    }

    #[tokio::test]
    async fn a_registration_keeps_no_password_and_waits_a_day() {
        let app = app().await;
        let pending = registration(&app, &input()).unwrap();
        let stored = serde_json::to_string(&pending).unwrap();
        assert!(!stored.contains("correct horse"));
        assert_eq!(pending.email, "Ann@Example.com");
        assert_eq!(
            pending.email_hash,
            EmailHash::of("ann@example.com").as_str()
        );
        assert!(pending.expires_at <= (app.clock)() + REGISTRATION_WAITS);
        let again = registration(&app, &input()).unwrap();
        assert_ne!(again.user_id, pending.user_id, "side by side");
    }

    #[tokio::test]
    async fn each_field_is_checked_and_pointed_at() {
        let app = app().await;
        let refused = |change: fn(&mut RegisterRequest)| {
            let mut input = input();
            change(&mut input);
            let problem = registration(&app, &input).err().unwrap();
            let body = problem.into_response("r").into_body();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            body["errors"][0]["pointer"].as_str().unwrap().to_owned()
        };
        assert_eq!(refused(|i| i.email = "nobody".into()), "/email");
        assert_eq!(refused(|i| i.name = "a\nb".into()), "/name");
        assert_eq!(refused(|i| i.company = String::new()), "/company");
        assert_eq!(refused(|i| i.password = "short".into()), "/password");
        assert_eq!(refused(|i| i.password = "x".repeat(1025)), "/password");
        assert_eq!(
            refused(|i| i.password = "ann@example.com".into()),
            "/password"
        );
        let company = |i: &mut RegisterRequest| {
            i.company = "Correct Horse Batteries".into();
            i.password = "correct horse batteries".into();
        };
        assert_eq!(refused(company), "/password");
    }

    #[test]
    fn roles_and_tenants_cannot_be_asked_for() {
        let body =
            r#"{"email":"a@b.c","password":"x","name":"a","company":"b","role":"global_owner"}"#;
        assert!(serde_json::from_str::<RegisterRequest>(body).is_err());
    }
}
