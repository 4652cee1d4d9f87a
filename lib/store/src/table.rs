use std::{
    collections::HashMap,
    ops::{Deref, Range},
};

use aws_sdk_dynamodb::{Client, operation::query::QueryOutput, types::AttributeValue};
use jiff::Timestamp;
use outlay_core::{BillingPeriod, TenantId, UserId};

use crate::{
    AuditEntry, AuditLog, EmailHash, Entity, StoreError, Writes,
    keys::{self, Key},
};

/// Counts of a minute may be deleted this long after it began.
const RATE_SECONDS: i64 = 3600;

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A page of entities, and where the next one begins.
#[derive(Debug)]
pub struct Listing<E> {
    /// The entities, in key order of the question.
    pub items: Vec<E>,
    /// Sort key of the last item read, when more may follow.
    pub next: Option<String>,
}

/// Entries of an audit log to be read at once: of one month, newest first, of instants in `span`.
#[derive(Debug)]
pub struct AuditPortion {
    /// The month.
    pub month: BillingPeriod,
    /// The instants; the end is exclusive.
    pub span: Range<Timestamp>,
    /// The sort key after which it begins.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i32,
}

/// The table as one tenant's session sees it.
#[derive(Clone)]
pub struct TenantTable {
    table: Table,
    tenant: TenantId,
}

impl TenantTable {
    /// Binds a client that holds the tenant's session to that tenant.
    pub fn new(client: Client, name: impl Into<String>, tenant: TenantId) -> Self {
        Self {
            table: Table {
                client,
                name: name.into(),
            },
            tenant,
        }
    }

    /// Whose table this is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// One entity by its id; strongly consistent.
    pub async fn get<E: Entity<Owner = TenantId>>(
        &self,
        id: &E::Id,
    ) -> Result<Option<E>, StoreError> {
        self.table.get(E::key(&self.tenant, id)).await
    }

    /// All entities of a kind that stand in the tenant's own partition, oldest key first.
    pub async fn list_all<E: Entity<Owner = TenantId>>(&self) -> Result<Vec<E>, StoreError> {
        let pk = keys::tenant_partition(&self.tenant);
        self.table.list_all(pk, E::PREFIX).await
    }

    /// A page of entities of a kind, beginning after a sort key handed out earlier.
    pub async fn list<E: Entity<Owner = TenantId>>(
        &self,
        limit: i32,
        after: Option<String>,
        ascending: bool,
    ) -> Result<Listing<E>, StoreError> {
        let pk = keys::tenant_partition(&self.tenant);
        self.table
            .list(pk, E::PREFIX, limit, after, ascending)
            .await
    }

    /// All entities of a kind in the partition that holds this id's.
    pub async fn list_beside<E: Entity<Owner = TenantId>>(
        &self,
        id: &E::Id,
    ) -> Result<Vec<E>, StoreError> {
        let pk = E::key(&self.tenant, id).pk;
        self.table.list_all(pk, E::PREFIX).await
    }

    /// Entries of the company's audit log.
    pub async fn audit(&self, portion: AuditPortion) -> Result<Listing<AuditEntry>, StoreError> {
        let log = AuditLog::Tenant(self.tenant.clone());
        self.table.audit(&log, portion).await
    }

    /// Takes `count` of what is left of `most` requests in this minute, for the company or for one of
    /// its people. `false` where fewer are left.
    pub async fn take_rate(
        &self,
        user: Option<&UserId>,
        minute: Timestamp,
        count: u64,
        most: u64,
    ) -> Result<bool, StoreError> {
        let key = match user {
            Some(user) => keys::user_rate(&self.tenant, user, minute),
            None => keys::tenant_rate(&self.tenant, minute),
        };
        self.table.take_rate(key, minute, count, most).await
    }

    /// Takes one of `most` mails to an address, or to all, in the hour that began then. `false` where none is left.
    pub async fn take_mail(
        &self,
        to: Option<&EmailHash>,
        hour: Timestamp,
        most: u64,
    ) -> Result<bool, StoreError> {
        let key = keys::mail_rate(&self.tenant, to, hour);
        self.table.take_rate(key, hour, 1, most).await
    }

    /// Changes that happen together or not at all.
    pub fn writes(&self) -> Writes<TenantId> {
        Writes::new(self.table.clone(), self.tenant.clone())
    }
}

/// What belongs to no tenant, as the platform's own sessions see it. The sessions below see it too, and more.
#[derive(Clone)]
pub struct PlatformTable {
    pub(crate) table: Table,
}

impl PlatformTable {
    /// Binds a client that holds a platform session.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            table: Table {
                client,
                name: name.into(),
            },
        }
    }

    /// A page of entities of a kind in one partition, by the partition of a key of it.
    pub async fn list<E: Entity<Owner = ()>>(
        &self,
        id: &E::Id,
        limit: i32,
        after: Option<String>,
    ) -> Result<Listing<E>, StoreError> {
        let pk = E::key(&(), id).pk;
        self.table.list(pk, E::PREFIX, limit, after, true).await
    }

    /// All entities of a kind in one partition, by the partition of a key of it.
    pub async fn list_all<E: Entity<Owner = ()>>(&self, id: &E::Id) -> Result<Vec<E>, StoreError> {
        self.table.list_all(E::key(&(), id).pk, E::PREFIX).await
    }

    /// One entity by its id; strongly consistent.
    pub async fn get<E: Entity<Owner = ()>>(&self, id: &E::Id) -> Result<Option<E>, StoreError> {
        self.table.get(E::key(&(), id)).await
    }

    /// Entries of any audit log.
    pub async fn audit(
        &self,
        log: &AuditLog,
        portion: AuditPortion,
    ) -> Result<Listing<AuditEntry>, StoreError> {
        self.table.audit(log, portion).await
    }

    /// Takes `count` of what is left of `most` requests of an address in this minute.
    pub async fn take_rate(
        &self,
        address: &str,
        minute: Timestamp,
        count: u64,
        most: u64,
    ) -> Result<bool, StoreError> {
        let key = keys::address_rate(address, minute);
        self.table.take_rate(key, minute, count, most).await
    }

    /// Changes that happen together or not at all.
    pub fn writes(&self) -> Writes<()> {
        Writes::new(self.table.clone(), ())
    }

    /// Whether the table answers; reads one item that need not be there.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.table.item(keys::heartbeat("health")).await.map(|_| ())
    }
}

/// The table as the registry session sees it: people, addresses, and one tenant being founded or joined.
#[derive(Clone)]
pub struct RegistryTable {
    platform: PlatformTable,
}

impl RegistryTable {
    /// Binds a client that holds a registry session.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            platform: PlatformTable::new(client, name),
        }
    }

    /// The one tenant that the session names, within the same transaction.
    pub fn tenant(&self, tenant: &TenantId) -> TenantTable {
        TenantTable {
            table: self.table.clone(),
            tenant: tenant.clone(),
        }
    }
}

impl Deref for RegistryTable {
    type Target = PlatformTable;
    fn deref(&self) -> &PlatformTable {
        &self.platform
    }
}

/// The table as a global owner's session sees it: the platform, and at most one tenant and one person.
#[derive(Clone)]
pub struct OperatorTable {
    platform: PlatformTable,
}

impl OperatorTable {
    /// Binds a client that holds an operator session.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            platform: PlatformTable::new(client, name),
        }
    }

    /// The one tenant that the session names, within the same transaction.
    pub fn tenant(&self, tenant: &TenantId) -> TenantTable {
        TenantTable {
            table: self.table.clone(),
            tenant: tenant.clone(),
        }
    }
}

impl Deref for OperatorTable {
    type Target = PlatformTable;
    fn deref(&self) -> &PlatformTable {
        &self.platform
    }
}

#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Table {
    pub(crate) async fn get<E: Entity>(&self, key: Key) -> Result<Option<E>, StoreError> {
        let item = self.item(key).await?;
        item.map(|item| serde_dynamo::from_item(item).map_err(StoreError::from))
            .transpose()
    }

    async fn item(&self, key: Key) -> Result<Option<Item>, StoreError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key_item(key)))
            .consistent_read(true);
        Ok(request.send().await.map_err(StoreError::from_sdk)?.item)
    }

    pub(crate) async fn list<E: Entity>(
        &self,
        pk: String,
        prefix: &str,
        limit: i32,
        after: Option<String>,
        ascending: bool,
    ) -> Result<Listing<E>, StoreError> {
        let start = after.map(|sk| key_item(Key { pk: pk.clone(), sk }));
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(pk))
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
            .set_exclusive_start_key(start)
            .scan_index_forward(ascending)
            .consistent_read(true)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        listing(page)
    }

    pub(crate) async fn list_all<E: Entity>(
        &self,
        pk: String,
        prefix: &str,
    ) -> Result<Vec<E>, StoreError> {
        let (mut items, mut after) = (Vec::new(), None);
        loop {
            let page = self.list(pk.clone(), prefix, 1000, after, true).await?;
            items.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(items);
            }
        }
    }

    async fn audit(
        &self,
        log: &AuditLog,
        portion: AuditPortion,
    ) -> Result<Listing<AuditEntry>, StoreError> {
        let AuditPortion {
            month,
            span,
            after,
            limit,
        } = portion;
        let pk = keys::audit_partition(log, month);
        let start = after.map(|sk| key_item(Key { pk: pk.clone(), sk }));
        // A sort key is its instant and more: it sorts after the bare instant, so the end is exclusive.
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", AttributeValue::S(pk))
            .expression_attribute_values(":from", AttributeValue::S(keys::sortable(span.start)))
            .expression_attribute_values(":to", AttributeValue::S(keys::sortable(span.end)))
            .set_exclusive_start_key(start)
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        listing(page)
    }

    /// One update without a read: it holds under any number of containers, and costs what a write costs.
    async fn take_rate(
        &self,
        key: Key,
        minute: Timestamp,
        count: u64,
        most: u64,
    ) -> Result<bool, StoreError> {
        let Some(room) = most.checked_sub(count) else {
            return Ok(false);
        };
        let number = |n: u64| AttributeValue::N(n.to_string());
        let expiry = minute.as_second() + RATE_SECONDS;
        let taken = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key_item(key)))
            .update_expression("ADD used :count SET #ttl = :ttl, entity = :entity")
            .condition_expression("attribute_not_exists(used) OR used <= :room")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":count", number(count))
            .expression_attribute_values(":room", number(room))
            .expression_attribute_values(":ttl", AttributeValue::N(expiry.to_string()))
            .expression_attribute_values(":entity", AttributeValue::S("rate".to_owned()))
            .send()
            .await
            .map_err(StoreError::from_sdk);
        match taken {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn listing<E: Entity>(page: QueryOutput) -> Result<Listing<E>, StoreError> {
    let next = page
        .last_evaluated_key
        .and_then(|mut key| key.remove("sk"))
        .and_then(|sk| sk.as_s().ok().cloned());
    Ok(Listing {
        items: serde_dynamo::from_items(page.items.unwrap_or_default())?,
        next,
    })
}

pub(crate) fn key_item(key: Key) -> Item {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk)),
        ("sk".to_owned(), AttributeValue::S(key.sk)),
    ])
}
