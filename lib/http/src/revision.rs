//! Updates say which state they were decided on: `ETag` out, `If-Match` in.

use lambda_http::{
    Body, Request, Response,
    http::{HeaderValue, StatusCode},
};
use serde::Serialize;

use crate::{Problem, reply};

/// A thing as it is at this revision, with the tag that a change of it names.
pub fn tagged(revision: u64, body: &impl Serialize) -> Result<Response<Body>, Problem> {
    let mut response = reply::ok(body)?;
    response.headers_mut().insert("etag", etag(revision)?);
    Ok(response)
}

fn etag(revision: u64) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(format!("\"{revision}\"")).map_err(Problem::internal)
}

/// Demands that the request was decided on this revision of the thing.
pub fn demand_current(request: &Request, revision: u64) -> Result<(), Problem> {
    let mut headers = request.headers().get_all("if-match").iter();
    let (given, second) = (headers.next(), headers.next());
    let given = given
        .filter(|_| second.is_none())
        .ok_or_else(if_match_required)?;
    if *given == etag(revision)? {
        Ok(())
    } else {
        Err(outdated())
    }
}

fn if_match_required() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_REQUIRED,
        "if-match-required",
        "Say which state you change",
        "Read it first and send its ETag, once, as If-Match.",
    )
}

/// 412: somebody changed it since the caller read it.
pub fn outdated() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "outdated",
        "It was changed since you read it",
        "Read it again, decide anew, and send the new ETag as If-Match.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tags: &[&str]) -> u16 {
        let mut request = Request::default();
        for tag in tags {
            request
                .headers_mut()
                .append("if-match", tag.parse().unwrap());
        }
        demand_current(&request, 7).map_or_else(|p| p.status().as_u16(), |()| 200)
    }

    #[test]
    fn an_update_names_the_revision_it_was_decided_on() {
        assert_eq!(asked(&["\"7\""]), 200);
        for outdated in ["\"6\"", "7", "W/\"7\"", "*", ""] {
            assert_eq!(asked(&[outdated]), 412, "{outdated}");
        }
        assert_eq!(asked(&[]), 428);
        assert_eq!(asked(&["\"7\"", "\"7\""]), 428);
    }
}
