//! What asking for an account, and asking for another code, have in common: the code that proves the address.

use futures::future::try_join;
use jiff::{SignedDuration, Timestamp};
use outlay_core::UserId;
use outlay_http::Problem;
use outlay_identity::{AddressCode, throttle};
use outlay_messages::Mail;
use outlay_runtime::{App, Variable};
use outlay_store::{EmailGuard, EmailHash, MailedCode, RegistryTable};

/// What is at hand before anything is known of whoever holds this address.
pub(crate) async fn registry(app: &App, address: &str) -> Result<RegistryTable, Problem> {
    Ok(app.at_the_door(&counter(&EmailHash::of(address))).await?)
}

/// Mails a code to an address that has no account, and something else to one that has. A code opens any
/// registration of the address, in the browser that made it, so codes that strangers ask for help its owner too; past
/// five mails in the life of a code no other is sent, and nothing is said, because those are still good. The work is
/// the same whether or not the address has an account (ASVS 6.3.8): its code is stored too, and mailed to nobody.
pub(crate) async fn mail_code(
    app: &App,
    registry: &RegistryTable,
    address: &str,
) -> Result<(), Problem> {
    let email = EmailHash::of(address);
    let (counter, limit) = (counter(&email), limit(app)?);
    let (owner, taken) = try_join(
        registry.get::<EmailGuard>(&email),
        throttle::take_try(registry, &counter, limit, (app.clock)()),
    )
    .await?;
    if taken.is_err() {
        return Ok(());
    }
    let code = AddressCode::new().ok_or_else(|| Problem::internal("no random numbers"))?;
    let stored = stored(&code, address, (app.clock)(), lifetime(app)?)?;
    registry.writes().create(&stored)?.commit().await?;
    let mail = match owner {
        None => Mail::verification_code(&code.text(), origin(app), minutes(app)?),
        Some(_) => Mail::already_registered(),
    };
    let sent = app.mailer()?.send(address, &mail).await;
    sent.map_err(Problem::unavailable)
}

/// How many codes are mailed to an address while one lives.
fn limit(app: &App) -> Result<throttle::Limit, Problem> {
    Ok(throttle::Limit::registration_mail(lifetime(app)?))
}

fn stored(
    code: &AddressCode,
    address: &str,
    now: Timestamp,
    lifetime: SignedDuration,
) -> Result<MailedCode, Problem> {
    let email = EmailHash::of(address);
    Ok(MailedCode {
        email_hash: email.as_str().to_owned(),
        email: address.to_owned(),
        code_hash: code.hash(&email),
        expires_at: now.checked_add(lifetime).map_err(Problem::internal)?,
    })
}

/// How long mailed codes and tokens are good.
pub(crate) fn lifetime(app: &App) -> Result<SignedDuration, Problem> {
    let lifetime = app.config.seconds(Variable::VerifyCodeSeconds);
    let lifetime = lifetime.map_err(Problem::internal)?;
    lifetime.try_into().map_err(Problem::internal)
}

/// The same in words of a mail.
pub(crate) fn minutes(app: &App) -> Result<i64, Problem> {
    Ok(lifetime(app)?.as_mins().max(1))
}

/// Where the web app is, as the operator said. Never what the request says: a link in a mail must not
/// lead where a stranger's Host header points.
pub(crate) fn origin(app: &App) -> Option<&str> {
    let issuer = app.config.get(Variable::TokenIssuer).ok()?;
    issuer.starts_with("http").then_some(issuer)
}

/// Under whom the mails to an address are counted before it has a person.
fn counter(email: &EmailHash) -> UserId {
    UserId::derive(&["registrations", email.as_str()])
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;

    use super::*;

    #[tokio::test]
    async fn a_link_leads_to_the_operators_origin_or_nowhere() {
        for (issuer, link) in [
            (
                "https://costs.example.com",
                Some("https://costs.example.com"),
            ),
            ("urn:outlay:prod", None),
        ] {
            let app = App::start(Config::of(&[(Variable::TokenIssuer, issuer)])).await;
            assert_eq!(origin(&app), link);
        }
    }

    #[test]
    fn a_code_is_kept_as_a_hash_and_dies() {
        let code = AddressCode::new().unwrap();
        let lifetime = SignedDuration::from_mins(10);
        let stored = stored(&code, "A@b.c", Timestamp::UNIX_EPOCH, lifetime).unwrap();
        assert_eq!(stored.code_hash, code.hash(&EmailHash::of("a@b.c")));
        assert_eq!(stored.expires_at.as_second(), 600);
        let text = serde_json::to_string(&stored).unwrap();
        assert!(!text.contains(&code.text()), "{text}");
    }
}
