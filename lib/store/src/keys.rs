//! Every key of the table is built here and nowhere else (DESIGN section 6).
//!
//! Segments are ids, billing periods, hashes or fixed words: none can hold a `#`.

use std::fmt;

use jiff::Timestamp;
use outlay_core::{
    AuditId, BillingPeriod, FamilyId, IdentityId, InquiryId, InviteId, OffboardingId, SourceId,
    TenantId, TokenId, UploadId, UserId, VersionId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::AuditLog;

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Partition: what the guarded policies look at.
    pub pk: String,
    /// Place within the partition.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// SHA-256 of a trimmed, NFC, lower-case address: what stands in keys instead of the address.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailHash(String);

impl EmailHash {
    /// The hash of this address; spelling variants of case and Unicode form agree.
    pub fn of(address: &str) -> Self {
        let canonical: String = address.trim().nfc().collect::<String>().to_lowercase();
        Self(hex::encode(Sha256::digest(canonical.as_bytes())))
    }

    /// The hash that this text is, if it has the form of one.
    pub fn parse(hash: &str) -> Option<Self> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (hash.len() == 64 && hash.bytes().all(is_hex)).then(|| Self(hash.to_owned()))
    }

    pub(crate) fn from_stored(hash: &str) -> Self {
        Self(hash.to_owned())
    }

    /// Lower-case hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailHash({}...)", &self.0[..8])
    }
}

/// SHA-256 of an external issuer, and of a subject of it: what stands in keys instead of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectHash(String);

impl SubjectHash {
    /// The hashes of a subject of an issuer, both exactly as the issuer spells them.
    pub fn of(issuer: &str, subject: &str) -> Self {
        let hash = |text: &str| hex::encode(Sha256::digest(text.as_bytes()));
        Self(format!("{}#{}", hash(issuer), hash(subject)))
    }

    /// What names the identity to its person.
    pub fn identity_id(&self) -> IdentityId {
        IdentityId::derive(&[&self.0])
    }
}

/// The partition of a tenant's own items.
pub fn tenant_partition(tenant: &TenantId) -> String {
    format!("TENANT#{tenant}")
}

/// The tenant itself.
pub fn tenant(tenant: &TenantId) -> Key {
    Key::new(tenant_partition(tenant), "TENANT")
}

/// A person's membership in a tenant, seen from the tenant.
pub fn member(tenant: &TenantId, user: &UserId) -> Key {
    Key::new(tenant_partition(tenant), format!("MEMBER#{user}"))
}

/// An invitation into a tenant.
pub fn invite(tenant: &TenantId, invite: &InviteId) -> Key {
    Key::new(tenant_partition(tenant), format!("INVITE#{invite}"))
}

/// An API token of a tenant.
pub fn token(tenant: &TenantId, token: &TokenId) -> Key {
    Key::new(tenant_partition(tenant), format!("TOKEN#{token}"))
}

/// When an API token was used last. A partition of its own, because functions that may change
/// nothing else may note it.
pub fn token_use(tenant: &TenantId, token: &TokenId) -> Key {
    Key::new(
        format!("{}#USE", tenant_partition(tenant)),
        format!("TOKEN#{token}"),
    )
}

/// When a person signed in last, in a tenant.
pub fn sign_in(tenant: &TenantId, user: &UserId) -> Key {
    Key::new(
        format!("{}#USE", tenant_partition(tenant)),
        format!("USER#{user}"),
    )
}

/// A source of bills.
pub fn source(tenant: &TenantId, source: &SourceId) -> Key {
    Key::new(tenant_partition(tenant), format!("SOURCE#{source}"))
}

/// One delivery of bill files.
pub fn upload(tenant: &TenantId, upload: &UploadId) -> Key {
    Key::new(tenant_partition(tenant), format!("UPLOAD#{upload}"))
}

/// One file of a delivery and the lease on reading it.
pub fn part(tenant: &TenantId, upload: &UploadId, part: u32) -> Key {
    Key::new(
        format!("{}#UPLOAD#{upload}", tenant_partition(tenant)),
        format!("PART#{part:05}"),
    )
}

/// The pointer to the version that readers see.
pub fn active(tenant: &TenantId, source: &SourceId, period: BillingPeriod) -> Key {
    Key::new(
        tenant_partition(tenant),
        format!("ACTIVE#{source}#{period}"),
    )
}

/// A version in the history of its period.
pub fn version(
    tenant: &TenantId,
    source: &SourceId,
    period: BillingPeriod,
    version: &VersionId,
) -> Key {
    Key::new(
        tenant_partition(tenant),
        format!("VERSION#{source}#{period}#{version}"),
    )
}

/// A person.
pub fn user(user: &UserId) -> Key {
    Key::new(user_partition(user), "USER")
}

/// A person's membership in a tenant, seen from the person.
pub fn user_tenant(user: &UserId, tenant: &TenantId) -> Key {
    Key::new(user_partition(user), format!("TENANT#{tenant}"))
}

/// That a person operates the platform, seen from the person.
pub fn user_platform(user: &UserId) -> Key {
    Key::new(user_partition(user), "PLATFORM")
}

/// A family of refresh tokens: one sign-in on one device.
pub fn session(user: &UserId, family: &FamilyId) -> Key {
    Key::new(user_partition(user), format!("SESSION#{family}"))
}

/// How often a person did something lately.
pub fn throttle(user: &UserId, counted: &str) -> Key {
    Key::new(user_partition(user), format!("THROTTLE#{counted}"))
}

/// A mailed way to a new password.
pub fn password_reset(user: &UserId, secret_hash: &str) -> Key {
    Key::new(user_partition(user), format!("RESET#{secret_hash}"))
}

/// An external identity, seen from its person.
pub fn user_identity(user: &UserId, subject: &SubjectHash) -> Key {
    Key::new(user_partition(user), format!("IDP#{}", subject.0))
}

/// Whom an external identity is here.
pub fn identity_guard(subject: &SubjectHash) -> Key {
    Key::new(format!("IDP#{}", subject.0), "GUARD")
}

/// An external token that was exchanged.
pub fn spent_token(subject: &SubjectHash, nonce: &str) -> Key {
    Key::new(format!("IDP#{}", subject.0), format!("SPENT#{nonce}"))
}

/// Who owns an address.
pub fn email_guard(email: &EmailHash) -> Key {
    Key::new(format!("EMAIL#{}", email.as_str()), "GUARD")
}

/// A registration that waits for a mailed code. Registrations of one address stand side by side.
pub fn pending_registration(email: &EmailHash, user: &UserId) -> Key {
    Key::new(
        format!("EMAIL#{}", email.as_str()),
        format!("VERIFY#{user}"),
    )
}

/// A code that was mailed to an address.
pub fn mailed_code(email: &EmailHash, code_hash: &str) -> Key {
    Key::new(
        format!("EMAIL#{}", email.as_str()),
        format!("CODE#{code_hash}"),
    )
}

/// A month of an audit log. Nothing in it is ever changed (docs/adr/0016).
pub fn audit_partition(log: &AuditLog, month: BillingPeriod) -> String {
    format!("AUDIT#{log}#{month}")
}

/// An entry of an audit log, in the month it was made.
pub fn audit(log: &AuditLog, at: Timestamp, entry: &AuditId) -> Key {
    let (month, at) = (at.strftime("%Y-%m"), sortable(at));
    Key::new(format!("AUDIT#{log}#{month}"), format!("{at}#{entry}"))
}

/// RFC 3339 in UTC, always 27 characters: text that sorts as time does.
pub fn sortable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// What is left of a company's requests in a minute. A partition of its own, because functions that
/// may change nothing else may take from it.
pub fn tenant_rate(tenant: &TenantId, minute: Timestamp) -> Key {
    Key::new(rate_partition(tenant), format!("TENANT#{}", window(minute)))
}

/// How often a company may ask, where it differs. Not beside the counts: who may count may not change this.
pub fn request_limits(tenant: &TenantId) -> Key {
    Key::new(tenant_partition(tenant), "LIMITS")
}

/// What is left of a member's requests in a minute.
pub fn user_rate(tenant: &TenantId, user: &UserId, minute: Timestamp) -> Key {
    Key::new(
        rate_partition(tenant),
        format!("USER#{user}#{}", window(minute)),
    )
}

/// What is left of the mails that a company may have sent to an address, or to all, within an hour.
pub fn mail_rate(tenant: &TenantId, to: Option<&EmailHash>, hour: Timestamp) -> Key {
    let to = to.map_or("ALL", EmailHash::as_str);
    Key::new(
        rate_partition(tenant),
        format!("MAIL#{to}#{}", window(hour)),
    )
}

/// What is left of an address's requests in a minute. Keys hold a hash instead of the address.
pub fn address_rate(address: &str, minute: Timestamp) -> Key {
    let hash = hex::encode(Sha256::digest(address.as_bytes()));
    Key::new(format!("RATE#{hash}#{}", window(minute)), "RATE")
}

/// What follows a company's id in its partitions that are not named after an item.
pub const SIDE_PARTITIONS: [&str; 3] = ["RATE", "USE", "IDEM"];

/// Where the counts of a company stand.
pub fn rate_partition(tenant: &TenantId) -> String {
    format!("{}#RATE", tenant_partition(tenant))
}

fn window(minute: Timestamp) -> String {
    minute.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

/// A global owner to be, who has not followed the one-time link yet.
pub fn pending_owner(email: &EmailHash) -> Key {
    Key::new(format!("EMAIL#{}", email.as_str()), "OWNER")
}

/// That there is a global owner.
pub fn first_owner() -> Key {
    Key::new("SYSTEM", "FIRSTOWNER")
}

/// That a person operates the platform, seen from the platform.
pub fn global_owner(user: &UserId) -> Key {
    Key::new("SYSTEM", format!("OWNER#{user}"))
}

/// A company, for work across all of them.
pub fn directory_tenant(tenant: &TenantId) -> Key {
    Key::new("DIR#TENANTS", tenant.as_str())
}

/// A person, for work across all of them.
pub fn directory_user(user: &UserId) -> Key {
    Key::new("DIR#USERS", user.as_str())
}

/// The end of a company that is under way.
pub fn directory_offboarding(id: &OffboardingId) -> Key {
    Key::new("DIR#OFFBOARDINGS", id.as_str())
}

/// A person of whom something is left.
pub fn directory_erasure(user: &UserId) -> Key {
    Key::new("DIR#ERASURES", user.as_str())
}

/// The key that a company's or a person's copied audit entries are sealed with.
pub fn audit_key(log: &AuditLog) -> Key {
    let partition = match log {
        AuditLog::Tenant(tenant) => tenant_partition(tenant),
        AuditLog::Person(user) => user_partition(user),
        AuditLog::Platform => "SYSTEM".to_owned(),
    };
    Key::new(partition, "AUDITKEY")
}

/// The end of a company, and what is told of it afterwards.
pub fn offboarding(id: &OffboardingId) -> Key {
    Key::new(format!("OFFBOARDING#{id}"), "RECEIPT")
}

/// That what is left of a person is to be removed.
pub fn erasure(user: &UserId) -> Key {
    Key::new(user_partition(user), "ERASURE")
}

/// A message from the public pages, in the month it came.
pub fn inquiry(month: BillingPeriod, inquiry: &InquiryId) -> Key {
    Key::new(format!("INQUIRY#{month}"), inquiry.as_str())
}

/// When a worker last told that it lives.
pub fn heartbeat(worker: &str) -> Key {
    sign_of_life("WORKER", worker)
}

/// The last run of a schedule.
pub fn schedule_run(schedule: &str) -> Key {
    sign_of_life("SCHEDULE", schedule)
}

/// What the monitor last saw of a service.
pub fn service_state(service: &str) -> Key {
    sign_of_life("SERVICE", service)
}

/// A time during which a service was down, in the month in which it began or went on.
pub fn downtime(month: BillingPeriod, began: Timestamp, service: &str) -> Key {
    let began = sortable(began);
    Key::new(
        format!("DOWNTIME#{month}"),
        format!("DOWN#{began}#{}", word(service)),
    )
}

/// What the monitor writes for those to see who follow the table. It stands by itself, so that they can tell it.
pub fn canary() -> Key {
    Key::new("HEARTBEAT#CANARY", "CANARY")
}

/// What global owners set for the whole platform.
pub fn platform_config() -> Key {
    Key::new("SYSTEM", "CONFIG")
}

/// Workers may write here and nowhere else of the platform's.
fn sign_of_life(kind: &str, name: &str) -> Key {
    Key::new("HEARTBEAT#PLATFORM", format!("{kind}#{}", word(name)))
}

fn word(name: &str) -> String {
    name.replace('#', "-")
}

/// The partition of a person's items.
pub fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id<T: std::str::FromStr>(prefix: &str) -> T
    where
        T::Err: fmt::Debug,
    {
        format!("{prefix}_00000000000000000000000001")
            .parse()
            .unwrap()
    }

    fn listing(keys: &[Key]) -> String {
        let lines: Vec<String> = keys
            .iter()
            .map(|k| format!("{} | {}", k.pk, k.sk).replace("_00000000000000000000000001", "_1"))
            .collect();
        lines.join("\n")
    }

    #[test]
    fn every_key_of_a_count() {
        let (t, email, at) = (id("ten"), EmailHash::of("a@b.c"), Timestamp::UNIX_EPOCH);
        let keys = [
            tenant_rate(&t, at),
            user_rate(&t, &id("usr"), at),
            mail_rate(&t, Some(&email), at),
            mail_rate(&t, None, at),
            address_rate("192.0.2.1", at),
        ];
        insta::assert_snapshot!(listing(&keys), @"
        TENANT#ten_1#RATE | TENANT#1970-01-01T00:00Z
        TENANT#ten_1#RATE | USER#usr_1#1970-01-01T00:00Z
        TENANT#ten_1#RATE | MAIL#d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a#1970-01-01T00:00Z
        TENANT#ten_1#RATE | MAIL#ALL#1970-01-01T00:00Z
        RATE#37fcff24bf62035b2b08020afc08b4fecd4fcffce57ab23518e3561ff0fe76b9#1970-01-01T00:00Z | RATE
        ");
    }

    #[test]
    fn every_key_of_the_table() {
        let (t, u, upload_id) = (id("ten"), id("usr"), id("upl"));
        let (s, v) = (id("src"), id("ver"));
        let period = "2026-11".parse().unwrap();
        let email = EmailHash::of("a@b.c");
        let at = Timestamp::UNIX_EPOCH;
        let subject = SubjectHash("is12#5b12".to_owned());
        let keys = [
            tenant(&t),
            member(&t, &u),
            invite(&t, &id("inv")),
            token(&t, &id("tok")),
            token_use(&t, &id("tok")),
            sign_in(&t, &u),
            source(&t, &s),
            upload(&t, &upload_id),
            part(&t, &upload_id, 1),
            active(&t, &s, period),
            version(&t, &s, period, &v),
            user(&u),
            user_tenant(&u, &t),
            user_platform(&u),
            session(&u, &id("fam")),
            throttle(&u, "sign-in"),
            password_reset(&u, "ab12"),
            user_identity(&u, &subject),
            identity_guard(&subject),
            spent_token(&subject, "ab12"),
            email_guard(&email),
            pending_registration(&email, &u),
            mailed_code(&email, "ab12"),
            audit(&AuditLog::Tenant(t.clone()), at, &id("aud")),
            audit(&AuditLog::Person(u.clone()), at, &id("aud")),
            audit(&AuditLog::Platform, at, &id("aud")),
            audit_key(&AuditLog::Tenant(t.clone())),
            audit_key(&AuditLog::Person(u.clone())),
            request_limits(&t),
            directory_tenant(&t),
            directory_user(&u),
            directory_offboarding(&id("off")),
            directory_erasure(&u),
            offboarding(&id("off")),
            erasure(&u),
            pending_owner(&email),
            global_owner(&u),
            first_owner(),
            inquiry(period, &id("inq")),
            heartbeat("sweep"),
            schedule_run("sweep"),
            service_state("sweep"),
            downtime(period, at, "sweep"),
            canary(),
            platform_config(),
        ];
        insta::assert_snapshot!(listing(&keys), @"
        TENANT#ten_1 | TENANT
        TENANT#ten_1 | MEMBER#usr_1
        TENANT#ten_1 | INVITE#inv_1
        TENANT#ten_1 | TOKEN#tok_1
        TENANT#ten_1#USE | TOKEN#tok_1
        TENANT#ten_1#USE | USER#usr_1
        TENANT#ten_1 | SOURCE#src_1
        TENANT#ten_1 | UPLOAD#upl_1
        TENANT#ten_1#UPLOAD#upl_1 | PART#00001
        TENANT#ten_1 | ACTIVE#src_1#2026-11
        TENANT#ten_1 | VERSION#src_1#2026-11#ver_1
        USER#usr_1 | USER
        USER#usr_1 | TENANT#ten_1
        USER#usr_1 | PLATFORM
        USER#usr_1 | SESSION#fam_1
        USER#usr_1 | THROTTLE#sign-in
        USER#usr_1 | RESET#ab12
        USER#usr_1 | IDP#is12#5b12
        IDP#is12#5b12 | GUARD
        IDP#is12#5b12 | SPENT#ab12
        EMAIL#d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a | GUARD
        EMAIL#d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a | VERIFY#usr_1
        EMAIL#d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a | CODE#ab12
        AUDIT#ten_1#1970-01 | 1970-01-01T00:00:00.000000Z#aud_1
        AUDIT#usr_1#1970-01 | 1970-01-01T00:00:00.000000Z#aud_1
        AUDIT#PLATFORM#1970-01 | 1970-01-01T00:00:00.000000Z#aud_1
        TENANT#ten_1 | AUDITKEY
        USER#usr_1 | AUDITKEY
        TENANT#ten_1 | LIMITS
        DIR#TENANTS | ten_1
        DIR#USERS | usr_1
        DIR#OFFBOARDINGS | off_1
        DIR#ERASURES | usr_1
        OFFBOARDING#off_1 | RECEIPT
        USER#usr_1 | ERASURE
        EMAIL#d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a | OWNER
        SYSTEM | OWNER#usr_1
        SYSTEM | FIRSTOWNER
        INQUIRY#2026-11 | inq_1
        HEARTBEAT#PLATFORM | WORKER#sweep
        HEARTBEAT#PLATFORM | SCHEDULE#sweep
        HEARTBEAT#PLATFORM | SERVICE#sweep
        DOWNTIME#2026-11 | DOWN#1970-01-01T00:00:00.000000Z#sweep
        HEARTBEAT#CANARY | CANARY
        SYSTEM | CONFIG
        ");
    }

    #[test]
    fn one_address_has_one_hash() {
        let canonical = EmailHash::of("jos\u{e9}@example.com");
        assert_eq!(EmailHash::of(" JOS\u{c9}@Example.COM "), canonical);
        assert_eq!(EmailHash::of("jose\u{301}@example.com"), canonical);
        assert_ne!(EmailHash::of("jose@example.com"), canonical);
    }

    proptest! {
        /// Whatever the ids, a tenant's keys stay in the tenant's partitions.
        #[test]
        fn tenant_keys_never_leave_the_tenant(parts in proptest::collection::vec("\\PC{0,20}", 1..4), number: u32) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let t = TenantId::derive(&parts);
            let own = format!("TENANT#{t}");
            let period = "2026-11".parse().unwrap();
            for key in [
                member(&t, &UserId::derive(&parts)),
                invite(&t, &InviteId::derive(&parts)),
                token(&t, &TokenId::derive(&parts)),
                token_use(&t, &TokenId::derive(&parts)),
                sign_in(&t, &UserId::derive(&parts)),
                upload(&t, &UploadId::derive(&parts)),
                part(&t, &UploadId::derive(&parts), number),
                active(&t, &SourceId::derive(&parts), period),
                version(&t, &SourceId::derive(&parts), period, &VersionId::derive(&parts)),
            ] {
                let inside = key.pk == own || key.pk.starts_with(&format!("{own}#"));
                prop_assert!(inside);
            }
        }
    }
}
