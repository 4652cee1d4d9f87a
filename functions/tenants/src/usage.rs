use std::collections::BTreeSet;

use futures::future::{try_join, try_join4};
use jiff::Timestamp;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, TenantRead};
use outlay_runtime::{App, authorised};
use outlay_store::{ActiveVersion, ApiToken, Invite, Member, StoreError, Upload};
use serde::Serialize;

/// What a company uses.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// People in it, suspended ones included.
    members: usize,
    /// Invitations that can still be accepted.
    open_invites: usize,
    /// API tokens that still work.
    api_tokens: usize,
    /// Files handed in and kept.
    uploads: usize,
    /// Their size together.
    uploaded_bytes: u64,
    /// Sources that have a bill now.
    sources: usize,
    /// Billing periods of which there is a bill now.
    billing_periods: usize,
    /// Rows of the bills that are seen now, cross-checking ones included.
    rows: u64,
}

/// `GET /v1/tenants/current/usage`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, usage)
}

/// What the company uses: people, programs, bills.
#[utoipa::path(get, path = "/v1/tenants/current/usage", operation_id = "tenants-usage", tag = "tenants",
    security(("bearer" = [])),
    responses((status = 200, body = Usage),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn usage(
    app: &'static App,
    caller: Caller<TenantRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let table = app.reading(&caller).await?;
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let ((members, invites, tokens, uploads), active) = Box::pin(try_join(
        try_join4(
            table.list_all::<Member>(),
            table.list_all::<Invite>(),
            table.list_all::<ApiToken>(),
            table.list_all::<Upload>(),
        ),
        table.list_all::<ActiveVersion>(),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let now = (app.clock)();
    let (uploads, uploaded_bytes) = kept(&uploads);
    let (sources, billing_periods, rows) = seen(&active);
    reply::ok(&Usage {
        members: members.len(),
        open_invites: alive(invites.iter().map(|invite| invite.expires_at), now),
        api_tokens: alive(tokens.iter().map(|token| token.expires_at), now),
        uploads,
        uploaded_bytes,
        sources,
        billing_periods,
        rows,
    })
}

/// DynamoDB deletes late: what ended does not count.
fn alive(ends: impl Iterator<Item = Timestamp>, now: Timestamp) -> usize {
    ends.filter(|end| now < *end).count()
}

/// Files that arrived and were not deleted, and their size.
fn kept(uploads: &[Upload]) -> (usize, u64) {
    let kept = uploads
        .iter()
        .filter(|u| u.arrived.is_some() && u.deleted_at.is_none());
    kept.fold((0, 0), |(files, bytes), u| {
        (files + 1, bytes.saturating_add(u.size_bytes))
    })
}

/// Sources, billing periods and rows of what is seen.
fn seen(active: &[ActiveVersion]) -> (usize, usize, u64) {
    let sources: BTreeSet<_> = active.iter().map(|a| &a.source_id).collect();
    let periods: BTreeSet<_> = active.iter().map(|a| a.billing_period).collect();
    let rows = active.iter().map(|a| a.rows).fold(0, u64::saturating_add);
    (sources.len(), periods.len(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_does_not_count() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(alive([at(9), at(10), at(11)].into_iter(), at(10)), 1);
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(kept(&[]), (0, 0));
        assert_eq!(seen(&[]), (0, 0, 0));
    }
}
