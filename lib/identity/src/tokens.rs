use aws_lc_rs::digest;
use aws_sdk_kms::{
    Client,
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use outlay_core::{FamilyId, TenantId, UserId};
use outlay_store::Role;
use serde::{Deserialize, Serialize};

use crate::{PlatformContext, Principal, TenantContext};

/// Whom access tokens are for.
const AUDIENCE: &str = "outlay-api";
/// RFC 9068: told apart from every other kind of token.
const TYPE: &str = "at+jwt";
/// No token lives longer, whatever it says of itself.
const MAX_LIFETIME_SECONDS: i64 = 3600;
/// Clocks differ a little.
const LEEWAY_SECONDS: i64 = 5;

/// A signing key did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// KMS did not answer or refused.
    #[error("KMS did not answer as asked")]
    Kms(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// KMS answered with something that is no P-256 key, signature or MAC.
    #[error("KMS answered in an unexpected shape: {0}")]
    Shape(&'static str),
    /// No key is configured.
    #[error("no signing key is configured")]
    Missing,
}

/// The token is not a valid access token of ours. Why is for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid access token: {0}")]
pub struct TokenError(pub &'static str);

/// What a person is where a token works: in a tenant, or on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum SeatRole {
    /// In a tenant.
    Tenant(Role),
    /// On the platform.
    Platform(PlatformRole),
}

/// What somebody may be on the platform itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Operates it.
    GlobalOwner,
}

/// Where a token is to work.
#[derive(Debug, Clone, Copy)]
pub enum Seat<'a> {
    /// In this tenant, with this role.
    Tenant(&'a TenantId, Role),
    /// On the platform, as a global owner.
    Platform,
}

impl Seat<'_> {
    /// What the person is there.
    pub fn role(&self) -> SeatRole {
        match self {
            Self::Tenant(_, role) => SeatRole::Tenant(*role),
            Self::Platform => SeatRole::Platform(PlatformRole::GlobalOwner),
        }
    }

    fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::Tenant(tenant, _) => Some((*tenant).clone()),
            Self::Platform => None,
        }
    }
}

/// Claims of an access token. Types are strict: a number or a list where a text belongs is refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant_id: Option<TenantId>,
    role: SeatRole,
    sid: FamilyId,
    jti: String,
    iat: i64,
    exp: i64,
}

/// Header of an access token: what [`Signer`] writes, and nothing else. A token that brings or names a key, or asks for
/// an extension (`crit`, `b64`, `zip`), is none of ours, whoever signed it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl Header {
    fn of(token: &str) -> Option<Self> {
        let (header, _) = token.split_once('.')?;
        serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()
    }
}

/// An access token, ready to hand out.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// Compact JWS.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A public key as `/.well-known/jwks.json` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    /// RFC 7638 thumbprint.
    pub kid: String,
    x: String,
    y: String,
}

/// The public keys that tokens are checked with, current first. A KMS key's public half never
/// changes, so they are fetched once per container; a rotation is a new configuration.
pub struct PublicKeys {
    issuer: String,
    keys: Vec<(Jwk, DecodingKey)>,
}

impl PublicKeys {
    /// Fetches the public halves of these KMS keys.
    pub async fn fetch(client: &Client, key_ids: &[&str], issuer: &str) -> Result<Self, KeyError> {
        let mut keys = Vec::with_capacity(key_ids.len());
        for key_id in key_ids {
            let answer = client
                .get_public_key()
                .key_id(*key_id)
                .send()
                .await
                .map_err(|e| KeyError::Kms(e.into()))?;
            let der = answer
                .public_key
                .ok_or(KeyError::Shape("no public key"))?
                .into_inner();
            keys.push(Self::key(&der)?);
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            keys,
        })
    }

    /// A P-256 SubjectPublicKeyInfo ends with its uncompressed point: 0x04, x, y (RFC 5480).
    fn key(der: &[u8]) -> Result<(Jwk, DecodingKey), KeyError> {
        let shape = KeyError::Shape("not a P-256 public key");
        let Some((_, point)) = der.split_last_chunk::<65>().filter(|(_, p)| p[0] == 4) else {
            return Err(shape);
        };
        let (x, y) = (
            BASE64URL.encode(&point[1..33]),
            BASE64URL.encode(&point[33..]),
        );
        let thumbprint = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = BASE64URL.encode(digest::digest(&digest::SHA256, thumbprint.as_bytes()));
        let decoding = DecodingKey::from_ec_components(&x, &y).map_err(|_| shape)?;
        Ok((
            Jwk {
                kty: "EC",
                crv: "P-256",
                usage: "sig",
                alg: "ES256",
                kid,
                x,
                y,
            },
            decoding,
        ))
    }

    /// As the JWKS document lists them.
    pub fn jwks(&self) -> Vec<&Jwk> {
        self.keys.iter().map(|(jwk, _)| jwk).collect()
    }

    /// Whom a token proves at this time.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Principal, TokenError> {
        let key = self.key_of(token)?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.validate_nbf = true;
        // Times are checked below against the caller's clock, more strictly than the crate does.
        validation.validate_exp = false;
        let data = jsonwebtoken::decode::<Claims>(token, key, &validation)
            .map_err(|_| TokenError("signature or claims"))?;
        check_times(&data.claims, now.as_second())?;
        principal(data.claims)
    }

    fn key_of(&self, token: &str) -> Result<&DecodingKey, TokenError> {
        if token.len() > 2048 {
            return Err(TokenError("too long"));
        }
        let header = Header::of(token).ok_or(TokenError("header"))?;
        if header.alg != "ES256" || header.typ != TYPE {
            return Err(TokenError("algorithm or type"));
        }
        let key = self.keys.iter().find(|(jwk, _)| jwk.kid == header.kid);
        key.map(|(_, key)| key).ok_or(TokenError("unknown key"))
    }
}

/// A role of a tenant needs a tenant, the platform's must not have one: nothing else is a person of ours.
fn principal(claims: Claims) -> Result<Principal, TokenError> {
    let (user, session) = (claims.sub, claims.sid);
    let until = Timestamp::from_second(claims.exp).map_err(|_| TokenError("lifetime"))?;
    match (claims.tenant_id, claims.role) {
        (Some(tenant), SeatRole::Tenant(role)) => Ok(Principal::Tenant(TenantContext::of(
            tenant, user, role, session, until,
        ))),
        (None, SeatRole::Platform(PlatformRole::GlobalOwner)) => {
            Ok(Principal::Platform(PlatformContext::of(user, session)))
        }
        _ => Err(TokenError("role and tenant")),
    }
}

fn check_times(claims: &Claims, now: i64) -> Result<(), TokenError> {
    if claims.exp <= now {
        return Err(TokenError("expired"));
    }
    if claims.iat > now + LEEWAY_SECONDS {
        return Err(TokenError("from the future"));
    }
    let lifetime = claims.exp.checked_sub(claims.iat);
    if !lifetime.is_some_and(|l| (1..=MAX_LIFETIME_SECONDS).contains(&l)) {
        return Err(TokenError("lifetime"));
    }
    Ok(())
}

/// Issues access tokens, signed by a KMS key that never leaves KMS.
pub struct Signer {
    client: Client,
    key_id: String,
    kid: String,
    issuer: String,
    lifetime_seconds: i64,
}

impl Signer {
    /// Signs with the first of the keys whose public halves these are.
    pub fn new(
        client: Client,
        key_id: impl Into<String>,
        public: &PublicKeys,
        lifetime_seconds: i64,
    ) -> Result<Self, KeyError> {
        let kid = public
            .keys
            .first()
            .map(|(jwk, _)| jwk.kid.clone())
            .ok_or(KeyError::Missing)?;
        let (key_id, issuer) = (key_id.into(), public.issuer.clone());
        Ok(Self {
            client,
            key_id,
            kid,
            issuer,
            lifetime_seconds,
        })
    }

    /// A token for this person in this seat, beginning now; it ends no later than `until`, where that is given.
    pub async fn issue(
        &self,
        user: &UserId,
        seat: Seat<'_>,
        session: &FamilyId,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<AccessToken, KeyError> {
        let iat = now.as_second();
        let exp = iat + self.lifetime_seconds;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user.clone(),
            tenant_id: seat.tenant(),
            role: seat.role(),
            sid: session.clone(),
            jti: uuid(),
            iat,
            exp: until.map_or(exp, |until| exp.min(until.as_second())),
        };
        let expires_at = Timestamp::from_second(claims.exp).unwrap_or(now);
        Ok(AccessToken {
            token: self.sign(&claims).await?,
            expires_at,
        })
    }

    async fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let header = format!(r#"{{"alg":"ES256","typ":"{TYPE}","kid":"{}"}}"#, self.kid);
        let claims = serde_json::to_vec(claims).map_err(|e| KeyError::Kms(e.into()))?;
        let signed = format!("{}.{}", BASE64URL.encode(header), BASE64URL.encode(claims));
        let hash = digest::digest(&digest::SHA256, signed.as_bytes());
        let answer = self
            .client
            .sign()
            .key_id(&self.key_id)
            .message_type(MessageType::Digest)
            .message(Blob::new(hash.as_ref()))
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .map_err(|e| KeyError::Kms(e.into()))?;
        let der = answer
            .signature
            .ok_or(KeyError::Shape("no signature"))?
            .into_inner();
        let raw = raw_signature(&der).ok_or(KeyError::Shape("not an ECDSA signature"))?;
        Ok(format!("{signed}.{}", BASE64URL.encode(raw)))
    }
}

fn uuid() -> String {
    FamilyId::mint()
        .as_str()
        .trim_start_matches("fam_")
        .to_owned()
}

/// DER `SEQUENCE { INTEGER r, INTEGER s }` to the 64 bytes r || s that JWS wants (RFC 7518, 3.4).
fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let body = match der {
        [0x30, length, body @ ..] if usize::from(*length) == body.len() => body,
        _ => return None,
    };
    let (r, rest) = integer(body)?;
    let (s, rest) = integer(rest)?;
    let mut raw = [0; 64];
    raw[..32].copy_from_slice(&r);
    raw[32..].copy_from_slice(&s);
    rest.is_empty().then_some(raw)
}

fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = der else {
        return None;
    };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    let mut padded = [0; 32];
    padded
        .get_mut(32_usize.checked_sub(digits.len())?..)?
        .copy_from_slice(digits);
    Some((padded, rest))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
    };
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    struct Forge {
        pair: EcdsaKeyPair,
        public: PublicKeys,
    }

    impl Forge {
        fn new() -> Self {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
            let keys = vec![PublicKeys::key(pair.public_key().as_ref()).unwrap()];
            Self {
                pair,
                public: PublicKeys {
                    issuer: "https://outlay".into(),
                    keys,
                },
            }
        }

        fn header(&self) -> Value {
            json!({"alg": "ES256", "typ": "at+jwt", "kid": self.public.keys[0].0.kid})
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let parts = [header, claims].map(|v| BASE64URL.encode(v.to_string()));
            let signed = parts.join(".");
            let der = self
                .pair
                .sign(&SystemRandom::new(), signed.as_bytes())
                .unwrap();
            format!(
                "{signed}.{}",
                BASE64URL.encode(raw_signature(der.as_ref()).unwrap())
            )
        }
    }

    const NOW: i64 = 1_800_000_000;

    fn now() -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn claims() -> Value {
        json!({"iss": "https://outlay", "aud": "outlay-api", "sub": UserId::derive(&["u"]),
            "tenant_id": TenantId::derive(&["t"]), "role": "owner", "sid": FamilyId::derive(&["f"]),
            "jti": "1", "iat": NOW - 10, "exp": NOW + 890})
    }

    #[test]
    fn our_own_token_is_accepted() {
        let forge = Forge::new();
        let proven = |claims: &Value| {
            let token = forge.sign(&forge.header(), claims);
            forge.public.verify(&token, now())
        };
        let Ok(Principal::Tenant(context)) = proven(&claims()) else {
            panic!("no tenant's token");
        };
        assert_eq!(context.tenant(), &TenantId::derive(&["t"]));
        let mut platform = claims();
        platform["role"] = json!("global_owner");
        platform.as_object_mut().unwrap().remove("tenant_id");
        let Ok(Principal::Platform(context)) = proven(&platform) else {
            panic!("no global owner's token");
        };
        assert_eq!(context.user(), &UserId::derive(&["u"]));
        platform["role"] = json!("owner");
        assert!(proven(&platform).is_err(), "an owner of nothing");
    }

    #[test]
    fn hostile_claims_are_refused() {
        let forge = Forge::new();
        for (name, value) in [
            ("iss", json!(null)),
            ("iss", json!(5)),
            ("iss", json!(["https://outlay"])),
            ("iss", json!("https://outlay/")),
            ("iss", json!("HTTPS://outlay")),
            ("aud", json!(null)),
            ("aud", json!("other")),
            ("aud", json!(["other"])),
            ("sub", json!("")),
            ("sub", json!(null)),
            ("sub", json!("ten_00000000000000000000000000")),
            ("tenant_id", json!("*")),
            ("tenant_id", json!("")),
            ("tenant_id", json!([])),
            ("tenant_id", json!(null)),
            ("role", json!("global_owner")),
            ("role", json!("root")),
            ("exp", json!("1900000000")),
            ("exp", json!(NOW)),
            ("exp", json!(NOW - 1)),
            ("exp", json!(i64::MAX)),
            ("exp", json!(NOW + 4000)),
            ("exp", json!(null)),
            ("iat", json!(NOW + 60)),
            ("iat", json!(i64::MIN)),
            ("nbf", json!(NOW + 31_536_000)),
        ] {
            let mut hostile = claims();
            hostile[name] = value.clone();
            let token = forge.sign(&forge.header(), &hostile);
            assert!(
                forge.public.verify(&token, now()).is_err(),
                "{name} = {value}"
            );
        }
    }

    #[test]
    fn hostile_headers_and_signatures_are_refused() {
        let (forge, other) = (Forge::new(), Forge::new());
        let good = forge.sign(&forge.header(), &claims());
        let (signed, _) = good.rsplit_once('.').unwrap();
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("ES384")),
            ("typ", json!("JWT")),
            ("typ", json!(null)),
            ("kid", json!("../../dev/null")),
            ("kid", json!(null)),
            ("kid", json!(7)),
            ("kid", json!("x".repeat(4096))),
        ] {
            let mut header = forge.header();
            header[name] = value.clone();
            assert!(
                forge
                    .public
                    .verify(&forge.sign(&header, &claims()), now())
                    .is_err(),
                "{name} {value}"
            );
        }
        let zeros = BASE64URL.encode([0; 64]);
        for bad in [
            String::new(),
            "a.b.c".into(),
            format!("{signed}."),
            format!("{signed}.{zeros}"),
            other.sign(&forge.header(), &claims()),
            other.sign(&other.header(), &claims()),
            format!("{good}.x"),
            "x".repeat(65_536),
        ] {
            assert!(
                forge.public.verify(&bad, now()).is_err(),
                "{}",
                &bad[..bad.len().min(40)]
            );
        }
    }

    proptest! {
        #[test]
        fn der_signatures_become_64_bytes(r in proptest::array::uniform32(any::<u8>()), s in proptest::array::uniform32(any::<u8>())) {
            let encode = |n: &[u8; 32]| {
                let digits: Vec<u8> = n.iter().copied().skip_while(|b| *b == 0).collect();
                let digits = if digits.first().is_none_or(|b| b & 0x80 != 0) { [vec![0], digits].concat() } else { digits };
                [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
            };
            let body = [encode(&r), encode(&s)].concat();
            let der = [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat();
            prop_assert_eq!(raw_signature(&der), Some([r, s].concat().try_into().unwrap()));
        }

        #[test]
        fn any_bytes_are_refused_quietly(der: Vec<u8>) {
            let _ = raw_signature(&der);
        }
    }
}
