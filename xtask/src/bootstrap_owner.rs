//! `cargo xtask bootstrap-owner`: a one-time link for the first global owner. No default account exists, and
//! no password passes through here.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    args::Args,
    house::House,
    stack::{Purpose, Stack, read_json},
    steps::run_quietly,
    venv,
};

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let email = args.option("--email")?.context("--email is missing")?;
    let another = args.flag("--another");
    let stage = args.option("--stage")?;
    let region = args.option("--region")?;
    let origin = args.option("--origin")?;
    args.done()?;
    let event = json!({ "email": email, "another": another }).to_string();
    let mut command = Command::new(venv::local(house)?);
    command.arg(house.path("xtask/local/invoke.py"));
    let origin = if let Some(stage) = &stage {
        command.args(["--function", &function(stage)?]);
        if let Some(region) = &region {
            command.args(["--region", region]);
        }
        origin.context(
            "--origin is missing: where the web app is, such as https://costs.example.com",
        )?
    } else {
        let stack = read_json(&Stack::of(house, Purpose::Work).folder.join("stack.json"))?;
        let told = |name: &str| stack[name].as_str().unwrap_or_default().to_owned();
        command.args(["--function", &function("local")?]);
        command.args([
            "--endpoint",
            &told("awsEndpoint"),
            "--region",
            &told("region"),
        ]);
        told("webUrl")
    };
    let answer = run_quietly(command.args(["--event", &event]))?;
    print!("{}", message(&serde_json::from_str(&answer)?, &origin)?);
    Ok(())
}

fn function(stage: &str) -> Result<String> {
    if !["dev", "staging", "prod", "local"].contains(&stage) {
        bail!("--stage takes dev, staging or prod; without it the local stack is meant");
    }
    Ok(format!("outlay-{stage}-admin-bootstrap"))
}

/// What the terminal shows. The secret stands behind the `#`, which browsers never send.
fn message(told: &Value, origin: &str) -> Result<String> {
    let text = |name: &str| told[name].as_str().unwrap_or_default();
    if text("status") != "invited" {
        bail!("nothing was changed: {}", text("detail"));
    }
    let (email, code, expires) = (text("email"), text("code"), text("expiresAt"));
    let address = email.replace('+', "%2B").replace('@', "%40");
    Ok(format!(
        "  Open this link and choose a password. It is good once, until {expires}:\n\n  \
         {origin}/global-owner#email={address}&code={code}\n\n  \
         Or without the web app:\n\n  \
         curl {origin}/v1/admin/owners/accept -H 'content-type: application/json' \\\n    \
         -d '{{\"email\": \"{email}\", \"code\": \"{code}\", \"name\": \"...\", \"password\": \"...\"}}'\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_keeps_its_secret_behind_the_hash() {
        let told =
            json!({"status": "invited", "email": "a+b@c.d", "code": "s3cret", "expiresAt": "t"});
        let shown = message(&told, "https://costs.example.com").unwrap();
        assert!(
            shown.contains("https://costs.example.com/global-owner#email=a%2Bb%40c.d&code=s3cret")
        );
        let refused = json!({"status": "refused", "detail": "There is one."});
        assert!(
            message(&refused, "x")
                .unwrap_err()
                .to_string()
                .contains("There is one.")
        );
    }

    #[test]
    fn only_our_stages_have_the_function() {
        assert_eq!(function("prod").unwrap(), "outlay-prod-admin-bootstrap");
        assert!(function("../x").is_err());
    }
}
