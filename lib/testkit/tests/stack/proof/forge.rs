//! Access tokens that say what the test wants, signed by the product's own key: only KMS's policy stands between a
//! function and this.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use outlay_testkit::proof::hostile::raw_signature;
use serde_json::Value;

use super::root::Root;
use crate::deployed::functions;

/// Signs tokens.
pub(super) struct Forge<'a> {
    root: &'a Root,
    key: String,
}

impl<'a> Forge<'a> {
    pub(super) fn of(root: &'a Root) -> Self {
        let keys = functions(&root.stack).into_iter().find_map(|function| {
            let keys = function.pointer("/Environment/Variables/SIGNING_KEY_IDS")?;
            keys.as_str().map(str::to_owned)
        });
        let key = keys.unwrap().split(',').next().unwrap().to_owned();
        Self { root, key }
    }

    /// The 64 bytes of a JWS signature.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        raw_signature(&self.root.sign(&self.key, message))
            .unwrap()
            .to_vec()
    }

    /// The token of somebody else, made of a real one.
    pub(super) fn token(&self, like: &str, change: impl FnOnce(&mut Value)) -> String {
        let (header, mut claims) = parts(like);
        change(&mut claims);
        let signed = format!(
            "{}.{}",
            BASE64URL.encode(header.to_string()),
            BASE64URL.encode(claims.to_string())
        );
        format!(
            "{signed}.{}",
            BASE64URL.encode(self.sign(signed.as_bytes()))
        )
    }
}

/// Header and claims of a token.
pub(super) fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| BASE64URL.decode(part).unwrap());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}
