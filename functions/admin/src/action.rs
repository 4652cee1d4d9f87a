//! What a global owner does is told in the platform's audit: changes in their own transaction, looks by an
//! entry of their own that comes before the answer.

use outlay_http::{Problem, Request};
use outlay_identity::{PlatformCaller, PlatformPermission};
use outlay_runtime::{App, Trail};
use outlay_store::AuditLog;

/// Makes the entries of this request.
pub(crate) fn trail<P: PlatformPermission>(
    app: &App,
    caller: &PlatformCaller<P>,
    request: &Request,
) -> Trail {
    Trail::by(app, caller.actor(), request)
}

/// Tells that somebody looked. Whoever cannot be told about sees nothing.
pub(crate) async fn looked_at<P: PlatformPermission>(
    app: &App,
    caller: &PlatformCaller<P>,
    request: &Request,
    action: &'static str,
    kind: &'static str,
    id: &impl ToString,
) -> Result<(), Problem> {
    let entry = trail(app, caller, request).entry(action, kind, id);
    let table = app.operator(None, Some(caller.user())).await?;
    let writes = table.writes().audit(&AuditLog::Platform, &entry)?;
    Ok(writes.commit().await?)
}
