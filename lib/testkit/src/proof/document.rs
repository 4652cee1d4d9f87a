//! The operations of the checked-in API document.

use anyhow::{Context, Result};
use serde_json::Value;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// In upper case.
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    /// Whether an access token is asked for.
    pub needs_token: bool,
    /// The first success it declares.
    pub success: u16,
    /// The statuses it declares.
    pub statuses: Vec<u16>,
}

/// Every operation of `frontend/openapi.json`, in the order of their ids.
pub fn operations() -> Result<Vec<Operation>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/openapi.json");
    let document: Value = serde_json::from_slice(&std::fs::read(path).context(path)?)?;
    let paths = document["paths"].as_object().context("no paths")?;
    let mut found = Vec::new();
    for (path, methods) in paths {
        for (method, body) in methods.as_object().into_iter().flatten() {
            found.push(operation(path, method, body)?);
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

fn operation(path: &str, method: &str, body: &Value) -> Result<Operation> {
    let id = body["operationId"].as_str().context("no operationId")?;
    let security = body["security"].as_array().into_iter().flatten();
    let responses = body["responses"].as_object().context("no responses")?;
    let mut statuses: Vec<u16> = responses.keys().filter_map(|s| s.parse().ok()).collect();
    statuses.sort_unstable();
    Ok(Operation {
        id: id.to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        needs_token: security.into_iter().any(|s| s.get("bearer").is_some()),
        success: statuses
            .iter()
            .copied()
            .find(|s| (200..300).contains(s))
            .with_context(|| format!("{id} declares no success"))?,
        statuses,
    })
}
