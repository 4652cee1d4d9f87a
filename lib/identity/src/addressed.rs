use std::{fmt::Display, str::FromStr};

use aws_lc_rs::{constant_time::verify_slices_are_equal, rand};
use outlay_core::{InviteId, TenantId, TokenId};
use sha2::{Digest, Sha256};

/// What an opaque secret opens.
pub trait Addressed: FromStr + Display + Clone {
    /// What such a secret begins with.
    const HEAD: &'static str;
    /// What its id begins with; the secret leaves it out.
    const PREFIX: &'static str;
}

impl Addressed for TokenId {
    const HEAD: &'static str = "out";
    const PREFIX: &'static str = TokenId::PREFIX;
}

impl Addressed for InviteId {
    const HEAD: &'static str = "inv";
    const PREFIX: &'static str = InviteId::PREFIX;
}

/// A secret that carries its address: `<head>_<tenant>_<id>_<secret>`, so that the one item that
/// holds its hash is found without an index over all tenants.
#[derive(Clone)]
pub struct AddressedSecret<I> {
    tenant: TenantId,
    id: I,
    secret: String,
}

impl<I: Addressed> AddressedSecret<I> {
    /// A new secret of 256 bits; `None` where the system has no random numbers.
    pub fn mint(tenant: &TenantId, id: &I) -> Option<Self> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).ok()?;
        Some(Self {
            tenant: tenant.clone(),
            id: id.clone(),
            secret: hex::encode(bytes),
        })
    }

    /// Reads a secret; whether it opens anything is another question.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        if parts.next()? != I::HEAD {
            return None;
        }
        let tenant = format!("{}_{}", TenantId::PREFIX, parts.next()?);
        let id = format!("{}_{}", I::PREFIX, parts.next()?);
        let secret = parts.next()?;
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if parts.next().is_some() || secret.len() != 64 || !secret.bytes().all(is_hex) {
            return None;
        }
        Some(Self {
            tenant: tenant.parse().ok()?,
            id: id.parse().ok()?,
            secret: secret.to_owned(),
        })
    }

    /// Whose thing it says it opens.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Which thing it says it opens.
    pub fn id(&self) -> &I {
        &self.id
    }

    /// The whole text: to be shown or mailed once, and never logged.
    pub fn reveal(&self) -> String {
        let bare = |id: &str| {
            id.split_once('_')
                .map_or("", |(_, digits)| digits)
                .to_owned()
        };
        let (tenant, id) = (bare(self.tenant.as_str()), bare(&self.id.to_string()));
        format!("{}_{tenant}_{id}_{}", I::HEAD, self.secret)
    }

    /// What is stored of it: bound to its tenant and its id. 256 random bits need no slow hash.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.reveal().as_bytes()))
    }

    /// Whether it is the one whose hash was stored.
    pub fn opens(&self, stored_hash: &str) -> bool {
        verify_slices_are_equal(self.hash().as_bytes(), stored_hash.as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_opens_its_own_thing_only() {
        let (tenant, token) = (TenantId::mint(), TokenId::mint());
        let secret = AddressedSecret::mint(&tenant, &token).unwrap();
        let text = secret.reveal();
        assert!(text.starts_with("out_") && text.len() == 122, "{text}");
        let read = AddressedSecret::<TokenId>::parse(&text).unwrap();
        assert_eq!((read.tenant(), read.id()), (&tenant, &token));
        assert!(read.opens(&secret.hash()));
        let other = AddressedSecret::mint(&tenant, &token).unwrap();
        assert!(!other.opens(&secret.hash()));
        let moved = AddressedSecret {
            tenant: TenantId::mint(),
            ..read
        };
        assert!(!moved.opens(&secret.hash()));
        assert!(AddressedSecret::<InviteId>::parse(&text).is_none());
    }

    #[test]
    fn there_is_one_spelling() {
        let secret = AddressedSecret::mint(&TenantId::mint(), &InviteId::mint()).unwrap();
        let text = secret.reveal();
        for bad in [
            text.to_uppercase(),
            format!("{text}_"),
            format!("{text}0"),
            format!(" {text}"),
            text.replace("inv_", "inv_ten_"),
            text[..text.len() - 1].to_owned(),
            String::new(),
        ] {
            assert!(AddressedSecret::<InviteId>::parse(&bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_quietly(text in "(out|inv)?[_0-9a-z]{0,140}|\\PC{0,60}") {
            if let Some(secret) = AddressedSecret::<TokenId>::parse(&text) {
                prop_assert_eq!(secret.reveal(), text);
            }
        }
    }
}
