//! What nobody may check in.

/// Our own secrets begin so; the two parts behind are an id's 26 letters, or more of them, and what is random.
const OURS: [&str; 3] = ["out_", "inv_", "rst_"];
/// The random part of what is real is long.
const RANDOM: usize = 32;

/// The kinds of secret that a text holds.
pub(super) fn found_in(text: &str) -> impl Iterator<Item = &'static str> {
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-/+=".contains(c)));
    [
        ("an access key of AWS", words().any(is_access_key)),
        ("a secret key of AWS", holds_secret_key(text)),
        ("a private key", holds_private_key(text)),
        ("a token of ours", words().any(is_ours)),
        ("a token of GitHub", words().any(is_of_github)),
    ]
    .into_iter()
    .filter_map(|(what, found)| found.then_some(what))
}

/// AWS's own examples say so of themselves.
fn is_access_key(word: &str) -> bool {
    word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && !word.ends_with("EXAMPLE")
        && is_random(&word[4..])
}

/// `aws_secret_access_key = ` and forty letters.
fn holds_secret_key(text: &str) -> bool {
    text.to_ascii_lowercase()
        .match_indices("secret_access_key")
        .any(|(at, name)| {
            let rest = text[at + name.len()..].trim_start_matches([' ', '"', '\'', ':', '=']);
            let value = rest
                .split(|c: char| !(c.is_ascii_alphanumeric() || "/+=".contains(c)))
                .next();
            value.is_some_and(|value| value.len() == 40 && is_random(value))
        })
}

/// The line that begins one, with its contents behind.
fn holds_private_key(text: &str) -> bool {
    text.match_indices("PRIVATE KEY-----").any(|(at, end)| {
        let begins = text[..at]
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.contains("-----BEGIN"));
        let body = text[at + end.len()..].trim_start_matches(['\r', '\n', ' ']);
        let line = body.split(['\n', '\r']).next().unwrap_or_default();
        begins && line.len() >= 48 && is_random(line)
    })
}

fn is_ours(word: &str) -> bool {
    OURS.iter().any(|kind| {
        let parts = word
            .strip_prefix(kind)
            .map(|rest| rest.split('_').collect::<Vec<_>>());
        parts.is_some_and(|parts| {
            parts.len() >= 2
                && parts
                    .last()
                    .is_some_and(|last| last.len() >= RANDOM && is_random(last))
        })
    })
}

fn is_of_github(word: &str) -> bool {
    ["ghp_", "gho_", "ghs_", "github_pat_"].iter().any(|kind| {
        word.strip_prefix(kind)
            .is_some_and(|rest| rest.len() >= 36 && is_random(rest))
    })
}

/// Not one letter again and again, nor a row of them: what stands in examples.
fn is_random(text: &str) -> bool {
    let mut letters: Vec<u8> = text.bytes().collect();
    let row = letters
        .windows(2)
        .filter(|pair| pair[1].abs_diff(pair[0]) <= 1)
        .count();
    let is_row = row * 2 > letters.len();
    letters.sort_unstable();
    letters.dedup();
    letters.len() >= 9 && !is_row
}

#[test]
fn what_is_secret_is_seen() {
    // Put together here: this file is looked at too.
    let random = "q7Zx1Lr9Tb4Vn0Kc8Yp3Wd6Hs2Jf5Mg7".to_lowercase();
    let secrets = [
        ["AKIA", "Q7ZX1LR9TB4VN0KC"].concat(),
        format!("aws_secret_access_key = {random}Ab9/Cd2+"),
        format!("-----BEGIN EC {} KEY-----\n{random}{random}\n", "PRIVATE"),
        format!(
            "{}01jd3k5m7p9r1t3v5x7z9b1d3f_01jd3k5m7p9r1t3v5x7z9b1d3f_{random}",
            "out_"
        ),
        format!("{}01jd3k5m7p9r1t3v5x7z9b1d3f_{random}", "inv_"),
        format!("mail: {}01jd3k5m7p9r1t3v5x7z9b1d3f_{random}.", "rst_"),
        format!("{}{random}{random}", "ghp_"),
    ];
    for secret in &secrets {
        assert_eq!(found_in(secret).count(), 1, "{secret}");
    }
    for harmless in [
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAXXXXXXXXXXXXXXXX",
        "-----BEGIN PUBLIC KEY-----\nMFkw",
        "-----BEGIN PRIVATE KEY-----\n{}\n",
        "out_<tenant>_<token>_<secret>",
        "rst_a_b",
        "inv_0000000000_00000000000000000000000000000000000000000000",
    ] {
        assert_eq!(
            found_in(harmless).collect::<Vec<_>>(),
            Vec::<&str>::new(),
            "{harmless}"
        );
    }
}
