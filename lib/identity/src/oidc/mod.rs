//! Who somebody is at an external issuer (OpenID Connect). Its tokens are good for one thing: to be
//! exchanged for ours.

mod fetch;
#[cfg(test)]
mod hostile;
mod key_set;
mod keys;
#[cfg(test)]
mod tests;
mod token;

pub use keys::KeysError;
pub use token::{ExternalIdentity, ExternalIssuer};
