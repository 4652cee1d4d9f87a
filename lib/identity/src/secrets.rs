use aws_lc_rs::rand;
use outlay_core::UserId;
use sha2::{Digest, Sha256};

/// Eight decimal digits from the system's generator, without bias.
pub fn new_code() -> Option<String> {
    loop {
        let mut bytes = [0; 4];
        rand::fill(&mut bytes).ok()?;
        let number = u32::from_be_bytes(bytes);
        if number < 4_200_000_000 {
            return Some(format!("{:08}", number % 100_000_000));
        }
    }
}

/// What is stored of a code: bound to the person it was made for.
pub fn code_hash(user: &UserId, code: &str) -> String {
    hex::encode(Sha256::digest(format!("{user}\n{code}").as_bytes()))
}

/// What a person is mailed to set a new password with: `rst_<user>_<secret>`. It carries its address,
/// so that it is found by one read; 128 random bits need no count of tries, which a stranger could use up.
#[derive(Clone, PartialEq, Eq)]
pub struct ResetToken {
    user: UserId,
    secret: String,
}

const RESET: &str = "rst_";
const SECRET_BYTES: usize = 16;

impl ResetToken {
    /// A new one, or `None` without random numbers.
    pub fn new(user: &UserId) -> Option<Self> {
        let mut secret = [0; SECRET_BYTES];
        rand::fill(&mut secret).ok()?;
        Some(Self {
            user: user.clone(),
            secret: hex::encode(secret),
        })
    }

    /// What a text says, if it has the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let (user, secret) = text.trim().strip_prefix(RESET)?.split_once('_')?;
        let user = format!("{}_{user}", UserId::PREFIX).parse().ok()?;
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let whole = secret.len() == 2 * SECRET_BYTES && secret.bytes().all(is_hex);
        let secret = secret.to_owned();
        whole.then_some(Self { user, secret })
    }

    /// Whose password it is for.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// As it is mailed.
    pub fn text(&self) -> String {
        let user = self.user.as_str().trim_start_matches(UserId::PREFIX);
        format!("{RESET}{}_{}", user.trim_start_matches('_'), self.secret)
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        code_hash(&self.user, &self.secret)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_eight_digits_and_bound_to_their_person() {
        let code = new_code().unwrap();
        assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()));
        let (a, b) = (UserId::derive(&["a"]), UserId::derive(&["b"]));
        assert_ne!(code_hash(&a, &code), code_hash(&b, &code));
    }

    #[test]
    fn a_reset_token_is_read_back_and_stored_as_a_hash() {
        let token = ResetToken::new(&UserId::mint()).unwrap();
        let text = token.text();
        assert_eq!(text.len(), 63);
        let read = ResetToken::parse(&format!(" {text}\n")).unwrap();
        assert!(read == token && read.hash() == token.hash());
        assert!(!text.contains(&token.hash()) && !token.hash().contains(&token.secret));
        let other = ResetToken::new(token.user()).unwrap();
        assert_ne!(other.hash(), token.hash());
        assert!(ResetToken::parse(&text.to_uppercase()).is_none());
        assert!(ResetToken::parse(&text[..text.len() - 1]).is_none());
        assert!(ResetToken::parse(&format!("{text}0")).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_refused_quietly(text in "(rst_)?\\PC{0,70}") {
            prop_assert!(ResetToken::parse(&text).is_none());
        }
    }
}
