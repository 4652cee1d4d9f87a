//! Leaving a message on the public pages.

use lambda_http::http::StatusCode;
use outlay_core::{BillingPeriod, InquiryId};
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_messages::Mail;
use outlay_runtime::{App, Variable, public};
use outlay_store::Inquiry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = InquiryRequest)]
pub struct InquiryRequest {
    /// Who writes.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Where to answer.
    #[schema(example = "ann@example.com", max_length = 254)]
    pub email: String,
    /// Their company, if they like to say.
    #[schema(max_length = 100)]
    pub company: Option<String>,
    /// What they write.
    #[schema(min_length = 1, max_length = 5000)]
    pub message: String,
}

/// Stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InquiryReceived)]
pub struct InquiryReceived {
    /// `inq_...`, to refer to it.
    #[schema(value_type = String)]
    pub id: InquiryId,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, create)
}

/// Leaves a message for the people behind Outlay.
#[utoipa::path(
    post,
    path = "/v1/inquiries",
    operation_id = "inquiries-create",
    tag = "inquiries",
    request_body = InquiryRequest,
    responses(
        (status = 202, description = "Stored, and on its way", body = InquiryReceived),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let inquiry = inquiry(app, json_body(&request)?)?;
    app.platform()
        .await?
        .writes()
        .create(&inquiry)?
        .commit()
        .await?;
    // What is stored is not lost: to ask for it again would only store it twice.
    if let Err(cause) = mail(app, &inquiry).await {
        let cause = cause.cause().map(ToString::to_string);
        tracing::error!(inquiry.id = %inquiry.inquiry_id, cause, "inquiry stored but not mailed");
    }
    reply::json(
        StatusCode::ACCEPTED,
        &InquiryReceived {
            id: inquiry.inquiry_id,
        },
    )
}

fn inquiry(app: &App, input: InquiryRequest) -> Result<Inquiry, Problem> {
    let created_at = (app.clock)();
    let company = input.company.filter(|text| !text.trim().is_empty());
    Ok(Inquiry {
        inquiry_id: InquiryId::mint(),
        month: BillingPeriod::containing(created_at).map_err(Problem::internal)?,
        name: fields::line("/name", &input.name, 100)?,
        email: fields::email("/email", &input.email)?,
        company: company
            .map(|text| fields::line("/company", &text, 100))
            .transpose()?,
        message: fields::lines("/message", &input.message, 5000)?,
        created_at,
    })
}

async fn mail(app: &App, inquiry: &Inquiry) -> Result<(), Problem> {
    let to = app
        .config
        .get(Variable::InquiryTo)
        .map_err(Problem::internal)?;
    let mail = Mail::inquiry(
        &inquiry.name,
        &inquiry.email,
        inquiry.company.as_deref(),
        &inquiry.message,
    );
    app.mailer()?
        .send(to, &mail)
        .await
        .map_err(Problem::unavailable)
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;

    use super::*;

    fn read(json: &str) -> Result<InquiryRequest, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[tokio::test]
    async fn a_message_is_kept_as_it_was_written() {
        let app = App::start(Config::default()).await;
        let input = read(
            r#"{"name":" Ann ","email":"ann@example.com","company":" ","message":"Hi,\nhow much?"}"#,
        );
        let inquiry = inquiry(&app, input.unwrap()).unwrap();
        assert_eq!(
            (inquiry.name.as_str(), inquiry.message.as_str()),
            ("Ann", "Hi,\nhow much?")
        );
        assert_eq!(inquiry.company, None);
    }

    #[tokio::test]
    async fn what_could_reach_a_mail_header_is_refused() {
        let app = App::start(Config::default()).await;
        for bad in [
            r#"{"name":"Eve\r\nBcc: all@example.com","email":"e@example.com","message":"hi"}"#,
            r#"{"name":"Eve","email":"e@example.com\r\nBcc: x@y.z","message":"hi"}"#,
            r#"{"name":"Eve","email":"e@example.com","company":"a\u0000","message":"hi"}"#,
            r#"{"name":"Eve","email":"e@example.com","message":" "}"#,
        ] {
            assert_eq!(
                inquiry(&app, read(bad).unwrap()).unwrap_err().status(),
                400,
                "{bad}"
            );
        }
        assert!(read(r#"{"name":"a","email":"b","message":"c","to":"all@example.com"}"#).is_err());
    }
}
