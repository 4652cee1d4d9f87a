//! What works.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use futures::future::join;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, Reply, Request, Response, reply};
use outlay_runtime::{App, public};
use outlay_store::PlatformConfig;
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
    /// What whoever operates the platform tells everybody, such as planned work.
    #[schema(required)]
    pub notice: Option<String>,
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
    let work = join(check("table", table(app)), check("keys", keys(app)));
    let ((table, notice), (keys, _)) = Box::pin(work).await;
    let health = summary(vec![table, keys], notice.flatten());
    let status = match health.status {
        HealthStatus::Ok => StatusCode::OK,
        HealthStatus::Degraded => StatusCode::SERVICE_UNAVAILABLE,
    };
    reply::json(status, &health)
}

/// The table answers where it tells the settings of the platform, which need not be there.
async fn table(app: &'static App) -> Result<Option<String>, Problem> {
    let config = app.platform().await?.get::<PlatformConfig>(&()).await?;
    Ok(config.and_then(|config| config.notice))
}

async fn keys(app: &'static App) -> Result<(), Problem> {
    app.public_keys().await?;
    Ok(())
}

async fn check<T>(
    name: &'static str,
    work: impl Future<Output = Result<T, Problem>>,
) -> (Check, Option<T>) {
    let started = Instant::now();
    let (found, failure) = match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(found)) => (Some(found), None),
        Ok(Err(problem)) => {
            let cause = problem.cause().map(ToString::to_string);
            (None, Some(cause.unwrap_or_default()))
        }
        Err(_) => (None, Some("out of time".to_owned())),
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
    let check = Check {
        name,
        status,
        millis,
    };
    (check, found)
}

fn summary(checks: Vec<Check>, notice: Option<String>) -> Health {
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
        notice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_failure_degrades_the_whole() {
        let (good, found) = check("table", async { Ok(7) }).await;
        assert_eq!(found, Some(7));
        let (bad, _) = check("keys", async {
            Err::<(), _>(Problem::internal("arn:aws:kms:secret"))
        })
        .await;
        let health = summary(vec![good, bad], Some("Work tonight".into()));
        assert_eq!(health.notice.as_deref(), Some("Work tonight"));
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
        let (check, found) = check::<()>("table", std::future::pending()).await;
        assert_eq!((check.status, found), (CheckStatus::Failed, None));
    }
}
