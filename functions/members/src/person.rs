use jiff::Timestamp;
use outlay_core::UserId;
use outlay_store::{Member, Role, Standing};
use serde::Serialize;

/// A person of the company, as the team sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub struct Person {
    /// `usr_...`
    #[schema(value_type = String)]
    user_id: UserId,
    /// The person's name, as this company shows it.
    name: String,
    /// The person's address.
    email: String,
    /// What the person is here.
    role: Role,
    /// Whether the person may act here.
    standing: Standing,
    /// Since when the person is here.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<Member> for Person {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id,
            name: member.name,
            email: member.email,
            role: member.role,
            standing: member.standing,
            joined_at: member.joined_at,
        }
    }
}

/// A person of the company, as those who look after people see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserAccount)]
pub struct Account {
    /// `usr_...`
    #[schema(value_type = String)]
    id: UserId,
    /// The person's name, as this company shows it.
    name: String,
    /// The person's address.
    email: String,
    /// What the person is here.
    role: Role,
    /// Whether the person may act here.
    standing: Standing,
    /// Since when the person is here.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// When the person signed in here last; null where never.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_sign_in_at: Option<Timestamp>,
}

impl Account {
    pub(crate) fn of(member: Member, last_sign_in_at: Option<Timestamp>) -> Self {
        Self {
            id: member.user_id,
            name: member.name,
            email: member.email,
            role: member.role,
            standing: member.standing,
            joined_at: member.joined_at,
            last_sign_in_at,
        }
    }
}
