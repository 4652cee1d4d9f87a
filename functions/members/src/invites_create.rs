use futures::future::try_join3;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::InviteId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{AddressedSecret, Caller, MembersWrite, TenantContext};
use outlay_messages::Mail;
use outlay_runtime::{App, Trail, Variable, authorised};
use outlay_store::{
    Condition, EmailHash, Invite, Member, Role, StoreError, TRIES, Tenant, TenantTable,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Invitation,
    conditions::{demand_held, demand_rank, too_busy},
};

/// Invitations that a company may have open: its mails must not become a flood.
const MAX_OPEN: usize = 100;
/// Mails in an hour to one address, and to all.
const MAILS_TO_ONE: u64 = 5;
const MAILS_TO_ALL: u64 = 200;
const HOUR: i64 = 3600;

/// Whom to invite, and as what.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteRequest {
    /// Where the invitation is mailed to.
    #[schema(example = "bob@example.com", max_length = 254)]
    email: String,
    /// What the person will be.
    role: Role,
}

/// `POST /v1/members/invites`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, create)
}

/// Invites somebody by mail, as something that is not above you. A further invitation of the same
/// address takes the place of the one before.
#[utoipa::path(post, path = "/v1/members/invites", operation_id = "members-invites-create", tag = "members",
    security(("bearer" = [])), request_body = InviteRequest,
    responses((status = 201, body = Invitation),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "A member already, or too many open invitations", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many mails in this hour; see Retry-After", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create(
    app: &'static App,
    caller: Caller<MembersWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: InviteRequest = json_body(&request)?;
    let email = fields::email("/email", &wanted.email)?;
    demand_rank(&caller, wanted.role)?;
    let table = app.writing(&caller).await?;
    let now = (app.clock)();
    let mut plan = Plan::of(&table, &caller, &email, now).await?;
    take_mail(&table, &email, now).await?;
    let secret = AddressedSecret::mint(caller.tenant(), &InviteId::mint());
    let secret = secret.ok_or_else(|| Problem::internal("no random numbers"))?;
    let lifetime = app.config.seconds(Variable::InviteSeconds);
    let lifetime = lifetime.map_err(Problem::internal)?;
    let invite = Invite {
        invite_id: secret.id().clone(),
        email,
        role: wanted.role,
        secret_hash: secret.hash(),
        invited_by: caller.user().clone(),
        created_at: now,
        expires_at: now.checked_add(lifetime).map_err(Problem::internal)?,
    };
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        if store(&table, &caller, &plan, &invite, &trail).await? {
            let mail = mail(app, &plan, &invite, &secret);
            // The invitation is there before its mail is: a mail that does not arrive is sent again by
            // inviting again.
            let sent = app.mailer()?.send(&invite.email, &mail).await;
            sent.map_err(Problem::unavailable)?;
            return reply::json(StatusCode::CREATED, &Invitation::from(invite));
        }
        plan = Plan::of(&table, &caller, &invite.email, now).await?;
    }
    Err(too_busy())
}

/// What an invitation is decided by.
struct Plan {
    company: Tenant,
    inviter: Member,
    replaced: Vec<Invite>,
}

impl Plan {
    /// As things are now, if the caller may invite this address.
    async fn of(
        table: &TenantTable,
        caller: &TenantContext,
        email: &str,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        // Boxed: SDK calls side by side are too much for the stack of every caller.
        let (company, members, invites) = Box::pin(try_join3(
            table.get::<Tenant>(&()),
            table.list_all::<Member>(),
            table.list_all::<Invite>(),
        ))
        .await
        .map_err(|error: StoreError| Problem::from(error))?;
        let company = company.ok_or_else(Problem::unauthorized)?;
        let inviter = members.iter().find(|m| m.user_id == *caller.user());
        demand_held(caller, inviter)?;
        let inviter = inviter.cloned().ok_or_else(Problem::unauthorized)?;
        let replaced = replaced(email, &members, &invites, now)?;
        // Replacing an invitation takes it back: it is no way round the rank that this needs.
        for open in replaced.iter().filter(|invite| now < invite.expires_at) {
            demand_rank(caller, open.role)?;
        }
        Ok(Self {
            company,
            inviter,
            replaced,
        })
    }
}

/// Whether it was stored; `false` where somebody else changed something of it in this moment.
async fn store(
    table: &TenantTable,
    caller: &TenantContext,
    plan: &Plan,
    invite: &Invite,
    trail: &Trail,
) -> Result<bool, Problem> {
    let mut entry = trail
        .entry("invites.create", "invite", &invite.invite_id)
        .after(json!({"email": invite.email, "role": invite.role}));
    if !plan.replaced.is_empty() {
        let told = |old: &Invite| json!({"inviteId": old.invite_id, "role": old.role});
        let told: Vec<Value> = plan.replaced.iter().map(told).collect();
        entry = entry.before(json!({ "replaced": told }));
    }
    let mut writes = table
        .writes()
        .create(invite)?
        .check::<Member>(caller.user(), Member::active_as(caller.role()))?
        .audit(&entry)?;
    for old in &plan.replaced {
        writes = writes.delete::<Invite>(&old.invite_id, Condition::Any)?;
    }
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => Ok(outcome.map(|()| true)?),
    }
}

/// Nobody's mailbox is flooded through us: neither one by inviting again, nor many by revoking and inviting.
async fn take_mail(table: &TenantTable, email: &str, now: Timestamp) -> Result<(), Problem> {
    let into_hour = now.as_second().rem_euclid(HOUR);
    let hour = Timestamp::from_second(now.as_second() - into_hour).map_err(Problem::internal)?;
    let address = EmailHash::of(email);
    for (to, most) in [(Some(&address), MAILS_TO_ONE), (None, MAILS_TO_ALL)] {
        if !table.take_mail(to, hour, most).await? {
            let left = u32::try_from(HOUR - into_hour).map_err(Problem::internal)?;
            return Err(Problem::too_many(left));
        }
    }
    Ok(())
}

/// The invitations of this address that the new one takes the place of.
fn replaced(
    email: &str,
    members: &[Member],
    invites: &[Invite],
    now: Timestamp,
) -> Result<Vec<Invite>, Problem> {
    let address = EmailHash::of(email);
    if members.iter().any(|m| EmailHash::of(&m.email) == address) {
        return Err(Problem::conflict(
            "already-member",
            "Whoever has this address is in the company already.",
        ));
    }
    let (same, others): (Vec<_>, Vec<_>) = invites
        .iter()
        .partition(|invite| EmailHash::of(&invite.email) == address);
    if others.iter().filter(|i| now < i.expires_at).count() >= MAX_OPEN {
        return Err(Problem::conflict(
            "too-many-invites",
            format!("{MAX_OPEN} invitations are open. Revoke one that nobody accepts."),
        ));
    }
    // A transaction has room for these; there are hardly ever two.
    Ok(same.into_iter().take(50).cloned().collect())
}

fn mail(app: &App, plan: &Plan, invite: &Invite, secret: &AddressedSecret<InviteId>) -> Mail {
    let token = secret.reveal();
    // The issuer is the web app's address where that is known. After `#`: never sent to a server.
    let issuer = app.config.get(Variable::TokenIssuer).unwrap_or_default();
    let link = issuer
        .starts_with("http")
        .then(|| format!("{issuer}/join#{token}"));
    let role = invite.role.to_string();
    let (company, inviter) = (&plan.company.name, &plan.inviter.name);
    Mail::invitation(company, inviter, &role, &token, link.as_deref())
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use outlay_core::UserId;
    use outlay_store::Standing;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn invite(email: &str) -> Invite {
        Invite {
            invite_id: InviteId::mint(),
            email: email.to_owned(),
            role: Role::Viewer,
            secret_hash: String::new(),
            invited_by: UserId::derive(&["a"]),
            created_at: now(),
            expires_at: now() + 1.hour(),
        }
    }

    #[test]
    fn one_address_has_one_invitation() {
        let open = [invite("bob@example.com"), invite("cyd@example.com")];
        let of = |email| replaced(email, &[], &open, now()).unwrap().len();
        assert_eq!(of("BOB@example.com"), 1);
        assert_eq!(of("dan@example.com"), 0);
    }

    #[test]
    fn who_is_here_is_not_invited() {
        let member = Member {
            user_id: UserId::derive(&["b"]),
            role: Role::Viewer,
            standing: Standing::Suspended,
            name: String::new(),
            email: "Bob@example.com".into(),
            joined_at: now(),
            revision: 1,
        };
        let refused = replaced("bob@EXAMPLE.com", &[member], &[], now());
        assert_eq!(refused.unwrap_err().slug(), "already-member");
    }

    #[test]
    fn a_hundred_may_be_open() {
        let mut open: Vec<Invite> = (0..100).map(|n| invite(&format!("p{n}@b.c"))).collect();
        let refused = replaced("new@b.c", &[], &open, now());
        assert_eq!(refused.unwrap_err().slug(), "too-many-invites");
        assert!(replaced("p7@b.c", &[], &open, now()).is_ok(), "again");
        open[0].expires_at = now();
        assert!(replaced("new@b.c", &[], &open, now()).is_ok());
    }
}
