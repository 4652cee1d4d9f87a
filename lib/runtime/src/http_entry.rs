use std::{panic::AssertUnwindSafe, process::ExitCode, time::Instant};

use futures::FutureExt;
use lambda_http::{RequestExt, http::HeaderValue, request::RequestContext, service_fn};
use outlay_core::TenantId;
use outlay_http::{Body, Problem, Reply, Request, Response};
use tokio::runtime::Builder;

use crate::{
    App, edge,
    start::{self, millis_since, panic_text},
    telemetry,
};

/// A route: what template.yaml points at, as a plain function.
pub type Handler = fn(&'static App, Request) -> Reply;

/// Our limits bite before the gateway's, so that the answer is a problem of ours.
const MAX_BODY_BYTES: usize = 1_000_000;
const MAX_HEADER_BYTES: usize = 8192;

/// Serves a route until the container ends. Not generic: every Lambda links the same code.
pub fn http(handler: Handler) -> ExitCode {
    start::serve(Builder::new_current_thread(), async |app| {
        lambda_http::run(service_fn(move |request| serve(app, handler, request))).await
    })
}

async fn serve(
    app: &'static App,
    handler: Handler,
    mut request: Request,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (started, call) = (Instant::now(), Call::of(&request));
    let admitted = edge::admit(&app.config, &mut request);
    let outcome = match admitted.and_then(|()| within_limits(&request)) {
        Ok(()) => {
            AssertUnwindSafe(async { handler(app, request).await })
                .catch_unwind()
                .await
        }
        Err(problem) => Ok(Err(problem)),
    };
    let outcome = outcome.unwrap_or_else(|panic| Err(Problem::internal(panic_text(&*panic))));
    call.log(&outcome, started);
    let mut response = outcome.unwrap_or_else(|problem| problem.into_response(&call.request_id));
    add_headers(&mut response, &call.request_id);
    Ok(response)
}

/// What the log says of a request: never its body, tokens or addresses.
struct Call {
    request_id: String,
    method: String,
    route: String,
}

impl Call {
    fn of(request: &Request) -> Self {
        let context = request.request_context_ref();
        let (request_id, route) = match context {
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.request_id.clone(), context.route_key.clone())
            }
            _ => (None, None),
        };
        Self {
            request_id: request_id.unwrap_or_else(|| "unknown".to_owned()),
            method: request.method().to_string(),
            route: route.unwrap_or_default(),
        }
    }

    fn log(&self, outcome: &Result<Response<Body>, Problem>, started: Instant) {
        let millis = millis_since(started);
        let (id, method, route) = (&self.request_id, &self.method, &self.route);
        match outcome {
            Ok(response) => {
                let tenant = response
                    .extensions()
                    .get::<TenantId>()
                    .map_or("", TenantId::as_str);
                tracing::info!(
                    http.method = method,
                    http.route = route,
                    http.status = response.status().as_u16(),
                    request.id = id,
                    tenant.id = tenant,
                    duration.ms = millis,
                    "request answered"
                );
            }
            Err(problem) => {
                let cause = problem
                    .cause()
                    .map(|e| telemetry::chain(e))
                    .unwrap_or_default();
                let status = problem.status().as_u16();
                if problem.status().is_server_error() {
                    tracing::error!(
                        http.method = method,
                        http.route = route,
                        http.status = status,
                        request.id = id,
                        duration.ms = millis,
                        problem = problem.slug(),
                        cause,
                        "request failed"
                    );
                } else {
                    tracing::info!(
                        http.method = method,
                        http.route = route,
                        http.status = status,
                        request.id = id,
                        duration.ms = millis,
                        problem = problem.slug(),
                        "request refused"
                    );
                }
            }
        }
    }
}

fn within_limits(request: &Request) -> Result<(), Problem> {
    let body: &[u8] = request.body();
    let headers: usize = request
        .headers()
        .iter()
        .map(|(n, v)| n.as_str().len() + v.len() + 4)
        .sum();
    let too_large = |slug, detail| {
        let status = lambda_http::http::StatusCode::PAYLOAD_TOO_LARGE;
        Err(Problem::new(
            status,
            slug,
            "The request is too large",
            detail,
        ))
    };
    if body.len() > MAX_BODY_BYTES {
        return too_large(
            "body-too-large",
            "A body may have 1,000,000 bytes. Files are uploaded, not posted.",
        );
    }
    if headers > MAX_HEADER_BYTES {
        return too_large(
            "headers-too-large",
            "All headers together may have 8,192 bytes.",
        );
    }
    Ok(())
}

fn add_headers(response: &mut Response<Body>, request_id: &str) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", id);
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        (
            "strict-transport-security",
            "max-age=63072000; includeSubDomains",
        ),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_limits_answer_before_the_gateways() {
        assert!(within_limits(&Request::new(Body::from(vec![b'x'; MAX_BODY_BYTES]))).is_ok());
        let problem = within_limits(&Request::new(Body::from(vec![b'x'; MAX_BODY_BYTES + 1])));
        assert_eq!(problem.unwrap_err().status(), 413);
        let mut request = Request::default();
        request
            .headers_mut()
            .insert("x-long", "x".repeat(MAX_HEADER_BYTES).parse().unwrap());
        assert_eq!(
            within_limits(&request).unwrap_err().slug(),
            "headers-too-large"
        );
    }
}
