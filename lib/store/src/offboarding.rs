use std::ops::Deref;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, DeleteRequest, WriteRequest},
};
use jiff::Timestamp;
use outlay_core::{BillingPeriod, TenantId, UserId};

use crate::{
    AuditLog, Entity, StoreError, Upload, Writes, keys,
    table::{Item, PlatformTable, key_item},
};

/// A batch of DynamoDB holds this many deletions.
const BATCH: usize = 25;

/// The table as the session of the end of a company sees it: that company, and one person of it. It
/// alone may remove entries of the audit.
#[derive(Clone)]
pub struct ErasingTable {
    platform: PlatformTable,
}

impl Deref for ErasingTable {
    type Target = PlatformTable;
    fn deref(&self) -> &PlatformTable {
        &self.platform
    }
}

impl ErasingTable {
    /// Binds a client that holds such a session.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self {
            platform: PlatformTable::new(client, name),
        }
    }

    /// All entities of a kind in the partition of this one.
    pub async fn beside<E: Entity>(
        &self,
        owner: &E::Owner,
        id: &E::Id,
    ) -> Result<Vec<E>, StoreError> {
        self.table.list_all(E::key(owner, id).pk, E::PREFIX).await
    }

    /// Changes to the company itself.
    pub fn tenant_writes(&self, tenant: &TenantId) -> Writes<TenantId> {
        Writes::new(self.table.clone(), tenant.clone())
    }

    /// Every partition that a company has beside its own: known by the deliveries that are in it now.
    pub async fn partitions(&self, tenant: &TenantId) -> Result<Vec<String>, StoreError> {
        let own = keys::tenant_partition(tenant);
        let uploads = self.keys(&own, Upload::PREFIX).await?;
        let mut all: Vec<String> = uploads
            .into_iter()
            .map(|(_, sk)| format!("{own}#{sk}"))
            .collect();
        all.extend(keys::SIDE_PARTITIONS.map(|side| format!("{own}#{side}")));
        Ok(all)
    }

    /// The partitions of a person's identities at external issuers: the person's items name them.
    pub async fn identities(&self, user: &UserId) -> Result<Vec<String>, StoreError> {
        let found = self.keys(&keys::user_partition(user), "IDP#").await?;
        Ok(found.into_iter().map(|(_, sk)| sk).collect())
    }

    /// Removes every item of a partition except `kept`; says how many there were.
    pub async fn erase(&self, partition: &str, kept: Option<&str>) -> Result<u64, StoreError> {
        let keys = self.keys(partition, "").await?;
        let gone = keys.into_iter().filter(|(_, sk)| Some(sk.as_str()) != kept);
        let gone: Vec<(String, String)> = gone.collect();
        for batch in gone.chunks(BATCH) {
            self.delete(batch).await?;
        }
        Ok(gone.len() as u64)
    }

    /// Removes a log, from the month of `since` to that of `until`; says how many entries there were.
    pub async fn erase_log(
        &self,
        log: &AuditLog,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<u64, StoreError> {
        let malformed = |e| StoreError::Malformed(Box::new(e));
        let first = BillingPeriod::containing(since).map_err(malformed)?;
        let mut month = BillingPeriod::containing(until).map_err(malformed)?;
        let mut removed = 0;
        loop {
            removed += self.erase(&keys::audit_partition(log, month), None).await?;
            if month <= first {
                return Ok(removed);
            }
            month = month.previous();
        }
    }

    /// Partitions and sort keys of a partition's items whose sort keys begin so.
    async fn keys(&self, pk: &str, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let (mut found, mut start) = (Vec::new(), None);
        loop {
            let request = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                .projection_expression("pk, sk")
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                .set_exclusive_start_key(start)
                .consistent_read(true);
            let request = if prefix.is_empty() {
                request.key_condition_expression("pk = :pk")
            } else {
                request
                    .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                    .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
            };
            let page = request.send().await.map_err(StoreError::from_sdk)?;
            found.extend(page.items.unwrap_or_default().iter().filter_map(key_of));
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    async fn delete(&self, keys: &[(String, String)]) -> Result<(), StoreError> {
        let malformed = |e| StoreError::Malformed(Box::new(e));
        let mut open = Vec::new();
        for (pk, sk) in keys {
            let key = key_item(keys::Key {
                pk: pk.clone(),
                sk: sk.clone(),
            });
            let delete = DeleteRequest::builder().set_key(Some(key)).build();
            let delete = delete.map_err(malformed)?;
            open.push(WriteRequest::builder().delete_request(delete).build());
        }
        while !open.is_empty() {
            let request = self.table.client.batch_write_item();
            let answer = request
                .request_items(&self.table.name, open)
                .send()
                .await
                .map_err(StoreError::from_sdk)?;
            // What throttling left over; the deadline of the message ends a table that never gives in.
            let mut left = answer.unprocessed_items.unwrap_or_default();
            open = left.remove(&self.table.name).unwrap_or_default();
        }
        Ok(())
    }
}

fn key_of(item: &Item) -> Option<(String, String)> {
    let text = |name| item.get(name)?.as_s().ok().cloned();
    Some((text("pk")?, text("sk")?))
}
