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

/// The billing account of an Azure id: an enrolment or customer agreement, without the path that
/// FOCUS exports write around it and without the profile below it.
pub(crate) fn azure_payer(id: &str) -> &str {
    const PATH: &str = "/providers/Microsoft.Billing/billingAccounts/";
    match id.get(..PATH.len()) {
        Some(path) if path.eq_ignore_ascii_case(PATH) => {
            let account = id.get(PATH.len()..).unwrap_or_default();
            account.split('/').next().unwrap_or_default()
        }
        _ => id,
    }
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
    fn an_azure_payer_is_one_whatever_the_export() {
        for (id, payer) in [
            ("8611537", "8611537"),
            (
                "/providers/Microsoft.Billing/billingAccounts/8611537",
                "8611537",
            ),
            (
                "/providers/microsoft.billing/billingaccounts/a:b_2019-05-31/billingProfiles/P-1",
                "a:b_2019-05-31",
            ),
            ("8a1b2c3d-0000", "8a1b2c3d-0000"),
        ] {
            assert_eq!(azure_payer(id), payer);
        }
    }

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
