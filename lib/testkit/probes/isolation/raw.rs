//! Calls that the product's handles cannot express: what code that went around them would get.

use std::collections::{BTreeMap, HashMap};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    error::{DisplayErrorContext, ProvideErrorMetadata},
    types::{
        AttributeValue, Get, KeysAndAttributes, Put, PutRequest, TransactGetItem,
        TransactWriteItem, WriteRequest,
    },
};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_sdk_sts::types::Tag;
use serde::Deserialize;

use crate::{ALLOWED, Clients, DENIED};

/// Items that calls write have this sort key: an allowed write where none may be harms nobody's data.
const SORT_KEY: &str = "PROBE";
const NO_KEY: &str = "the call names no key";

type Item = HashMap<String, AttributeValue>;

/// A call to the table; a key is a partition and, where it is to be read, a sort key.
#[derive(Deserialize)]
pub(crate) struct TableCall {
    #[serde(rename = "do")]
    operation: Operation,
    #[serde(default)]
    partitions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    GetItem,
    BatchGetItem,
    TransactGetItems,
    Query,
    QueryGsi1,
    Scan,
    ScanGsi1,
    SelectPartiql,
    InsertPartiql,
    PutItem,
    UpdateItem,
    DeleteItem,
    BatchWriteItem,
    TransactWriteItems,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum ObjectCall {
    Get { key: String },
    Put { key: String },
    Delete { key: String },
    DeleteAll { keys: Vec<String> },
    Copy { from: String, key: String },
    List { prefix: Option<String> },
}

#[derive(Deserialize)]
pub(crate) struct AssumeCall {
    pub(crate) role: String,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

/// `allowed`, `denied`, or the error.
fn outcome<T, E>(result: Result<T, E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error,
{
    match result {
        Ok(_) => ALLOWED.to_owned(),
        Err(error) => match error.code() {
            Some("AccessDenied" | "AccessDeniedException") => DENIED.to_owned(),
            _ => DisplayErrorContext(error).to_string(),
        },
    }
}

impl TableCall {
    pub(crate) async fn outcome(self, clients: &Clients) -> String {
        match self.operation {
            Operation::GetItem
            | Operation::BatchGetItem
            | Operation::TransactGetItems
            | Operation::Query
            | Operation::QueryGsi1 => self.read(clients).await,
            Operation::Scan
            | Operation::ScanGsi1
            | Operation::SelectPartiql
            | Operation::InsertPartiql => self.go_around(clients).await,
            _ => self.write(clients).await,
        }
    }

    async fn read(self, clients: &Clients) -> String {
        let (client, table) = (&clients.dynamodb, &clients.table);
        match self.operation {
            Operation::BatchGetItem => {
                let keys = KeysAndAttributes::builder().set_keys(Some(self.keys()));
                let Ok(keys) = keys.build() else {
                    return NO_KEY.to_owned();
                };
                outcome(
                    client
                        .batch_get_item()
                        .request_items(table, keys)
                        .send()
                        .await,
                )
            }
            Operation::TransactGetItems => {
                let gets = self.keys().into_iter().map(|key| {
                    let get = Get::builder().table_name(table).set_key(Some(key)).build();
                    TransactGetItem::builder().set_get(get.ok()).build()
                });
                let request = client.transact_get_items();
                outcome(
                    request
                        .set_transact_items(Some(gets.collect()))
                        .send()
                        .await,
                )
            }
            Operation::Query | Operation::QueryGsi1 => {
                let index = matches!(self.operation, Operation::QueryGsi1).then_some("gsi1");
                let attribute = if index.is_some() { "gsi1pk" } else { "pk" };
                let request = client
                    .query()
                    .table_name(table)
                    .set_index_name(index.map(str::to_owned))
                    .key_condition_expression(format!("{attribute} = :p"))
                    .expression_attribute_values(":p", AttributeValue::S(self.first()));
                outcome(request.send().await)
            }
            _ => {
                let request = client.get_item().table_name(table);
                outcome(request.set_key(Some(self.key())).send().await)
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the probe proves that what is never called would be refused"
    )]
    async fn go_around(self, clients: &Clients) -> String {
        let (client, table) = (&clients.dynamodb, &clients.table);
        let statement = match self.operation {
            Operation::Scan => return outcome(client.scan().table_name(table).send().await),
            Operation::ScanGsi1 => {
                let request = client.scan().table_name(table).index_name("gsi1");
                return outcome(request.send().await);
            }
            Operation::InsertPartiql => {
                let pk = self.first();
                format!("INSERT INTO \"{table}\" VALUE {{'pk': '{pk}', 'sk': '{SORT_KEY}'}}")
            }
            _ => format!("SELECT * FROM \"{table}\" WHERE pk = '{}'", self.first()),
        };
        outcome(client.execute_statement().statement(statement).send().await)
    }

    async fn write(self, clients: &Clients) -> String {
        let (client, table) = (&clients.dynamodb, &clients.table);
        match self.operation {
            Operation::UpdateItem => {
                let request = client
                    .update_item()
                    .table_name(table)
                    .set_key(Some(self.key()))
                    .update_expression("SET probed = :yes")
                    .expression_attribute_values(":yes", AttributeValue::Bool(true));
                outcome(request.send().await)
            }
            Operation::DeleteItem => {
                let request = client.delete_item().table_name(table);
                outcome(request.set_key(Some(self.key())).send().await)
            }
            Operation::BatchWriteItem => {
                let puts = self.keys().into_iter().map(|item| {
                    let put = PutRequest::builder().set_item(Some(item)).build();
                    WriteRequest::builder().set_put_request(put.ok()).build()
                });
                let request = client.batch_write_item();
                outcome(request.request_items(table, puts.collect()).send().await)
            }
            Operation::TransactWriteItems => {
                let puts = self.keys().into_iter().map(|item| {
                    let put = Put::builder().table_name(table).set_item(Some(item));
                    TransactWriteItem::builder()
                        .set_put(put.build().ok())
                        .build()
                });
                let request = client.transact_write_items();
                outcome(
                    request
                        .set_transact_items(Some(puts.collect()))
                        .send()
                        .await,
                )
            }
            _ => {
                let request = client.put_item().table_name(table);
                outcome(request.set_item(Some(self.key())).send().await)
            }
        }
    }

    fn first(&self) -> String {
        self.partitions.first().cloned().unwrap_or_default()
    }

    fn key(&self) -> Item {
        key(&self.first())
    }

    fn keys(&self) -> Vec<Item> {
        self.partitions.iter().map(|pk| key(pk)).collect()
    }
}

fn key(partition: &str) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    HashMap::from([
        ("pk".to_owned(), text(partition)),
        ("sk".to_owned(), text(SORT_KEY)),
    ])
}

impl ObjectCall {
    pub(crate) async fn outcome(self, clients: &Clients) -> String {
        let (client, bucket) = (&clients.s3, &clients.bucket);
        match self {
            Self::Get { key } => outcome(client.get_object().bucket(bucket).key(key).send().await),
            Self::Put { key } => {
                let request = client.put_object().bucket(bucket).key(key);
                outcome(request.body(b"probe".to_vec().into()).send().await)
            }
            Self::Delete { key } => {
                outcome(client.delete_object().bucket(bucket).key(key).send().await)
            }
            Self::DeleteAll { keys } => delete_all(clients, keys).await,
            Self::Copy { from, key } => {
                let source = format!("{bucket}/{from}");
                let request = client.copy_object().copy_source(source);
                outcome(request.bucket(bucket).key(key).send().await)
            }
            Self::List { prefix } => {
                let request = client.list_objects_v2().bucket(bucket);
                outcome(request.set_prefix(prefix).send().await)
            }
        }
    }
}

/// S3 answers 200 and refuses key by key: one refused is a refusal.
async fn delete_all(clients: &Clients, keys: Vec<String>) -> String {
    let keys = keys.into_iter();
    let ids = keys.filter_map(|key| ObjectIdentifier::builder().key(key).build().ok());
    let Ok(delete) = Delete::builder().set_objects(Some(ids.collect())).build() else {
        return NO_KEY.to_owned();
    };
    let request = clients.s3.delete_objects().bucket(&clients.bucket);
    match request.delete(delete).send().await {
        Ok(answer) => match answer.errors().iter().find_map(|error| error.code()) {
            None => ALLOWED.to_owned(),
            Some("AccessDenied") => DENIED.to_owned(),
            Some(other) => other.to_owned(),
        },
        refused => outcome(refused),
    }
}

impl AssumeCall {
    pub(crate) async fn outcome(self, clients: &Clients) -> String {
        match self.session(&clients.sts).await {
            Ok(_) => ALLOWED.to_owned(),
            Err(other) => other,
        }
    }

    /// Credentials, or `denied`, or the error.
    pub(crate) async fn session(self, sts: &aws_sdk_sts::Client) -> Result<Credentials, String> {
        let tags = self.tags.into_iter();
        let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags: Vec<Tag> = tags.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        let request = sts
            .assume_role()
            .role_arn(self.role)
            .role_session_name("probe")
            .set_tags(Some(tags).filter(|tags| !tags.is_empty()));
        let assumed = request.send().await;
        let Ok(assumed) = assumed else {
            return Err(outcome(assumed));
        };
        let found = assumed
            .credentials
            .ok_or("STS answered without credentials")?;
        let (id, secret) = (found.access_key_id, found.secret_access_key);
        let token = Some(found.session_token);
        Ok(Credentials::new(id, secret, token, None, "probe"))
    }
}
