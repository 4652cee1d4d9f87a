use aws_sdk_sqs::{Client, types::QueueAttributeName};
use outlay_core::{OffboardingId, TenantId, UploadId, UserId};
use serde::{Deserialize, Serialize};

/// A message could not be sent.
#[derive(Debug, thiserror::Error)]
#[error("a message could not be sent to {queue}")]
pub struct QueueError {
    queue: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Asks `ingest-transform` to read one file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartMessage {
    /// Whose.
    pub tenant_id: TenantId,
    /// The delivery.
    pub upload_id: UploadId,
    /// Number of the file, from 1.
    pub part: u32,
    /// The reading this belongs to; an older one is ignored.
    pub attempt: u32,
}

/// Asks `ingest-commit` to check a delivery and switch it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitMessage {
    /// Whose.
    pub tenant_id: TenantId,
    /// The delivery.
    pub upload_id: UploadId,
}

/// Asks `offboarding-work` to go on with the end of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OffboardingMessage {
    /// Whose.
    pub tenant_id: TenantId,
    /// Which.
    pub offboarding_id: OffboardingId,
}

/// Asks `offboarding-work` to remove what is left of a person whose account was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureMessage {
    /// The company that deleted the account.
    pub tenant_id: TenantId,
    /// Who was.
    pub user_id: UserId,
}

/// What the queue `offboarding` brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EndingMessage {
    /// A company ends.
    Company(OffboardingMessage),
    /// Something is left of a person.
    Person(ErasureMessage),
}

/// Asks whoever works off a queue for a sign of life; the worker's own code never sees it.
pub const PROBE: &str = r#"{"probe":"heartbeat"}"#;

/// How many messages are in a queue, about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// They wait.
    pub waiting: u64,
    /// They are being worked on, or wait for another try.
    pub in_flight: u64,
}

/// The pipeline's queues, as the functions that send to them see them.
pub struct Queues {
    client: Client,
}

impl Queues {
    /// Sends with this client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// To the queue `parts`.
    pub async fn send_part(&self, url: &str, message: &PartMessage) -> Result<(), QueueError> {
        self.send("parts", url, &message.tenant_id, message).await
    }

    /// To the queue `commits`.
    pub async fn send_commit(&self, url: &str, message: &CommitMessage) -> Result<(), QueueError> {
        self.send("commits", url, &message.tenant_id, message).await
    }

    /// To the queue `offboarding`; it comes after this many seconds, at most 900 (a limit of SQS).
    pub async fn send_offboarding(
        &self,
        url: &str,
        message: &EndingMessage,
        after_seconds: i32,
    ) -> Result<(), QueueError> {
        let failed = |source| QueueError {
            queue: "offboarding",
            source,
        };
        let body = serde_json::to_string(message).map_err(|e| failed(e.into()))?;
        let request = self.client.send_message().queue_url(url).message_body(body);
        let sent = request.delay_seconds(after_seconds.min(900)).send().await;
        sent.map(|_| ()).map_err(|e| failed(e.into()))
    }

    /// Asks the worker of a queue for a sign of life.
    pub async fn send_probe(&self, url: &str) -> Result<(), QueueError> {
        self.client
            .send_message()
            .queue_url(url)
            .message_group_id("probe")
            .message_body(PROBE)
            .send()
            .await
            .map(|_| ())
            .map_err(|e| QueueError {
                queue: "a probed queue",
                source: e.into(),
            })
    }

    /// What is in a queue.
    pub async fn depth(&self, url: &str) -> Result<Depth, QueueError> {
        let waiting = QueueAttributeName::ApproximateNumberOfMessages;
        let in_flight = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(waiting.clone())
            .attribute_names(in_flight.clone())
            .send()
            .await
            .map_err(|e| QueueError {
                queue: "a watched queue",
                source: e.into(),
            })?;
        let number = |name| {
            let found = answer.attributes()?.get(&name)?;
            found.parse().ok()
        };
        Ok(Depth {
            waiting: number(waiting).unwrap_or_default(),
            in_flight: number(in_flight).unwrap_or_default(),
        })
    }

    /// The tenant is the message group: a standard queue then serves tenants fairly (AWS: fair queues).
    async fn send(
        &self,
        queue: &'static str,
        url: &str,
        tenant: &TenantId,
        message: &(impl Serialize + Sync),
    ) -> Result<(), QueueError> {
        let failed = |source| QueueError { queue, source };
        let body = serde_json::to_string(message).map_err(|e| failed(e.into()))?;
        self.client
            .send_message()
            .queue_url(url)
            .message_group_id(tenant.as_str())
            .message_body(body)
            .send()
            .await
            .map(|_| ())
            .map_err(|e| failed(e.into()))
    }
}
