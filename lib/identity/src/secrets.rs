use aws_lc_rs::rand;
use outlay_core::UserId;
use outlay_store::EmailHash;
use sha2::{Digest, Sha256};

/// What is stored of a secret: bound to what it was made for.
pub fn secret_hash(of: &str, secret: &str) -> String {
    hex::encode(Sha256::digest(format!("{of}\n{secret}").as_bytes()))
}

/// What is mailed to an address to prove it: three groups of four digits of Crockford's base32. Nobody guesses 60
/// random bits in the minutes that a code lives, so no tries are counted, which a stranger could use up.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressCode(String);

/// Without I, L, O and U, which are read as other digits or make words.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_DIGITS: usize = 12;

impl AddressCode {
    /// A new one, or `None` without random numbers.
    pub fn new() -> Option<Self> {
        let mut bytes = [0; CODE_DIGITS];
        rand::fill(&mut bytes).ok()?;
        // 256 is a multiple of 32: each digit is as likely as another.
        let digits = bytes.map(|byte| char::from(DIGITS[usize::from(byte % 32)]));
        Some(Self(digits.iter().collect()))
    }

    /// What a person typed, if it has the form of one: in capitals or not, with or without hyphens and spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let typed = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
        let digits: Option<String> = typed.take(CODE_DIGITS + 1).map(digit).collect();
        digits
            .filter(|digits| digits.len() == CODE_DIGITS)
            .map(Self)
    }

    /// As it is mailed.
    pub fn text(&self) -> String {
        let (first, rest) = self.0.split_at(4);
        let (second, third) = rest.split_at(4);
        format!("{first}-{second}-{third}")
    }

    /// What is stored of it: bound to the address.
    pub fn hash(&self, email: &EmailHash) -> String {
        secret_hash(email.as_str(), &self.0)
    }
}

/// The digit that was meant: people read 1 as I or L, and 0 as O.
fn digit(typed: char) -> Option<char> {
    let digit = match typed.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    DIGITS.contains(&u8::try_from(digit).ok()?).then_some(digit)
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
        secret_hash(self.user.as_str(), &self.secret)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_mailed_and_as_people_type() {
        let code = AddressCode::new().unwrap();
        let text = code.text();
        assert!(text.len() == 14 && text.split('-').all(|group| group.len() == 4));
        let without: String = text.to_lowercase().split('-').collect();
        for typed in [text.clone(), format!(" {text}\n"), without.clone()] {
            assert!(
                AddressCode::parse(&typed).is_some_and(|read| read == code),
                "{typed}"
            );
        }
        let read = AddressCode::parse("oi1L-aBcD-0000").unwrap();
        assert_eq!(read.text(), "0111-ABCD-0000");
        for bad in [
            "",
            "U000-0000-0000",
            &text[..13],
            &format!("{text}0"),
            "0000-0000-000é",
            "０000-0000-0000",
        ] {
            assert!(AddressCode::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_code_is_bound_to_its_address_and_not_in_its_hash() {
        let code = AddressCode::new().unwrap();
        let (a, b) = (EmailHash::of("a@b.c"), EmailHash::of("b@b.c"));
        assert_ne!(code.hash(&a), code.hash(&b));
        assert!(!code.hash(&a).contains(&code.0.to_lowercase()));
        assert!(AddressCode::new().unwrap() != code);
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
