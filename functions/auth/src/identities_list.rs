//! By way of whom one can sign in from outside.

use jiff::Timestamp;
use outlay_core::IdentityId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AccountRead, Principal};
use outlay_runtime::{App, signed_in};
use outlay_store::UserIdentity;
use serde::Serialize;
use utoipa::ToSchema;

/// The external identities of a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkedIdentities)]
pub struct LinkedIdentities {
    /// The one linked first comes first.
    pub items: Vec<LinkedIdentity>,
    /// Always null: a person has five at most.
    pub next_cursor: Option<String>,
}

/// One external identity. What it is called there is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkedIdentity)]
pub struct LinkedIdentity {
    /// `idn_...`
    #[schema(value_type = String)]
    pub id: IdentityId,
    /// Who vouches for it, as an OpenID Connect issuer.
    pub issuer: String,
    /// Since when it opens the account.
    #[schema(value_type = String, format = DateTime)]
    pub linked_at: Timestamp,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountRead, _, _>(app, request, identities_list)
}

/// The external identities that open the caller's account.
#[utoipa::path(
    get,
    path = "/v1/auth/identities",
    operation_id = "auth-identities-list",
    tag = "auth",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The identities, oldest first", body = LinkedIdentities),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn identities_list(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let registry = app.registry(None, Some(caller.user())).await?;
    let all = UserIdentity::any_of(caller.user());
    reply::ok(&LinkedIdentities {
        items: shown(registry.list_all::<UserIdentity>(&all).await?),
        next_cursor: None,
    })
}

fn shown(mut identities: Vec<UserIdentity>) -> Vec<LinkedIdentity> {
    identities.sort_by_key(|identity| identity.linked_at);
    identities
        .into_iter()
        .map(|identity| LinkedIdentity {
            id: identity.subject.identity_id(),
            issuer: identity.issuer,
            linked_at: identity.linked_at,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use outlay_core::UserId;
    use outlay_store::SubjectHash;

    use super::*;

    #[test]
    fn the_first_comes_first_and_no_subject_is_told() {
        let linked = |subject: &str, hours: i64| UserIdentity {
            user_id: UserId::derive(&["u"]),
            subject: SubjectHash::of("https://issuer.example", subject),
            issuer: "https://issuer.example".to_owned(),
            linked_at: Timestamp::UNIX_EPOCH + hours.hours(),
        };
        let (late, early) = (linked("b", 2), linked("a", 1));
        let items = shown(vec![late.clone(), early.clone()]);
        let ids: Vec<&IdentityId> = items.iter().map(|item| &item.id).collect();
        assert_eq!(
            ids,
            [&early.subject.identity_id(), &late.subject.identity_id()]
        );
        let told = serde_json::to_value(&items[0]).unwrap();
        let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["id", "issuer", "linkedAt"]);
    }
}
