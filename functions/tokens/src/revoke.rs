use outlay_core::TokenId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{Caller, TokensWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{ApiToken, Condition, Member, StoreError, TRIES, TokenUse};
use serde_json::json;

use crate::token::{demand_held, is_seen_by};

/// `DELETE /v1/tokens/{tokenId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, revoke)
}

/// Revokes an API token: your own, or as owner or admin anybody's. Within a minute it opens nothing.
#[utoipa::path(delete, path = "/v1/tokens/{tokenId}", operation_id = "tokens-revoke", tag = "tokens",
    security(("bearer" = [])), params(("tokenId" = String, Path, description = "The token.")),
    responses((status = 204, description = "Revoked"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn revoke(
    app: &'static App,
    caller: Caller<TokensWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id: TokenId = path_id(&request, "tokenId")?;
    let table = app.writing(&caller).await?;
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        let token = table.get::<ApiToken>(&id).await?;
        let token = token.filter(|token| is_seen_by(token, &caller));
        let token = token.ok_or_else(Problem::not_found)?;
        let entry = trail
            .entry("tokens.revoke", "token", &id)
            .before(json!({"name": token.name, "scopes": token.scopes}));
        let writes = table
            .writes()
            .delete::<ApiToken>(&id, Condition::text("secretHash", &token.secret_hash))?
            .delete::<TokenUse>(&id, Condition::Any)?
            .check::<Member>(caller.user(), Member::active_as(caller.role()))?
            .audit(&entry)?;
        match writes.commit().await {
            // Somebody else was there first, or the caller's rights ended.
            Err(StoreError::Conflict) => {}
            outcome => return Ok(outcome.map(|()| reply::no_content())?),
        }
        demand_held(&caller, table.get::<Member>(caller.user()).await?)?;
    }
    Err(StoreError::Conflict.into())
}
