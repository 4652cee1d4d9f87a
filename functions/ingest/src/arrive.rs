use outlay_core::{TenantId, UploadId};
use outlay_lake::{ObjectHead, ObjectsError, layout};
use outlay_runtime::{App, Message, MessageError, TenantData, Work};
use outlay_store::{Arrived, Part, Stage, Status, Upload};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::stages::{failure, is_left_alone, reached, refuse, send_part};

/// Works off the queue `arrivals`: notifications of S3 about the prefix `inbox/`.
pub fn handler(app: &'static App, message: Message) -> Work {
    Box::pin(async move { arrive(app, &message.body).await })
}

/// What we read of a notification.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    records: Option<Vec<Record>>,
    event: Option<String>,
}

/// Neither records nor the test event that S3 sends when a notification is set up.
#[derive(Debug, thiserror::Error)]
#[error("the message is no notification of S3")]
struct NoNotification;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    s3: S3,
}

#[derive(Debug, Deserialize)]
struct S3 {
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Object {
    key: String,
}

async fn arrive(app: &App, body: &str) -> Result<(), MessageError> {
    for (tenant, upload, name) in arrivals(body)? {
        one(app, &tenant, &upload, &name).await?;
    }
    Ok(())
}

/// The files that a notification tells of; whatever is no file of an inbox is none of our business.
fn arrivals(body: &str) -> Result<Vec<(TenantId, UploadId, String)>, MessageError> {
    let notification: Notification = serde_json::from_str(body)?;
    let records = match (notification.records, notification.event.as_deref()) {
        (Some(records), _) => records,
        (None, Some("s3:TestEvent")) => Vec::new(),
        (None, _) => return Err(NoNotification.into()),
    };
    let created = |record: &Record| record.event_name.starts_with("ObjectCreated:");
    let place = |record: Record| {
        // S3 writes keys as forms do: `+` is a blank.
        let key = record.s3.object.key.replace('+', " ");
        let key = percent_decode_str(&key).decode_utf8().ok()?;
        layout::parse_inbox_key(&key)
    };
    Ok(records
        .into_iter()
        .filter(created)
        .filter_map(place)
        .collect())
}

/// The key only locates a delivery; what our table says of it decides.
async fn one(app: &App, tenant: &TenantId, id: &UploadId, name: &str) -> Result<(), MessageError> {
    let data = app.worker(tenant).await?;
    let Some(upload) = data.table.get::<Upload>(id).await? else {
        // Put after the delivery was deleted: nobody will ever ask for it.
        return Ok(data.objects.delete_upload(id).await?);
    };
    if upload.deleted_at.is_some() || upload.is_final() {
        return Ok(());
    }
    if layout::file_name(&upload.file_name) != name {
        tracing::warn!(
            upload.id = id.as_str(),
            "an object beside the declared one was ignored"
        );
        return Ok(());
    }
    if upload.arrived.is_none() {
        return accept(app, &data, upload).await;
    }
    // Told before. A first telling may have ended between its write and its message.
    if reached(&upload, Stage::Reading) {
        have_it_read(app, &data, &upload).await
    } else {
        Ok(())
    }
}

/// A suspended company's file is noted as arrived, but not read.
async fn have_it_read(app: &App, data: &TenantData, upload: &Upload) -> Result<(), MessageError> {
    if is_left_alone(data, &upload.upload_id).await? {
        return Ok(());
    }
    send_part(app, data, upload).await
}

async fn accept(app: &App, data: &TenantData, mut upload: Upload) -> Result<(), MessageError> {
    let head = match data
        .objects
        .head_inbox(&upload.upload_id, &upload.file_name)
        .await
    {
        Ok(head) => head,
        // Gone again: deleted between the notification and now.
        Err(ObjectsError::Missing) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if head.size != upload.size_bytes {
        let detail = format!(
            "{} bytes arrived where {} were declared. Declare and upload the file again.",
            head.size, upload.size_bytes
        );
        let failure = failure(&upload, "size-mismatch", detail);
        return refuse(app, data, upload, failure).await;
    }
    let now = (app.clock)();
    let ObjectHead { etag, size } = head;
    upload.arrived = Some(Arrived {
        etag,
        size_bytes: size,
        at: now,
    });
    upload.status = Status::Processing;
    upload.stage = Some(Stage::Reading);
    let condition = upload.revise(now);
    let part = Part {
        upload_id: upload.upload_id.clone(),
        part: 1,
        attempt: upload.attempt,
        epoch: 0,
        leased_until: now,
        done: false,
        format: None,
        rows: None,
        bills: Vec::new(),
        warnings: Vec::new(),
    };
    data.table
        .writes()
        .put(&upload, condition)?
        .create(&part)?
        .commit()
        .await?;
    have_it_read(app, data, &upload).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [(&str, &str); 2] = [
        (
            "an upload",
            include_str!("../../../events/ingest-arrive.upload.json"),
        ),
        (
            "a test event",
            include_str!("../../../events/ingest-arrive.test-event.json"),
        ),
    ];

    fn keys(event: &str) -> Vec<String> {
        let event: aws_lambda_events::sqs::SqsEvent = serde_json::from_str(event).unwrap();
        let bodies = event.records.into_iter().filter_map(|record| record.body);
        let found = bodies.flat_map(|body| arrivals(&body).unwrap());
        found
            .map(|(tenant, upload, name)| format!("{tenant} {upload} {name}"))
            .collect()
    }

    #[test]
    fn notifications_as_s3_sends_them() {
        assert_eq!(keys(EVENTS[0].1).len(), 1);
        assert_eq!(keys(EVENTS[1].1), Vec::<String>::new());
    }

    fn notification(name: &str, key: &str) -> String {
        serde_json::json!({"Records": [{"eventVersion": "2.6", "eventName": name, "new": 1,
            "s3": {"bucket": {"name": "b"}, "object": {"key": key, "size": 0}}}]})
        .to_string()
    }

    #[test]
    fn only_files_of_an_inbox_count() {
        let (tenant, upload) = (TenantId::mint(), UploadId::mint());
        let own = format!("inbox/tenant%3D{tenant}/{upload}/a.csv");
        assert_eq!(
            arrivals(&notification("ObjectCreated:Put", &own))
                .unwrap()
                .len(),
            1
        );
        for (name, key) in [
            ("ObjectRemoved:Delete", own.as_str()),
            ("ObjectCreated:Put", "inbox/tenant%3Dten_x/upl_y/a.csv"),
            ("ObjectCreated:Put", "lake/tenant=x/a"),
            ("ObjectCreated:Put", "%ff%fe"),
            (
                "ObjectCreated:Put",
                &own.replace("a.csv", "..%2F..%2Fa.csv"),
            ),
            ("ObjectCreated:Put", &own.replace("a.csv", "a%252Fb")),
        ] {
            assert_eq!(
                arrivals(&notification(name, key)).unwrap(),
                [],
                "{name} {key}"
            );
        }
        assert_eq!(arrivals(r#"{"Records": []}"#).unwrap(), []);
        for poison in [
            "",
            "hello",
            "[]",
            r#"{"Records": [{}]}"#,
            r#"{"Records": null}"#,
        ] {
            assert!(arrivals(poison).is_err(), "{poison}");
        }
    }
}
