use aws_sdk_sesv2::{
    Client,
    types::{Body, Content, Destination, EmailContent, Message},
};

/// A mail could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("a mail could not be sent")]
pub struct MailError(#[source] Box<dyn std::error::Error + Send + Sync>);

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
    pub fn verification_code(code: &str, minutes: i64) -> Self {
        Self {
            subject: format!("{code} is your Outlay code"),
            text: format!(
                "Welcome to Outlay.\n\nYour code is {code}. It is good for {minutes} minutes.\n\n\
                 If you did not ask for an account, ignore this mail: nothing exists without the code.\n"
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
        let subject = text(&mail.subject).map_err(|e| MailError(e.into()))?;
        let body = text(&mail.text).map_err(|e| MailError(e.into()))?;
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
            .map_err(|e| MailError(e.into()))
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
    fn a_name_cannot_add_a_header() {
        let mail = Mail::inquiry("Eve\r\nBcc: all@example.com", "e@example.com", None, "hi");
        assert_eq!(mail.subject, "Inquiry from Eve  Bcc: all@example.com");
    }
}
