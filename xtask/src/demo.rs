//! `cargo xtask demo`: the generated company's bill, in the running stack or in a folder.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use outlay_testkit::{
    bill::{DiscountStyle, Spelling, gzip},
    demo,
    stack::Stack as Running,
};
use serde_json::Value;

use crate::{args::Args, house::House};

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let as_of = date_or_today(args.option("--as-of")?.as_deref())?;
    let out = args.option("--out")?;
    args.done()?;
    if let Some(folder) = out {
        return write_files(Path::new(&folder), as_of);
    }
    let login = load(&house.local().join("stack.json"), as_of)?;
    println!("{login:#}");
    Ok(())
}

/// Makes the demo tenant in the stack that this file describes; gives its login.
pub(crate) fn load(description: &Path, as_of: Date) -> Result<Value> {
    let login = demo::load_demo(&Running::open(description)?, as_of)?;
    Ok(serde_json::to_value(login)?)
}

/// The date, or today in UTC.
pub(crate) fn date_or_today(text: Option<&str>) -> Result<Date> {
    match text {
        Some(text) => text
            .parse()
            .with_context(|| format!("`{text}` is no date such as 2026-11-01")),
        None => Ok(Timestamp::now().to_zoned(TimeZone::UTC).date()),
    }
}

fn write_files(folder: &Path, as_of: Date) -> Result<()> {
    fs::create_dir_all(folder)?;
    let bill = demo::company().thirteen_months(as_of)?;
    let files = [
        ("focus.csv.gz", bill.focus_csv()),
        ("cur.csv.gz", bill.cur_csv(Spelling::Slash)),
        ("cur-underscores.csv.gz", bill.cur_csv(Spelling::Underscore)),
        ("cur2.csv.gz", bill.cur2_csv(DiscountStyle::Map)),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, gzip(&content)?)?;
        println!("{}", path.display());
    }
    Ok(())
}
