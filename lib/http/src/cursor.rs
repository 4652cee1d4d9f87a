use std::fmt::Display;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Problem;

/// Where the next page begins. Opaque to callers, and good only for its own tenant, or global owner, and route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The position after which the next page begins.
    pub fn after(position: impl Into<String>) -> Self {
        Self(position.into())
    }

    /// The position.
    pub fn position(&self) -> &str {
        &self.0
    }

    /// What the caller is given.
    pub fn encode(&self, of: &impl Display, route: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{of}\n{route}\n{}", self.0))
    }

    /// Reads what the caller gave back; any other's is refused.
    pub fn decode(text: &str, of: &impl Display, route: &str) -> Result<Self, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Self::refused())?;
        let text = String::from_utf8(bytes).map_err(|_| Self::refused())?;
        let mut parts = text.splitn(3, '\n');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(t), Some(r), Some(position)) if t == of.to_string() && r == route => {
                Ok(Self(position.to_owned()))
            }
            _ => Err(Self::refused()),
        }
    }

    /// What whoever made up a cursor is told. A cursor is not signed: the route itself refuses a
    /// position that its list cannot have.
    pub fn refused() -> Problem {
        Problem::invalid("cursor", "is not a cursor of this list; begin without one")
    }
}

#[cfg(test)]
mod tests {
    use outlay_core::TenantId;

    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_tenant_and_route_only() {
        let (tenant, other) = (TenantId::derive(&["a"]), TenantId::derive(&["b"]));
        let text = Cursor::after("UPLOAD#1").encode(&tenant, "uploads");
        assert_eq!(
            Cursor::decode(&text, &tenant, "uploads")
                .unwrap()
                .position(),
            "UPLOAD#1"
        );
        assert!(Cursor::decode(&text, &other, "uploads").is_err());
        assert!(Cursor::decode(&text, &tenant, "members").is_err());
        for bad in ["", "x", "!!", &text[..text.len() - 30]] {
            assert!(Cursor::decode(bad, &tenant, "uploads").is_err(), "{bad}");
        }
    }
}
