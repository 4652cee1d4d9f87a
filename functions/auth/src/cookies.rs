//! The refresh cookie.

use lambda_http::http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

/// `__Secure-`, because `__Host-` would demand the path `/` and so send the token to every route.
const NAME: &str = "__Secure-outlay-refresh";
/// To these routes alone.
const ATTRIBUTES: &str = "Path=/v1/auth; HttpOnly; Secure; SameSite=Strict";

/// The refresh token that the request carries. Two of them are none: who planted the other is not
/// known (a neighbouring domain can toss cookies, and the order proves nothing).
pub(crate) fn refresh_token(headers: &HeaderMap) -> Option<&str> {
    let mut tokens = headers
        .get_all("cookie")
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, value)| value);
    let (first, second) = (tokens.next(), tokens.next());
    first.filter(|token| second.is_none() && !token.is_empty())
}

/// Sets the refresh token for this many seconds.
pub(crate) fn refresh(token: &str, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format!("{NAME}={token}; Max-Age={seconds}; {ATTRIBUTES}"))
}

/// Takes the refresh token away.
pub(crate) fn cleared() -> Result<HeaderValue, InvalidHeaderValue> {
    refresh("", 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values
            .iter()
            .map(|v| ("cookie".parse().unwrap(), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn one_token_and_no_other_way() {
        for (cookies, token) in [
            (&[][..], None),
            (&["__Secure-outlay-refresh=t.1"], Some("t.1")),
            (&["a=b; __Secure-outlay-refresh=t.1; c=d"], Some("t.1")),
            (&["a=b;__Secure-outlay-refresh=t.1"], Some("t.1")),
            (&["a=b", "__Secure-outlay-refresh=t.1"], Some("t.1")),
            (&["__Secure-outlay-refresh="], None),
            (&["__secure-outlay-refresh=t.1"], None),
            (&["x__Secure-outlay-refresh=t.1"], None),
            (&["outlay-refresh=t.1"], None),
            (
                &["__Secure-outlay-refresh=t.1; __Secure-outlay-refresh=t.2"],
                None,
            ),
            (
                &["__Secure-outlay-refresh=t.1; __Secure-outlay-refresh=t.1"],
                None,
            ),
            (
                &["__Secure-outlay-refresh=t.1", "__Secure-outlay-refresh=t.2"],
                None,
            ),
            (&["a=\"; __Secure-outlay-refresh=t.1\""], Some("t.1\"")),
        ] {
            assert_eq!(refresh_token(&headers(cookies)), token, "{cookies:?}");
        }
    }

    #[test]
    fn the_cookie_is_shut_in() {
        insta::assert_snapshot!(refresh("t.1", 60).unwrap().to_str().unwrap(), @"__Secure-outlay-refresh=t.1; Max-Age=60; Path=/v1/auth; HttpOnly; Secure; SameSite=Strict");
        insta::assert_snapshot!(cleared().unwrap().to_str().unwrap(), @"__Secure-outlay-refresh=; Max-Age=0; Path=/v1/auth; HttpOnly; Secure; SameSite=Strict");
        assert!(refresh("t\r\nSet-Cookie: a=b", 60).is_err());
    }

    proptest! {
        #[test]
        fn what_was_set_is_read_back(token in "[A-Za-z0-9._-]{1,120}", before in "[a-z]{1,5}=[a-z]{0,5}") {
            let set = refresh(&token, 1).unwrap();
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let sent = headers(&[&format!("{before}; {pair}")]);
            prop_assert_eq!(refresh_token(&sent), Some(token.as_str()));
        }
    }
}
