use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, CostsRead};
use outlay_lake::answer::{Trends, trends as months};
use outlay_runtime::{App, authorised};

use crate::selection::{self, refused};

/// `GET /v1/costs/trends`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, trends)
}

/// The four costs of the last billing periods.
#[utoipa::path(get, path = "/v1/costs/trends", operation_id = "costs-trends", tag = "costs",
    security(("bearer" = [])),
    params(("months" = Option<u32>, Query, minimum = 1, maximum = 120, description = "1 to 120; 12 without.")),
    responses((status = 200, body = Trends),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn trends(
    app: &'static App,
    caller: Caller<CostsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let wanted = Params::of(&request, &["months"])?.number("months", 12, 1, 120)?;
    let (selection, _) = selection::load(app, &caller, None).await?;
    let mut trends = months(&selection.rollups, wanted).map_err(refused)?;
    trends.data_as_of = selection.data_as_of;
    reply::ok(&trends)
}
