//! Copies of the audit, where nobody can rewrite them: not us, not who has our keys.
//!
//! A company's or a person's copies are sealed with a key of its own, which goes when it goes: the
//! archive keeps the bytes until their time is over, and nobody can read them (docs/adr/0016).

use base64::{Engine, engine::general_purpose::STANDARD};
use outlay_identity::{new_seal_key, seal};
use outlay_runtime::{App, MessageError, Work};
use outlay_store::{
    AuditKey, AuditLog, Change, Condition, RegistryTable, StoreError, Tenant, User,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Follows the entries of the audit.
pub fn handler(app: &'static App, change: Change) -> Work {
    Box::pin(async move { copy(app, &change).await })
}

/// The key could not be made or used.
#[derive(Debug, thiserror::Error)]
#[error("an entry of the audit could not be sealed")]
struct NotSealed;

async fn copy(app: &App, change: &Change) -> Result<(), MessageError> {
    let Some(log) = log_of(change.pk()) else {
        return Ok(());
    };
    // An entry that is removed stays copied; one that is written over is copied again, beside it.
    let Some(entry) = change.new_image::<Value>()? else {
        return Ok(());
    };
    let key = object_key(&log, change);
    let body = match &log {
        AuditLog::Platform => json!({"log": log, "entry": entry}),
        _ => match key_of(app, &log).await? {
            Some(secret) => sealed(&log, &secret, &key, &entry)?,
            None => digest(&log, &entry),
        },
    };
    let archive = app.archive().await?;
    Ok(archive.add(&key, serde_json::to_vec(&body)?).await?)
}

fn log_of(pk: &str) -> Option<AuditLog> {
    let (log, _month) = pk.strip_prefix("AUDIT#")?.rsplit_once('#')?;
    AuditLog::try_from(log.to_owned()).ok()
}

/// `audit/<log>/<time>-<id>/<change>.json`: each change of an entry has a place of its own.
fn object_key(log: &AuditLog, change: &Change) -> String {
    let entry = change.sk().replace('#', "-");
    format!("audit/{log}/{entry}/{}.json", change.sequence_number())
}

/// Bound to its place: copies cannot be exchanged for one another.
fn sealed(log: &AuditLog, secret: &str, key: &str, entry: &Value) -> Result<Value, MessageError> {
    let plain = serde_json::to_vec(entry)?;
    let sealed = seal(secret, key, &plain).ok_or(NotSealed)?;
    Ok(json!({"log": log, "sealed": STANDARD.encode(sealed)}))
}

/// What is kept of an entry whose company or person is gone before it was copied.
fn digest(log: &AuditLog, entry: &Value) -> Value {
    let hash = Sha256::digest(entry.to_string().as_bytes());
    json!({"log": log, "auditId": entry["auditId"], "at": entry["at"], "action": entry["action"],
        "sha256": hex::encode(hash)})
}

/// The key of a log, made when it is first needed; `None` where its owner is gone.
async fn key_of(app: &App, log: &AuditLog) -> Result<Option<String>, MessageError> {
    let seals = match log {
        AuditLog::Tenant(tenant) => app.seals(Some(tenant), None).await?,
        AuditLog::Person(user) => app.seals(None, Some(user)).await?,
        AuditLog::Platform => return Ok(None),
    };
    if let Some(found) = seals.get::<AuditKey>(log).await? {
        return Ok(Some(found.key));
    }
    let made = AuditKey {
        log: log.clone(),
        key: new_seal_key().ok_or(NotSealed)?,
    };
    match create(&seals, &made).await {
        Ok(()) => Ok(Some(made.key)),
        // Another container made one, or the owner is gone: only the first leaves a key.
        Err(StoreError::Conflict) => {
            let found = seals.get::<AuditKey>(log).await?;
            Ok(found.map(|found| found.key))
        }
        Err(error) => Err(error.into()),
    }
}

/// Only beside an owner who is there: nothing may grow where a company was removed.
async fn create(seals: &RegistryTable, key: &AuditKey) -> Result<(), StoreError> {
    let writes = seals.writes().create(key)?;
    let writes = match &key.log {
        AuditLog::Tenant(tenant) => {
            let there = seals.tenant(tenant).writes();
            writes.with(there.check::<Tenant>(&(), Condition::Any)?)
        }
        AuditLog::Person(user) => writes.check::<User>(user, Condition::Any)?,
        AuditLog::Platform => writes,
    };
    writes.commit().await
}

#[cfg(test)]
mod tests {
    use outlay_core::TenantId;
    use outlay_identity::unseal;

    use super::*;

    fn change() -> Change {
        let event = include_str!("../../../events/platform-audit-copy.entry.json");
        let event: Value = serde_json::from_str(event).unwrap();
        serde_json::from_value(event["Records"][0].clone()).unwrap()
    }

    #[test]
    fn a_copy_is_opened_by_its_own_key_in_its_own_place() {
        let (change, secret) = (change(), new_seal_key().unwrap());
        let log = log_of(change.pk()).unwrap();
        let key = object_key(&log, &change);
        assert!(key.starts_with(&format!("audit/{log}/2026-11-")), "{key}");
        let entry = change.new_image::<Value>().unwrap().unwrap();
        let body = sealed(&log, &secret, &key, &entry).unwrap();
        assert!(!body.to_string().contains("uploads.delete"));
        let bytes = STANDARD.decode(body["sealed"].as_str().unwrap()).unwrap();
        let opened = unseal(&secret, &key, &bytes).unwrap();
        let opened: Value = serde_json::from_slice(&opened).unwrap();
        assert_eq!(opened["action"], "uploads.delete");
        assert!(unseal(&secret, "audit/elsewhere", &bytes).is_none());
    }

    #[test]
    fn what_is_left_of_an_orphan_is_ids_alone() {
        let entry = change().new_image::<Value>().unwrap().unwrap();
        let log = AuditLog::Tenant(TenantId::derive(&["t"]));
        let left = digest(&log, &entry);
        assert_eq!(left["action"], "uploads.delete");
        assert!(left["before"].is_null() && !left.to_string().contains("november"));
    }

    #[test]
    fn only_the_audit_is_copied() {
        for (pk, is_log) in [
            ("AUDIT#PLATFORM#2026-11", true),
            ("AUDIT#2026-11", false),
            ("TENANT#ten_1", false),
            ("AUDIT#x#2026-11", false),
        ] {
            assert_eq!(log_of(pk).is_some(), is_log, "{pk}");
        }
    }
}
