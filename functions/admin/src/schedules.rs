//! The schedules of the template, as it tells them to functions.

use jiff::{SignedDuration, Timestamp};
use outlay_http::Problem;
use outlay_runtime::{App, Variable};
use outlay_store::{OperatorTable, RunOutcome, ScheduleRun};
use serde::Serialize;
use utoipa::ToSchema;

/// A schedule, its last run and its next.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Schedule)]
pub struct ScheduleBody {
    /// Its name: the function's.
    pub name: String,
    /// How often it runs, in minutes.
    pub every_minutes: u32,
    /// Its last run that ended; null before the first.
    #[schema(required)]
    pub last_run: Option<RunBody>,
    /// When it is to run next, about; null before the first run.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub next_run_at: Option<Timestamp>,
}

/// A run of a schedule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScheduleRun)]
pub struct RunBody {
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    pub ended_at: Timestamp,
    /// What came of it; the log of its domain says why.
    pub outcome: RunOutcome,
}

/// A schedule as template.yaml tells it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Schedule<'a> {
    pub(crate) name: &'a str,
    /// What Lambda calls the function.
    pub(crate) function: &'a str,
    pub(crate) every_minutes: u32,
}

/// All schedules of this deployment.
pub(crate) fn schedules(app: &App) -> Result<Vec<Schedule<'_>>, Problem> {
    let text = app.config.get(Variable::Schedules);
    let entries = text.map_err(Problem::internal)?.split(',');
    entries
        .map(|entry| {
            parse(entry).ok_or_else(|| Problem::internal("SCHEDULES is not as it should be"))
        })
        .collect()
}

/// `name=function=minutes`.
fn parse(entry: &str) -> Option<Schedule<'_>> {
    let mut parts = entry.split('=');
    let schedule = Schedule {
        name: parts.next()?,
        function: parts.next()?,
        every_minutes: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(schedule)
}

/// The schedules with their runs.
pub(crate) async fn with_runs(
    app: &App,
    table: &OperatorTable,
) -> Result<Vec<ScheduleBody>, Problem> {
    let runs: Vec<ScheduleRun> = table.list_all(&String::new()).await?;
    let bodies = schedules(app)?.into_iter().map(|schedule| {
        let run = runs.iter().find(|run| run.schedule == schedule.name);
        body(&schedule, run)
    });
    Ok(bodies.collect())
}

fn body(schedule: &Schedule<'_>, run: Option<&ScheduleRun>) -> ScheduleBody {
    let every = SignedDuration::from_mins(schedule.every_minutes.into());
    ScheduleBody {
        name: schedule.name.to_owned(),
        every_minutes: schedule.every_minutes,
        last_run: run.map(|run| RunBody {
            began_at: run.began_at,
            ended_at: run.ended_at,
            outcome: run.outcome,
        }),
        next_run_at: run.and_then(|run| run.began_at.checked_add(every).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_runs_next_an_interval_after_its_last_run() {
        let schedule = parse("platform-monitor=outlay-test-platform-monitor=5").unwrap();
        assert_eq!(schedule.function, "outlay-test-platform-monitor");
        let run = ScheduleRun {
            schedule: "platform-monitor".into(),
            began_at: Timestamp::UNIX_EPOCH,
            ended_at: Timestamp::UNIX_EPOCH,
            outcome: RunOutcome::Failed,
        };
        let next = body(&schedule, Some(&run)).next_run_at.unwrap();
        assert_eq!(next.as_second(), 300);
        assert!(body(&schedule, None).next_run_at.is_none());
        for bad in ["", "a=b", "a=b=c", "a=b=5=6"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
