use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem},
};
use outlay_core::TenantId;

use crate::{
    AuditEntry, AuditLog, Entity, StoreError,
    table::{Item, Table, key_item},
};

/// How often a change that met another of the same moment is decided anew.
pub const TRIES: usize = 10;

/// What must hold of the item for a change to happen.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Nothing is required.
    Any,
    /// The item is not there yet.
    Absent,
    /// The item is there and these attributes have these values.
    Equals(Vec<(&'static str, AttributeValue)>),
}

/// Expression, names and values, as every kind of write takes them.
type Parts = (
    Option<String>,
    Option<HashMap<String, String>>,
    Option<Item>,
);

impl Condition {
    /// The item is there and this attribute holds this text.
    pub fn text(attribute: &'static str, value: &impl ToString) -> Self {
        Self::Equals(vec![(attribute, AttributeValue::S(value.to_string()))])
    }

    /// The item is there and this attribute holds this number.
    pub fn number(attribute: &'static str, value: u64) -> Self {
        Self::Equals(vec![(attribute, AttributeValue::N(value.to_string()))])
    }

    /// Both hold. An item that is absent has no attributes, so `Absent` with anything stays `Absent`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, condition) | (condition, Self::Any) => condition,
            (Self::Equals(mut these), Self::Equals(those)) => {
                these.extend(those);
                Self::Equals(these)
            }
            _ => Self::Absent,
        }
    }

    fn parts(self) -> Parts {
        match self {
            Self::Any => (None, None, None),
            Self::Absent => (Some("attribute_not_exists(pk)".to_owned()), None, None),
            Self::Equals(wanted) => {
                let terms: Vec<String> = (0..wanted.len())
                    .map(|i| format!("#a{i} = :a{i}"))
                    .collect();
                let (names, values) = wanted
                    .into_iter()
                    .enumerate()
                    .map(|(i, (name, value))| {
                        (
                            (format!("#a{i}"), name.to_owned()),
                            (format!(":a{i}"), value),
                        )
                    })
                    .unzip();
                (Some(terms.join(" AND ")), Some(names), Some(values))
            }
        }
    }
}

/// Changes that are made together or not at all, at most 100 (a limit of DynamoDB).
#[must_use = "nothing is written before commit()"]
pub struct Writes<Owner> {
    table: Table,
    owner: Owner,
    items: Vec<TransactWriteItem>,
}

impl<Owner> Writes<Owner> {
    pub(crate) fn new(table: Table, owner: Owner) -> Self {
        Self {
            table,
            owner,
            items: Vec::new(),
        }
    }

    /// Writes an entity that must not be there yet.
    pub fn create<E: Entity<Owner = Owner>>(self, entity: &E) -> Result<Self, StoreError> {
        self.put(entity, Condition::Absent)
    }

    /// Writes an entity where the condition holds of what is there now.
    pub fn put<E: Entity<Owner = Owner>>(
        mut self,
        entity: &E,
        condition: Condition,
    ) -> Result<Self, StoreError> {
        let (expression, names, values) = condition.parts();
        let put = Put::builder()
            .table_name(&self.table.name)
            .set_item(Some(full_item(entity, &self.owner)?))
            .set_condition_expression(expression)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(|e| StoreError::Malformed(Box::new(e)))?;
        self.items
            .push(TransactWriteItem::builder().put(put).build());
        Ok(self)
    }

    /// Appends an entry to a log. It is never written over: its id is new.
    fn append(mut self, log: &AuditLog, entry: &AuditEntry) -> Result<Self, StoreError> {
        let (expression, ..) = Condition::Absent.parts();
        let put = Put::builder()
            .table_name(&self.table.name)
            .set_item(Some(full_item(entry, log)?))
            .set_condition_expression(expression)
            .build()
            .map_err(|e| StoreError::Malformed(Box::new(e)))?;
        self.items
            .push(TransactWriteItem::builder().put(put).build());
        Ok(self)
    }

    /// Removes an entity where the condition holds; one that is not there is no error under `Any`.
    pub fn delete<E: Entity<Owner = Owner>>(
        mut self,
        id: &E::Id,
        condition: Condition,
    ) -> Result<Self, StoreError> {
        let (expression, names, values) = condition.parts();
        let delete = Delete::builder()
            .table_name(&self.table.name)
            .set_key(Some(key_item(E::key(&self.owner, id))))
            .set_condition_expression(expression)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(|e| StoreError::Malformed(Box::new(e)))?;
        self.items
            .push(TransactWriteItem::builder().delete(delete).build());
        Ok(self)
    }

    /// Requires something of an entity without changing it.
    pub fn check<E: Entity<Owner = Owner>>(
        mut self,
        id: &E::Id,
        condition: Condition,
    ) -> Result<Self, StoreError> {
        let (expression, names, values) = condition.parts();
        let check = ConditionCheck::builder()
            .table_name(&self.table.name)
            .set_key(Some(key_item(E::key(&self.owner, id))))
            .condition_expression(expression.unwrap_or_else(|| "attribute_exists(pk)".to_owned()))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(|e| StoreError::Malformed(Box::new(e)))?;
        self.items
            .push(TransactWriteItem::builder().condition_check(check).build());
        Ok(self)
    }

    /// Makes all changes, or none: [`StoreError::Conflict`] when a condition did not hold.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.items.is_empty() {
            return Ok(());
        }
        let request = self
            .table
            .client
            .transact_write_items()
            .set_transact_items(Some(self.items));
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(reasons))
                    if lost_a_condition(reasons.cancellation_reasons()) =>
                {
                    StoreError::Conflict
                }
                _ => StoreError::from_sdk(error),
            })
    }
}

impl Writes<TenantId> {
    /// Tells the company's audit log of these changes, in the same transaction.
    pub fn audit(self, entry: &AuditEntry) -> Result<Self, StoreError> {
        let log = AuditLog::Tenant(self.owner.clone());
        self.append(&log, entry)
    }
}

impl Writes<()> {
    /// Tells a log of these changes, in the same transaction. The session must be the log's: the
    /// registry's reaches those of its tenant and its person, the platform's its own.
    pub fn audit(self, log: &AuditLog, entry: &AuditEntry) -> Result<Self, StoreError> {
        self.append(log, entry)
    }

    /// Adds a tenant's changes to the same transaction: founding or joining a tenant.
    pub fn with(mut self, tenant: Writes<TenantId>) -> Self {
        self.items.extend(tenant.items);
        self
    }
}

/// A conflict with another transaction counts too: whoever lost reads again and decides anew.
fn lost_a_condition(reasons: &[aws_sdk_dynamodb::types::CancellationReason]) -> bool {
    reasons.iter().any(|r| {
        matches!(
            r.code(),
            Some("ConditionalCheckFailed" | "TransactionConflict")
        )
    })
}

/// The entity with its key, its kind and the version of its shape.
fn full_item<E: Entity>(entity: &E, owner: &E::Owner) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(entity)?;
    item.extend(key_item(E::key(owner, &entity.id())));
    item.insert("entity".to_owned(), AttributeValue::S(E::ENTITY.to_owned()));
    item.insert(
        "entityVersion".to_owned(),
        AttributeValue::N("1".to_owned()),
    );
    if let Some(expiry) = entity.expires_at() {
        item.insert(
            "ttl".to_owned(),
            AttributeValue::N(expiry.as_second().to_string()),
        );
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_joined() {
        let both = Condition::text("codeHash", &"x").and(Condition::number("attemptsLeft", 3));
        let (expression, names, values) = both.and(Condition::Any).parts();
        assert_eq!(expression.as_deref(), Some("#a0 = :a0 AND #a1 = :a1"));
        assert_eq!(names.unwrap()["#a1"], "attemptsLeft");
        assert_eq!(values.unwrap()[":a1"], AttributeValue::N("3".to_owned()));
        let never = Condition::Absent.and(Condition::number("n", 1)).parts();
        assert_eq!(never.0.as_deref(), Some("attribute_not_exists(pk)"));
    }
}
