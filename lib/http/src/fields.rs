//! Texts that people type into forms: trimmed, of a bounded length, without characters that lie.

use crate::Problem;

/// The longest address that fits into an SMTP path (RFC 5321, 4.5.3.1.3).
const MAX_EMAIL: usize = 254;

/// An address that mail can be sent to. ASCII only: SES takes no other local part, a domain has its
/// punycode spelling, and no two addresses may look alike or fold into one another.
pub fn email(pointer: &str, text: &str) -> Result<String, Problem> {
    let address = text.trim();
    if is_address(address) {
        Ok(address.to_owned())
    } else {
        let detail = "must be an e-mail address such as name@example.com, in ASCII, of at most 254 characters";
        Err(Problem::invalid(pointer, detail))
    }
}

fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let atom = |s: &str| !s.is_empty() && s.bytes().all(is_atom_byte);
    let label = |s: &str| {
        (1..=63).contains(&s.len())
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !s.starts_with('-')
            && !s.ends_with('-')
    };
    address.len() <= MAX_EMAIL
        && local.len() <= 64
        && local.split('.').all(atom)
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// `atext` of RFC 5322: nothing that could end an address and begin another.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// One line of 1 to `max` characters.
pub fn line(pointer: &str, text: &str, max: usize) -> Result<String, Problem> {
    checked(pointer, text, max, |_| false)
}

/// Several lines of together 1 to `max` characters.
pub fn lines(pointer: &str, text: &str, max: usize) -> Result<String, Problem> {
    checked(pointer, text, max, |c| matches!(c, '\n' | '\r' | '\t'))
}

fn checked(
    pointer: &str,
    text: &str,
    max: usize,
    allowed: fn(char) -> bool,
) -> Result<String, Problem> {
    let text = text.trim();
    if !(1..=max).contains(&text.chars().count()) {
        return Err(Problem::invalid(
            pointer,
            format!("must have 1 to {max} characters"),
        ));
    }
    if text
        .chars()
        .any(|c| !allowed(c) && (c.is_control() || is_deceptive(c)))
    {
        let detail =
            "must not contain control characters or marks that change the reading direction";
        return Err(Problem::invalid(pointer, detail));
    }
    Ok(text.to_owned())
}

/// Marks that break lines or reorder what is read around them.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_ascii_and_one() {
        assert_eq!(
            email("/email", " Ann+bills@Example.co.uk ").unwrap(),
            "Ann+bills@Example.co.uk"
        );
        for bad in [
            "",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a@@b.c",
            "a@b@c.d",
            "a b@c.d",
            "a@b.c,d@e.f",
            "a@b.c\r\nBcc: x@y.z",
            "<a@b.c>",
            "\"a b\"@c.d",
            "jos\u{e9}@example.com",
            "bo\u{212a}@example.com",
            "a@ex\u{430}mple.com",
            "a@b..c",
            "a@.b.c",
            "a@-b.c",
            "a@b-.c",
            ".a@b.c",
            "a..b@c.d",
            "a@b.c\0",
            "a@[127.0.0.1]",
            &format!("{}@b.c", "a".repeat(65)),
            &format!("a@{}b.c", "b.".repeat(130)),
        ] {
            let problem = email("/email", bad).unwrap_err();
            assert_eq!(problem.status(), 400, "{bad}");
        }
    }

    #[test]
    fn lines_hold_no_control_and_no_deceit() {
        assert_eq!(
            line("/name", "  Zo\u{eb} \u{1f980} ", 100).unwrap(),
            "Zo\u{eb} \u{1f980}"
        );
        assert_eq!(
            line("/name", &"\u{1f980}".repeat(100), 100)
                .unwrap()
                .chars()
                .count(),
            100
        );
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\0",
            "\u{202e}nnA",
            "a\u{2028}b",
            &"x".repeat(101),
        ] {
            assert!(line("/name", bad, 100).is_err(), "{bad:?}");
        }
        assert_eq!(lines("/message", "a\r\nb\tc", 100).unwrap(), "a\r\nb\tc");
        assert!(lines("/message", "a\u{7}b", 100).is_err());
    }

    proptest! {
        /// What is accepted names one mailbox, whatever a mail system makes of commas and brackets.
        #[test]
        fn an_accepted_address_is_one_mailbox(text in "[ -~]{1,3}@[ -~]{1,3}[.][a-z]{1,3}") {
            if let Ok(address) = email("/email", &text) {
                prop_assert_eq!(address.matches('@').count(), 1);
                prop_assert!(!address.contains([' ', ',', ';', '<', '>', '"', '(', ')', ':', '[', ']', '\\']));
            }
        }
    }
}
