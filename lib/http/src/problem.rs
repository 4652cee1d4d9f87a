use std::{error::Error, fmt};

use lambda_http::{
    Body, Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use outlay_store::StoreError;
use serde::Serialize;

/// Where every problem type is described.
const TYPES: &str = "https://outlay.dev/problems/";

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of a query parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// RFC 9457: the body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Stable URI of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words; the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This occurrence in words, and what to do next.
    pub detail: String,
    /// Finds this request in the logs.
    pub request_id: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// A request that did not succeed: what the caller is told, and what only the log is told.
#[derive(Debug)]
pub struct Problem {
    slug: &'static str,
    title: &'static str,
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem of a kind of its own.
    pub fn new(
        status: StatusCode,
        slug: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let (detail, errors) = (detail.into(), Vec::new());
        Self {
            slug,
            title,
            status,
            detail,
            errors,
            header: None,
            source: None,
        }
    }

    /// 400: a field or parameter is not as it should be.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let error = FieldError {
            pointer: pointer.into(),
            detail: detail.into(),
        };
        let text = format!("{}: {}", error.pointer, error.detail);
        let title = "The request is not valid";
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "invalid-request", title, text);
        problem.errors.push(error);
        problem
    }

    /// 401: no valid access token.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Sign in first",
            "The access token is missing, expired or not ours. Sign in or refresh the session.",
        )
    }

    /// 403: signed in, but the role does not allow it.
    pub fn forbidden(permission: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Your role does not allow this",
            format!("This needs the permission {permission}. Ask an owner of your company."),
        )
    }

    /// 403: the `account`, the `membership` or the `company` is suspended.
    pub fn suspended(what: &'static str) -> Self {
        let (slug, title, detail) = match what {
            "account" => (
                "account-suspended",
                "Your account is suspended",
                "Whoever operates this platform suspended it. Ask them.",
            ),
            "membership" => (
                "membership-suspended",
                "You are suspended in this company",
                "Ask an owner or admin of the company, or switch to another one.",
            ),
            _ => (
                "company-suspended",
                "Your company is suspended",
                "Whoever operates this platform suspended it. Its data are kept.",
            ),
        };
        Self::new(StatusCode::FORBIDDEN, slug, title, detail)
    }

    /// 403: the company does not have this part of the product.
    pub fn module_not_included(module: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "module-not-included",
            "Your company does not have this part of Outlay",
            format!("This needs the module {module}, which your company's profile leaves out."),
        )
    }

    /// 403: a global owner at a tenant's door.
    pub fn no_tenant() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "no-tenant",
            "You work for no company",
            "This belongs to a company. A global owner operates the platform under /v1/admin and is in none.",
        )
    }

    /// 403: a member of a tenant at the platform's door.
    pub fn not_a_global_owner() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-a-global-owner",
            "Only a global owner may do this",
            "This operates the platform itself. Members of a company cannot, whatever their role.",
        )
    }

    /// 404: not there, or not the caller's: the two look alike.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such thing",
            "Nothing of yours has this address.",
        )
    }

    /// 409: the thing is in a state that does not allow this.
    pub fn conflict(slug: &'static str, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            slug,
            "The current state does not allow this",
            detail,
        )
    }

    /// 405: the path is served, with these methods (RFC 9110, section 15.5.6).
    pub fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "This path has other methods",
            format!("It is served with {allow}."),
        );
        if let Ok(allow) = HeaderValue::try_from(allow) {
            problem.header = Some(Box::new((header::ALLOW, allow)));
        }
        problem
    }

    /// 429: too often.
    pub fn too_many(retry_after_seconds: u32) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many tries",
            format!("Try again in {retry_after_seconds} seconds."),
        );
        problem.header = Some(Box::new((header::RETRY_AFTER, retry_after_seconds.into())));
        problem
    }

    /// 500: a defect of ours. The caller learns nothing but the request id.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
            "Try again; if it stays, report the request id.",
        );
        problem.source = Some(source.into());
        problem
    }

    /// 503: something we stand on does not answer.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "A service we depend on does not answer",
            "Nothing was changed. Try again in a few seconds.",
        );
        problem.header = Some(Box::new((header::RETRY_AFTER, 2.into())));
        problem.source = Some(source.into());
        problem
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Stable name of the kind.
    pub fn slug(&self) -> &'static str {
        self.slug
    }

    /// What only the log is told.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// The answer to send, as `application/problem+json`.
    pub fn into_response(self, request_id: &str) -> Response<Body> {
        let body = ProblemBody {
            kind: format!("{TYPES}{}", self.slug),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            request_id: request_id.to_owned(),
            errors: self.errors,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            "content-type",
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(header) = self.header {
            headers.insert(header.0, header.1);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert("www-authenticate", HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.slug)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::conflict(
                "changed-meanwhile",
                "Somebody else changed this at the same moment. Read it again and decide anew.",
            ),
            StoreError::Unavailable(_) => Self::unavailable(error),
            StoreError::AccessDenied | StoreError::Malformed(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_speaks_rfc_9457() {
        let response = Problem::invalid("/fileName", "is empty").into_response("req-1");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        insta::assert_snapshot!(String::from_utf8_lossy(response.body().as_ref()), @r#"{"type":"https://outlay.dev/problems/invalid-request","title":"The request is not valid","status":400,"detail":"/fileName: is empty","requestId":"req-1","errors":[{"pointer":"/fileName","detail":"is empty"}]}"#);
    }

    #[test]
    fn a_server_error_says_nothing_internal() {
        let response = Problem::internal("arn:aws:secret").into_response("req-1");
        assert_eq!(response.status(), 500);
        assert!(!String::from_utf8_lossy(response.body().as_ref()).contains("arn"));
    }
}
