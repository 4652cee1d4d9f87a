//! What the stages tell each other, and what people are mailed.

mod mail;
mod queues;

pub use mail::{Mail, MailError, Mailer};
pub use queues::{
    CommitMessage, Depth, EndingMessage, ErasureMessage, OffboardingMessage, PROBE, PartMessage,
    QueueError, Queues,
};
