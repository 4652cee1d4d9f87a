//! `cargo xtask bench`: what DESIGN section 10 wants measured.

mod billing;
mod cold_start;

use anyhow::{Result, bail};

use crate::{args::Args, house::House};

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    match args
        .word("the benchmark's name, billing or cold-start,")?
        .as_str()
    {
        "billing" => billing::run(house, args),
        "cold-start" => cold_start::run(house, args),
        other => bail!("no benchmark is called `{other}`"),
    }
}
