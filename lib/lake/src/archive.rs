use aws_sdk_s3::{Client, primitives::ByteStream};

use crate::objects::{ObjectsError, failure};

/// A bucket whose objects nobody can change or delete before their time (S3 Object Lock).
pub struct Archive {
    client: Client,
    bucket: String,
}

impl Archive {
    /// Adds with this client to this bucket.
    pub fn new(client: Client, bucket: &str) -> Self {
        let bucket = bucket.to_owned();
        Self { client, bucket }
    }

    /// Adds an object. One that is there already stays as it is, and that is no error.
    pub async fn add(&self, key: &str, bytes: Vec<u8>) -> Result<(), ObjectsError> {
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("application/json")
            .if_none_match("*")
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match put.map_err(|e| failure("add to the archive", &e)) {
            Ok(_) | Err(ObjectsError::Changed) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
