use std::future::Future;

use futures::future::try_join3;
use jiff::Timestamp;
use outlay_http::{Body, Problem, Reply, Request, Response};
use outlay_identity::{PlatformCaller, PlatformContext, PlatformPermission, Principal};
use outlay_store::{PlatformTable, Session, Standing, StoreError, User, UserPlatform};

use crate::{App, authorised::access_token, limits};

/// Runs a handler of the platform's own area: its caller must be a global owner, still be one, and still
/// be signed in. Nothing is cached, so that ending a session or an ownership bites at once.
pub fn operating<P, F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    P: PlatformPermission,
    F: FnOnce(&'static App, PlatformCaller<P>, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move {
        let Principal::Platform(context) = access_token(app, &request).await? else {
            return Err(Problem::not_a_global_owner());
        };
        limits::spend_owner(app, &context).await?;
        let table = app.operator(None, Some(context.user())).await?;
        let standing = demand_standing(&table, &context, (app.clock)()).await;
        limits::counting(app, &request, standing).await?;
        run(app, context.permitted::<P>(), request).await
    })
}

/// The token outlives what it was made of by up to its quarter of an hour; this does not.
pub(crate) async fn demand_standing(
    table: &PlatformTable,
    context: &PlatformContext,
    now: Timestamp,
) -> Result<(), Problem> {
    let session = (context.user().clone(), context.session().clone());
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let (session, ownership, user) = Box::pin(try_join3(
        table.get::<Session>(&session),
        table.get::<UserPlatform>(context.user()),
        table.get::<User>(context.user()),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let signed_in = session.is_some_and(|session| session.expires_at > now);
    let active = user.is_some_and(|user| user.standing == Standing::Active);
    if !signed_in || !active || ownership.is_none() {
        return Err(Problem::unauthorized());
    }
    Ok(())
}
