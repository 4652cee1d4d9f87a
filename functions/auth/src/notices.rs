//! Mails that tell a person what happened to the account.

use outlay_messages::Mail;
use outlay_runtime::App;
use outlay_store::User;

/// Tells the person. What happened has happened, whether or not the mail can be sent.
pub(crate) async fn tell(app: &App, user: &User, what: &'static str, mail: &Mail) {
    let sent = match app.mailer() {
        Ok(mailer) => {
            let sent = mailer.send(&user.email, mail).await;
            sent.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    if let Err(cause) = sent {
        tracing::error!(user.id = %user.user_id, what, cause, "not told by mail");
    }
}
