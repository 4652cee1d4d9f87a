use std::collections::HashMap;

use futures::future::try_join;
use outlay_core::TokenId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, TokensRead};
use outlay_runtime::{App, authorised};
use outlay_store::{ApiToken, StoreError, TokenUse};
use serde::Serialize;

use crate::{Token, token::is_seen_by};

/// API tokens, oldest first. They are few: there are no pages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ApiTokenList)]
pub struct TokenList {
    items: Vec<Token>,
}

/// `GET /v1/tokens`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// The API tokens that work: your own, and as owner or admin everybody's.
#[utoipa::path(get, path = "/v1/tokens", operation_id = "tokens-list", tag = "tokens",
    security(("bearer" = [])),
    responses((status = 200, body = TokenList),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<TokensRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let table = app.reading(&caller).await?;
    let any = TokenId::derive(&[]);
    let (tokens, uses) = Box::pin(try_join(
        table.list_all::<ApiToken>(),
        table.list_beside::<TokenUse>(&any),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let uses: HashMap<_, _> = uses.into_iter().map(|u| (u.token_id, u.used_at)).collect();
    let now = (app.clock)();
    let shown = tokens
        .into_iter()
        .filter(|token| now < token.expires_at && is_seen_by(token, &caller));
    let items = shown.map(|token| {
        let used_at = uses.get(&token.token_id).copied();
        Token::of(token, used_at)
    });
    reply::ok(&TokenList {
        items: items.collect(),
    })
}
