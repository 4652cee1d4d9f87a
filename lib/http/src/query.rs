use lambda_http::Request;
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
        Self::parse(request.uri().query().unwrap_or_default(), known)
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
