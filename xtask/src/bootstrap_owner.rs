//! `cargo xtask bootstrap-owner`: a one-time link for the first global owner. No default account exists, and
//! no password passes through here.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{args::Args, house::House, invoke::Target};

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let email = args.option("--email")?.context("--email is missing")?;
    let another = args.flag("--another");
    let target = Target::of(&mut args)?;
    let origin = args.option("--origin")?;
    args.done()?;
    let origin = target.origin(house, origin)?;
    let event = json!({ "email": email, "another": another });
    let answer = target.invoke(house, "admin-bootstrap", &event)?;
    print!("{}", message(&answer, &origin)?);
    Ok(())
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
}
