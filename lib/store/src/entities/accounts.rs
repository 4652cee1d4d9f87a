use jiff::{SignedDuration, Timestamp};
use outlay_core::{FamilyId, TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::{Entity, Member, Role, Standing};
use crate::{Condition, EmailHash, Key, StoreError, Writes, keys};

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Who.
    pub user_id: UserId,
    /// As the person wrote it.
    pub email: String,
    /// As the person wrote it.
    pub name: String,
    /// PHC string of argon2id, or a bcrypt hash that was imported and waits for its first sign-in.
    /// `None` where the person signs in by an external issuer only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
    /// When the address was verified.
    pub created_at: Timestamp,
    /// Whether the person may act anywhere.
    #[serde(default)]
    pub standing: Standing,
    /// Raised by each change, joining a company included; a change demands the one it was decided on.
    #[serde(default)]
    pub revision: u64,
}

impl User {
    /// Adds to a transaction: the person is as was read, and this from now on. What else was decided on what was read
    /// does not happen any more.
    pub fn raise(&self, writes: Writes<()>) -> Result<Writes<()>, StoreError> {
        let raised = Self {
            revision: self.revision + 1,
            ..self.clone()
        };
        writes.put(&raised, self.unchanged())
    }

    /// As was read.
    pub fn unchanged(&self) -> Condition {
        Condition::number("revision", self.revision)
    }

    /// What the person's place in a company is made of: an item beside the person and one in the company.
    pub fn joins(&self, tenant: &TenantId, role: Role, at: Timestamp) -> (UserTenant, Member) {
        let membership = UserTenant {
            user_id: self.user_id.clone(),
            tenant_id: tenant.clone(),
            role,
        };
        let member = Member {
            user_id: self.user_id.clone(),
            role,
            standing: Standing::Active,
            name: self.name.clone(),
            email: self.email.clone(),
            joined_at: at,
            revision: 1,
        };
        (membership, member)
    }
}

impl Entity for User {
    const ENTITY: &'static str = "user";
    const PREFIX: &'static str = "USER";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::user(id)
    }
}

/// Companies that a person may belong to. Founding or joining one counts them under the revision of the [`User`].
pub const MOST_COMPANIES: usize = 50;

/// A tenant that a person belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserTenant {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

impl UserTenant {
    /// What all of a person's companies are found by.
    pub fn any_of(user: &UserId) -> (UserId, TenantId) {
        (user.clone(), TenantId::derive(&[]))
    }
}

impl Entity for UserTenant {
    const ENTITY: &'static str = "userTenant";
    const PREFIX: &'static str = "TENANT#";
    type Owner = ();
    type Id = (UserId, TenantId);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.tenant_id.clone())
    }
    fn key((): &(), (user, tenant): &Self::Id) -> Key {
        keys::user_tenant(user, tenant)
    }
}

/// A family of refresh tokens. Token n is derived from the family and n; only n is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whose.
    pub user_id: UserId,
    /// Which sign-in.
    pub family_id: FamilyId,
    /// The tenant it works in; none where a global owner works on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// Number of the token that is good now.
    pub generation: u64,
    /// When that number was reached: the one before stays good for a few seconds.
    pub rotated_at: Timestamp,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the family ends, whatever happens.
    pub expires_at: Timestamp,
    /// What the browser calls itself, so that a person knows one sign-in from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The network address of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Session {
    /// What all of a person's sign-ins are found by.
    pub fn any_of(user: &UserId) -> (UserId, FamilyId) {
        (user.clone(), FamilyId::derive(&[]))
    }
}

impl Entity for Session {
    const ENTITY: &'static str = "session";
    const PREFIX: &'static str = "SESSION#";
    type Owner = ();
    type Id = (UserId, FamilyId);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.family_id.clone())
    }
    fn key((): &(), (user, family): &Self::Id) -> Key {
        keys::session(user, family)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// What is counted against a person or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Passwords tried at sign-in.
    SignIn,
    /// Current passwords tried by somebody who is signed in.
    PasswordChange,
    /// Mails with a code for a registration.
    RegistrationMail,
    /// Mails with a way to a new password.
    ResetMail,
    /// Mails that tell of a session that was copied.
    ReplayMail,
    /// Companies founded by somebody who is signed in.
    Founding,
}

impl Counted {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::PasswordChange => "password-change",
            Self::RegistrationMail => "registration-mail",
            Self::ResetMail => "reset-mail",
            Self::ReplayMail => "replay-mail",
            Self::Founding => "founding",
        }
    }
}

/// How often something was done in the current window.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttle {
    /// Whose.
    pub user_id: UserId,
    /// What.
    pub counted: Counted,
    /// Times in this window.
    pub tries: u64,
    /// When the window ends and the count begins anew.
    pub window_ends: Timestamp,
}

impl Entity for Throttle {
    const ENTITY: &'static str = "throttle";
    const PREFIX: &'static str = "THROTTLE#";
    type Owner = ();
    type Id = (UserId, Counted);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.counted)
    }
    fn key((): &(), (user, counted): &Self::Id) -> Key {
        keys::throttle(user, counted.word())
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.window_ends)
    }
}

/// A mailed way to a new password. Several may live: one that somebody else asked for takes none away.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordReset {
    /// Whose password.
    pub user_id: UserId,
    /// SHA-256 of the mailed secret, hexadecimal.
    pub secret_hash: String,
    /// When it dies.
    pub expires_at: Timestamp,
}

impl Entity for PasswordReset {
    const ENTITY: &'static str = "passwordReset";
    const PREFIX: &'static str = "RESET#";
    type Owner = ();
    type Id = (UserId, String);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.secret_hash.clone())
    }
    fn key((): &(), (user, secret_hash): &Self::Id) -> Key {
        keys::password_reset(user, secret_hash)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// Who owns an address; created once, so that one address is one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailGuard {
    /// Hash of the address.
    pub email_hash: String,
    /// Its owner.
    pub user_id: UserId,
}

impl EmailGuard {
    /// The person owns the address of the account.
    pub fn of(user: &User) -> Self {
        Self {
            email_hash: EmailHash::of(&user.email).as_str().to_owned(),
            user_id: user.user_id.clone(),
        }
    }
}

impl Entity for EmailGuard {
    const ENTITY: &'static str = "emailGuard";
    const PREFIX: &'static str = "GUARD";
    type Owner = ();
    type Id = EmailHash;
    fn id(&self) -> EmailHash {
        EmailHash::from_stored(&self.email_hash)
    }
    fn key((): &(), id: &EmailHash) -> Key {
        keys::email_guard(id)
    }
}

/// A registration that waits for a mailed code. Nothing exists before the code is given. Registrations of one address
/// stand side by side, each known to the browser that made it: none is in another's way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingRegistration {
    /// Hash of the address.
    pub email_hash: String,
    /// The person this will be.
    pub user_id: UserId,
    /// The tenant this will found.
    pub tenant_id: TenantId,
    /// As the person wrote it.
    pub email: String,
    /// As the person wrote it.
    pub name: String,
    /// Name of the company.
    pub company: String,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// When it waits no longer: [`REGISTRATION_WAITS`] after it was made.
    pub expires_at: Timestamp,
}

/// How long a registration waits for a code.
pub const REGISTRATION_WAITS: SignedDuration = SignedDuration::from_hours(24);

impl Entity for PendingRegistration {
    const ENTITY: &'static str = "pendingRegistration";
    const PREFIX: &'static str = "VERIFY#";
    type Owner = ();
    type Id = (EmailHash, UserId);
    fn id(&self) -> Self::Id {
        (
            EmailHash::from_stored(&self.email_hash),
            self.user_id.clone(),
        )
    }
    fn key((): &(), (email, user): &Self::Id) -> Key {
        keys::pending_registration(email, user)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// A code that was mailed to an address. Whoever gives it has read that mailbox, and founds what was registered in the
/// same browser. Several may live: one that somebody else asked for takes none away.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailedCode {
    /// Hash of the address.
    pub email_hash: String,
    /// The address as it was written to.
    pub email: String,
    /// SHA-256 of that hash and the code, hexadecimal.
    pub code_hash: String,
    /// When it dies.
    pub expires_at: Timestamp,
}

impl Entity for MailedCode {
    const ENTITY: &'static str = "mailedCode";
    const PREFIX: &'static str = "CODE#";
    type Owner = ();
    type Id = (EmailHash, String);
    fn id(&self) -> Self::Id {
        (
            EmailHash::from_stored(&self.email_hash),
            self.code_hash.clone(),
        )
    }
    fn key((): &(), (email, code_hash): &Self::Id) -> Key {
        keys::mailed_code(email, code_hash)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
