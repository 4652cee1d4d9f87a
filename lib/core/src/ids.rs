//! Prefixed, fixed-length, sortable ids: a prefix and 26 characters of lower-case Crockford base32.
//!
//! Minted ids carry a UUIDv7, so they sort by creation time; derived ids carry a hash, so the same
//! inputs always name the same thing. No id can hold `#`, `*`, `?` or `$`: they are safe as key
//! segments and as session tags.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id of the form {prefix}_ and 26 characters of 0-9 a-z without i, l, o and u")]
pub struct IdError {
    prefix: &'static str,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

fn encode(value: u128) -> String {
    (0..DIGITS)
        .rev()
        .map(|i| {
            let five_bits = (value >> (5 * i)) & 31;
            char::from(ALPHABET[usize::try_from(five_bits).unwrap_or_default()])
        })
        .collect()
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != DIGITS || text.as_bytes()[0] > b'7' {
        return None;
    }
    text.bytes().try_fold(0_u128, |value, byte| {
        let digit = ALPHABET.iter().position(|&a| a == byte)?;
        Some((value << 5) | digit as u128)
    })
}

/// 128 bits of SHA-256 over length-prefixed parts: `("a","bc")` and `("ab","c")` differ.
fn digest(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    bytes[..16]
        .iter()
        .fold(0, |value, &byte| (value << 8) | u128::from(byte))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts after every earlier one.
            pub fn mint() -> Self {
                Self::of(uuid::Uuid::now_v7().as_u128())
            }

            /// The id that these parts always name.
            pub fn derive(parts: &[&str]) -> Self {
                Self::of(digest(parts))
            }

            fn of(value: u128) -> Self {
                Self(format!("{}_{}", $prefix, encode(value)))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self::of)
                    .ok_or(IdError { prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

// The registry of every kind of id, in alphabetical order.
ids! {
    /// An entry of an audit log.
    AuditId = "aud";
    /// A refresh-token family: one sign-in on one device.
    FamilyId = "fam";
    /// An identity at an external issuer: derived from both, of which only their hashes are kept.
    IdentityId = "idn";
    /// A message left on the public pages.
    InquiryId = "inq";
    /// An invitation into a tenant.
    InviteId = "inv";
    /// The end of a company.
    OffboardingId = "off";
    /// A payer of a provider: derived from both, because payer account ids are free text.
    PayerId = "pay";
    /// Where bills come from: a connected export, or the uploads of one payer, provider and format.
    SourceId = "src";
    /// A customer company.
    TenantId = "ten";
    /// An API token.
    TokenId = "tok";
    /// One delivery of bill files.
    UploadId = "upl";
    /// A person.
    UserId = "usr";
    /// One state of one source's billing period.
    VersionId = "ver";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_sort_by_creation_and_round_trip() {
        let ids: Vec<UploadId> = (0..100).map(|_| UploadId::mint()).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0].as_str().len(), 30);
        assert_eq!(ids[0].as_str().parse::<UploadId>(), Ok(ids[0].clone()));
    }

    #[test]
    fn another_kind_is_refused() {
        let upload = UploadId::mint();
        assert!(upload.as_str().parse::<TenantId>().is_err());
        for bad in [
            "",
            "ten_",
            "ten_#",
            "TEN_00000000000000000000000000",
            "ten_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "ten_0000000000000000000000000*",
        ] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn derivation_keeps_parts_apart() {
        assert_ne!(
            SourceId::derive(&["a", "bc"]),
            SourceId::derive(&["ab", "c"])
        );
        assert_eq!(
            SourceId::derive(&["a", "bc"]),
            SourceId::derive(&["a", "bc"])
        );
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_kept_verbatim(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<TenantId>() {
                prop_assert_eq!(id.as_str(), text);
            }
        }

        #[test]
        fn base32_round_trips(value: u128) {
            prop_assert_eq!(decode(&encode(value)), Some(value));
        }
    }
}
