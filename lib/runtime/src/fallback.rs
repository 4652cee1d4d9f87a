//! What no route answers: each HttpApi has a function of its domain for it.

use std::{collections::BTreeMap, sync::LazyLock};

use lambda_http::http::{Method, StatusCode};
use outlay_http::{Body, Problem, Reply, Request, Response, reply};

use serde::Deserialize;
use serde_json::Value;

use crate::{App, public};

/// The document of the API, which `lib/contract` holds to what template.yaml deploys.
const OPENAPI: &str = include_str!("../../../frontend/openapi.json");

/// Each path, and the methods it is served with as `Allow` names them.
static ROUTES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| routes(OPENAPI));

/// Answers whatever has no route: 404 for an unknown path, 405 for a known one with another method.
pub fn fallback(app: &'static App, request: Request) -> Reply {
    public(app, request, async |_, request: Request| {
        answer(request.method(), request.uri().path())
    })
}

fn answer(method: &Method, path: &str) -> Result<Response<Body>, Problem> {
    // One origin serves pages and API, so a preflight is never needed; it gets no permission either.
    if method == Method::OPTIONS {
        return Ok(reply::no_content());
    }
    match ROUTES.iter().find(|(route, _)| matches(route, path)) {
        Some((_, allow)) => Err(Problem::method_not_allowed(allow)),
        None => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "no-such-route",
            "There is no such route",
            "Nothing is served at this path. The routes are listed in docs/API-DESIGN.md and openapi.json; all begin \
             with /v1/.",
        )),
    }
}

fn routes(document: &str) -> Vec<(String, String)> {
    #[derive(Deserialize)]
    struct Document {
        paths: BTreeMap<String, BTreeMap<String, Value>>,
    }
    let read = serde_json::from_str(document);
    let Document { paths } = read.unwrap_or(Document {
        paths: BTreeMap::new(),
    });
    let allow = |methods: BTreeMap<String, Value>| {
        let names: Vec<String> = methods.into_keys().map(|m| m.to_uppercase()).collect();
        names.join(", ")
    };
    let routes = paths.into_iter().map(|(path, of)| (path, allow(of)));
    routes.collect()
}

/// Whether a path is one of this route's: `{id}` stands for one segment that is not empty.
fn matches(route: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (route.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(w), Some(g)) if w == g || (w.starts_with('{') && !g.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_path_is_404_and_a_preflight_gets_nothing() {
        for method in [Method::GET, Method::POST, Method::TRACE, Method::HEAD] {
            for path in ["/", "/v1", "/v1/nothing", "/v1/uploads/", "/v1/uploads/a/b"] {
                let refused = answer(&method, path).unwrap_err();
                assert_eq!(refused.status(), 404, "{method} {path}");
            }
        }
        let preflight = answer(&Method::OPTIONS, "/v1/uploads").unwrap();
        assert_eq!(preflight.status(), 204);
        assert!(
            !preflight
                .headers()
                .keys()
                .any(|name| name.as_str().starts_with("access-control"))
        );
    }

    #[test]
    fn a_known_path_says_its_methods() {
        for (path, allow) in [
            ("/v1/uploads", "GET, POST"),
            ("/v1/uploads/upl_1", "DELETE, GET"),
            ("/v1/auth/login", "POST"),
        ] {
            let refused = answer(&Method::PUT, path).unwrap_err();
            assert_eq!(refused.status(), 405, "{path}");
            let response = refused.into_response("r");
            assert_eq!(response.headers()["allow"], allow, "{path}");
        }
    }
}
