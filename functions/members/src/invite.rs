use jiff::Timestamp;
use outlay_core::{InviteId, UserId};
use outlay_store::{Invite, Role};
use serde::Serialize;

/// An invitation, without what accepts it: that was mailed and is kept nowhere.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invite)]
pub struct Invitation {
    /// `inv_...`
    #[schema(value_type = String)]
    id: InviteId,
    /// Whom it was mailed to.
    email: String,
    /// What the person will be.
    role: Role,
    /// Who invited.
    #[schema(value_type = String)]
    invited_by: UserId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Invite> for Invitation {
    fn from(invite: Invite) -> Self {
        Self {
            id: invite.invite_id,
            email: invite.email,
            role: invite.role,
            invited_by: invite.invited_by,
            created_at: invite.created_at,
            expires_at: invite.expires_at,
        }
    }
}
