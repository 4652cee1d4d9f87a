use std::future::Future;

use outlay_http::{Body, Problem, Reply, Request, Response};
use outlay_identity::{AddressedSecret, Caller, Demand, Permission, Principal, TenantContext};

use crate::{App, callers, limits, operating};

/// Runs a handler that demands a permission of its caller.
pub fn authorised<P, F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    P: Permission,
    F: FnOnce(&'static App, Caller<P>, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move {
        let context = context(app, &request, &P::DEMAND).await?;
        limits::spend(app, &context).await?;
        let caller = context
            .permitted::<P>()
            .ok_or_else(|| Problem::forbidden(P::DEMAND.name))?;
        let tenant = caller.tenant().clone();
        let mut response = run(app, caller, request).await?;
        response.extensions_mut().insert(tenant);
        Ok(response)
    })
}

/// Runs a handler for whoever is signed in, in a tenant or as a global owner: for one's own account.
pub fn signed_in<P, F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    P: Permission,
    F: FnOnce(&'static App, Principal, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move {
        let principal = principal(app, &request, &P::DEMAND).await?;
        match &principal {
            Principal::Tenant(context) => {
                limits::spend(app, context).await?;
                if !context.may(&P::DEMAND) {
                    return Err(Problem::forbidden(P::DEMAND.name));
                }
            }
            Principal::Platform(context) => {
                limits::spend_owner(app, context).await?;
                let table = app.registry(None, Some(context.user())).await?;
                let standing = operating::demand_standing(&table, context, (app.clock)()).await;
                limits::counting(app, &request, standing).await?;
            }
        }
        run(app, principal, request).await
    })
}

/// Runs a handler that anybody may call.
pub fn public<F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    F: FnOnce(&'static App, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move {
        limits::spend_address(app, &request).await?;
        run(app, request).await
    })
}

/// Who calls a route that anybody may call, if the request says so: a bad proof is refused, none at
/// all is nobody.
pub async fn caller_if_any<P: Permission>(
    app: &App,
    request: &Request,
) -> Result<Option<Caller<P>>, Problem> {
    if !request.headers().contains_key("authorization") {
        return Ok(None);
    }
    let context = context(app, request, &P::DEMAND).await?;
    let caller = context.permitted::<P>();
    let caller = caller.ok_or_else(|| Problem::forbidden(P::DEMAND.name))?;
    Ok(Some(caller))
}

/// The same of somebody in a tenant: a global owner is in none.
async fn context(app: &App, request: &Request, demand: &Demand) -> Result<TenantContext, Problem> {
    match principal(app, request, demand).await? {
        Principal::Tenant(context) => Ok(context),
        Principal::Platform(_) => Err(Problem::no_tenant()),
    }
}

/// Whom the one Authorization header proves: `Bearer` and an access token or an API token of ours,
/// still good, of somebody who may act here, or of a global owner.
async fn principal(app: &App, request: &Request, demand: &Demand) -> Result<Principal, Problem> {
    if let Some(secret) = bearer(request).and_then(AddressedSecret::parse) {
        let context = callers::program(app, request, &secret, demand).await?;
        return Ok(Principal::Tenant(context));
    }
    match access_token(app, request).await? {
        Principal::Tenant(context) => {
            let person = callers::person(app, context, demand).await;
            let context = limits::counting(app, request, person).await?;
            Ok(Principal::Tenant(context))
        }
        owner @ Principal::Platform(_) => Ok(owner),
    }
}

/// Whom the access token proves, whatever became of them since.
pub(crate) async fn access_token(app: &App, request: &Request) -> Result<Principal, Problem> {
    let proved = verified(app, request).await;
    limits::counting(app, request, proved).await
}

async fn verified(app: &App, request: &Request) -> Result<Principal, Problem> {
    let token = bearer(request).ok_or_else(Problem::unauthorized)?;
    let keys = app.public_keys().await?;
    keys.verify(token, (app.clock)()).map_err(|error| {
        tracing::info!(auth.refused = error.0, "access token refused");
        Problem::unauthorized()
    })
}

fn bearer(request: &Request) -> Option<&str> {
    let mut headers = request.headers().get_all("authorization").iter();
    let (first, second) = (headers.next()?, headers.next());
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    (second.is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[&str]) -> Request {
        let mut request = Request::default();
        for value in headers {
            request
                .headers_mut()
                .append("authorization", value.parse().unwrap());
        }
        request
    }

    #[test]
    fn one_bearer_token_and_no_other_way() {
        assert_eq!(bearer(&request(&["Bearer abc"])), Some("abc"));
        for bad in [&[][..], &["abc"], &["Basic abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(bearer(&request(bad)), None);
        }
    }
}
