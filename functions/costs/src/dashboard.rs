use jiff::{ToSpan, civil::Date, tz::TimeZone};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, CostsRead};
use outlay_lake::answer::{
    Dashboard, DashboardUploads, LoadedRollup, dashboard as summarise, latest_day,
};
use outlay_runtime::{App, authorised};
use outlay_store::Upload;

use crate::selection::{self, refused};

/// `GET /v1/costs/dashboard`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, dashboard)
}

/// This month so far, the last one, and where the money goes.
#[utoipa::path(get, path = "/v1/costs/dashboard", operation_id = "costs-dashboard", tag = "costs",
    security(("bearer" = [])),
    params(("end" = Option<String>, Query, format = Date, pattern = "^(19[7-9][0-9]|[2-8][0-9]{3})-[0-9]{2}-[0-9]{2}$", description = "The day after the last one shown; without, the day after the newest charge, tomorrow at the latest.")),
    responses((status = 200, body = Dashboard),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn dashboard(
    app: &'static App,
    caller: Caller<CostsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &["end"])?;
    let asked = params.get("end").map(day).transpose()?;
    let (selection, data) = selection::load(app, &caller, None).await?;
    let today = (app.clock)().to_zoned(TimeZone::UTC).date();
    let end = asked.unwrap_or_else(|| natural_end(&selection.rollups, today));
    let mut summary = summarise(&selection.rollups, end).map_err(refused)?;
    summary.data_as_of = selection.data_as_of;
    let uploads: Vec<Upload> = data.table.list_all().await?;
    let total = uploads
        .iter()
        .filter(|upload| upload.deleted_at.is_none())
        .count();
    summary.uploads = DashboardUploads {
        total: total as u64,
    };
    reply::ok(&summary)
}

/// The day after the newest charge. Commitments carry fees dated ahead: those do not count as news.
fn natural_end(rollups: &[LoadedRollup], today: Date) -> Date {
    let newest = latest_day(rollups).unwrap_or(today);
    newest.min(today).saturating_add(1.day())
}

fn day(text: &str) -> Result<Date, Problem> {
    let date = text
        .parse::<Date>()
        .ok()
        .filter(|date| text == date.to_string());
    date.filter(|date| (1970..=9998).contains(&date.year()))
        .ok_or_else(|| Problem::invalid("end", "must be a day as YYYY-MM-DD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_are_days() {
        assert!(day("2026-11-20").is_ok());
        for bad in [
            "2026-02-30",
            "2026-1-1",
            "20261120",
            "2026-11-20T00:00:00Z",
            "-000001-01-01",
            "9999-12-31",
            "",
        ] {
            assert_eq!(day(bad).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn without_data_the_dashboard_ends_today() {
        let today = "2026-11-20".parse().unwrap();
        assert_eq!(natural_end(&[], today).to_string(), "2026-11-21");
    }
}
