use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, CostsRead};
use outlay_lake::{
    answer::{self, DimensionList, DimensionValues, dimension_values},
    query::Dimension,
};
use outlay_runtime::{App, authorised};
use serde::Serialize;

use crate::selection::{self, refused};

/// Without `dimension` the dimensions there are, with it the values it has.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Dimensions {
    /// What costs can be grouped and filtered by.
    List(DimensionList),
    /// The values of one of them.
    Values(DimensionValues),
}

/// `GET /v1/costs/dimensions`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, dimensions)
}

/// What costs can be grouped and filtered by, and with which values.
#[utoipa::path(get, path = "/v1/costs/dimensions", operation_id = "costs-dimensions", tag = "costs",
    security(("bearer" = [])),
    params(
        ("dimension" = Option<String>, Query, description = "A dimension, such as ServiceName or tag:team."),
        ("search" = Option<String>, Query, description = "Part of the value or of its label, in any case."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "1 to 1000 values; 100 without.")),
    responses((status = 200, body = Dimensions),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn dimensions(
    app: &'static App,
    caller: Caller<CostsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &["dimension", "search", "limit"])?;
    let dimension = params
        .get("dimension")
        .map(str::parse::<Dimension>)
        .transpose();
    let dimension = dimension.map_err(|_| Problem::invalid("dimension", "is not a dimension"))?;
    let limit = params.number("limit", 100, 1, 1000)?;
    let (selection, _) = selection::load(app, &caller, None).await?;
    let found = match &dimension {
        None => Dimensions::List(answer::dimensions(&selection.rollups)),
        Some(dimension) => {
            let values = dimension_values(
                &selection.rollups,
                dimension,
                params.get("search"),
                limit as usize,
            );
            Dimensions::Values(values.map_err(refused)?)
        }
    };
    reply::ok(&found)
}
