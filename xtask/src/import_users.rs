//! `cargo xtask import-users`: people of another system come into a company with the bcrypt hashes that the other system
//! kept. Each signs in with the password that they have.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{args::Args, house::House, invoke::Target};

/// People in one call of the function.
const AT_ONCE: usize = 25;

/// A line of the file.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    email: String,
    name: String,
    role: String,
    password_hash: String,
}

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let tenant = args.option("--tenant")?.context("--tenant is missing")?;
    let file = args.option("--file")?.context("--file is missing")?;
    let target = Target::of(&mut args)?;
    args.done()?;
    let lines = lines(&fs::read_to_string(&file).context(file)?)?;
    let mut imported = 0;
    for some in lines.chunks(AT_ONCE) {
        let event = json!({ "tenantId": tenant, "users": some });
        let told = target.invoke(house, "admin-import", &event)?;
        for (line, came) in some.iter().zip(outcomes(&told, some.len())?) {
            println!("  {}  {}", line.email, shown(came));
            imported += usize::from(came["status"] == "imported");
        }
    }
    println!("  {imported} of {} were imported", lines.len());
    Ok(())
}

/// All lines, before anybody is imported; an error names the line and shows nothing of it.
fn lines(text: &str) -> Result<Vec<Line>> {
    let numbered = text.lines().enumerate();
    let full = numbered.filter(|(_, line)| !line.trim().is_empty());
    full.map(|(at, line)| {
        let read = serde_json::from_str(line).ok();
        read.with_context(|| {
            let fields = r#"{"email": ..., "name": ..., "role": ..., "passwordHash": ...}"#;
            format!("line {} is not {fields}", at + 1)
        })
    })
    .collect()
}

/// What came of each.
fn outcomes(told: &Value, asked: usize) -> Result<&Vec<Value>> {
    if told["status"] != "done" {
        let detail = told["detail"].as_str().unwrap_or_default();
        bail!("nothing was changed: {detail}");
    }
    let users = told["users"].as_array();
    users
        .filter(|users| users.len() == asked)
        .context("the function did not answer for everybody")
}

fn shown(came: &Value) -> String {
    let text = |name: &str| came[name].as_str().unwrap_or_default();
    match text("status") {
        "imported" => format!("imported as {}", text("userId")),
        "exists" => "has an account already: invite them instead".to_owned(),
        _ => format!("refused: {}", text("detail")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_wrong_is_named_and_not_shown() {
        let good = r#"{"email":"a@b.c","name":"A","role":"viewer","passwordHash":"$2b$"}"#;
        assert_eq!(lines(&format!("{good}\n\n{good}\n")).unwrap().len(), 2);
        let secret = good.replace("role", "rule");
        let error = lines(&format!("{good}\n{secret}")).err().unwrap();
        let text = format!("{error:#}");
        assert!(text.contains("line 2") && !text.contains("$2b$"), "{text}");
    }

    #[test]
    fn what_came_of_each_is_told() {
        let told = json!({ "status": "done", "users": [
            { "status": "imported", "userId": "usr_1" }, { "status": "exists" },
            { "status": "refused", "detail": "No." },
        ]});
        let each: Vec<String> = outcomes(&told, 3).unwrap().iter().map(shown).collect();
        assert_eq!(
            each,
            [
                "imported as usr_1",
                "has an account already: invite them instead",
                "refused: No."
            ]
        );
        assert!(outcomes(&told, 2).is_err());
        let refused = json!({ "status": "refused", "detail": "Too many." });
        assert!(outcomes(&refused, 1).is_err());
    }
}
