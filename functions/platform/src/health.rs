//! What works.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use futures::future::join;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, Reply, Request, Response, reply};
use outlay_runtime::{App, public};
use serde::Serialize;
use utoipa::ToSchema;

/// What takes longer does not work.
const PATIENCE: Duration = Duration::from_secs(3);

/// What was checked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Health)]
pub struct Health {
    /// All of it.
    pub status: HealthStatus,
    /// One by one.
    pub checks: Vec<Check>,
    /// Version of the software.
    pub version: &'static str,
}

/// All of it in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum HealthStatus {
    /// Every check passed.
    Ok,
    /// Some check failed.
    Degraded,
}

/// One thing that was checked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HealthCheck)]
pub struct Check {
    /// `table`: the data role and the table. `keys`: the keys of access tokens.
    pub name: &'static str,
    /// Whether it works.
    pub status: CheckStatus,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// One check in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum CheckStatus {
    /// It answered.
    Ok,
    /// It did not, or not in time; the log says why.
    Failed,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, health)
}

/// Checks what every request stands on: the table through its role, and the keys of access tokens.
#[utoipa::path(
    get,
    path = "/v1/platform/health",
    operation_id = "platform-health",
    tag = "platform",
    responses(
        (status = 200, description = "Everything works", body = Health),
        (status = 503, description = "Something does not work", body = Health),
    )
)]
pub async fn health(app: &'static App, _: Request) -> Result<Response<Body>, Problem> {
    let (table, keys) = Box::pin(join(check("table", table(app)), check("keys", keys(app)))).await;
    let health = summary(vec![table, keys]);
    let status = match health.status {
        HealthStatus::Ok => StatusCode::OK,
        HealthStatus::Degraded => StatusCode::SERVICE_UNAVAILABLE,
    };
    reply::json(status, &health)
}

async fn table(app: &'static App) -> Result<(), Problem> {
    Ok(app.platform().await?.ping().await?)
}

async fn keys(app: &'static App) -> Result<(), Problem> {
    app.public_keys().await?;
    Ok(())
}

async fn check(name: &'static str, work: impl Future<Output = Result<(), Problem>>) -> Check {
    let started = Instant::now();
    let failure = match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(())) => None,
        Ok(Err(problem)) => Some(problem.cause().map(ToString::to_string).unwrap_or_default()),
        Err(_) => Some("out of time".to_owned()),
    };
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = if let Some(cause) = failure {
        tracing::error!(
            check.name = name,
            duration.ms = millis,
            cause,
            "health check failed"
        );
        CheckStatus::Failed
    } else {
        CheckStatus::Ok
    };
    Check {
        name,
        status,
        millis,
    }
}

fn summary(checks: Vec<Check>) -> Health {
    let ok = checks.iter().all(|check| check.status == CheckStatus::Ok);
    let status = if ok {
        HealthStatus::Ok
    } else {
        HealthStatus::Degraded
    };
    Health {
        status,
        checks,
        version: env!("CARGO_PKG_VERSION"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_failure_degrades_the_whole() {
        let good = check("table", async { Ok(()) }).await;
        let bad = check("keys", async {
            Err(Problem::internal("arn:aws:kms:secret"))
        })
        .await;
        let health = summary(vec![good, bad]);
        assert_eq!(health.status, HealthStatus::Degraded);
        let json = serde_json::to_string(&health).unwrap();
        assert!(
            json.contains(r#""status":"degraded""#) && json.contains(r#""status":"failed""#),
            "{json}"
        );
        assert!(!json.contains("arn"), "{json}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_answers_fails() {
        assert_eq!(
            check("table", std::future::pending()).await.status,
            CheckStatus::Failed
        );
    }
}
