use jiff::Timestamp;
use outlay_core::{TokenId, UserId};
use outlay_http::Problem;
use outlay_identity::{MembersWrite, Permission, TenantContext, TokensWrite};
use outlay_store::{ApiToken, Member};
use serde::Serialize;

/// An API token, without what opens it: that was shown once and is kept nowhere.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiToken)]
pub struct Token {
    /// `tok_...`
    #[schema(value_type = String)]
    id: TokenId,
    /// What it is for.
    name: String,
    /// The permissions it has, as far as its maker has them too.
    scopes: Vec<String>,
    /// For whom it acts.
    #[schema(value_type = String)]
    created_by: UserId,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it was used last, to the hour; null where it never was.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
}

impl Token {
    pub(crate) fn of(token: ApiToken, last_used_at: Option<Timestamp>) -> Self {
        Self {
            id: token.token_id,
            name: token.name,
            scopes: token.scopes,
            created_by: token.created_by,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at,
        }
    }
}

/// The caller's membership, if it still is what the caller was let in by.
pub(crate) fn demand_held(
    caller: &TenantContext,
    membership: Option<Member>,
) -> Result<Member, Problem> {
    let held = membership.filter(|member| member.is_active_as(caller.role()));
    held.ok_or_else(|| Problem::forbidden(TokensWrite::DEMAND.name))
}

/// Whether the caller sees this token: one's own, and everybody's for who looks after people.
pub(crate) fn is_seen_by(token: &ApiToken, caller: &TenantContext) -> bool {
    token.created_by == *caller.user() || MembersWrite::DEMAND.is_of(caller.role())
}
