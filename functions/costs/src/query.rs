use lambda_http::http::Method;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::{Caller, CostsRead};
use outlay_lake::{
    answer::{CostAnswer, evaluate},
    query::CostQuery,
};
use outlay_runtime::{App, authorised};

use crate::selection::{self, refused};

/// `GET` and `POST /v1/costs/query`: the same question in two spellings.
pub fn handler(app: &'static App, request: Request) -> Reply {
    if request.method() == Method::POST {
        authorised(app, request, query_body)
    } else {
        authorised(app, request, query)
    }
}

/// Answers a question in its URL form. Totals equal the rows exactly; one block per currency.
#[utoipa::path(get, path = "/v1/costs/query", operation_id = "costs-query", tag = "costs",
    security(("bearer" = [])),
    params(
        ("metrics" = Option<String>, Query, description = "Costs, separated by commas: EffectiveCost (without), BilledCost, ListCost, ContractedCost."),
        ("groupBy" = Option<String>, Query, description = "Up to three dimensions, separated by commas, such as ServiceName,tag:team."),
        ("granularity" = Option<String>, Query, description = "total (without), day, week, month, cumulative or hour."),
        ("start" = String, Query, description = "First day, YYYY-MM-DD."),
        ("end" = String, Query, description = "The day after the last one."),
        ("timeAxis" = Option<String>, Query, description = "charge (without) or billing."),
        ("filter" = Option<String>, Query, description = "An expression such as ServiceName = \"Amazon S3\" and not tag:team is null."),
        ("currency" = Option<String>, Query, description = "One billing currency."),
        ("top" = Option<u32>, Query, description = "Keep the largest groups, fold the others."),
        ("versions" = Option<String>, Query, description = "Pinned versions, separated by commas.")),
    responses((status = 200, body = CostAnswer),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn query(
    app: &'static App,
    caller: Caller<CostsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &CostQuery::FIELDS)?;
    let query = CostQuery::from_params(params.pairs()).map_err(refused)?;
    answer(app, &caller, &query).await
}

/// Answers a question in its JSON form.
#[utoipa::path(post, path = "/v1/costs/query", operation_id = "costs-query-body", tag = "costs",
    security(("bearer" = [])), request_body = CostQuery,
    responses((status = 200, body = CostAnswer),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn query_body(
    app: &'static App,
    caller: Caller<CostsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let body: serde_json::Value = json_body(&request)?;
    let query = CostQuery::from_json(&body).map_err(refused)?;
    answer(app, &caller, &query).await
}

async fn answer(
    app: &App,
    caller: &Caller<CostsRead>,
    query: &CostQuery,
) -> Result<Response<Body>, Problem> {
    let (selection, _) = selection::load(app, caller, query.versions.as_deref()).await?;
    let mut answer = evaluate(query, &selection.rollups).map_err(refused)?;
    answer.data_as_of = selection.data_as_of;
    reply::ok(&answer)
}
