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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_eight_digits_and_bound_to_their_person() {
        let code = new_code().unwrap();
        assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()));
        let (a, b) = (UserId::derive(&["a"]), UserId::derive(&["b"]));
        assert_ne!(code_hash(&a, &code), code_hash(&b, &code));
    }
}
