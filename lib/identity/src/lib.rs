//! Who is calling: tokens, passwords, roles and the tenant context.

mod addressed;
mod context;
mod modules;
mod oidc;
mod passwords;
mod permissions;
mod platform;
mod refresh;
mod seal;
mod secrets;
pub mod throttle;
mod tokens;

pub use addressed::{Addressed, AddressedSecret};
pub use context::{Caller, Principal, TenantContext};
pub use modules::{Module, landing_of, modules_of};
pub use oidc::{ExternalIdentity, ExternalIssuer, KeysError};
pub use passwords::{PasswordError, hash_password, imported_hash, upgraded_hash, verify_password};
pub use permissions::{
    Access, AccountRead, AccountWrite, AuditRead, CostsRead, Demand, MembersLeave, MembersRead,
    MembersWrite, PERMISSIONS, Permission, PlatformManage, PlatformPermission, PlatformRead,
    TenantDelete, TenantRead, TenantWrite, TokensRead, TokensWrite, UploadsRead, UploadsWrite,
    UsersRead, UsersWrite, may_govern, permissions_of, platform_permissions,
};
pub use platform::{PlatformCaller, PlatformContext};
pub use refresh::{RefreshClaims, RefreshKey};
pub use seal::{new_seal_key, seal, unseal};
pub use secrets::{AddressCode, ResetToken, secret_hash};
pub use tokens::{
    AccessToken, Jwk, KeyError, PlatformRole, PublicKeys, Seat, SeatRole, Signer, TokenError,
};
