//! The cookies: the refresh token, and which registration this browser made.

use lambda_http::http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};
use outlay_core::UserId;
use outlay_store::{EmailHash, REGISTRATION_WAITS};

/// `__Secure-`, because `__Host-` would demand the path `/` and so send the token to every route.
const REFRESH: &str = "__Secure-outlay-refresh";
/// Opens nothing by itself: the mailed code says that the mailbox was read.
const REGISTRATION: &str = "__Secure-outlay-registration";
/// To these routes alone.
const ATTRIBUTES: &str = "Path=/v1/auth; HttpOnly; Secure; SameSite=Strict";

/// The refresh token that the request carries.
pub(crate) fn refresh_token(headers: &HeaderMap) -> Option<&str> {
    value(headers, REFRESH)
}

/// Which registration this browser made: of which address, and whom it will make.
pub(crate) fn registered(headers: &HeaderMap) -> Option<(EmailHash, UserId)> {
    let (address, user) = value(headers, REGISTRATION)?.split_once('.')?;
    Some((EmailHash::parse(address)?, user.parse().ok()?))
}

/// The value of a cookie. Two of one name are none: who planted the other is not known (a
/// neighbouring domain can toss cookies, and the order proves nothing).
fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all("cookie")
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(n, _)| *n == name)
        .map(|(_, value)| value);
    let (first, second) = (values.next(), values.next());
    first.filter(|value| second.is_none() && !value.is_empty())
}

/// Sets the refresh token for this many seconds.
pub(crate) fn refresh(token: &str, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
    set(REFRESH, token, seconds)
}

/// Takes the refresh token away.
pub(crate) fn cleared() -> Result<HeaderValue, InvalidHeaderValue> {
    refresh("", 0)
}

/// Remembers which registration this browser made, as long as that waits.
pub(crate) fn registration(
    email: &EmailHash,
    user: &UserId,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let text = format!("{}.{user}", email.as_str());
    set(REGISTRATION, &text, REGISTRATION_WAITS.as_secs())
}

fn set(name: &str, value: &str, seconds: i64) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; Max-Age={seconds}; {ATTRIBUTES}"))
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

    #[test]
    fn a_registration_is_remembered_and_nothing_else_is_one() {
        let (ann, user) = (EmailHash::of("ann@b.c"), UserId::derive(&["ann"]));
        let set = registration(&ann, &user).unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap();
        assert_eq!(registered(&headers(&[pair])), Some((ann, user)));
        assert_eq!(registered(&headers(&[])), None);
        for bad in [
            pair.replace('.', "#"),
            pair.replace("usr_", "ten_"),
            pair.to_uppercase(),
            pair.replace("registration=", "registration=00"),
            format!("{pair}; {pair}"),
        ] {
            assert_eq!(registered(&headers(&[&bad])), None, "{bad}");
        }
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
