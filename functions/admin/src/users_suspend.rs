//! A person is suspended, and signed out everywhere.

use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_runtime::{App, Trail, operating};
use outlay_store::{
    AuditEntry, AuditLog, Condition, GlobalOwner, OperatorTable, Session, Standing, StoreError,
    TRIES, User, UserPlatform, Writes,
};
use serde_json::json;

use crate::{
    action::trail,
    tenants::{StandingChange, reason},
    users::AccountSummary,
};

/// Sessions that end in one transaction.
const AT_ONCE: usize = 90;

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, suspend)
}

/// Suspends a person: signed out everywhere, and not let in until restored. Doing it again changes nothing
/// but ends sessions that are left.
#[utoipa::path(
    post,
    path = "/v1/admin/users/{userId}/suspend",
    operation_id = "admin-users-suspend",
    tag = "admin",
    params(("userId" = String, Path, description = "`usr_...`")),
    request_body = StandingChange,
    responses(
        (status = 200, description = "The person is suspended", body = AccountSummary),
        (status = 400, description = "No reason is given", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such person", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is oneself, is being deleted, or was changed at the same moment", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn suspend(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let (id, reason) = (path_id::<UserId>(&request, "userId")?, reason(&request)?);
    if id == *caller.user() {
        return Err(not_yourself());
    }
    let table = app.operator(None, Some(&id)).await?;
    let trail = trail(app, &caller, &request);
    let change = Change {
        by: caller.user(),
        action: "admin.suspend-user",
        to: Standing::Suspended,
        reason: &reason,
    };
    let user = change.make(&table, &id, &trail).await?;
    sign_out(&table, &id).await?;
    reply::ok(&AccountSummary::from(&user))
}

pub(crate) fn not_yourself() -> Problem {
    Problem::conflict(
        "not-yourself",
        "Nobody suspends or restores themselves: another global owner does.",
    )
}

/// After the change: whoever signs in now is refused, also where the password was checked before.
async fn sign_out(table: &OperatorTable, id: &UserId) -> Result<(), Problem> {
    for _ in 0..TRIES {
        match end_sessions(table, id).await {
            // One was renewed in this moment.
            Err(StoreError::Conflict) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(Problem::unavailable(
        "the sessions are renewed all the while",
    ))
}

async fn end_sessions(table: &OperatorTable, id: &UserId) -> Result<(), StoreError> {
    let sessions = table.list_all::<Session>(&Session::any_of(id)).await?;
    for some in sessions.chunks(AT_ONCE) {
        let mut writes = table.writes();
        for session in some {
            let id = (session.user_id.clone(), session.family_id.clone());
            writes = writes.delete::<Session>(&id, Condition::Any)?;
        }
        writes.commit().await?;
    }
    Ok(())
}

/// What becomes of a person's standing, by whom, and why.
pub(crate) struct Change<'a> {
    pub(crate) by: &'a UserId,
    pub(crate) action: &'static str,
    pub(crate) to: Standing,
    pub(crate) reason: &'a str,
}

impl Change<'_> {
    /// Changes it, unless it is so already; the platform's audit tells of it, also where it is.
    pub(crate) async fn make(
        &self,
        table: &OperatorTable,
        id: &UserId,
        trail: &Trail,
    ) -> Result<User, Problem> {
        let user = table
            .get::<User>(id)
            .await?
            .ok_or_else(Problem::not_found)?;
        let entry = trail
            .entry(self.action, "user", id)
            .before(json!({ "standing": user.standing }))
            .after(json!({ "standing": self.to, "reason": self.reason }));
        if user.standing == self.to {
            let told = table.writes().audit(&AuditLog::Platform, &entry)?;
            told.commit().await?;
            return Ok(user);
        }
        if user.standing == Standing::Ending {
            return Err(Problem::conflict(
                "account-ending",
                "The account is being deleted, which nobody takes back.",
            ));
        }
        self.change(table, user, &entry).await
    }

    async fn change(
        &self,
        table: &OperatorTable,
        user: User,
        entry: &AuditEntry,
    ) -> Result<User, Problem> {
        let after = User {
            standing: self.to,
            ..user
        };
        let writes = after.raise(table.writes())?;
        let writes = self.among_owners(table, &after.user_id, writes).await?;
        writes.audit(&AuditLog::Platform, entry)?.commit().await?;
        Ok(after)
    }

    /// Where the person is a global owner, the one who acts still is an active one: of two who suspend each
    /// other at the same moment one fails, so that somebody is left to operate the platform.
    async fn among_owners(
        &self,
        table: &OperatorTable,
        id: &UserId,
        writes: Writes<()>,
    ) -> Result<Writes<()>, Problem> {
        if table.get::<UserPlatform>(id).await?.is_none() {
            return Ok(writes);
        }
        let changed = owner(table, id).await?;
        let changed = GlobalOwner {
            standing: self.to,
            ..changed
        };
        let acting = owner(table, self.by).await?;
        if acting.standing != Standing::Active {
            return Err(Problem::unauthorized());
        }
        // Written as it is, because the operator's role has no other way to demand something of an item.
        let active = Condition::text("standing", &Standing::Active);
        let writes = writes.put(&changed, Condition::text("userId", id))?;
        Ok(writes.put(&acting, active)?)
    }
}

async fn owner(table: &OperatorTable, id: &UserId) -> Result<GlobalOwner, Problem> {
    let found = table.get::<GlobalOwner>(id).await?;
    found.ok_or_else(Problem::unauthorized)
}
