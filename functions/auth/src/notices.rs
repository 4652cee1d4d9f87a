//! Mails that tell a person what happened to the account.

use outlay_messages::Mail;
use outlay_runtime::App;
use outlay_store::User;

/// Tells the person that the password is another one. It is, whether or not the mail can be sent.
pub(crate) async fn password_changed(app: &App, user: &User) {
    let sent = match app.mailer() {
        Ok(mailer) => mailer
            .send(&user.email, &Mail::password_changed())
            .await
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(cause) = sent {
        tracing::error!(user.id = %user.user_id, cause, "a changed password was not told by mail");
    }
}
