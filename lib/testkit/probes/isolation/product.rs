//! Calls through the handles that the product itself uses, bound to whatever tenant the test says: a
//! handler whose tenant got mixed up.

use outlay_core::{TenantId, UserId, VersionId, now};
use outlay_lake::{ObjectsError, TenantObjects};
use outlay_store::{
    Condition, Counted, Member, PlatformTable, RegistryTable, Role, Session, Standing, StoreError,
    Tenant, TenantTable, Throttle, Upload, User,
};
use serde::Deserialize;

use crate::{ALLOWED, Clients, DENIED, described};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum StoreCall {
    /// The tenant itself.
    Get { tenant: TenantId },
    /// A page of its uploads.
    List { tenant: TenantId },
    /// A new member, in a transaction.
    Create { tenant: TenantId },
    /// A member that is not there, removed in a transaction.
    Delete { tenant: TenantId },
    /// A condition on the tenant itself.
    Check { tenant: TenantId },
    /// A person, with a registry session.
    User { user: UserId },
    /// A person's sign-ins, with a registry session.
    SignIns { user: UserId },
    /// A person and a tenant in one transaction, with a registry session.
    Join { user: UserId, tenant: TenantId },
    /// What `platform-health` reads.
    Ping,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum LakeCall {
    /// The roll-up of a version.
    Rollup {
        tenant: TenantId,
        version: VersionId,
    },
    /// Evidence of a version that is nobody's.
    PutEvidence { tenant: TenantId },
    /// Everything of a version that is nobody's.
    DeleteVersion { tenant: TenantId },
}

impl StoreCall {
    pub(crate) async fn outcome(self, clients: &Clients) -> String {
        match self.make(clients).await {
            Ok(()) => ALLOWED.to_owned(),
            Err(StoreError::AccessDenied) => DENIED.to_owned(),
            Err(other) => format!("{other:?}"),
        }
    }

    async fn make(self, clients: &Clients) -> Result<(), StoreError> {
        let (client, name) = (clients.dynamodb.clone(), clients.table.clone());
        let table = |tenant| TenantTable::new(client.clone(), name.clone(), tenant);
        let registry = || RegistryTable::new(client.clone(), name.clone());
        match self {
            Self::Get { tenant } => table(tenant).get::<Tenant>(&()).await.map(drop),
            Self::List { tenant } => table(tenant).list::<Upload>(9, None, true).await.map(drop),
            Self::Create { tenant } => {
                let writes = table(tenant).writes();
                writes.create(&somebody())?.commit().await
            }
            Self::Delete { tenant } => {
                let writes = table(tenant).writes();
                let writes = writes.delete::<Member>(&UserId::mint(), Condition::Any)?;
                writes.commit().await
            }
            Self::Check { tenant } => {
                let writes = table(tenant).writes();
                writes.check::<Tenant>(&(), Condition::Any)?.commit().await
            }
            Self::User { user } => registry().get::<User>(&user).await.map(drop),
            Self::SignIns { user } => {
                let any = (user, outlay_core::FamilyId::mint());
                registry().list_all::<Session>(&any).await.map(drop)
            }
            Self::Join { user, tenant } => {
                let person = registry()
                    .writes()
                    .put(&no_failures(user), Condition::Any)?;
                let tenant = registry().tenant(&tenant).writes().create(&somebody())?;
                person.with(tenant).commit().await
            }
            Self::Ping => PlatformTable::new(client, name).ping().await,
        }
    }
}

impl LakeCall {
    pub(crate) async fn outcome(self, clients: &Clients) -> String {
        match self.make(clients).await {
            Ok(()) => ALLOWED.to_owned(),
            Err(other) => described(&other.to_string()),
        }
    }

    async fn make(self, clients: &Clients) -> Result<(), ObjectsError> {
        let (client, bucket) = (clients.s3.clone(), clients.bucket.clone());
        let objects = |tenant| TenantObjects::new(client, bucket, tenant);
        let nobodys = VersionId::mint();
        match self {
            Self::Rollup { tenant, version } => {
                objects(tenant).get_rollup(&version).await.map(drop)
            }
            Self::PutEvidence { tenant } => {
                let bytes = b"probe".to_vec();
                objects(tenant).put_evidence(&nobodys, 1, bytes).await
            }
            Self::DeleteVersion { tenant } => objects(tenant).delete_version(&nobodys).await,
        }
    }
}

fn somebody() -> Member {
    Member {
        user_id: UserId::mint(),
        role: Role::Viewer,
        standing: Standing::Active,
        name: "Probe".to_owned(),
        email: "probe@example.com".to_owned(),
        joined_at: now(),
        revision: 1,
    }
}

fn no_failures(user_id: UserId) -> Throttle {
    Throttle {
        user_id,
        counted: Counted::SignIn,
        tries: 0,
        window_ends: now(),
    }
}
