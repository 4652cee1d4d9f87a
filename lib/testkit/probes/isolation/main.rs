//! A function for the stack tests alone: run under an execution role of template.yaml, it assumes what
//! it is told to with the product's own code, and asks for what it is told to, also for what it must
//! not get. Never deployed by the template; `tests/stack/policy` creates and removes it.

mod product;
mod raw;

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_sts::error::DisplayErrorContext;
use lambda_runtime::{LambdaEvent, service_fn};
use outlay_cloud::{SessionTags, Sessions};
use outlay_core::{TenantId, UserId};
use serde::{Deserialize, Serialize};

const ALLOWED: &str = "allowed";
const DENIED: &str = "denied";

/// What to be and what to ask for.
#[derive(Deserialize)]
struct Event {
    table: String,
    bucket: String,
    session: Session,
    calls: Vec<Call>,
}

/// Whose credentials the calls are made with.
#[derive(Deserialize)]
#[serde(tag = "as", rename_all = "camelCase")]
enum Session {
    /// The execution role itself.
    Own,
    /// As `App::reader`, `App::writer` and `App::worker` do.
    Tenant { role: String, tenant: TenantId },
    /// As `App::registry` does.
    Registry {
        role: String,
        tenant: Option<TenantId>,
        user: Option<UserId>,
    },
    /// As `App::operator` does.
    Operator {
        role: String,
        tenant: Option<TenantId>,
        user: Option<UserId>,
    },
    /// As `App::platform` and signs of life do.
    Platform { role: String },
    /// With tags that the product's code cannot express.
    Tagged {
        role: String,
        tags: BTreeMap<String, String>,
    },
}

#[derive(Deserialize)]
#[serde(tag = "via", rename_all = "camelCase")]
enum Call {
    Store(product::StoreCall),
    Lake(product::LakeCall),
    Dynamodb(raw::TableCall),
    S3(raw::ObjectCall),
    Sts(raw::AssumeCall),
}

/// What came of it: each is `allowed`, `denied`, or what else went wrong.
#[derive(Serialize)]
struct Answer {
    session: String,
    calls: Vec<String>,
}

/// Clients that hold one session.
struct Clients {
    dynamodb: aws_sdk_dynamodb::Client,
    s3: aws_sdk_s3::Client,
    sts: aws_sdk_sts::Client,
    table: String,
    bucket: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let sdk = aws_config::load_defaults(BehaviorVersion::v2026_01_12()).await;
    let sdk = &sdk;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, Infallible>(answer(sdk, event.payload).await)
    }))
    .await
}

async fn answer(sdk: &SdkConfig, event: Event) -> Answer {
    let clients = match open(sdk, event.session).await {
        Ok(sdk) => Clients::new(&sdk, event.table, event.bucket),
        Err(session) => {
            return Answer {
                session,
                calls: Vec::new(),
            };
        }
    };
    let mut calls = Vec::new();
    for call in event.calls {
        calls.push(make(&clients, call).await);
    }
    let session = ALLOWED.to_owned();
    Answer { session, calls }
}

async fn make(clients: &Clients, call: Call) -> String {
    match call {
        Call::Store(call) => call.outcome(clients).await,
        Call::Lake(call) => call.outcome(clients).await,
        Call::Dynamodb(call) => call.outcome(clients).await,
        Call::S3(call) => call.outcome(clients).await,
        Call::Sts(call) => call.outcome(clients).await,
    }
}

/// The configuration with the session's credentials in it, or why there is no session.
async fn open(sdk: &SdkConfig, session: Session) -> Result<SdkConfig, String> {
    let sts = aws_sdk_sts::Client::new(sdk);
    let credentials = match session {
        Session::Own => return Ok(sdk.clone()),
        Session::Tenant { role, tenant } => {
            assume(sts, &role, &SessionTags::Tenant(tenant)).await?
        }
        Session::Registry { role, tenant, user } => {
            assume(sts, &role, &SessionTags::Registry(tenant, user)).await?
        }
        Session::Operator { role, tenant, user } => {
            assume(sts, &role, &SessionTags::Operator(tenant, user)).await?
        }
        Session::Platform { role } => assume(sts, &role, &SessionTags::Platform).await?,
        Session::Tagged { role, tags } => raw::AssumeCall { role, tags }.session(&sts).await?,
    };
    let provider = SharedCredentialsProvider::new(credentials);
    let builder = sdk.clone().into_builder();
    Ok(builder.credentials_provider(provider).build())
}

async fn assume(
    sts: aws_sdk_sts::Client,
    role: &str,
    tags: &SessionTags,
) -> Result<Credentials, String> {
    let sessions = Sessions::new(sts);
    let assumed = sessions.assume(role, tags, Duration::from_mins(5)).await;
    assumed.map_err(|e| described(&DisplayErrorContext(e).to_string()))
}

/// An error of which only the text is known.
fn described(error: &str) -> String {
    if error.contains("AccessDenied") {
        DENIED.to_owned()
    } else {
        error.to_owned()
    }
}

impl Clients {
    fn new(sdk: &SdkConfig, table: String, bucket: String) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(sdk),
            s3: aws_sdk_s3::Client::new(sdk),
            sts: aws_sdk_sts::Client::new(sdk),
            table,
            bucket,
        }
    }
}
