use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::guessable::is_guessable;

/// Why a password cannot be used or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short to resist guessing, or absurdly long (ASVS 6.2.1, 6.2.9).
    #[error("must have 12 to 1024 characters")]
    Length,
    /// Among the first that somebody would try (ASVS 6.2.4, 6.2.11).
    #[error(
        "is too easy to guess: names, well-known passwords, rows of keys and repetitions count little. \
         Take a few words that have nothing to do with you, your company or this product"
    )]
    Guessable,
    /// The hash function refused.
    #[error("the password could not be hashed")]
    Hash,
    /// A hash of another system that is not taken over.
    #[error("must be a bcrypt hash ($2a$, $2b$ or $2y$) of cost 10 to 14")]
    NotImportable,
}

/// 1024 characters of UTF-8, four bytes each at most.
const MAX_BYTES: usize = 4096;
/// What `Argon2::default()` is: OWASP's floor.
const FLOOR: (u32, u32, u32) = (19_456, 2, 1);
/// Costs of bcrypt that are taken over: below is too weak, above holds a container for seconds.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 10..=14;
/// What bcrypt looks at; it ignores the rest, so that many passwords would be one.
const BCRYPT_BYTES: usize = 72;

/// argon2id with 19 MiB, t = 2, p = 1 (OWASP's floor), over exactly the bytes given, as a PHC string. `about`
/// is what belongs to the person: name, address, company. It is no help in a password.
pub fn hash_password(password: &str, about: &[&str]) -> Result<String, PasswordError> {
    if !(12..=1024).contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    if is_guessable(password, about) {
        return Err(PasswordError::Guessable);
    }
    hashed(password)
}

/// Whether this is the password. Without a hash the work is done all the same, so that an unknown
/// account takes as long as a known one (ASVS 6.3.8).
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    // No password is longer, and this says so before it matters whether the account is known.
    if password.len() > MAX_BYTES {
        return false;
    }
    if let Some(hash) = hash.filter(|hash| is_bcrypt(hash)) {
        return verify_bcrypt(password, hash);
    }
    let Some(parsed) = hash.and_then(|h| PasswordHash::new(h).ok()) else {
        let _ = Argon2::default().hash_password(password.as_bytes());
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok()
}

/// The hash to keep from now on, where the one that this password was just checked with is weaker
/// than ours. What an import brought may be shorter than we ask of new passwords.
pub fn upgraded_hash(password: &str, hash: &str) -> Result<Option<String>, PasswordError> {
    if is_at_floor(hash) {
        return Ok(None);
    }
    hashed(password).map(Some)
}

/// A hash of another system, ready to stand in a user: it is checked as it is and replaced by
/// argon2id at the first sign-in.
pub fn imported_hash(hash: &str) -> Result<String, PasswordError> {
    let parts: bcrypt::HashParts = hash.parse().map_err(|_| PasswordError::NotImportable)?;
    if is_bcrypt(hash) && BCRYPT_COSTS.contains(&parts.get_cost()) {
        return Ok(hash.to_owned());
    }
    Err(PasswordError::NotImportable)
}

fn hashed(password: &str) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Hash)
}

fn is_bcrypt(hash: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|v| hash.starts_with(v))
}

/// bcrypt ends its input at byte 72 and repeats it with a NUL between: what it would take for another
/// password is refused, after the same work, and its owner sets a new one by mail.
fn verify_bcrypt(password: &str, hash: &str) -> bool {
    let bytes = password.as_bytes();
    let has_twin = bytes.len() > BCRYPT_BYTES || bytes.contains(&0);
    let seen = &bytes[..bytes.len().min(BCRYPT_BYTES)];
    let verified = bcrypt::verify(seen, hash).unwrap_or(false);
    verified && !has_twin
}

fn is_at_floor(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    let number = |name: &str| parsed.params.get_decimal(name).unwrap_or_default();
    parsed.algorithm.as_str() == "argon2id"
        && number("m") >= FLOOR.0
        && number("t") >= FLOOR.1
        && number("p") >= FLOOR.2
}

#[cfg(test)]
mod tests {
    use outlay_testkit::proof::measured;

    use super::*;

    /// `correct horse battery`, as another system's bcrypt wrote it.
    fn imported(password: &str) -> String {
        imported_hash(&bcrypt::hash(password, 10).unwrap()).unwrap()
    }

    #[test]
    fn hashes_are_at_the_floor_and_over_every_byte() {
        let long = "p".repeat(72);
        let hash = hashed(&long).unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(is_at_floor(&hash));
        assert!(verify_password(&long, Some(&hash)));
        assert!(!verify_password(&format!("{long}x"), Some(&hash)));
        assert!(!verify_password("p\0", Some(&hash)));
        assert!(!verify_password(&"p".repeat(MAX_BYTES + 1), Some(&hash)));
    }

    /// Promise 17: what the eye takes for the same, and what other functions do, is told apart.
    #[test]
    fn a_password_has_no_twin() {
        let kept = "caf\u{e9} au lait, twice";
        let hash = hash_password(kept, &[]).unwrap();
        assert!(verify_password(kept, Some(&hash)));
        let twins = [
            "cafe\u{301} au lait, twice",
            "caf\u{e9} au lait, twice ",
            " caf\u{e9} au lait, twice",
            "Caf\u{e9} au lait, twice",
            "caf\u{e9} au lait, twice\0",
            "caf\u{e9} au lait, twice\0caf\u{e9} au lait, twice",
        ];
        for twin in twins {
            assert!(!verify_password(twin, Some(&hash)), "{twin:?}");
        }
        let longest = "\u{1f980}".repeat(1024);
        let hash = hashed(&longest).unwrap();
        assert!(verify_password(&longest, Some(&hash)));
        assert!(!verify_password(&"\u{1f980}".repeat(1023), Some(&hash)));
        measured(
            "17",
            "passwords are argon2id over every byte",
            "m>=19456, t>=2, p>=1; 0 twins",
            format!(
                "{}; 0 of {} twins, 1,024 characters of 4 bytes",
                hash.split('$')
                    .skip(1)
                    .step_by(2)
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" "),
                twins.len() + 1
            ),
        );
    }

    #[test]
    fn short_huge_and_guessable_are_refused_and_unknown_is_wrong() {
        let new = |password: &str| hash_password(password, &["ann.lee@example.com"]);
        assert_eq!(new("short"), Err(PasswordError::Length));
        assert_eq!(new(&"x".repeat(1025)), Err(PasswordError::Length));
        assert_eq!(new("ann.lee@example.com"), Err(PasswordError::Guessable));
        let varied: String = ('a'..='\u{2fff}')
            .filter(|c| c.is_alphabetic())
            .take(1024)
            .collect();
        assert!(new(&varied).is_ok_and(|hash| verify_password(&varied, Some(&hash))));
        assert!(!verify_password("whatever it is", None));
        assert!(!verify_password("whatever it is", Some("not a hash")));
    }

    #[test]
    fn an_imported_hash_is_checked_and_upgraded() {
        let hash = imported("old pass");
        assert!(verify_password("old pass", Some(&hash)));
        assert!(!verify_password("old pas", Some(&hash)));
        let new = upgraded_hash("old pass", &hash).unwrap().unwrap();
        assert!(is_at_floor(&new), "{new}");
        assert!(verify_password("old pass", Some(&new)));
        assert_eq!(upgraded_hash("old pass", &new).unwrap(), None);
        let weak =
            "$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A";
        assert!(upgraded_hash("x", weak).unwrap().is_some());
    }

    /// A hash that PHP wrote (`password_hash("rasmuslerdorf", PASSWORD_BCRYPT)`, from its manual).
    #[test]
    fn a_hash_of_another_system_is_understood() {
        let php = imported_hash("$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a");
        assert!(verify_password("rasmuslerdorf", php.ok().as_deref()));
    }

    #[test]
    fn bcrypt_makes_no_twins_either() {
        let full = "p".repeat(72);
        let hash = imported(&full);
        assert!(verify_password(&full, Some(&hash)));
        assert!(!verify_password(&format!("{full}x"), Some(&hash)));
        let short = imported("abc");
        assert!(!verify_password("abc\0abc", Some(&short)));
        assert!(!verify_password("abc\0", Some(&short)));
    }

    #[test]
    fn what_is_no_sound_bcrypt_is_not_imported() {
        let real = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
        assert!(imported_hash(real).is_ok());
        for bad in [
            "",
            "secret",
            "$2b$12$short",
            "$2x$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "$2b$04$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "$2b$31$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "5f4dcc3b5aa765d61d8327deb882cf99",
        ] {
            assert_eq!(imported_hash(bad), Err(PasswordError::NotImportable));
        }
    }
}
