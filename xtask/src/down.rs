//! `cargo xtask down`: stops what `up --detach` left running.

use anyhow::Result;

use crate::{
    args::Args,
    house::House,
    stack::{Purpose, Stack},
    steps::step,
};

pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    args.done()?;
    let stack = Stack::of(house, Purpose::Work);
    if !stack.is_running() {
        println!("nothing runs");
    }
    step("stop; the state is kept", || {
        stack.stop();
        Ok(())
    })
}
