//! Who is calling: tokens, passwords, roles and the tenant context.

mod context;
mod passwords;
mod permissions;
mod refresh;
mod secrets;
mod tokens;

pub use context::{Caller, TenantContext};
pub use passwords::{PasswordError, hash_password, verify_password};
pub use permissions::{
    AccountRead, CostsRead, Permission, UploadsRead, UploadsWrite, permissions_of,
};
pub use refresh::{RefreshClaims, RefreshKey};
pub use secrets::{code_hash, new_code};
pub use tokens::{AccessToken, Jwk, KeyError, PublicKeys, Signer, TokenError};
