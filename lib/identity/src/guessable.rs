//! Whether a password is among the first that somebody would try (ASVS 6.2.4, 6.2.11): a rule of our own
//! and not a list that was copied, so that it says the same of what nobody has used yet.

use std::{collections::BTreeSet, iter};

/// What a password must have where everything that follows a pattern counts as one character: the length
/// that ASVS 6.2.1 asks of passwords that follow none.
const LEAST: usize = 8;
/// Fewer different characters are a pattern, whatever their order.
const LEAST_DIFFERENT: usize = 5;
/// Shorter ones happen in sentences.
const SHORTEST_PATTERN: usize = 3;
/// Shorter words stand in others by chance.
const SHORTEST_WORD: usize = 4;

/// What long passwords are made of again and again, and what this product is called.
const WELL_KNOWN: [&str; 24] = [
    "admin",
    "administrator",
    "autumn",
    "baseball",
    "changeme",
    "contrasena",
    "finops",
    "football",
    "iloveyou",
    "letmein",
    "motdepasse",
    "outlay",
    "password",
    "passwort",
    "princess",
    "secret",
    "spring",
    "starwars",
    "summer",
    "sunshine",
    "superman",
    "welcome",
    "whatever",
    "winter",
];

/// Rows that fingers follow, in either direction.
const ROWS: [&str; 10] = [
    "abcdefghijklmnopqrstuvwxyz",
    "012345678901234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// Whether somebody who knows this of a person (name, address, company) would guess the password soon.
pub(crate) fn is_guessable(password: &str, about: &[&str]) -> bool {
    let text = lower(password);
    let different = text.iter().collect::<BTreeSet<_>>().len();
    different < LEAST_DIFFERENT || is_short(&text, &words(about))
}

/// Whether the text can be taken apart into fewer than so many characters and patterns.
fn is_short(text: &[char], words: &[Vec<char>]) -> bool {
    let mut reached = BTreeSet::from([0]);
    for _ in 1..LEAST {
        let next = reached.iter().flat_map(|at| steps(text, *at, words));
        reached = next.collect();
        if reached.contains(&text.len()) {
            return true;
        }
    }
    false
}

/// Where the character and the patterns that begin here end.
fn steps(text: &[char], at: usize, words: &[Vec<char>]) -> Vec<usize> {
    let rest = &text[at..];
    let repeated = (0..at).map(|before| common(&text[before..], rest)).max();
    let longest = row(rest).max(repeated.unwrap_or(0));
    let patterns = SHORTEST_PATTERN..=longest;
    let words = words.iter().filter(|word| begins(rest, word)).map(Vec::len);
    let lengths = iter::once(1).chain(patterns).chain(words);
    lengths.map(|length| at + length).collect()
}

/// Whether the text begins with a word, however it is spelled.
fn begins(text: &[char], word: &[char]) -> bool {
    let (text, spelled) = (
        text.iter().copied().map(meant),
        word.iter().copied().map(meant),
    );
    text.take(word.len()).eq(spelled)
}

/// How far the text goes along a row of keys or letters.
fn row(text: &[char]) -> usize {
    let along = |row: &[char]| {
        let starts = (0..row.len()).map(|start| common(&row[start..], text));
        starts.max().unwrap_or(0)
    };
    let lengths = ROWS.iter().map(|row| {
        let forth: Vec<char> = row.chars().collect();
        let back: Vec<char> = row.chars().rev().collect();
        along(&forth).max(along(&back))
    });
    lengths.max().unwrap_or(0)
}

/// How far two texts are the same.
fn common(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// The well-known words, and those that belong to the person: each text, its sides of an `@`, with and
/// without what is neither letter nor digit, and the words in it.
fn words(about: &[&str]) -> Vec<Vec<char>> {
    let own = about.iter().flat_map(|text| {
        let texts = iter::once(*text).chain(text.split('@'));
        texts.flat_map(|text| {
            let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
            let joined = parts.concat();
            let parts = parts.into_iter().map(str::to_owned);
            parts.chain([text.trim().to_owned(), joined])
        })
    });
    let words = WELL_KNOWN.iter().map(|word| (*word).to_owned()).chain(own);
    let words = words.map(|word| lower(&word));
    words.filter(|word| word.len() >= SHORTEST_WORD).collect()
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The letter that a look-alike stands for.
fn meant(typed: char) -> char {
    match typed {
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample};

    use super::*;

    const ABOUT: [&str; 3] = [
        "ann.lee@example.com",
        "Ann Lee-Winterbottom",
        "Blue Whale & Co",
    ];

    /// Words that people take; none of them well known as a password.
    const ORDINARY: [&str; 24] = [
        "correct", "horse", "battery", "staple", "party", "tree", "river", "window", "purple",
        "lantern", "copper", "garden", "thunder", "biscuit", "orange", "pencil", "mountain",
        "violin", "saddle", "cotton", "harvest", "marble", "express", "fedora",
    ];

    #[test]
    fn what_is_tried_first_is_refused() {
        for bad in [
            "123456789012",
            "098765432109",
            "aaaaaaaaaaaa",
            "121212121212",
            "passwordpassword",
            "Password1234",
            "P@ssw0rd2026",
            "Summer2026!!",
            "qwertyuiop12",
            "1qaz2wsx3edc",
            "asdfghjklqwerty",
            "abcabcabcabcabc",
            "abc123abc123",
            "qwe123asd456",
            "We1come-2026",
            "outlay-2026-2026",
            "ann.lee@example.com",
            "ann.lee.ann.lee",
            "annleewinterbottom",
            "Winterbottom1",
            "Blue Whale & Co",
            "bluewhaleco1234",
        ] {
            assert!(is_guessable(bad, &ABOUT), "{bad}");
        }
    }

    #[test]
    fn what_follows_no_pattern_is_taken() {
        for good in [
            "a long enough pass phrase",
            "correct horse battery",
            "four words are enough here",
            "my password is a purple elephant",
            "ann likes blue bicycles",
            "kX9#tq-Lw2!m",
            "dreizehn Störche über Köln",
            "\u{43f}\u{44f}\u{442}\u{44c} \u{441}\u{43e}\u{43d}\u{43d}\u{44b}\u{445} \u{43a}\u{43e}\u{442}\u{43e}\u{432}",
        ] {
            assert!(!is_guessable(good, &ABOUT), "{good}");
        }
    }

    proptest! {
        #[test]
        fn four_ordinary_words_are_taken(
            words in sample::subsequence(ORDINARY.to_vec(), 4).prop_shuffle(),
            between in "[ .-]?",
        ) {
            let password = words.join(&between);
            prop_assert!(!is_guessable(&password, &ABOUT), "{password}");
        }

        #[test]
        fn what_was_drawn_is_taken(password in "[a-zA-Z0-9]{20}") {
            prop_assert!(!is_guessable(&password, &ABOUT), "{password}");
        }

        /// However often something short is said again.
        #[test]
        fn repetitions_are_refused(unit in "\\PC{1,6}", times in 2_usize..40) {
            let password = unit.repeat(times);
            prop_assert!(lower(&unit).len() > 6 || is_guessable(&password, &ABOUT), "{password}");
        }

        /// However a row is begun, turned, and written.
        #[test]
        fn rows_are_refused(
            row in sample::select(ROWS.to_vec()),
            back in any::<bool>(),
            capitals in any::<bool>(),
            tail in "[a-z0-9]{0,4}",
        ) {
            let mut password: String = if back { row.chars().rev().collect() } else { row.to_owned() };
            if capitals {
                password = password.to_uppercase();
            }
            prop_assert!(is_guessable(&format!("{password}{tail}"), &ABOUT), "{password}{tail}");
        }

        /// A word that is known to belong to the person, or to many passwords, helps as little as one character.
        #[test]
        fn known_words_do_not_help(
            word in sample::select([&WELL_KNOWN[..], &["ann.lee", "Winterbottom", "bluewhaleco"]].concat()),
            before in "\\PC{0,3}",
            after in "\\PC{0,3}",
        ) {
            let password = format!("{before}{word}{after}");
            let around = lower(&before).len() + lower(&after).len();
            prop_assert!(around > 6 || is_guessable(&password, &ABOUT), "{password}");
        }

        #[test]
        fn nothing_makes_it_fail(password in "\\PC{0,80}", about in "\\PC{0,40}") {
            is_guessable(&password, &[&about]);
        }
    }
}
