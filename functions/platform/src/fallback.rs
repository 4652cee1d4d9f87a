//! What no route answers.

use lambda_http::http::{Method, StatusCode};
use outlay_http::{Body, Problem, Reply, Request, Response, reply};
use outlay_runtime::{App, public};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, fallback)
}

/// Answers whatever has no route: an unknown path, or a known one with another method. The gateway
/// does not say which, so both are 404.
pub async fn fallback(_: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    answer(request.method())
}

fn answer(method: &Method) -> Result<Response<Body>, Problem> {
    // One origin serves pages and API, so a preflight is never needed; it gets no permission either.
    if method == Method::OPTIONS {
        return Ok(reply::no_content());
    }
    Err(Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-route",
        "There is no such route",
        "Nothing is served at this path with this method. The routes are listed in docs/API-DESIGN.md \
         and openapi.json; all begin with /v1/.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_404_and_a_preflight_gets_nothing() {
        for method in [Method::GET, Method::POST, Method::TRACE, Method::HEAD] {
            assert_eq!(answer(&method).unwrap_err().status(), 404, "{method}");
        }
        let preflight = answer(&Method::OPTIONS).unwrap();
        assert_eq!(preflight.status(), 204);
        assert!(
            !preflight
                .headers()
                .keys()
                .any(|name| name.as_str().starts_with("access-control"))
        );
    }
}
