use aws_sdk_sesv2::{
    Client,
    error::ProvideErrorMetadata,
    types::{Body, Content, Destination, EmailContent, Message},
};

/// A mail could not be handed over. It keeps the name of the reason alone: what SES says besides names addresses.
#[derive(Debug, thiserror::Error)]
#[error("a mail could not be sent: {0}")]
pub struct MailError(String);

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// First line people see.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Mail {
    /// The code that proves an address at registration.
    pub fn verification_code(code: &str, origin: Option<&str>, minutes: i64) -> Self {
        let link = origin.map_or_else(String::new, |origin| {
            format!("Enter it where you signed up, or open this page in the same browser:\n\n{origin}/verify#{code}\n\n")
        });
        Self {
            subject: "Your Outlay code".to_owned(),
            text: format!(
                "Welcome to Outlay.\n\nYour code is {code}\n\n{link}It works once, within {minutes} minutes, and \
                 only in the browser in which you signed up.\n\n\
                 If it was not you, ignore this mail and tell nobody the code: nothing exists without it.\n"
            ),
        }
    }

    /// Somebody registered with an address that has an account already.
    pub fn already_registered() -> Self {
        Self {
            subject: "You already have an Outlay account".to_owned(),
            text: "Somebody, probably you, asked for an Outlay account with this address.\n\n\
                   You already have one: sign in with your password. If it was not you, ignore \
                   this mail: nothing was changed.\n"
                .to_owned(),
        }
    }

    /// An invitation into a company, with what proves that its reader has this mailbox.
    pub fn invitation(
        company: &str,
        inviter: &str,
        role: &str,
        token: &str,
        link: Option<&str>,
    ) -> Self {
        let accept = link.map_or_else(
            || format!("To accept, give this token to the web app or the API:\n\n{token}\n"),
            |link| {
                format!("To accept, open this link:\n\n{link}\n\nOr give this token:\n\n{token}\n")
            },
        );
        Self {
            subject: format!("{} invites you to Outlay", one_line(company)),
            text: format!(
                "{} invites you to the company {} on Outlay, as {role}.\n\n{accept}\n\
                 Whoever has this mail can accept it: do not pass it on. If you do not know who invites \
                 you, ignore it.\n",
                one_line(inviter),
                one_line(company)
            ),
        }
    }

    /// The way to a new password: a link where the web app has an address, and the token to paste.
    pub fn new_password(token: &str, origin: Option<&str>, minutes: i64) -> Self {
        let way = match origin {
            Some(origin) => format!(
                "To choose a new password, open this page:\n\n{origin}/reset-password#{token}\n\n\
                 If the page asks for a token, it is this one:\n\n{token}\n\n"
            ),
            None => format!(
                "To choose a new password, enter this token on the page that asked for it:\n\n{token}\n\n"
            ),
        };
        Self {
            subject: "Choose a new Outlay password".to_owned(),
            text: format!(
                "Somebody, probably you, forgot the password of your Outlay account.\n\n{way}\
                 It works once, within {minutes} minutes, and signs you out everywhere else.\n\n\
                 If it was not you, ignore this mail: your password stays as it is.\n"
            ),
        }
    }

    /// Somebody forgot the password of an account that there is not.
    pub fn no_account() -> Self {
        Self {
            subject: "There is no Outlay account with this address".to_owned(),
            text:
                "Somebody, probably you, asked for a new password for an Outlay account with this \
                   address.\n\nThere is none. Perhaps you signed up with another address of yours: \
                   try that one. If it was not you, ignore this mail.\n"
                    .to_owned(),
        }
    }

    /// The password is another one.
    pub fn password_changed() -> Self {
        Self {
            subject: "Your Outlay password was changed".to_owned(),
            text: "The password of your Outlay account was changed just now, and you were signed out on \
                   your other devices.\n\nIf it was you, all is well. If it was not, choose a new \
                   password at once with \u{201c}Forgot password\u{201d} on the sign-in page: that signs out \
                   everybody else.\n"
                .to_owned(),
        }
    }

    /// Whoever is known to this issuer as somebody comes in from now on, without the password.
    pub fn identity_linked(issuer: &str) -> Self {
        Self {
            subject: "Another way to sign in to Outlay".to_owned(),
            text: format!(
                "From now on you can sign in to your Outlay account by way of\n\n{issuer}\n\n\
                 Somebody who knows your password linked the two just now.\n\nIf it was you, all is well. If it \
                 was not, choose a new password at once with \u{201c}Forgot password\u{201d} on the sign-in \
                 page, and then unlink it on your account page: that signs out everybody else.\n"
            ),
        }
    }

    /// It opens the account no longer.
    pub fn identity_unlinked(issuer: &str) -> Self {
        Self {
            subject: "One way less to sign in to Outlay".to_owned(),
            text: format!(
                "You cannot sign in to your Outlay account any more by way of\n\n{issuer}\n\n\
                 It was unlinked on your account page just now, and you were signed out on your other devices.\n\n\
                 If it was you, all is well. If it was not, choose a new password at once with \u{201c}Forgot \
                 password\u{201d} on the sign-in page: that signs out everybody else.\n"
            ),
        }
    }

    /// What kept somebody signed in since then, from there, was used twice. It is not known which of the two was the
    /// person.
    pub fn session_replayed(since: &str, address: Option<&str>) -> Self {
        let from = address.map_or_else(String::new, |address| {
            format!(" from {}", one_line(address))
        });
        Self {
            subject: "You were signed out of Outlay on one device".to_owned(),
            text: format!(
                "What keeps you signed in to Outlay on one of your devices was used a second time, as if somebody \
                 had copied it. Whoever is signed in with it was signed out.\n\nIt is the sign-in of \
                 {since}{from}.\n\n\
                 If you restored this device or its browser from a backup, sign in again and all is well. If not, \
                 somebody may have read what is stored on it: have it looked after, and choose a new password on \
                 another device with \u{201c}Forgot password\u{201d}. That signs out everybody else.\n"
            ),
        }
    }

    /// A message from the public pages, for those who answer it.
    pub fn inquiry(name: &str, email: &str, company: Option<&str>, message: &str) -> Self {
        Self {
            subject: format!("Inquiry from {}", one_line(name)),
            text: format!(
                "From: {name} <{email}>\nCompany: {}\n\n{message}\n",
                company.unwrap_or("-")
            ),
        }
    }
}

/// Sends mail through SES.
pub struct Mailer {
    client: Client,
    from: String,
}

impl Mailer {
    /// Sends with this client, from this address.
    pub fn new(client: Client, from: impl Into<String>) -> Self {
        Self {
            client,
            from: from.into(),
        }
    }

    /// Hands a mail over to SES. Addresses and texts are never logged.
    pub async fn send(&self, to: &str, mail: &Mail) -> Result<(), MailError> {
        let text = |data: &str| Content::builder().data(data).charset("UTF-8").build();
        let subject = text(&mail.subject).map_err(|e| MailError(e.to_string()))?;
        let body = text(&mail.text).map_err(|e| MailError(e.to_string()))?;
        let message = Message::builder()
            .subject(subject)
            .body(Body::builder().text(body).build());
        self.client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message.build()).build())
            .send()
            .await
            .map(|_| ())
            .map_err(|e| MailError(e.code().unwrap_or("no answer").to_owned()))
    }
}

/// A subject cannot smuggle in another header.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(100)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_what_to_do_and_when_to_ignore_it() {
        let linked = Mail::new_password("rst_1", Some("https://costs.example.com"), 10);
        assert!(
            linked
                .text
                .contains("\nhttps://costs.example.com/reset-password#rst_1\n")
        );
        let code = Mail::verification_code("K7QF-2M9X-4RTB", Some("https://a.example"), 10);
        assert!(
            code.text
                .contains("\nhttps://a.example/verify#K7QF-2M9X-4RTB\n")
        );
        for mail in [
            linked,
            Mail::new_password("rst_1", None, 10),
            Mail::no_account(),
            Mail::verification_code("K7QF-2M9X-4RTB", None, 10),
            Mail::already_registered(),
        ] {
            assert!(
                mail.text.contains("If it was not you, ignore"),
                "{}",
                mail.text
            );
            assert!(
                !mail.subject.contains("rst_") && !mail.subject.contains("K7QF"),
                "subjects are shown on locked screens"
            );
        }
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        let mail = Mail::inquiry("Eve\r\nBcc: all@example.com", "e@example.com", None, "hi");
        assert_eq!(mail.subject, "Inquiry from Eve  Bcc: all@example.com");
    }

    #[test]
    fn an_invitation_holds_its_token_and_no_lines_of_others() {
        let mail = Mail::invitation("A\nB", "Eve\n\nPay here", "viewer", "inv_x", None);
        assert_eq!(mail.subject, "A B invites you to Outlay");
        assert!(mail.text.contains("\ninv_x\n") && mail.text.contains("Eve  Pay here"));
        let link = Some("https://costs.example.com/join#inv_x");
        let mail = Mail::invitation("A", "E", "viewer", "inv_x", link);
        assert!(
            mail.text
                .contains("\nhttps://costs.example.com/join#inv_x\n")
        );
    }
}
