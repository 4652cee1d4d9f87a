//! A route whose handler takes no caller cannot be served as an authorised one.
//! error[E0631]
use outlay_contract::house::{
    http::{Body, Problem, Reply, Request, Response, reply},
    identity::{AccountRead, Caller},
    runtime::{App, authorised},
};

pub fn route(app: &'static App, request: Request) -> Reply {
    #[cfg(wrong)]
    return authorised(app, request, open);
    authorised(app, request, guarded)
}

async fn guarded(_: &'static App, _: Caller<AccountRead>, _: Request) -> Result<Response<Body>, Problem> {
    Ok(reply::no_content())
}

pub async fn open(_: &'static App, _: (), _: Request) -> Result<Response<Body>, Problem> {
    Ok(reply::no_content())
}
