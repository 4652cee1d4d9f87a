//! The API document, made of the handlers; `tests/` holds the house rules.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, OpenApi as Document, PathItem, Ref, RefOr, ResponseBuilder, Server,
        path::Operation,
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};

/// The crates of the house under one name, for the cases of `tests/compile_fail`.
#[doc(hidden)]
pub mod house {
    pub use outlay_core as core;
    pub use outlay_http as http;
    pub use outlay_identity as identity;
    pub use outlay_lake as lake;
    pub use outlay_runtime as runtime;
    pub use outlay_store as store;
}

/// Operations that need no access token.
pub const PUBLIC_OPERATIONS: [&str; 16] = [
    "admin-owners-accept",
    "auth-jwks",
    "auth-login",
    "auth-logout",
    "auth-oidc",
    "auth-oidc-exchange",
    "auth-password-forgot",
    "auth-password-reset",
    "auth-refresh",
    "auth-register",
    "auth-verify",
    "auth-verify-resend",
    "inquiries-create",
    "members-invites-accept",
    "offboarding-get",
    "platform-health",
];

/// The OpenAPI 3.1 document of all routes.
pub fn document() -> Document {
    let mut document = Api::openapi();
    "v1".clone_into(&mut document.info.version);
    // One origin serves the web app and the API.
    document.servers = Some(vec![Server::new("/")]);
    document
}

/// The document as it is checked in: `frontend/openapi.json`.
pub fn text() -> Result<String, serde_json::Error> {
    Ok(document().to_pretty_json()? + "\n")
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Outlay",
        description = "Costs in the language of FOCUS 1.4. Money is exact: decimal strings. Times are RFC 3339 in UTC, \
                       ends exclusive. Errors are problems (RFC 9457). See docs/API-DESIGN.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "auth", description = "Accounts and sessions"),
        (name = "tenants", description = "The company that the caller works in"),
        (name = "members", description = "Who is in the company and as what, and who may join"),
        (name = "users", description = "The same people, for those who look after them"),
        (name = "tokens", description = "API tokens, for programs"),
        (name = "uploads", description = "Bills handed in as files"),
        (name = "costs", description = "Questions about active bills"),
        (name = "audit", description = "Who did what"),
        (name = "offboarding", description = "The end of a company"),
        (name = "admin", description = "The platform, as a global owner operates it"),
        (name = "platform", description = "The platform itself"),
        (name = "inquiries", description = "Messages from the public pages"),
    ),
    modifiers(&Credentials, &Problems),
    paths(
        outlay_auth::register::register,
        outlay_auth::verify::verify,
        outlay_auth::verify_resend::verify_resend,
        outlay_auth::login::login,
        outlay_auth::refresh::refresh,
        outlay_auth::logout::logout,
        outlay_auth::password_forgot::password_forgot,
        outlay_auth::password_reset::password_reset,
        outlay_auth::password_change::password_change,
        outlay_auth::sessions_list::sessions_list,
        outlay_auth::sessions_revoke::sessions_revoke,
        outlay_auth::sessions_revoke::sessions_revoke_others,
        outlay_auth::identities_list::identities_list,
        outlay_auth::identities_unlink::identities_unlink,
        outlay_auth::switch::switch,
        outlay_auth::oidc::oidc,
        outlay_auth::oidc_exchange::oidc_exchange,
        outlay_auth::me::me,
        outlay_auth::me_update::me_update,
        outlay_auth::audit::audit,
        outlay_auth::jwks::jwks,
        outlay_tenants::create::create,
        outlay_tenants::get::get,
        outlay_tenants::update::update,
        outlay_tenants::capabilities::capabilities,
        outlay_tenants::usage::usage,
        outlay_members::list::list,
        outlay_members::update::update,
        outlay_members::remove::remove,
        outlay_members::invites_create::create,
        outlay_members::invites_list::list,
        outlay_members::invites_revoke::revoke,
        outlay_members::invites_accept::accept,
        outlay_members::users_list::list,
        outlay_members::users_get::get,
        outlay_members::users_update::update,
        outlay_members::users_delete::delete,
        outlay_tokens::create::create,
        outlay_tokens::list::list,
        outlay_tokens::revoke::revoke,
        outlay_uploads::create::create,
        outlay_uploads::list::list,
        outlay_uploads::get::get,
        outlay_uploads::confirm::confirm,
        outlay_uploads::delete::delete,
        outlay_costs::query::query,
        outlay_costs::query::query_body,
        outlay_costs::dashboard::dashboard,
        outlay_costs::trends::trends,
        outlay_costs::dimensions::dimensions,
        outlay_audit::list::list,
        outlay_offboarding::begin::begin,
        outlay_offboarding::get::get,
        outlay_admin::owners_accept::accept,
        outlay_admin::tenants_list::list,
        outlay_admin::tenants_get::get,
        outlay_admin::tenants_suspend::suspend,
        outlay_admin::tenants_update::update,
        outlay_admin::audit_list::list,
        outlay_admin::tenants_restore::restore,
        outlay_admin::users_list::list,
        outlay_admin::users_get::get,
        outlay_admin::users_suspend::suspend,
        outlay_admin::users_restore::restore,
        outlay_admin::stats::stats,
        outlay_admin::config_get::get,
        outlay_admin::config_put::put,
        outlay_admin::sync_list::list,
        outlay_admin::sync_start::start,
        outlay_admin::logs::logs,
        outlay_admin::health::health,
        outlay_platform::health::health,
        outlay_inquiries::create::create,
    )
)]
struct Api;

/// The access token and the refresh cookie.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description(
            "__Secure-outlay-refresh",
            "Set by verify, login and refresh; HttpOnly, sent to /v1/auth only",
        );
        components.add_security_scheme(
            "refreshCookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(cookie)),
        );
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            if matches!(
                operation.operation_id.as_deref(),
                Some("auth-refresh" | "auth-logout")
            ) {
                let none: [&str; 0] = [];
                let mut security = vec![SecurityRequirement::new("refreshCookie", none)];
                // Whoever has no session any more is signed out already.
                if operation.operation_id.as_deref() == Some("auth-logout") {
                    security.push(SecurityRequirement::default());
                }
                operation.security = Some(security);
            }
        }
    }
}

/// Whatever else goes wrong, in any operation, is a problem too.
struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut Document) {
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            let problem = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build();
            let response = ResponseBuilder::new()
                .description("Any other problem, such as 413, 429 or 5xx")
                .content("application/problem+json", problem)
                .build();
            operation
                .responses
                .responses
                .entry("default".to_owned())
                .or_insert(RefOr::T(response));
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut path.get,
        &mut path.post,
        &mut path.put,
        &mut path.patch,
        &mut path.delete,
    ]
    .into_iter()
    .flatten()
}
