use aws_config::SdkConfig;
use aws_sdk_lambda::{Client, primitives::Blob, types::InvocationType};
use serde_json::Value;

/// A function could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the function {name} could not be started")]
pub struct StartError {
    name: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Starts functions.
pub struct Functions {
    client: Client,
}

impl Functions {
    /// With the function's own role.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self {
            client: Client::new(sdk),
        }
    }

    /// Has a function run now and does not wait for it: Lambda queues the event and tries it again as it
    /// would a schedule's.
    pub async fn start(&self, name: &str, event: &Value) -> Result<(), StartError> {
        self.client
            .invoke()
            .function_name(name)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(event.to_string()))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| StartError {
                name: name.to_owned(),
                source: error.into(),
            })
    }
}
