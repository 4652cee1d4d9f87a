//! The words after `cargo xtask`. Every chore takes what it knows and then calls [`Args::done`].

use anyhow::{Context, Result, bail};

/// Words not taken yet.
#[derive(Debug)]
pub(crate) struct Args(Vec<String>);

impl Args {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes the next word.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes the next word, which must be there.
    pub(crate) fn word(&mut self, what: &str) -> Result<String> {
        self.next_word()
            .with_context(|| format!("{what} is missing"))
    }

    /// Takes a flag; says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let found = self.0.iter().position(|word| word == name);
        found.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes an option and its value: `--name value`, or `--name=value`.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>> {
        let joined = format!("{name}=");
        if let Some(at) = self.0.iter().position(|word| word.starts_with(&joined)) {
            return Ok(Some(self.0.remove(at)[joined.len()..].to_owned()));
        }
        let Some(at) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.0.remove(at);
        if at == self.0.len() {
            bail!("{name} needs a value");
        }
        Ok(Some(self.0.remove(at)))
    }

    /// An error when words are left that nobody took.
    pub(crate) fn done(&self) -> Result<()> {
        match self.0.first() {
            Some(word) => bail!("`{word}` is not understood here; see cargo xtask help"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &str) -> Args {
        Args(words.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn flags_and_options_are_taken_in_any_order() {
        let mut args = args("--as-of 2026-11-01 --fresh --only=unit");
        assert!(args.flag("--fresh") && !args.flag("--fresh"));
        assert_eq!(args.option("--only").unwrap().unwrap(), "unit");
        assert_eq!(args.option("--as-of").unwrap().unwrap(), "2026-11-01");
        args.done().unwrap();
    }

    #[test]
    fn what_nobody_takes_is_an_error() {
        assert!(args("--frehs").done().is_err());
        assert!(args("--as-of").option("--as-of").is_err());
    }
}
