//! The front door (docs/adr/0020): CloudFront, with its firewall, is the one way to the API, and knows who comes.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use lambda_http::http::StatusCode;
use outlay_http::{Problem, Request};

use crate::{Config, Variable};

/// What CloudFront shows with every request that it passes on.
const PASS: &str = "x-outlay-edge";

/// Whom CloudFront saw.
#[derive(Debug, Clone)]
pub(crate) struct Viewer(pub(crate) String);

/// Lets in what came through CloudFront, where there is one, and notes whom it saw. The pass goes no further.
pub(crate) fn admit(config: &Config, request: &mut Request) -> Result<(), Problem> {
    let Ok(secret) = config.get(Variable::EdgeSecret) else {
        return Ok(());
    };
    let shown = request.headers_mut().remove(PASS);
    let is_ours = |shown: &[u8]| verify_slices_are_equal(shown, secret.as_bytes()).is_ok();
    if !shown.is_some_and(|shown| is_ours(shown.as_bytes())) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not-through-the-front-door",
            "The API is not served here",
            "Use the address of the web app.",
        ));
    }
    if let Some(viewer) = viewer(request) {
        request.extensions_mut().insert(Viewer(viewer));
    }
    Ok(())
}

/// Each hop adds whom it saw to `X-Forwarded-For`: last the gateway, which saw CloudFront, and before it CloudFront.
/// What stands further left is what the viewer claims.
fn viewer(request: &Request) -> Option<String> {
    let hops = request.headers().get("x-forwarded-for")?.to_str().ok()?;
    let seen = hops.rsplit(',').nth(1)?.trim();
    seen.parse::<std::net::IpAddr>().ok()?;
    Some(seen.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&'static str, &str)]) -> Request {
        let mut request = Request::default();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        request
    }

    fn admitted(headers: &[(&'static str, &str)]) -> Result<Request, u16> {
        let config = Config::of(&[(Variable::EdgeSecret, "s3cret")]);
        let mut request = request(headers);
        admit(&config, &mut request).map_err(|problem| problem.status().as_u16())?;
        Ok(request)
    }

    #[test]
    fn only_what_shows_the_pass_is_let_in() {
        for wrong in [
            &[][..],
            &[(PASS, "")],
            &[(PASS, "s3cre")],
            &[(PASS, "s3cret ")],
            &[(PASS, "S3CRET")],
            &[("x-outlay-edge2", "s3cret")],
        ] {
            assert_eq!(admitted(wrong).unwrap_err(), 403, "{wrong:?}");
        }
        let request = admitted(&[(PASS, "s3cret")]).unwrap();
        assert!(!request.headers().contains_key(PASS));
    }

    #[test]
    fn where_there_is_no_edge_everything_is_let_in() {
        let mut asked = request(&[("x-forwarded-for", "192.0.2.1, 192.0.2.2")]);
        assert!(admit(&Config::default(), &mut asked).is_ok());
        assert!(asked.extensions().get::<Viewer>().is_none());
    }

    #[test]
    fn the_viewer_is_whom_cloudfront_saw() {
        for (hops, viewer) in [
            ("192.0.2.1, 198.51.100.1", Some("192.0.2.1")),
            ("10.0.0.1, 2001:db8::1,198.51.100.1", Some("2001:db8::1")),
            ("somebody, 198.51.100.1", None),
            ("198.51.100.1", None),
            ("", None),
        ] {
            let headers = [(PASS, "s3cret"), ("x-forwarded-for", hops)];
            let request = admitted(&headers).unwrap();
            let seen = request.extensions().get::<Viewer>().map(|v| v.0.as_str());
            assert_eq!(seen, viewer, "{hops}");
        }
    }
}
