use std::collections::{HashMap, hash_map::Entry};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::fetch::FetchError;

/// More keys than any issuer shows.
const MAX_KEYS: usize = 50;
const MAX_KID: usize = 256;
/// RSA keys are of 2048 to 8192 bits.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// A key and the one algorithm it may be used with (RFC 8725, 3.1).
#[derive(Clone)]
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The usable keys of an issuer by their ids.
pub(super) type KeySet = HashMap<String, Key>;

/// Reads a key set (RFC 7517). Keys that sign nothing for us are left out; a set without any key that
/// does, or with two of one id, is none at all.
pub(super) fn parse(bytes: &[u8]) -> Result<KeySet, FetchError> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|_| FetchError::Shape("not JSON"))?;
    if document.keys.len() > MAX_KEYS {
        return Err(FetchError::Shape("too many keys"));
    }
    let mut keys = KeySet::new();
    for (kid, key) in document.keys.iter().filter_map(Jwk::usable) {
        match keys.entry(kid) {
            Entry::Occupied(_) => return Err(FetchError::Shape("two keys of one id")),
            Entry::Vacant(place) => place.insert(key),
        };
    }
    if keys.is_empty() {
        return Err(FetchError::Shape("no usable key"));
    }
    Ok(keys)
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn usable(&self) -> Option<(String, Key)> {
        let kid = self.kid.as_ref().filter(|kid| is_sane(kid))?;
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let key = match self.kty.as_str() {
            "RSA" => self.rsa(),
            "EC" => self.p256(),
            _ => None,
        };
        Some((kid.clone(), key?))
    }

    fn rsa(&self) -> Option<Key> {
        let (n, e) = (self.n.as_deref()?, self.e.as_deref()?);
        let modulus = URL_SAFE_NO_PAD.decode(n).ok()?;
        let sound = MODULUS_BYTES.contains(&modulus.len()) && e == "AQAB";
        self.of(Algorithm::RS256, "RS256", sound, || {
            DecodingKey::from_rsa_components(n, e).ok()
        })
    }

    fn p256(&self) -> Option<Key> {
        let (x, y) = (self.x.as_deref()?, self.y.as_deref()?);
        let sound = self.crv.as_deref() == Some("P-256");
        self.of(Algorithm::ES256, "ES256", sound, || {
            DecodingKey::from_ec_components(x, y).ok()
        })
    }

    fn of(
        &self,
        algorithm: Algorithm,
        name: &str,
        sound: bool,
        key: impl FnOnce() -> Option<DecodingKey>,
    ) -> Option<Key> {
        let named = self.alg.as_deref().is_none_or(|alg| alg == name);
        let key = (sound && named).then(key)??;
        Some(Key { algorithm, key })
    }
}

/// An id is looked up in a map and nothing else; this keeps it short.
pub(super) fn is_sane(kid: &str) -> bool {
    (1..=MAX_KID).contains(&kid.len()) && kid.bytes().all(|b| b.is_ascii_graphic())
}
