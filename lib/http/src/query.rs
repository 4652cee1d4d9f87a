use lambda_http::{Request, RequestExt};
use percent_encoding::percent_decode_str;

use crate::Problem;

/// The query string: every parameter at most once, every parameter known.
#[derive(Debug)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads the query string; a parameter that is not known, or given twice, is refused.
    pub fn of(request: &Request, known: &[&str]) -> Result<Self, Problem> {
        Self::parse(raw(request), known)
    }

    /// Reads a raw query string.
    pub fn parse(query: &str, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)?;
            if !known.contains(&name.as_str()) {
                let detail = format!("is not a parameter here; known are: {}", known.join(", "));
                return Err(Problem::invalid(name, detail));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::invalid(name, "is given more than once"));
            }
            pairs.push((name, decode(value)?));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// All pairs, in the order given.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// A whole number within bounds, or the default where it is not given.
    pub fn number(&self, name: &str, default: u32, min: u32, max: u32) -> Result<u32, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        text.parse()
            .ok()
            .filter(|n| (min..=max).contains(n))
            .ok_or_else(|| Problem::invalid(name, format!("must be a number from {min} to {max}")))
    }
}

/// The query string as it was sent. API Gateway decodes the path: each `%3F` in it is a question mark more in the
/// address that `lambda_http` puts together.
fn raw(request: &Request) -> &str {
    let query = request.uri().query().unwrap_or_default();
    let of_path = request.raw_http_path().matches('?').count();
    query
        .splitn(of_path + 1, '?')
        .nth(of_path)
        .unwrap_or_default()
}

fn decode(text: &str) -> Result<String, Problem> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Problem::invalid("", "the query string is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_question_mark_in_the_path_begins_no_query() {
        let asked = |path: &str, query: &str| {
            let event = format!(
                r#"{{"version":"2.0","routeKey":"GET /v1/x/{{id}}","rawPath":"{path}","rawQueryString":"{query}",
                "headers":{{"host":"example.com"}},"isBase64Encoded":false,"requestContext":{{"stage":"$default","http":{{"method":"GET",
                "path":"{path}","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":""}}}}}}"#
            );
            let request = lambda_http::request::from_str(&event).unwrap();
            Params::of(&request, &["limit"]).map(|params| params.get("limit").map(str::to_owned))
        };
        let five = Some("5".to_owned());
        assert_eq!(asked("/v1/x/a?b", "").unwrap(), None);
        assert_eq!(asked("/v1/x/a?b", "limit=5").unwrap(), five);
        assert_eq!(asked("/v1/x/a?limit=6", "limit=5").unwrap(), five);
        assert_eq!(asked("/v1/x/?õ?b", "limit=5").unwrap(), five);
        assert_eq!(asked("/v1/x/a", "limit=5").unwrap(), five);
        assert!(asked("/v1/x/a?limit=6", "b=5").is_err());
    }

    #[test]
    fn parameters_are_known_and_given_once() {
        let params = Params::parse("limit=5&search=a%20b+c", &["limit", "search"]).unwrap();
        assert_eq!(params.get("search"), Some("a b c"));
        assert_eq!(params.number("limit", 1, 1, 10).unwrap(), 5);
        for bad in ["limit=5&limit=6", "id=1", "limit=%ff", "__proto__=1"] {
            assert_eq!(
                Params::parse(bad, &["limit"]).unwrap_err().status(),
                400,
                "{bad}"
            );
        }
        for bad in [
            "limit=0",
            "limit=-1",
            "limit=1000000000",
            "limit=",
            "limit=1e3",
        ] {
            let params = Params::parse(bad, &["limit"]).unwrap();
            assert_eq!(
                params.number("limit", 1, 1, 10).unwrap_err().status(),
                400,
                "{bad}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_query_string_is_read_or_refused(query in "\\PC{0,60}") {
            let _ = Params::parse(&query, &["a"]);
        }
    }
}
