//! Which licences what we build with may have.

/// Of crates: what is linked into functions.
const ALLOWED: [&str; 7] = [
    "Apache-2.0",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];
/// Of the web app and the tools that build it, besides: MPL-2.0 asks for the source of changed files, and we change none;
/// OFL-1.1 is for fonts, Python-2.0 for a parser of arguments that builds only.
const IN_THE_WEB_APP: [&str; 5] = ["0BSD", "BlueOak-1.0.0", "MPL-2.0", "OFL-1.1", "Python-2.0"];

pub(super) fn is_allowed(expression: &str) -> bool {
    holds(expression, &|licence| ALLOWED.contains(&licence))
}

pub(super) fn is_allowed_in_the_web_app(expression: &str) -> bool {
    holds(expression, &|licence| {
        ALLOWED.contains(&licence) || IN_THE_WEB_APP.contains(&licence)
    })
}

/// SPDX: OR binds less than AND; older crates write a slash for OR. An exception (WITH) only ever permits more.
fn holds(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ");
    let spaced = spaced.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = either(&mut words, allowed);
    holds == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut holds = both(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        holds |= both(words, allowed)?;
    }
    Some(holds)
}

fn both(words: &mut Words, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut holds = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed)?;
    }
    Some(holds)
}

fn one(words: &mut Words, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let holds = either(words, allowed)?;
        return (words.next() == Some(")")).then_some(holds);
    }
    if words.next_if_eq(&"WITH").is_some() {
        words.next()?;
    }
    Some(allowed(word))
}

#[test]
fn expressions_are_understood() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 / MIT",
        "Unlicense OR MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        "ISC AND (Apache-2.0 OR GPL-3.0)",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "GPL-3.0 OR AGPL-3.0",
        "MIT GPL-3.0",
        "(MIT",
        "MIT OR",
        "MPL-2.0",
    ] {
        assert!(!is_allowed(bad), "{bad}");
    }
    assert!(is_allowed_in_the_web_app("MPL-2.0") && !is_allowed_in_the_web_app("GPL-3.0"));
}
