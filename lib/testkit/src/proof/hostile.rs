//! The corpus of hostile access tokens: what RFC 8725 warns of, and what was found by trying.

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Value, json};

/// What the corpus is made of: a good token, the key's owner, and other tokens of the house.
pub struct Material<'a> {
    /// Header of a token that is accepted.
    pub header: Value,
    /// Its claims.
    pub claims: Value,
    /// Signs as the issuer does; 64 bytes.
    pub sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
    /// Signs with a key that is not the issuer's, or not any more; 64 bytes.
    pub sign_otherwise: &'a dyn Fn(&[u8]) -> Vec<u8>,
    /// The public half of that key, an EC point: what the tokens that it signed would have us believe.
    pub other_point: Vec<u8>,
    /// Where an attacker shows that key to whoever asks.
    pub attacker: String,
    /// The issuer's public key: an EC point, and the PEM that anybody can make of the JWKS.
    pub public_point: Vec<u8>,
    /// A refresh token.
    pub refresh: String,
    /// Seconds since 1970.
    pub now: i64,
}

/// A family of attacks and its tokens; each token is to be refused.
pub type Vector = (&'static str, Vec<String>);

/// What a header of that length is refused by, before our code sees it, is no matter of tokens.
pub const LONG: usize = 64 * 1024;

/// The twenty-five families.
pub fn corpus(m: &Material) -> Vec<Vector> {
    let mut corpus = signatures(m);
    corpus.extend(headers(m));
    corpus.extend(issuers(m));
    corpus.extend(times(m));
    corpus.extend(others(m));
    corpus
}

fn signatures(m: &Material) -> Vec<Vector> {
    let good = m.token(|_| (), |_| ());
    let (signed, _) = good.rsplit_once('.').unwrap_or_default();
    let hs256 = |key: &[u8]| m.hs256(key);
    vec![
        (
            "21 alg none",
            ["none", "None", "nOnE"]
                .map(|alg| {
                    let with_signature = m.token(|h| h["alg"] = json!(alg), |_| ());
                    let (signed, _) = with_signature.rsplit_once('.').unwrap_or_default();
                    format!("{signed}.")
                })
                .to_vec(),
        ),
        (
            "22 HS256 keyed with the public PEM",
            vec![hs256(m.pem().as_bytes())],
        ),
        (
            "23 HS256 keyed with the public DER",
            vec![hs256(&m.der()), hs256(&m.public_point)],
        ),
        (
            "24 empty signature",
            vec![format!("{signed}."), signed.to_owned()],
        ),
        (
            "25 zero signature",
            vec![format!("{signed}.{}", BASE64URL.encode([0; 64]))],
        ),
        // The twin of a signature verifies too. What must not live is the token: it is one that has ended.
        (
            "26 malleated signature of an ended token",
            vec![malleated(&m.ended())],
        ),
    ]
}

fn headers(m: &Material) -> Vec<Vector> {
    // Signed by the key that the header shows, under the issuer's key id, the key's own, and none.
    let shown = |name: &'static str, value: Value| {
        [
            m.header["kid"].clone(),
            json!(thumbprint(&m.other_point)),
            Value::Null,
        ]
        .map(|kid| {
            let value = value.clone();
            let change = |h: &mut Value| {
                h["kid"] = kid;
                h[name] = value;
            };
            m.signed_otherwise(change, |_| ())
        })
    };
    let kid = |kid: Value| m.token(|h| h["kid"] = kid, |_| ());
    vec![
        (
            "27 embedded jwk",
            shown("jwk", jwk(&m.other_point)).to_vec(),
        ),
        (
            "28 jku and x5u to the attacker",
            [
                shown("jku", json!(format!("{}/jwks.json", m.attacker))),
                shown("x5u", json!(format!("{}/key.pem", m.attacker))),
            ]
            .concat(),
        ),
        (
            "29 strange kid",
            vec![
                kid(json!("../../dev/null")),
                kid(json!("k".repeat(4096))),
                kid(json!("' OR 1=1 --")),
                kid(json!(1)),
                kid(json!(null)),
                m.token(
                    |h| {
                        h.as_object_mut().map(|h| h.remove("kid"));
                    },
                    |_| (),
                ),
            ],
        ),
        (
            "30 unknown kid",
            (0..8).map(|n| kid(json!(format!("unknown-{n}")))).collect(),
        ),
        (
            "39 another typ",
            ["JWT", "at+JWT ", "refresh+jwt", ""]
                .map(|typ| m.token(|h| h["typ"] = json!(typ), |_| ()))
                .to_vec(),
        ),
        (
            "45 crit, b64, compression, length",
            vec![
                m.token(
                    |h| {
                        h["crit"] = json!(["b64"]);
                        h["b64"] = json!(false);
                    },
                    |_| (),
                ),
                m.token(|h| h["crit"] = json!(["exp"]), |_| ()),
                m.token(|h| h["crit"] = json!([]), |_| ()),
                m.token(|h| h["b64"] = json!(false), |_| ()),
                m.token(|h| h["zip"] = json!("DEF"), |_| ()),
                "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSJ9.a.b.c.d".to_owned(),
                m.token(|_| (), |c| c["padding"] = json!("x".repeat(3000))),
                m.token(|_| (), |c| c["padding"] = json!("x".repeat(LONG))),
            ],
        ),
    ]
}

fn issuers(m: &Material) -> Vec<Vector> {
    let with = |name: &'static str, value: Value| m.token(|_| (), |c| c[name] = value);
    let without = |name: &'static str| {
        m.token(
            |_| (),
            |c| {
                c.as_object_mut().map(|c| c.remove(name));
            },
        )
    };
    let iss = m.claims["iss"].as_str().unwrap_or_default().to_owned();
    vec![
        ("31 no iss", vec![without("iss"), with("iss", Value::Null)]),
        (
            "32 no aud",
            vec![
                without("aud"),
                with("aud", Value::Null),
                with("aud", json!([])),
            ],
        ),
        ("33 iss a number", vec![with("iss", json!(5))]),
        (
            "34 iss a list",
            vec![
                with("iss", json!(["https://evil.example", iss])),
                with("iss", json!([iss])),
            ],
        ),
        (
            "35 iss nearly ours",
            vec![
                with("iss", json!(format!("{iss}/"))),
                with("iss", json!(iss.to_uppercase())),
                with("iss", json!(format!(" {iss}"))),
            ],
        ),
        (
            "36 another pool of the region",
            vec![m.signed_otherwise(
                |_| (),
                |c| c["iss"] = json!("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
            )],
        ),
        (
            "37 an ID token",
            vec![
                m.token(
                    |h| h["typ"] = json!("JWT"),
                    |c| c["token_use"] = json!("id"),
                ),
                with("aud", json!("outlay-web")),
            ],
        ),
        (
            "43 tenant_id of no tenant, or for others",
            vec![
                with("tenant_id", json!([])),
                with("tenant_id", json!("")),
                with("tenant_id", json!("*")),
                with("tenant_id", json!("ten_*")),
                with("aud", json!("another-api")),
                with("aud", json!(["another-api"])),
            ],
        ),
    ]
}

fn times(m: &Material) -> Vec<Vector> {
    let with = |name: &'static str, value: Value| m.token(|_| (), |c| c[name] = value);
    vec![
        (
            "40 strange exp",
            vec![
                with("exp", json!((m.now + 600).to_string())),
                with("exp", json!(1e30)),
                with("exp", json!(9_223_372_036_854_775_807_u64)),
                m.token(
                    |_| (),
                    |c| {
                        c["iat"] = json!(m.now - 900);
                        c["exp"] = json!(m.now - 59);
                    },
                ),
                m.token(
                    |_| (),
                    |c| {
                        c["iat"] = json!(m.now - 900);
                        c["exp"] = json!(m.now);
                    },
                ),
                m.token(
                    |_| (),
                    |c| {
                        c.as_object_mut().map(|c| c.remove("exp"));
                    },
                ),
            ],
        ),
        (
            "41 strange nbf",
            vec![
                with("nbf", json!(m.now + 31_536_000)),
                with("nbf", json!("soon")),
            ],
        ),
        (
            "42 iat in the future",
            vec![m.token(
                |_| (),
                |c| {
                    // Still so when a slow run comes to it.
                    c["iat"] = json!(m.now + 3000);
                    c["exp"] = json!(m.now + 3480);
                },
            )],
        ),
    ]
}

fn others(m: &Material) -> Vec<Vector> {
    vec![
        ("38 a refresh token", vec![m.refresh.clone()]),
        (
            "44 a role raised, signed by another or a retired key",
            vec![
                m.signed_otherwise(
                    |h| h["kid"] = json!(thumbprint(&m.other_point)),
                    |c| c["role"] = json!("owner"),
                ),
                m.signed_otherwise(|_| (), |c| c["role"] = json!("owner")),
                m.signed_otherwise(
                    |_| (),
                    |c| {
                        c["role"] = json!("global_owner");
                        c.as_object_mut().map(|c| c.remove("tenant_id"));
                    },
                ),
            ],
        ),
    ]
}

impl Material<'_> {
    fn token(&self, header: impl FnOnce(&mut Value), claims: impl FnOnce(&mut Value)) -> String {
        self.with_signature(self.sign, header, claims)
    }

    fn signed_otherwise(
        &self,
        header: impl FnOnce(&mut Value),
        claims: impl FnOnce(&mut Value),
    ) -> String {
        self.with_signature(self.sign_otherwise, header, claims)
    }

    fn with_signature(
        &self,
        sign: &dyn Fn(&[u8]) -> Vec<u8>,
        change_header: impl FnOnce(&mut Value),
        change_claims: impl FnOnce(&mut Value),
    ) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        change_header(&mut header);
        change_claims(&mut claims);
        let signed = joined(&header, &claims);
        format!("{signed}.{}", BASE64URL.encode(sign(signed.as_bytes())))
    }

    fn hs256(&self, key: &[u8]) -> String {
        let mut header = self.header.clone();
        header["alg"] = json!("HS256");
        let signed = joined(&header, &self.claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
        format!("{signed}.{}", BASE64URL.encode(tag))
    }

    fn ended(&self) -> String {
        self.token(
            |_| (),
            |c| {
                c["iat"] = json!(self.now - 1000);
                c["exp"] = json!(self.now - 100);
            },
        )
    }

    /// SubjectPublicKeyInfo of a P-256 key.
    fn der(&self) -> Vec<u8> {
        const HEAD: [u8; 26] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        [&HEAD, self.public_point.as_slice()].concat()
    }

    fn pem(&self) -> String {
        let text = base64::prelude::BASE64_STANDARD.encode(self.der());
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .filter_map(|l| std::str::from_utf8(l).ok())
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
    }
}

/// The same token with the twin (r, n - s) of its signature, which verifies as well.
pub fn malleated(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
    let mut raw = BASE64URL.decode(signature).unwrap_or_default();
    negate(&mut raw[32..]);
    format!("{signed}.{}", BASE64URL.encode(raw))
}

/// The public key of a P-256 point.
pub fn jwk(point: &[u8]) -> Value {
    let [x, y] = [&point[1..33], &point[33..]].map(|number| BASE64URL.encode(number));
    json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
}

/// RFC 7638: how a P-256 point is called.
pub fn thumbprint(point: &[u8]) -> String {
    let [x, y] = [&point[1..33], &point[33..]].map(|number| BASE64URL.encode(number));
    let text = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    BASE64URL.encode(digest(&SHA256, text.as_bytes()))
}

fn joined(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        BASE64URL.encode(header.to_string()),
        BASE64URL.encode(claims.to_string())
    )
}

/// s becomes n - s, n being the order of P-256.
fn negate(s: &mut [u8]) {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let mut borrow = false;
    for (digit, order) in s.iter_mut().zip(ORDER).rev() {
        let (first, under) = order.overflowing_sub(*digit);
        let (second, again) = first.overflowing_sub(u8::from(borrow));
        *digit = second;
        borrow = under || again;
    }
}

/// DER `SEQUENCE { INTEGER r, INTEGER s }` to r || s.
pub fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let body = der.strip_prefix(&[0x30])?.get(1..)?;
    let (r, rest) = integer(body)?;
    let (s, _) = integer(rest)?;
    let mut raw = [0; 64];
    raw[..32].copy_from_slice(&r);
    raw[32..].copy_from_slice(&s);
    Some(raw)
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
    use super::*;

    #[test]
    fn there_are_twenty_five_families_and_each_has_tokens() {
        let sign = |_: &[u8]| vec![1; 64];
        let material = Material {
            header: json!({ "alg": "ES256", "typ": "at+jwt", "kid": "k" }),
            claims: json!({ "iss": "urn:x", "aud": "a", "exp": 2, "iat": 1 }),
            sign: &sign,
            sign_otherwise: &sign,
            other_point: vec![4; 65],
            attacker: "http://127.0.0.1:1".to_owned(),
            public_point: vec![4; 65],
            refresh: "refresh".to_owned(),
            now: 1_800_000_000,
        };
        let corpus = corpus(&material);
        assert_eq!(corpus.len(), 25);
        assert!(corpus.iter().all(|(_, tokens)| !tokens.is_empty()));
        let longest = corpus
            .iter()
            .flat_map(|(_, tokens)| tokens)
            .map(String::len);
        assert!(longest.max().is_some_and(|most| most > LONG));
    }

    #[test]
    fn a_negated_signature_negated_is_itself() {
        let mut s: Vec<u8> = (1..=32).collect();
        negate(&mut s);
        assert_ne!(s[31], 32);
        negate(&mut s);
        assert_eq!(s, (1..=32).collect::<Vec<u8>>());
    }
}
