use lambda_http::{Body, Request};
use outlay_core::Unique;
use serde::de::DeserializeOwned;

use crate::Problem;

/// Reads a JSON body. The type must refuse unknown fields; what is wrong comes with a JSON pointer.
/// A field that is given twice is refused at any depth, whatever the type would make of it.
pub fn json_body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let content_type = request
        .headers()
        .get("content-type")
        .and_then(|v| v.to_str().ok());
    if !content_type.is_some_and(is_json) {
        return Err(Problem::invalid(
            "",
            "send a JSON body with Content-Type: application/json",
        ));
    }
    let bytes: &[u8] = match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => b"",
    };
    read::<Unique>(bytes)?;
    read(bytes)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|e| Problem::invalid(pointer(e.path()), describe(e.inner())))?;
    json.end().map_err(|e| Problem::invalid("", describe(&e)))?;
    Ok(value)
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// serde's words without the position in the text, which means little to a caller.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        #[expect(dead_code)]
        name: String,
    }

    fn answer<T: DeserializeOwned>(content_type: &str, body: impl Into<Body>) -> String {
        let mut request = Request::new(body.into());
        request
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
        match json_body::<T>(&request) {
            Ok(_) => "ok".into(),
            Err(p) => {
                let response = p.into_response("r");
                let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
                body["detail"].as_str().unwrap().to_owned()
            }
        }
    }

    fn read(content_type: &str, body: impl Into<Body>) -> String {
        answer::<Input>(content_type, body)
    }

    #[test]
    fn a_field_given_twice_is_refused_even_where_any_json_is_taken() {
        let any = |body: &str| answer::<serde_json::Value>("application/json", body.to_owned());
        assert_eq!(any(r#"{"a":[{"b":1},{"b":-2.5}],"c":null,"d":true}"#), "ok");
        insta::assert_snapshot!(any(r#"{"a":1,"a":2}"#), @": duplicate field `a`");
        insta::assert_snapshot!(any(r#"{"f":[{"x":1,"x":1}]}"#), @"/f/0: duplicate field `x`");
    }

    #[test]
    fn bodies_are_strict() {
        assert_eq!(
            read("application/json; charset=utf-8", r#"{"name":"a"}"#),
            "ok"
        );
        insta::assert_snapshot!(read("application/json", r#"{"name":1}"#), @"/name: invalid type: integer `1`, expected a string");
        insta::assert_snapshot!(read("application/json", r#"{"name":"a","role":"owner"}"#), @"/role: unknown field `role`, expected `name`");
        insta::assert_snapshot!(read("application/json", r#"{"name":"a","name":"b"}"#), @": duplicate field `name`");
        insta::assert_snapshot!(read("application/json", r#"{"name":"a"}{}"#), @": trailing characters");
        insta::assert_snapshot!(read("application/json", ""), @": EOF while parsing a value");
        assert!(read("text/plain", r#"{"name":"a"}"#).contains("Content-Type"));
        assert!(read("application/json", "[".repeat(10_000)) != "ok");
        assert!(read("application/json", vec![0xff, 0xfe, 0x7b]) != "ok");
    }
}
