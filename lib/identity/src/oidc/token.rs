use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::keys::{Keys, KeysError};
use crate::TokenError;

/// Longer than any identity token; what is longer is not looked at.
const MAX_TOKEN: usize = 8192;
/// A token is exchanged when it was just issued: older ones may have been around.
const MAX_AGE_SECONDS: i64 = 600;
/// Clocks of two houses differ.
const LEEWAY_SECONDS: i64 = 30;
/// OpenID Connect Core, 2: at most 255 ASCII characters.
const MAX_SUBJECT: usize = 255;
/// A nonce that can be guessed binds nothing.
const MIN_NONCE: usize = 22;
const MAX_NONCE: usize = 256;

/// Whom an external issuer vouches for. Issuer and subject together are the identity; the address is
/// something the issuer says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// `iss`
    pub issuer: String,
    /// `sub`
    pub subject: String,
    /// The address, where the issuer has proved it.
    pub verified_email: Option<String>,
    /// What the person is called there.
    pub name: Option<String>,
    /// What makes this token one of a kind: base64url of a SHA-256.
    pub nonce: String,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// An issuer whose identity tokens are accepted, for one client.
pub struct ExternalIssuer {
    issuer: String,
    client: String,
    keys: Keys,
}

impl ExternalIssuer {
    /// Accepts tokens of this issuer for this client, signed by the keys at this address.
    pub fn new(issuer: &str, client: &str, keys_at: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            keys: Keys::at(keys_at),
        }
    }

    /// The identity that a token proves to whoever knows `nonce`: the sign-in was asked for with its
    /// hash, so a token that was seen on its way is worth nothing alone. `Ok(Err)` is a bad token.
    pub async fn verify(
        &self,
        token: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Result<ExternalIdentity, TokenError>, KeysError> {
        let header = match header(token) {
            Ok(header) => header,
            Err(error) => return Ok(Err(error)),
        };
        let key = match self.keys.key(&header.kid, now).await {
            Err(KeysError::Unknown) => return Ok(Err(TokenError("unknown key"))),
            key => key?,
        };
        if key.algorithm != header.alg {
            return Ok(Err(TokenError("algorithm")));
        }
        let claims = claims(token, &key.key, key.algorithm);
        Ok(claims.and_then(|claims| self.identity(claims, nonce, now.as_second())))
    }

    fn identity(
        &self,
        claims: Claims,
        nonce: &str,
        now: i64,
    ) -> Result<ExternalIdentity, TokenError> {
        if claims.iss != self.issuer {
            return Err(TokenError("issuer"));
        }
        let other_party = claims.azp.as_ref().is_some_and(|azp| *azp != self.client);
        if !claims.aud.is(&self.client) || other_party {
            return Err(TokenError("audience"));
        }
        if claims.token_use.as_deref().unwrap_or("id") != "id" {
            return Err(TokenError("not an identity token"));
        }
        check_times(&claims, now)?;
        if !(1..=MAX_SUBJECT).contains(&claims.sub.len()) || !claims.sub.is_ascii() {
            return Err(TokenError("subject"));
        }
        if !is_asked_for(&claims.nonce, nonce) {
            return Err(TokenError("nonce"));
        }
        Ok(ExternalIdentity {
            issuer: claims.iss,
            subject: claims.sub,
            verified_email: claims.email.filter(|_| claims.email_verified),
            name: claims.name,
            nonce: claims.nonce,
            expires_at: Timestamp::from_second(claims.exp)
                .map_err(|_| TokenError("end of time"))?,
        })
    }
}

struct Header {
    alg: Algorithm,
    kid: String,
}

/// The header, with nothing in it that we would have to follow or heed.
fn header(token: &str) -> Result<Header, TokenError> {
    #[derive(Deserialize)]
    struct Raw {
        alg: String,
        kid: String,
        typ: Option<String>,
        crit: Option<IgnoredAny>,
    }
    if token.len() > MAX_TOKEN {
        return Err(TokenError("too long"));
    }
    let first = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(first);
    let raw: Raw = bytes
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or(TokenError("header"))?;
    let alg = match raw.alg.as_str() {
        "RS256" => Algorithm::RS256,
        "ES256" => Algorithm::ES256,
        _ => return Err(TokenError("algorithm")),
    };
    if raw.crit.is_some() || raw.typ.is_some_and(|typ| typ != "JWT") {
        return Err(TokenError("header"));
    }
    Ok(Header { alg, kid: raw.kid })
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: String,
    token_use: Option<String>,
    email: Option<String>,
    #[serde(default, deserialize_with = "yes")]
    email_verified: bool,
    name: Option<String>,
}

/// One client, alone: a token for several is for whoever is the weakest of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn is(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(several) => matches!(several.as_slice(), [one] if one == client),
        }
    }
}

/// `true`, or the text `"true"` that some issuers write; anything else is no.
fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == true || value == "true")
}

fn claims(
    token: &str,
    key: &jsonwebtoken::DecodingKey,
    algorithm: Algorithm,
) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(algorithm);
    // The crate checks the signature; everything else is checked here, more strictly.
    validation.set_required_spec_claims::<&str>(&[]);
    validation.validate_aud = false;
    validation.validate_exp = false;
    jsonwebtoken::decode(token, key, &validation)
        .map(|data| data.claims)
        .map_err(|_| TokenError("signature or claims"))
}

fn check_times(claims: &Claims, now: i64) -> Result<(), TokenError> {
    if claims.exp <= now {
        return Err(TokenError("expired"));
    }
    let begins = claims.iat.max(claims.nbf.unwrap_or(claims.iat));
    if begins > now + LEEWAY_SECONDS {
        return Err(TokenError("from the future"));
    }
    if claims.iat < now - MAX_AGE_SECONDS {
        return Err(TokenError("too old to be exchanged"));
    }
    Ok(())
}

/// Whether the sign-in was asked for with the hash of this nonce.
fn is_asked_for(claimed: &str, nonce: &str) -> bool {
    let hash = digest::digest(&digest::SHA256, nonce.as_bytes());
    let expected = URL_SAFE_NO_PAD.encode(hash);
    (MIN_NONCE..=MAX_NONCE).contains(&nonce.len())
        && verify_slices_are_equal(expected.as_bytes(), claimed.as_bytes()).is_ok()
}
