//! The directory of companies and people, and of what ends: what work across all of them begins with.

use outlay_core::{OffboardingId, TenantId, UserId};
use outlay_runtime::{App, MessageError, Work};
use outlay_store::{
    Change, Condition, DirectoryErasure, DirectoryOffboarding, DirectoryTenant, DirectoryUser,
    Entity, OffboardingStage, PlatformTable,
};

/// Follows the items of companies and people, and of what ends.
pub fn handler(app: &'static App, change: Change) -> Work {
    Box::pin(async move { follow(app, &change).await })
}

/// An entry is a copy of what its item says now; repeating an old change is mended by the next one,
/// because the stream keeps the order of an item's changes.
async fn follow(app: &App, change: &Change) -> Result<(), MessageError> {
    match listed(change) {
        Some(Listed::Tenant(id)) => {
            write(
                &app.platform().await?,
                change.new_image::<DirectoryTenant>()?,
                &id,
            )
            .await
        }
        Some(Listed::User(id)) => {
            write(
                &app.platform().await?,
                change.new_image::<DirectoryUser>()?,
                &id,
            )
            .await
        }
        Some(Listed::Offboarding(id)) => {
            let entry = change.new_image::<DirectoryOffboarding>()?;
            let entry = entry.filter(|entry| entry.stage != OffboardingStage::Finished);
            write(&app.platform().await?, entry, &id).await
        }
        Some(Listed::Erasure(id)) => {
            write(
                &app.platform().await?,
                change.new_image::<DirectoryErasure>()?,
                &id,
            )
            .await
        }
        None => Ok(()),
    }
}

/// What stands in the directory.
#[derive(Debug, PartialEq, Eq)]
enum Listed {
    Tenant(TenantId),
    User(UserId),
    Offboarding(OffboardingId),
    Erasure(UserId),
}

fn listed(change: &Change) -> Option<Listed> {
    let (family, id) = change.pk().split_once('#')?;
    match (family, change.sk()) {
        ("TENANT", "TENANT") => id.parse().ok().map(Listed::Tenant),
        ("USER", "USER") => id.parse().ok().map(Listed::User),
        ("OFFBOARDING", "RECEIPT") => id.parse().ok().map(Listed::Offboarding),
        ("USER", "ERASURE") => id.parse().ok().map(Listed::Erasure),
        _ => None,
    }
}

async fn write<E: Entity<Owner = ()>>(
    table: &PlatformTable,
    entry: Option<E>,
    id: &E::Id,
) -> Result<(), MessageError> {
    let writes = match entry {
        Some(entry) => table.writes().put(&entry, Condition::Any)?,
        None => table.writes().delete::<E>(id, Condition::Any)?,
    };
    Ok(writes.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_people_and_what_ends_are_listed_and_nothing_else() {
        let event = include_str!("../../../events/platform-directory.tenant-renamed.json");
        let event: serde_json::Value = serde_json::from_str(event).unwrap();
        let mut record = event["Records"][0].clone();
        let listed_as = |record: &serde_json::Value| {
            listed(&serde_json::from_value::<Change>(record.clone()).unwrap())
        };
        assert!(matches!(listed_as(&record), Some(Listed::Tenant(_))));
        let user = UserId::derive(&["u"]);
        for (pk, sk, is_listed) in [
            (format!("USER#{user}"), "USER", true),
            (format!("USER#{user}"), "ERASURE", true),
            (
                format!("OFFBOARDING#{}", OffboardingId::mint()),
                "RECEIPT",
                true,
            ),
            (format!("USER#{user}"), "RECEIPT", false),
            (format!("USER#{user}"), "SESSION#x", false),
            (format!("TENANT#{user}"), "TENANT", false),
            (format!("USER#{user}#x"), "USER", false),
            ("SYSTEM".to_owned(), "USER", false),
        ] {
            record["dynamodb"]["Keys"]["pk"]["S"] = pk.clone().into();
            record["dynamodb"]["Keys"]["sk"]["S"] = sk.into();
            assert_eq!(listed_as(&record).is_some(), is_listed, "{pk} {sk}");
        }
    }
}
