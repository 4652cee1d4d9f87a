//! Where one signs in from outside, for the web app, which asks there itself.

use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_runtime::{App, Variable, public};
use serde::Serialize;
use utoipa::ToSchema;

/// The one external issuer, where there is one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OidcOffer)]
pub struct Offer<'a> {
    /// Null where nobody signs in from outside.
    #[schema(required)]
    pub provider: Option<Provider<'a>>,
}

/// What a browser needs for the authorization code flow with PKCE (RFC 7636).
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OidcProvider)]
pub struct Provider<'a> {
    /// Who signs the identity tokens (`iss`).
    pub issuer: &'a str,
    /// What the web app is there. It has no secret.
    pub client_id: &'a str,
    /// Where the browser is sent to.
    pub authorization_endpoint: &'a str,
    /// Where the code that it comes back with becomes an identity token.
    pub token_endpoint: &'a str,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, oidc)
}

/// The issuer whose identity tokens `auth-oidc-exchange` takes, as the web app asks it for one.
#[utoipa::path(
    get,
    path = "/v1/auth/oidc",
    operation_id = "auth-oidc",
    tag = "auth",
    responses(
        (status = 200, description = "The issuer, or none", body = Offer),
        (status = 400, description = "There are no parameters", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn oidc(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    reply::ok(&Offer {
        provider: provider(app),
    })
}

/// Nothing is offered by halves: without a part of it, nobody could come back with a token that is taken.
fn provider(app: &App) -> Option<Provider<'_>> {
    app.external_issuer()?;
    let set = |variable| app.config.get(variable).ok();
    Some(Provider {
        issuer: set(Variable::OidcIssuer)?,
        client_id: set(Variable::OidcClientId)?,
        authorization_endpoint: set(Variable::OidcAuthorizationEndpoint)?,
        token_endpoint: set(Variable::OidcTokenEndpoint)?,
    })
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;

    use super::*;

    const WHOLE: [(Variable, &str); 5] = [
        (Variable::OidcIssuer, "https://issuer.example"),
        (Variable::OidcClientId, "outlay"),
        (Variable::OidcJwksUri, "https://issuer.example/keys"),
        (
            Variable::OidcAuthorizationEndpoint,
            "https://issuer.example/authorize",
        ),
        (
            Variable::OidcTokenEndpoint,
            "https://tokens.example/oauth2/token",
        ),
    ];

    #[tokio::test]
    async fn an_issuer_is_offered_whole() {
        let app = App::start(Config::of(&WHOLE)).await;
        let offered = serde_json::to_value(provider(&app)).unwrap();
        let expected = serde_json::json!({
            "issuer": "https://issuer.example",
            "clientId": "outlay",
            "authorizationEndpoint": "https://issuer.example/authorize",
            "tokenEndpoint": "https://tokens.example/oauth2/token",
        });
        assert_eq!(offered, expected);
    }

    #[tokio::test]
    async fn or_not_at_all() {
        for missing in 0..WHOLE.len() {
            let mut parts = WHOLE.to_vec();
            let (part, _) = parts.remove(missing);
            let app = App::start(Config::of(&parts)).await;
            assert_eq!(provider(&app), None, "without {part:?}");
        }
    }
}
