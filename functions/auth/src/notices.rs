//! Mails that tell a person what happened to the account. What happened has happened, whether or not they can be sent.

use std::time::Duration;

use outlay_core::UserId;
use outlay_identity::throttle;
use outlay_messages::Mail;
use outlay_runtime::App;
use outlay_store::{RegistryTable, Session, StoreError, User};
use tokio::time::timeout;

/// Whoever asked is waiting, and must not lose the answer to a mail server that hangs.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells the person.
pub(crate) async fn tell(app: &App, user: &User, mail: &Mail) {
    let sent = match timeout(PATIENCE, send(app, user, mail)).await {
        Ok(sent) => sent,
        Err(late) => Err(late.to_string()),
    };
    if let Err(cause) = sent {
        note(&user.user_id, mail, &cause);
    }
}

fn note(user: &UserId, mail: &Mail, cause: &str) {
    tracing::error!(user.id = %user, mail = mail.subject, cause, "not told by mail");
}

async fn send(app: &App, user: &User, mail: &Mail) -> Result<(), String> {
    let mailer = app.mailer().map_err(|error| error.to_string())?;
    let sent = mailer.send(&user.email, mail).await;
    sent.map_err(|error| error.to_string())
}

/// Tells whose session was copied.
pub(crate) async fn session_replayed(app: &App, registry: &RegistryTable, session: &Session) {
    let since = session
        .created_at
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string();
    let mail = Mail::session_replayed(&since, session.address.as_deref());
    match to_be_told(app, registry, session).await {
        Ok(None) => {}
        Ok(Some(user)) => tell(app, &user, &mail).await,
        Err(error) => note(&session.user_id, &mail, &error.to_string()),
    }
}

/// The person, but where there were too many such mails lately.
async fn to_be_told(
    app: &App,
    registry: &RegistryTable,
    session: &Session,
) -> Result<Option<User>, StoreError> {
    let (user, limit) = (&session.user_id, throttle::REPLAY_MAIL);
    match throttle::take_try(registry, user, limit, (app.clock)()).await? {
        Ok(_) => registry.get::<User>(user).await,
        Err(_) => Ok(None),
    }
}
