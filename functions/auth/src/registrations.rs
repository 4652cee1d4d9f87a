//! What asking for an account, and asking for another code, have in common.

use jiff::Timestamp;
use outlay_core::UserId;
use outlay_http::Problem;
use outlay_identity::{code_hash, new_code};
use outlay_messages::Mail;
use outlay_runtime::{App, Variable};
use outlay_store::EmailHash;

/// Tries that a mailed code allows: a code of 8 digits is then guessed once in 20 million times.
pub(crate) const ATTEMPTS: u64 = 5;

/// A code for a registration, which stores its hash only.
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) hash: String,
    pub(crate) expires_at: Timestamp,
}

impl Code {
    /// A new one for this person to be.
    pub(crate) fn new(app: &App, user: &UserId) -> Result<Self, Problem> {
        let text = new_code().ok_or_else(|| Problem::internal("no random numbers"))?;
        let lifetime = app.config.seconds(Variable::VerifyCodeSeconds);
        let expires_at = (app.clock)()
            .checked_add(lifetime.map_err(Problem::internal)?)
            .map_err(Problem::internal)?;
        Ok(Self {
            hash: code_hash(user, &text),
            text,
            expires_at,
        })
    }
}

/// The mail that brings a code.
pub(crate) fn code_mail(app: &App, code: &str) -> Result<Mail, Problem> {
    Ok(Mail::verification_code(code, minutes(app)?))
}

/// How long mailed codes and tokens are good, in words of a mail.
pub(crate) fn minutes(app: &App) -> Result<i64, Problem> {
    let lifetime = app.config.seconds(Variable::VerifyCodeSeconds);
    let seconds = lifetime.map_err(Problem::internal)?.as_secs();
    Ok((seconds / 60).max(1).cast_signed())
}

/// Under whom the mails to an address are counted before it has a person.
pub(crate) fn counter(email: &EmailHash) -> UserId {
    UserId::derive(&["registrations", email.as_str()])
}
