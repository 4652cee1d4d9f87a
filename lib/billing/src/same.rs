//! Equality of cells.

/// Equality that mostly needs no call: most cells are short, or differ where they begin or end.
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if a.len() < 4 {
        return a.iter().zip(b).all(|(a, b)| a == b);
    }
    if a.len() < 8 {
        return ends::<4>(a) == ends::<4>(b);
    }
    ends::<8>(a) == ends::<8>(b) && (a.len() <= 16 || a == b)
}

fn ends<const N: usize>(bytes: &[u8]) -> Option<([u8; N], [u8; N])> {
    Some((*bytes.first_chunk()?, *bytes.last_chunk()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_equality(a in "[ab]{0,40}", at in 0..40_usize) {
            prop_assert!(is_same(a.as_bytes(), a.clone().as_bytes()));
            let mut other = a.clone().into_bytes();
            if let Some(byte) = other.get_mut(at) {
                *byte = b'c';
                prop_assert!(!is_same(a.as_bytes(), &other));
            }
            other.push(b'a');
            prop_assert!(!is_same(a.as_bytes(), &other));
        }
    }
}
