//! The bucket, seen by one tenant.

use std::{path::Path, time::Duration};

use aws_sdk_s3::{
    Client,
    error::{DisplayErrorContext, SdkError},
    operation::{get_object::GetObjectOutput, head_object::HeadObjectError},
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{Delete, ObjectIdentifier},
};
use outlay_core::{TenantId, UploadId, VersionId};
use tokio::io::AsyncBufRead;

use crate::layout;
use outlay_billing::{Rollup, RollupError};

/// One tenant's objects. Methods take ids, never keys: nobody can name another tenant's object.
#[derive(Debug, Clone)]
pub struct TenantObjects {
    client: Client,
    bucket: String,
    owner: Option<String>,
    tenant: TenantId,
}

/// What is stored under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectHead {
    /// Changes when the object does; with its quotes, as `If-Match` wants it.
    pub etag: String,
    /// Bytes.
    pub size: u64,
}

/// Where and how a browser puts a file. Every header is signed and must be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    /// The address, with its signature.
    pub url: String,
    /// Always `PUT`.
    pub method: &'static str,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

/// Why an object cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// There is no such object.
    #[error("no such object")]
    Missing,
    /// The object is not the one that was announced: its ETag differs.
    #[error("the object was replaced meanwhile")]
    Changed,
    /// S3 refused or could not be reached; the text is for logs only.
    #[error("cannot {action}: {detail}")]
    Storage {
        /// What was tried.
        action: &'static str,
        /// S3's error with its causes.
        detail: String,
    },
    /// The object is a roll-up that cannot be read.
    #[error(transparent)]
    Rollup(#[from] RollupError),
}

impl TenantObjects {
    /// Over a client whose credentials are this tenant's.
    pub fn new(client: Client, bucket: String, tenant: TenantId) -> Self {
        Self {
            client,
            bucket,
            owner: None,
            tenant,
        }
    }

    /// Refuses the bucket unless this account owns it.
    #[must_use]
    pub fn expecting_owner(self, account: String) -> Self {
        Self {
            owner: Some(account),
            ..self
        }
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The roll-up of a version.
    pub async fn get_rollup(&self, version: &VersionId) -> Result<Rollup, ObjectsError> {
        let bytes = self.read(layout::rollup(&self.tenant, version)).await?;
        Ok(Rollup::decode(&bytes)?)
    }

    /// Writes the roll-up of a version, over an earlier one of the same version.
    pub async fn put_rollup(&self, version: &VersionId, file: Vec<u8>) -> Result<(), ObjectsError> {
        self.put(layout::rollup(&self.tenant, version), file.into())
            .await
    }

    /// Writes a Parquet part of a version from a local file; parts count from 1.
    pub async fn put_lake_part(
        &self,
        version: &VersionId,
        part: u32,
        file: &Path,
    ) -> Result<(), ObjectsError> {
        let body = ByteStream::from_path(file)
            .await
            .map_err(|e| storage("open a part", &e))?;
        self.put(layout::lake_part(&self.tenant, version, part), body)
            .await
    }

    /// Reads what a part wrote for the checks of its version.
    pub async fn get_evidence(
        &self,
        version: &VersionId,
        part: u32,
    ) -> Result<Vec<u8>, ObjectsError> {
        self.read(layout::evidence_part(&self.tenant, version, part))
            .await
    }

    /// Reads what a part adds to the roll-up of its version.
    pub async fn get_part_rollup(
        &self,
        version: &VersionId,
        part: u32,
    ) -> Result<Vec<u8>, ObjectsError> {
        self.read(layout::part_rollup(&self.tenant, version, part))
            .await
    }

    /// Writes what a part adds to the roll-up of its version; parts count from 1.
    pub async fn put_part_rollup(
        &self,
        version: &VersionId,
        part: u32,
        bytes: Vec<u8>,
    ) -> Result<(), ObjectsError> {
        self.put(
            layout::part_rollup(&self.tenant, version, part),
            bytes.into(),
        )
        .await
    }

    /// Writes the evidence of a part of a version; parts count from 1.
    pub async fn put_evidence(
        &self,
        version: &VersionId,
        part: u32,
        bytes: Vec<u8>,
    ) -> Result<(), ObjectsError> {
        self.put(
            layout::evidence_part(&self.tenant, version, part),
            bytes.into(),
        )
        .await
    }

    /// What a user put for an upload.
    pub async fn head_inbox(
        &self,
        upload: &UploadId,
        name: &str,
    ) -> Result<ObjectHead, ObjectsError> {
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .set_expected_bucket_owner(self.owner.clone())
            .key(layout::inbox(&self.tenant, upload, name))
            .send()
            .await
            .map_err(|e| match e.as_service_error() {
                Some(HeadObjectError::NotFound(_)) => ObjectsError::Missing,
                _ => failure("look at an object", &e),
            })?;
        Ok(ObjectHead {
            etag: head.e_tag.unwrap_or_default(),
            size: head
                .content_length
                .and_then(|n| u64::try_from(n).ok())
                .unwrap_or_default(),
        })
    }

    /// Streams what a user put, as long as it is still the object with this ETag.
    pub async fn open_inbox(
        &self,
        upload: &UploadId,
        name: &str,
        etag: &str,
    ) -> Result<impl AsyncBufRead + Send + Unpin + use<>, ObjectsError> {
        let object = self
            .get(layout::inbox(&self.tenant, upload, name), Some(etag))
            .await?;
        Ok(Box::pin(object.body.into_async_read()))
    }

    /// Allows one PUT of exactly this many bytes of this type, and no second one over it.
    ///
    /// The permission ends after `expires`, at most 7 days, or with the client's credentials.
    pub async fn presign_put(
        &self,
        upload: &UploadId,
        name: &str,
        size: u64,
        content_type: &str,
        expires: Duration,
    ) -> Result<PresignedPut, ObjectsError> {
        let presigning =
            PresigningConfig::expires_in(expires).map_err(|e| storage("presign an upload", &e))?;
        let size = i64::try_from(size).map_err(|e| storage("presign an upload", &e))?;
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(layout::inbox(&self.tenant, upload, name))
            .content_length(size)
            .content_type(content_type)
            .if_none_match("*")
            .presigned(presigning)
            .await
            .map_err(|e| failure("presign an upload", &e))?;
        let header = |(name, value): (&str, &str)| (name.to_ascii_lowercase(), value.to_owned());
        Ok(PresignedPut {
            url: request.uri().to_owned(),
            method: "PUT",
            headers: request.headers().map(header).collect(),
        })
    }

    /// Deletes everything a user put for an upload. Deleting again does nothing.
    pub async fn delete_upload(&self, upload: &UploadId) -> Result<(), ObjectsError> {
        let prefix = layout::inbox_prefix(&self.tenant, upload);
        self.delete_prefix(&prefix).await.map(drop)
    }

    /// Deletes the rows, roll-up and evidence of a version. Deleting again does nothing.
    pub async fn delete_version(&self, version: &VersionId) -> Result<(), ObjectsError> {
        self.delete_prefix(&layout::lake_prefix(&self.tenant, version))
            .await?;
        self.delete_prefix(&layout::evidence_prefix(&self.tenant, version))
            .await?;
        let rollup = layout::rollup(&self.tenant, version);
        self.delete_prefix(&rollup).await.map(drop)
    }

    /// Deletes everything that the tenant has of every kind; says how many objects there were.
    pub async fn delete_everything(&self) -> Result<u64, ObjectsError> {
        let mut deleted = 0;
        for prefix in layout::tenant_prefixes(&self.tenant) {
            deleted += self.delete_prefix(&prefix).await?;
        }
        Ok(deleted)
    }

    async fn read(&self, key: String) -> Result<Vec<u8>, ObjectsError> {
        let object = self.get(key, None).await?;
        let bytes = object.body.collect().await;
        let bytes = bytes.map_err(|e| storage("read an object", &e))?;
        Ok(bytes.into_bytes().into())
    }

    async fn get(&self, key: String, etag: Option<&str>) -> Result<GetObjectOutput, ObjectsError> {
        self.client
            .get_object()
            .bucket(&self.bucket)
            .set_expected_bucket_owner(self.owner.clone())
            .key(key)
            .set_if_match(etag.map(str::to_owned))
            .send()
            .await
            .map_err(|e| failure("read an object", &e))
    }

    async fn put(&self, key: String, body: ByteStream) -> Result<(), ObjectsError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .set_expected_bucket_owner(self.owner.clone())
            .key(key)
            .body(body)
            .send()
            .await
            .map_err(|e| failure("write an object", &e))?;
        Ok(())
    }

    /// Page by page: S3 lists and deletes at most 1,000 keys at a time.
    async fn delete_prefix(&self, prefix: &str) -> Result<u64, ObjectsError> {
        let mut deleted = 0;
        loop {
            let page = self
                .client
                .list_objects_v2()
                .bucket(&self.bucket)
                .set_expected_bucket_owner(self.owner.clone())
                .prefix(prefix)
                .send()
                .await
                .map_err(|e| failure("list objects", &e))?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            let ids: Vec<ObjectIdentifier> = keys
                .filter_map(|key| ObjectIdentifier::builder().key(key).build().ok())
                .collect();
            if ids.is_empty() {
                return Ok(deleted);
            }
            deleted += ids.len() as u64;
            self.delete(ids).await?;
        }
    }

    async fn delete(&self, ids: Vec<ObjectIdentifier>) -> Result<(), ObjectsError> {
        let delete = Delete::builder().set_objects(Some(ids)).quiet(true).build();
        let deleted = self
            .client
            .delete_objects()
            .bucket(&self.bucket)
            .set_expected_bucket_owner(self.owner.clone())
            .delete(delete.map_err(|e| storage("delete objects", &e))?)
            .send()
            .await
            .map_err(|e| failure("delete objects", &e))?;
        // A key that could not be deleted would be listed for ever.
        match deleted.errors().first() {
            None => Ok(()),
            Some(error) => Err(ObjectsError::Storage {
                action: "delete objects",
                detail: error.code().unwrap_or("unknown").to_owned(),
            }),
        }
    }
}

pub(crate) fn failure<E>(
    action: &'static str,
    error: &SdkError<E, aws_sdk_s3::config::http::HttpResponse>,
) -> ObjectsError
where
    E: std::error::Error + 'static,
{
    match error
        .raw_response()
        .map(|response| response.status().as_u16())
    {
        Some(404) => ObjectsError::Missing,
        Some(412) => ObjectsError::Changed,
        _ => storage(action, error),
    }
}

fn storage(action: &'static str, error: &impl std::error::Error) -> ObjectsError {
    ObjectsError::Storage {
        action,
        detail: DisplayErrorContext(error).to_string(),
    }
}

#[cfg(test)]
mod tests;
