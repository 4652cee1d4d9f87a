use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// Why a password cannot be used or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short to resist guessing, or absurdly long (ASVS 6.2.1, 6.2.9).
    #[error("must have 12 to 1024 characters")]
    Length,
    /// The hash function refused.
    #[error("the password could not be hashed")]
    Hash,
}

/// 1024 characters of UTF-8, four bytes each at most.
const MAX_BYTES: usize = 4096;

/// argon2id with 19 MiB, t = 2, p = 1 (OWASP's floor), over exactly the bytes given, as a PHC string.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    if !(12..=1024).contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Hash)
}

/// Whether this is the password. Without a hash the work is done all the same, so that an unknown
/// account takes as long as a known one (ASVS 6.3.8).
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    // No password is longer, and this says so before it matters whether the account is known.
    if password.len() > MAX_BYTES {
        return false;
    }
    let Some(parsed) = hash.and_then(|h| PasswordHash::new(h).ok()) else {
        let _ = Argon2::default().hash_password(password.as_bytes());
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_at_the_floor_and_over_every_byte() {
        let long = "p".repeat(72);
        let hash = hash_password(&long).unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(verify_password(&long, Some(&hash)));
        assert!(!verify_password(&format!("{long}x"), Some(&hash)));
        assert!(!verify_password("p\0", Some(&hash)));
        assert!(!verify_password(&"p".repeat(MAX_BYTES + 1), Some(&hash)));
    }

    #[test]
    fn short_and_huge_are_refused_and_unknown_is_wrong() {
        assert_eq!(hash_password("short"), Err(PasswordError::Length));
        assert_eq!(hash_password(&"x".repeat(1025)), Err(PasswordError::Length));
        assert!(!verify_password("whatever it is", None));
        assert!(!verify_password("whatever it is", Some("not a hash")));
    }
}
