use std::future::Future;

use outlay_http::{Body, Problem, Reply, Request, Response};
use outlay_identity::{Caller, Permission, TenantContext};

use crate::App;

/// Runs a handler that demands a permission of its caller.
pub fn authorised<P, F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    P: Permission,
    F: FnOnce(&'static App, Caller<P>, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move {
        let context = context(app, &request).await?;
        let caller = context
            .permitted::<P>()
            .ok_or_else(|| Problem::forbidden(P::NAME))?;
        let tenant = caller.tenant().clone();
        let mut response = run(app, caller, request).await?;
        response.extensions_mut().insert(tenant);
        Ok(response)
    })
}

/// Runs a handler that anybody may call.
pub fn public<F, Fut>(app: &'static App, request: Request, run: F) -> Reply
where
    F: FnOnce(&'static App, Request) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Response<Body>, Problem>> + Send,
{
    Box::pin(async move { run(app, request).await })
}

/// Whom the access token proves; one Authorization header, `Bearer`, ours, still good.
async fn context(app: &App, request: &Request) -> Result<TenantContext, Problem> {
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
