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
    use proptest::prelude::*;

    use super::*;

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
