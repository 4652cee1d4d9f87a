//! Who asked, from where, and when: read off a request once, for every entry that the request makes.

use jiff::Timestamp;
use lambda_http::{RequestExt, request::RequestContext};
use outlay_core::AuditId;
use outlay_http::Request;
use outlay_identity::{Caller, Permission};
use outlay_store::{Actor, AuditEntry, Origin, Target};
use serde_json::Value;

use crate::{App, edge::Viewer};

/// What a program calls itself is kept up to here.
const MAX_USER_AGENT: usize = 256;

/// Makes the audit entries of one request, or of one message.
#[derive(Debug, Clone)]
pub struct Trail {
    actor: Actor,
    at: Timestamp,
    origin: Option<Origin>,
    request_id: Option<String>,
}

impl Trail {
    /// What this caller does with this request.
    pub fn of<P: Permission>(app: &App, caller: &Caller<P>, request: &Request) -> Self {
        Self::by(app, caller.actor(), request)
    }

    /// What somebody does with a request that no access token came with.
    pub fn by(app: &App, actor: Actor, request: &Request) -> Self {
        Self {
            actor,
            at: (app.clock)(),
            origin: Some(origin(request)),
            request_id: request_id(request),
        }
    }

    /// What a function does by itself.
    pub fn worker(app: &App, name: &str) -> Self {
        Self {
            actor: Actor::worker(name),
            at: (app.clock)(),
            origin: None,
            request_id: None,
        }
    }

    /// From where the request came; nothing where no request was.
    pub fn origin(&self) -> Origin {
        let nowhere = Origin {
            address: None,
            user_agent: None,
        };
        self.origin.clone().unwrap_or(nowhere)
    }

    /// One change: `action` is `<domain>.<verb>`, the rest says to what. `AuditEntry::before` and
    /// `after` add what changed of it.
    pub fn entry(
        &self,
        action: &'static str,
        kind: &'static str,
        id: &impl ToString,
    ) -> AuditEntry {
        AuditEntry {
            audit_id: AuditId::mint(),
            at: self.at,
            actor: self.actor.clone(),
            action: action.to_owned(),
            target: Target {
                kind: kind.to_owned(),
                id: id.to_string(),
            },
            before: Value::Null,
            after: Value::Null,
            origin: self.origin.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

/// The id of a request, as the gateway gave it.
pub(crate) fn request_id(request: &Request) -> Option<String> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    }
}

/// From where a request came, as CloudFront saw it, or the gateway where there is none: what headers claim about it
/// proves nothing.
pub(crate) fn origin(request: &Request) -> Origin {
    let http = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => Some(&context.http),
        _ => None,
    };
    let viewer = request.extensions().get::<Viewer>();
    let user_agent = request.headers().get("user-agent");
    let user_agent = user_agent.map(|text| String::from_utf8_lossy(text.as_bytes()));
    Origin {
        address: viewer
            .map(|viewer| viewer.0.clone())
            .or_else(|| http.and_then(|http| http.source_ip.clone())),
        user_agent: user_agent.map(|text| text.chars().take(MAX_USER_AGENT).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[tokio::test]
    async fn an_entry_tells_who_from_where_and_in_which_request() {
        let app = App::start(Config::default()).await;
        let event = include_str!("../../../events/uploads-delete.one.json");
        let mut request = lambda_http::request::from_str(event).unwrap();
        let headers = request.headers_mut();
        headers.insert("user-agent", "x".repeat(5000).parse().unwrap());
        headers.insert("x-forwarded-for", "127.0.0.1".parse().unwrap());
        let entry = Trail::by(&app, Actor::worker("w"), &request)
            .entry("uploads.delete", "upload", &"upl_1")
            .before(serde_json::json!({"fileName": "a.csv"}));
        let origin = entry.origin.unwrap();
        let event: Value = serde_json::from_str(event).unwrap();
        let context = &event["requestContext"];
        assert_eq!(
            origin.address.as_deref(),
            context["http"]["sourceIp"].as_str()
        );
        assert_eq!(entry.request_id.as_deref(), context["requestId"].as_str());
        assert_eq!(origin.user_agent.unwrap().len(), MAX_USER_AGENT);
        assert_eq!(
            (entry.action.as_str(), entry.target.id.as_str()),
            ("uploads.delete", "upl_1")
        );
        assert_eq!(entry.before["fileName"], "a.csv");
    }
}
