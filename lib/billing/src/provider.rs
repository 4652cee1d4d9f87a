/// One name for a provider that bills under many: its formats and legal entities differ, its
/// payers are the same.
pub(crate) fn well_known(name: &str) -> Option<&'static str> {
    const PREFIXES: [(&str, &str); 9] = [
        ("aws", "AWS"),
        ("amazon web services", "AWS"),
        ("amazon", "AWS"),
        ("microsoft", "Microsoft"),
        ("azure", "Microsoft"),
        ("google", "Google Cloud"),
        ("gcp", "Google Cloud"),
        ("oracle", "Oracle"),
        ("oci", "Oracle"),
    ];
    PREFIXES
        .into_iter()
        .find(|(prefix, _)| starts_with_words(name, prefix))
        .map(|(_, provider)| provider)
}

fn starts_with_words(name: &str, prefix: &str) -> bool {
    let begins = name
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let next = name
        .get(prefix.len()..)
        .and_then(|rest| rest.chars().next());
    begins && !next.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_entities_are_their_provider() {
        for (name, provider) in [
            ("AWS", Some("AWS")),
            ("Amazon Web Services EMEA SARL", Some("AWS")),
            ("Microsoft Azure", Some("Microsoft")),
            ("Google", Some("Google Cloud")),
            ("Oracle Corporation", Some("Oracle")),
            ("OCI", Some("Oracle")),
            ("Ocien", None),
            ("Snowflake", None),
            ("", None),
        ] {
            assert_eq!(well_known(name), provider, "{name}");
        }
    }
}
