use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_sdk_kms::{Client, primitives::Blob, types::MacAlgorithmSpec};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use outlay_core::{FamilyId, UserId};

use crate::KeyError;

/// What a refresh token says: token n of a sign-in of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshClaims {
    /// Whose.
    pub user: UserId,
    /// Which sign-in.
    pub family: FamilyId,
    /// Its number within the family.
    pub generation: u64,
}

impl RefreshClaims {
    fn text(&self) -> String {
        format!("{}.{}.{}", self.user, self.family, self.generation)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let claims = Self {
            user: parts.next()?.parse().ok()?,
            family: parts.next()?.parse().ok()?,
            generation: parts.next()?.parse().ok()?,
        };
        // One spelling only: `+1` and `01` are numbers too, but not ours.
        (parts.next().is_none() && claims.text() == text).then_some(claims)
    }
}

/// Makes refresh tokens: the claims and their HMAC under a key that never leaves KMS. The same
/// claims always give the same token, so a retry whose answer was lost gets the same successor.
pub struct RefreshKey {
    client: Client,
    key_id: String,
}

impl RefreshKey {
    /// Signs with this KMS key (HMAC_256).
    pub fn new(client: Client, key_id: impl Into<String>) -> Self {
        Self {
            client,
            key_id: key_id.into(),
        }
    }

    /// The token of these claims.
    pub async fn token(&self, claims: &RefreshClaims) -> Result<String, KeyError> {
        let text = claims.text();
        let mac = self.mac(&text).await?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac)))
    }

    /// The claims of a token, if it is ours.
    pub async fn verify(&self, token: &str) -> Result<Option<RefreshClaims>, KeyError> {
        let Some((text, mac)) = token.rsplit_once('.').filter(|_| token.len() <= 256) else {
            return Ok(None);
        };
        let (Some(claims), Ok(mac)) = (RefreshClaims::parse(text), URL_SAFE_NO_PAD.decode(mac))
        else {
            return Ok(None);
        };
        let expected = self.mac(text).await?;
        Ok(verify_slices_are_equal(&expected, &mac)
            .is_ok()
            .then_some(claims))
    }

    async fn mac(&self, text: &str) -> Result<Vec<u8>, KeyError> {
        let answer = self
            .client
            .generate_mac()
            .key_id(&self.key_id)
            .mac_algorithm(MacAlgorithmSpec::HmacSha256)
            .message(Blob::new(format!("outlay-refresh\n{text}")))
            .send()
            .await
            .map_err(|e| KeyError::Kms(e.into()))?;
        answer
            .mac
            .map(Blob::into_inner)
            .ok_or(KeyError::Shape("no MAC in the answer"))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use aws_sdk_kms::config::{
        BehaviorVersion, Credentials, Region, SharedCredentialsProvider, http::HttpRequest,
        retry::RetryConfig,
    };
    use aws_smithy_runtime_api::client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpClient, SharedHttpConnector,
        },
        orchestrator::HttpResponse,
        runtime_components::RuntimeComponents,
    };
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// KMS with this key: makes the MAC of what it is asked.
    #[derive(Debug, Clone)]
    struct Kms(hmac::Key);

    impl HttpConnector for Kms {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            let asked: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            let message = STANDARD.decode(asked["Message"].as_str().unwrap()).unwrap();
            let mac = STANDARD.encode(hmac::sign(&self.0, &message));
            let answer = json!({ "Mac": mac, "KeyId": asked["KeyId"] }).to_string();
            let response = HttpResponse::new(200.try_into().unwrap(), answer.into());
            HttpConnectorFuture::ready(Ok(response))
        }
    }

    impl HttpClient for Kms {
        fn http_connector(
            &self,
            _: &HttpConnectorSettings,
            _: &RuntimeComponents,
        ) -> SharedHttpConnector {
            SharedHttpConnector::new(self.clone())
        }
    }

    fn key(secret: &[u8]) -> RefreshKey {
        let config = aws_sdk_kms::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "AK", "SK", None, None, "test",
            )))
            .retry_config(RetryConfig::disabled())
            .http_client(SharedHttpClient::new(Kms(hmac::Key::new(
                hmac::HMAC_SHA256,
                secret,
            ))))
            .build();
        RefreshKey::new(Client::from_conf(config), "alias/refresh")
    }

    /// Bad input 50: whatever part of a token is another token's, or a stranger's, it is none of ours.
    #[tokio::test]
    async fn a_token_is_good_with_its_own_mac_only() {
        let key_of_ours = key(b"ours");
        let claims = |user: &str, family: &str, generation| RefreshClaims {
            user: UserId::derive(&[user]),
            family: FamilyId::derive(&[family]),
            generation,
        };
        let mine = claims("ann", "laptop", 2);
        let good = key_of_ours.token(&mine).await.unwrap();
        assert_eq!(key_of_ours.verify(&good).await.unwrap(), Some(mine.clone()));
        let (text, mac) = good.rsplit_once('.').unwrap();
        let mut bad = Vec::new();
        for other in [
            claims("bob", "laptop", 2),
            claims("ann", "phone", 2),
            claims("ann", "laptop", 1),
            claims("ann", "laptop", 3),
        ] {
            let token = key_of_ours.token(&other).await.unwrap();
            let (_, mac_of_other) = token.rsplit_once('.').unwrap();
            bad.push(format!("{}.{mac}", other.text()));
            bad.push(format!("{text}.{mac_of_other}"));
        }
        bad.push(key(b"a stranger's").token(&mine).await.unwrap());
        let bytes = URL_SAFE_NO_PAD.decode(mac).unwrap();
        for changed in [
            Vec::new(),
            bytes[..31].to_vec(),
            [&bytes[..], &[0]].concat(),
            vec![0; 32],
        ] {
            bad.push(format!("{text}.{}", URL_SAFE_NO_PAD.encode(changed)));
        }
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            bad.push(format!("{text}.{}", URL_SAFE_NO_PAD.encode(flipped)));
        }
        for token in bad {
            assert_eq!(key_of_ours.verify(&token).await.unwrap(), None, "{token}");
        }
    }

    #[test]
    fn claims_have_one_spelling() {
        let claims = RefreshClaims {
            user: UserId::mint(),
            family: FamilyId::mint(),
            generation: 7,
        };
        assert_eq!(RefreshClaims::parse(&claims.text()), Some(claims.clone()));
        let other = claims.text().replace(".7", ".+7");
        assert_eq!(RefreshClaims::parse(&other), None);
        assert_eq!(
            RefreshClaims::parse(&claims.text().replace(".7", ".07")),
            None
        );
        assert_eq!(RefreshClaims::parse(&format!("{}.x", claims.text())), None);
    }

    proptest! {
        #[test]
        fn any_text_is_refused_quietly(text in "\\PC{0,80}") {
            prop_assert_eq!(RefreshClaims::parse(&text), None);
        }
    }
}
