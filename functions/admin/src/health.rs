//! What runs, what waits, what was given up, and how well it went month by month.

use jiff::Timestamp;
use outlay_core::BillingPeriod;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::{Downtime, Heartbeat, OperatorTable, PlatformConfig, ServiceState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    action::looked_at,
    config::percent,
    schedules::{ScheduleBody, with_runs},
    sla::{ServiceMonth, month},
};

/// The state of the platform.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Operations)]
pub struct Operations {
    /// When the monitor looked last; null before its first run. What follows is of that moment.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// The workers and the schedules.
    pub services: Vec<ServiceBody>,
    /// What runs by the clock.
    pub schedules: Vec<ScheduleBody>,
    /// The availability that is promised for a month, in percent.
    pub sla_target: String,
    /// How each service did, newest month first.
    pub months: Vec<ServiceMonth>,
    /// Times during which something was down, newest first.
    pub downtimes: Vec<DowntimeBody>,
}

/// A worker with its queue, or the schedules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Service)]
pub struct ServiceBody {
    /// The function's name, or `schedules`.
    pub name: String,
    /// Whether it lives.
    pub state: ServiceHealth,
    /// Its last sign of life; null where there was none.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_sign_at: Option<Timestamp>,
    /// Since when it is down; null while it is up.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub down_since: Option<Timestamp>,
    /// Its queue; null for what has none.
    #[schema(required)]
    pub queue: Option<QueueBody>,
}

/// A service in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ServiceHealth {
    /// It answers.
    Up,
    /// It does not.
    Down,
}

/// How many messages are in a queue, about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueueDepth)]
pub struct QueueBody {
    /// They wait.
    pub waiting: u64,
    /// They are being worked on, or wait for another try.
    pub in_flight: u64,
    /// They failed five times: mend the cause, then redrive them (docs/runbook.md).
    pub dead: u64,
}

/// A time during which a service was down, within one month.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Downtime)]
pub struct DowntimeBody {
    /// Which.
    pub service: String,
    /// When it began; what began in an earlier month has an entry there too.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// When it ended; null while it lasts.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, health)
}

/// Workers, schedules, queues and dead letters as the monitor saw them last, the log of downtimes, and the
/// availability of each service by month.
#[utoipa::path(
    get,
    path = "/v1/admin/health",
    operation_id = "admin-health",
    tag = "admin",
    params(("months" = Option<u32>, Query, minimum = 1, maximum = 12, description = "Months to tell of, this one included: 1 to 12; 3 without.")),
    responses(
        (status = 200, description = "The state of the platform", body = Operations),
        (status = 400, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn health(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &["months"])?;
    let count = params.number("months", 3, 1, 12)?;
    looked_at(
        app,
        &caller,
        &request,
        "admin.get-health",
        "platform",
        &"health",
    )
    .await?;
    let table = app.operator(None, Some(caller.user())).await?;
    let now = (app.clock)();
    let months = months(now, count)?;
    let downtimes = downtimes(&table, &months).await?;
    let states: Vec<ServiceState> = table.list_all(&String::new()).await?;
    let signs: Vec<Heartbeat> = table.list_all(&String::new()).await?;
    let target = table
        .get::<PlatformConfig>(&())
        .await?
        .unwrap_or_default()
        .sla_target;
    let of_months = months.iter().flat_map(|each| {
        let of_service =
            |s: &ServiceState| month(&s.service, *each, s.first_seen, &downtimes, target, now);
        states.iter().map(of_service).collect::<Vec<_>>()
    });
    let of_months = of_months.filter(|of| of.watched_seconds > 0).collect();
    reply::ok(&Operations {
        as_of: states.iter().map(|state| state.looked_at).max(),
        schedules: with_runs(app, &table).await?,
        sla_target: percent(target),
        months: of_months,
        services: states
            .into_iter()
            .map(|state| service(state, &signs))
            .collect(),
        downtimes: downtimes.into_iter().rev().map(body).collect(),
    })
}

fn months(now: Timestamp, count: u32) -> Result<Vec<BillingPeriod>, Problem> {
    let this = BillingPeriod::containing(now).map_err(Problem::internal)?;
    let each = std::iter::successors(Some(this), |month| Some(month.previous()));
    Ok(each.take(count as usize).collect())
}

/// Oldest first.
async fn downtimes(
    table: &OperatorTable,
    months: &[BillingPeriod],
) -> Result<Vec<Downtime>, Problem> {
    let mut all = Vec::new();
    for month in months.iter().rev() {
        let any = (*month, Timestamp::UNIX_EPOCH, String::new());
        all.extend(table.list_all::<Downtime>(&any).await?);
    }
    Ok(all)
}

fn service(state: ServiceState, signs: &[Heartbeat]) -> ServiceBody {
    let sign = signs.iter().find(|beat| beat.worker == state.service);
    ServiceBody {
        state: if state.down_since.is_some() {
            ServiceHealth::Down
        } else {
            ServiceHealth::Up
        },
        // The monitor itself is the sign of life of the schedules.
        last_sign_at: if state.service == ServiceState::SCHEDULES {
            Some(state.looked_at)
        } else {
            sign.map(|beat| beat.at)
        },
        name: state.service,
        down_since: state.down_since,
        queue: state.queue.map(|queue| QueueBody {
            waiting: queue.waiting,
            in_flight: queue.in_flight,
            dead: queue.dead,
        }),
    }
}

fn body(downtime: Downtime) -> DowntimeBody {
    DowntimeBody {
        service: downtime.service,
        began_at: downtime.began_at,
        ended_at: downtime.ended_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_go_back_from_this_one() {
        let now: Timestamp = "2027-01-15T00:00:00Z".parse().unwrap();
        let found = months(now, 3).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["2027-01", "2026-12", "2026-11"]);
    }
}
