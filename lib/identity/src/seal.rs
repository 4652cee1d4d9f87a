use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand,
};

/// A new key for [`seal`], hexadecimal; `None` where the system has no random numbers.
pub fn new_seal_key() -> Option<String> {
    let mut key = [0; 32];
    rand::fill(&mut key).ok()?;
    Some(hex::encode(key))
}

/// Seals bytes under a key (AES-256-GCM), bound to what they are about: a nonce, then what only the
/// key opens. `None` where the key is none.
pub fn seal(key: &str, about: &str, plain: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce).ok()?;
    let mut sealed = plain.to_vec();
    opened_key(key)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(about),
            &mut sealed,
        )
        .ok()?;
    Some([nonce.as_slice(), &sealed].concat())
}

/// What was sealed, where the key is the same and it is about the same.
pub fn unseal(key: &str, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut bytes = sealed.to_vec();
    let key = opened_key(key)?;
    let plain = key
        .open_in_place(nonce, Aad::from(about), &mut bytes)
        .ok()?;
    Some(plain.to_vec())
}

fn opened_key(key: &str) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, &hex::decode(key).ok()?).ok()?;
    Some(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_opens_and_only_in_its_place() {
        let (key, other) = (new_seal_key().unwrap(), new_seal_key().unwrap());
        let sealed = seal(&key, "audit/1", b"canary").unwrap();
        assert_eq!(unseal(&key, "audit/1", &sealed).unwrap(), b"canary");
        assert!(unseal(&other, "audit/1", &sealed).is_none());
        assert!(unseal(&key, "audit/2", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(unseal(&key, "audit/1", &changed).is_none(), "byte {at}");
        }
        assert_ne!(seal(&key, "audit/1", b"canary").unwrap(), sealed);
        assert!(seal("zz", "a", b"b").is_none() && unseal(&key, "a", b"").is_none());
    }
}
