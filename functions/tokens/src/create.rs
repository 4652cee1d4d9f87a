use jiff::{SignedDuration, Timestamp};
use lambda_http::http::StatusCode;
use outlay_core::TokenId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{AddressedSecret, Caller, PERMISSIONS, TenantContext, TokensWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{ApiToken, AuditEntry, MOST_TOKENS, Member, StoreError, TRIES, TenantTable};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Token, token::demand_held};

/// Longest life of a token, in days.
const MAX_DAYS: u32 = 365;

/// A token to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ApiTokenRequest)]
pub struct TokenRequest {
    /// What it is for, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Permissions of yours that it shall have, such as `costs:read`.
    #[schema(min_items = 1, example = json!(["costs:read"]))]
    scopes: Vec<String>,
    /// How many days it works, 1 to 365.
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: u32,
}

/// A token, and what opens it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiTokenCreated)]
pub struct TokenCreated {
    token: Token,
    /// `out_...`, to be sent as `Authorization: Bearer ...`. It is shown this once and kept nowhere.
    secret: String,
}

/// `POST /v1/tokens`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, create)
}

/// Makes an API token. It acts for you, within its scopes and within what you may at that moment.
#[utoipa::path(post, path = "/v1/tokens", operation_id = "tokens-create", tag = "tokens",
    security(("bearer" = [])), request_body = TokenRequest,
    responses((status = 201, body = TokenCreated),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "You have 20 already", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create(
    app: &'static App,
    caller: Caller<TokensWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: TokenRequest = json_body(&request)?;
    let now = (app.clock)();
    let secret = AddressedSecret::mint(caller.tenant(), &TokenId::mint());
    let secret = secret.ok_or_else(|| Problem::internal("no random numbers"))?;
    let token = token(&caller, &secret, wanted, now)?;
    let table = app.writing(&caller).await?;
    let entry = Trail::of(app, &caller, &request)
        .entry("tokens.create", "token", &token.token_id)
        .after(json!({"name": token.name, "scopes": token.scopes, "expiresAt": token.expires_at}));
    for _ in 0..TRIES {
        if store(&table, &caller, &token, &entry).await? {
            let created = TokenCreated {
                token: Token::of(token, None),
                secret: secret.reveal(),
            };
            return reply::json(StatusCode::CREATED, &created);
        }
    }
    Err(StoreError::Conflict.into())
}

/// Whether it was stored; `false` where its maker's membership changed in this moment. That is raised by every
/// token, so that of several made at once each counts the others, and none is made by who was put out.
async fn store(
    table: &TenantTable,
    caller: &TenantContext,
    token: &ApiToken,
    entry: &AuditEntry,
) -> Result<bool, Problem> {
    let maker = table.get::<Member>(caller.user()).await?;
    let maker = demand_held(caller, maker)?;
    let all: Vec<ApiToken> = table.list_all().await?;
    let now = token.created_at;
    let own = |t: &&ApiToken| t.created_by == maker.user_id && now < t.expires_at;
    if all.iter().filter(own).count() >= MOST_TOKENS {
        return Err(Problem::conflict(
            "too-many-tokens",
            format!("You have {MOST_TOKENS} tokens. Revoke one that is not used any more."),
        ));
    }
    let unchanged = maker.unchanged();
    let raised = Member {
        revision: maker.revision + 1,
        ..maker
    };
    let writes = table
        .writes()
        .create(token)?
        .put(&raised, unchanged)?
        .audit(entry)?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => Ok(outcome.map(|()| true)?),
    }
}

fn token(
    caller: &TenantContext,
    secret: &AddressedSecret<TokenId>,
    wanted: TokenRequest,
    now: Timestamp,
) -> Result<ApiToken, Problem> {
    if !(1..=MAX_DAYS).contains(&wanted.expires_in_days) {
        let detail = format!("must be a number from 1 to {MAX_DAYS}");
        return Err(Problem::invalid("/expiresInDays", detail));
    }
    let life = SignedDuration::from_hours(24 * i64::from(wanted.expires_in_days));
    Ok(ApiToken {
        token_id: secret.id().clone(),
        name: fields::line("/name", &wanted.name, 100)?,
        scopes: scopes(caller, wanted.scopes)?,
        secret_hash: secret.hash(),
        created_by: caller.user().clone(),
        created_at: now,
        expires_at: now.checked_add(life).map_err(Problem::internal)?,
    })
}

/// Known permissions that a token may have and its maker has, each once.
fn scopes(caller: &TenantContext, wanted: Vec<String>) -> Result<Vec<String>, Problem> {
    if wanted.is_empty() {
        return Err(Problem::invalid(
            "/scopes",
            "must name at least one permission",
        ));
    }
    for (at, name) in wanted.iter().enumerate() {
        let refused = |detail: &str| Err(Problem::invalid(format!("/scopes/{at}"), detail));
        let Some(demand) = PERMISSIONS.iter().find(|demand| demand.name == *name) else {
            return refused("is not a permission");
        };
        if !demand.is_for_tokens() {
            return refused("is for people only: no token may have it");
        }
        if !caller.may(demand) {
            return refused("is not a permission of yours");
        }
        if wanted[..at].contains(name) {
            return refused("is given more than once");
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use outlay_core::{TenantId, UserId};
    use outlay_store::{Member, Role, Standing};

    use super::*;

    /// A person of this role: contexts come out of verified tokens alone, so this one has a token.
    fn caller(role: Role, scopes: &[&str]) -> TenantContext {
        let secret = AddressedSecret::mint(&TenantId::mint(), &TokenId::mint()).unwrap();
        let maker = Member {
            user_id: UserId::derive(&["u"]),
            role,
            standing: Standing::Active,
            name: String::new(),
            email: String::new(),
            joined_at: Timestamp::UNIX_EPOCH,
            revision: 1,
        };
        let stored = ApiToken {
            token_id: secret.id().clone(),
            name: String::new(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            secret_hash: secret.hash(),
            created_by: maker.user_id.clone(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        };
        TenantContext::of_token(&secret, &stored, &maker).unwrap()
    }

    fn asked(caller: &TenantContext, scopes: &[&str]) -> Result<Vec<String>, Problem> {
        super::scopes(caller, scopes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn scopes_are_no_wider_than_their_maker() {
        let all = ["costs:read", "members:write", "uploads:write"];
        let owner = caller(Role::Owner, &all);
        assert_eq!(asked(&owner, &all).unwrap(), all);
        let viewer = caller(Role::Viewer, &all);
        assert_eq!(asked(&viewer, &["costs:read"]).unwrap(), ["costs:read"]);
        for bad in [
            &["uploads:write"][..],
            &["members:write"],
            &["costs:read", "costs:read"],
            &["account:read"],
            &["tokens:write"],
            &["*"],
            &["costs"],
            &[],
        ] {
            assert_eq!(asked(&viewer, bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }

    #[test]
    fn a_token_is_stored_without_what_opens_it_and_ends() {
        let caller = caller(Role::Owner, &["costs:read"]);
        let secret = AddressedSecret::mint(caller.tenant(), &TokenId::mint()).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let asked = |days| TokenRequest {
            name: " nightly ".into(),
            scopes: vec!["costs:read".into()],
            expires_in_days: days,
        };
        let stored = token(&caller, &secret, asked(30), now).unwrap();
        assert_eq!(stored.name, "nightly");
        assert_eq!(stored.expires_at.duration_since(now).as_hours(), 720);
        let json = serde_json::to_string(&stored).unwrap();
        assert!(!json.contains(&secret.reveal()) && secret.opens(&stored.secret_hash));
        for days in [0, 366, u32::MAX] {
            assert!(token(&caller, &secret, asked(days), now).is_err(), "{days}");
        }
    }
}
