//! What several routes do with passwords.

use outlay_core::UserId;
use outlay_http::Problem;
use outlay_identity::{PasswordError, hash_password};
use outlay_store::{EmailHash, StoreError, User, Writes};

/// The hash of a new password of somebody who is `about` this; what is wrong with it is said of this field.
pub(crate) fn hash(pointer: &str, password: &str, about: &[&str]) -> Result<String, Problem> {
    hash_password(password, about).map_err(|error| match error {
        PasswordError::Length | PasswordError::Guessable => {
            Problem::invalid(pointer, error.to_string())
        }
        other => Problem::internal(other),
    })
}

/// The person that an unknown address would be: its reads find nothing, its tries are counted.
pub(crate) fn nobody(address: &EmailHash) -> UserId {
    UserId::derive(&["nobody", address.as_str()])
}

/// Adds to a transaction: the person is still as was checked, password and standing, and from now on has this one.
pub(crate) fn replace(
    writes: Writes<()>,
    user: &User,
    hash: Option<&str>,
) -> Result<Writes<()>, StoreError> {
    let Some(hash) = hash else {
        return writes.check::<User>(&user.user_id, user.unchanged());
    };
    let user = User {
        password_hash: Some(hash.to_owned()),
        ..user.clone()
    };
    user.raise(writes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_an_unknown_address_are_one_nobody() {
        let nobody_of = |address| nobody(&EmailHash::of(address));
        assert_eq!(nobody_of("Ann@Example.com "), nobody_of("ann@example.com"));
        assert_ne!(nobody_of("ann@example.com"), nobody_of("bob@example.com"));
    }
}
