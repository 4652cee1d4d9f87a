//! The demo tenant, made through the product's own API.

use anyhow::{Result, ensure};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Account,
    account::log_in,
    bill::{Company, gzip},
    stack::Stack,
};

const EMAIL: &str = "demo@outlay.example";
const PASSWORD: &str = "outlay-demo-2026";
const SEED: u64 = 2026;

/// Who to sign in as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// Address.
    pub email: String,
    /// Password: the local stack is on 127.0.0.1 only.
    pub password: String,
    /// Its tenant.
    pub tenant_id: String,
}

/// Makes the demo tenant and loads thirteen months that end on the day before `as_of`. What is
/// there already stays: another day's bill replaces the months that changed.
pub fn load_demo(stack: &Stack, as_of: Date) -> Result<Demo> {
    let account = sign_in_or_up(stack)?;
    load_into(&account, as_of)?;
    Ok(Demo {
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned(),
        tenant_id: account.tenant_id,
    })
}

/// Loads the demo's thirteen months into a tenant, unless they are there.
pub fn load_into(account: &Account, as_of: Date) -> Result<()> {
    let last = as_of.checked_sub(1.day())?;
    let file_name = format!("outlay-demo-to-{last}.csv.gz");
    if !is_loaded(account, &file_name)? {
        let bill = company().thirteen_months(as_of)?;
        let file = gzip(&bill.focus_csv())?;
        let more = json!({ "onConflict": "replace" });
        let upload = account.upload_with(&file_name, &file, "application/gzip", &more)?;
        ensure!(upload["status"] == "completed", "the demo bill: {upload}");
    }
    Ok(())
}

/// The company whose bill the demo shows.
pub fn company() -> Company {
    Company::new(SEED)
}

fn sign_in_or_up(stack: &Stack) -> Result<Account> {
    if log_in(stack, EMAIL, PASSWORD)?.status == 200 {
        Account::log_in(stack, EMAIL, PASSWORD)
    } else {
        Account::sign_up_as(stack, EMAIL, PASSWORD, company().name())
    }
}

fn is_loaded(account: &Account, file_name: &str) -> Result<bool> {
    let page = account.get("/v1/uploads?limit=100")?.expect(200)?.json()?;
    let uploads = page["items"].as_array().into_iter().flatten();
    Ok(uploads
        .filter(|u| u["status"] == "completed")
        .any(|u| u["fileName"] == file_name))
}
