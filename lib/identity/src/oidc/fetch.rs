use std::time::Duration;

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::HttpConnector, orchestrator::HttpRequest, result::ConnectorError,
};
use http_body_util::{BodyExt, Limited};

/// What API Gateway's own authorizer allows (1,500 ms and 150 KB): a real key set has a hundredth.
const TIMEOUT: Duration = Duration::from_millis(1500);
const MAX_BYTES: usize = 150_000;

/// Why there is no new key set.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It took longer than 1.5 s from the first packet to the last.
    #[error("the issuer's keys took too long")]
    Slow,
    /// No connection, or one that broke.
    #[error("the issuer's keys could not be reached")]
    Connection(#[source] ConnectorError),
    /// The address of the keys is none.
    #[error("the address of the issuer's keys is not one")]
    Address,
    /// An answer other than 200. Redirects are not followed: they would choose the host for us.
    #[error("the issuer answered {0} for its keys")]
    Status(u16),
    /// More than 150 KB, or cut off.
    #[error("the issuer's keys are too large or cut off")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something else than keys.
    #[error("the issuer's keys are not a key set: {0}")]
    Shape(&'static str),
}

/// Fetches a key set from one address, over the TLS that the AWS clients use.
pub(super) struct Fetcher {
    connector: Connector,
    uri: String,
}

impl Fetcher {
    pub(super) fn new(uri: &str) -> Self {
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build();
        Self {
            connector,
            uri: uri.to_owned(),
        }
    }

    /// The bytes of the answer.
    pub(super) async fn fetch(&self) -> Result<Vec<u8>, FetchError> {
        tokio::time::timeout(TIMEOUT, self.get())
            .await
            .map_err(|_| FetchError::Slow)?
    }

    async fn get(&self) -> Result<Vec<u8>, FetchError> {
        let request = HttpRequest::get(&self.uri).map_err(|_| FetchError::Address)?;
        let answer = self.connector.call(request).await;
        let answer = answer.map_err(FetchError::Connection)?;
        if answer.status().as_u16() != 200 {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let body = Limited::new(answer.into_body(), MAX_BYTES).collect().await;
        body.map(|body| body.to_bytes().to_vec())
            .map_err(FetchError::Body)
    }
}
