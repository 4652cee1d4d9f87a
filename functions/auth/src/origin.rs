//! Where a request that lives on its cookie comes from (CSRF).
//!
//! `Sec-Fetch-Site` cannot be set by scripts and decides where a browser sends it; older browsers send
//! `Origin` with every POST. A request with neither was made by no browser: whoever made it holds the
//! cookie itself and gains nothing here. The cookie is SameSite=Strict besides.

use lambda_http::http::{HeaderMap, StatusCode};
use outlay_http::{Problem, Request};
use outlay_runtime::{App, Variable};

/// Refuses what another site's page sent: to routes that live on the cookie, and to those that set
/// it, because a stranger's page must not sign anybody in as the stranger. `TOKEN_ISSUER` is our own
/// origin where there is one: behind CloudFront the Host header names the API instead.
pub(crate) fn demand_own(app: &App, request: &Request) -> Result<(), Problem> {
    let issuer = app.config.get(Variable::TokenIssuer);
    if is_own(request.headers(), issuer.map_err(Problem::internal)?) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "The request came from another site",
        "Sessions begin, go on and end on Outlay's own pages only.",
    ))
}

fn is_own(headers: &HeaderMap, issuer: &str) -> bool {
    match (once(headers, "sec-fetch-site"), once(headers, "origin")) {
        (Sent::Once(site), _) => matches!(site, "same-origin" | "none"),
        (Sent::Never, Sent::Once(origin)) => is_own_origin(origin, headers, issuer),
        (Sent::Never, Sent::Never) => true,
        _ => false,
    }
}

fn is_own_origin(origin: &str, headers: &HeaderMap, issuer: &str) -> bool {
    if origin.starts_with("https://") && origin.eq_ignore_ascii_case(issuer) {
        return true;
    }
    let authority = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    match (authority, once(headers, "host")) {
        (Some(authority), Sent::Once(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

enum Sent<'a> {
    Never,
    Once(&'a str),
    Unclear,
}

fn once<'a>(headers: &'a HeaderMap, name: &str) -> Sent<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|v| v.to_str()), values.next()) {
        (None, _) => Sent::Never,
        (Some(Ok(value)), None) => Sent::Once(value),
        _ => Sent::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decision_table() {
        let own = [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://app.example.com"),
                ("host", "api.internal"),
            ],
            &[
                ("origin", "https://app.example.com"),
                ("host", "abc.execute-api.eu-west-1.amazonaws.com"),
            ],
            &[
                ("origin", "http://127.0.0.1:8080"),
                ("host", "127.0.0.1:8080"),
            ],
        ];
        let foreign = [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "cross-site"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://app.example.com"),
            ],
            &[("origin", "null")],
            &[("origin", "null"), ("host", "null")],
            &[
                ("origin", "https://evil.example"),
                ("host", "app.example.com"),
            ],
            &[("origin", "https://app.example.com.evil.example")],
            &[
                ("origin", "https://app.example.com"),
                ("origin", "https://evil.example"),
            ],
            &[
                ("origin", "http://127.0.0.1:9999"),
                ("host", "127.0.0.1:8080"),
            ],
            &[("origin", "http://evil.example")],
        ];
        for (cases, expected) in [(&own[..], true), (&foreign[..], false)] {
            for case in cases {
                let headers: HeaderMap = case
                    .iter()
                    .map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap()))
                    .collect();
                assert_eq!(
                    is_own(&headers, "https://app.example.com"),
                    expected,
                    "{case:?}"
                );
            }
        }
    }

    #[test]
    fn an_issuer_that_is_no_origin_opens_nothing() {
        let headers: HeaderMap = [(
            "origin".parse().unwrap(),
            "urn:outlay:local".parse().unwrap(),
        )]
        .into_iter()
        .collect();
        assert!(!is_own(&headers, "urn:outlay:local"));
    }
}
