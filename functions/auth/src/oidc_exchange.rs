//! Signing in with what an external issuer says (OpenID Connect): its identity token for a session of
//! ours. Issuer and subject are the identity. An address never is: whose it is here is asked of the
//! person, by the password, once.

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body};
use outlay_identity::{ExternalIdentity, ExternalIssuer, throttle, verify_password};
use outlay_messages::Mail;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, AuditLog, EmailGuard, EmailHash, IdentityGuard, MOST_IDENTITIES, RegistryTable,
    SpentToken, Standing, StoreError, SubjectHash, TRIES, Tenant, User, UserIdentity, Writes,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    families,
    founding::Founding,
    login::wrong_credentials,
    notices,
    opening::{Opening, open},
    origin, passwords,
    session::{self, SessionBody},
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OidcExchangeRequest)]
pub struct OidcExchangeRequest {
    /// The identity token, issued within the last ten minutes.
    #[schema(format = Password)]
    pub id_token: String,
    /// 22 to 256 characters that this browser made up. The sign-in was asked for with
    /// `nonce=base64url(sha256(nonce))`, so the token is of use to nobody else.
    #[schema(min_length = 22, max_length = 256, format = Password)]
    pub nonce: String,
    /// Once, where the address has an account already: its password links the two.
    #[schema(format = Password)]
    pub password: Option<String>,
    /// Once, where nobody signed up yet: name of the company to found.
    #[schema(min_length = 1, max_length = 100)]
    pub company: Option<String>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, oidc_exchange)
}

/// Exchanges an identity token of the external issuer for a session. A token is good once.
#[utoipa::path(
    post,
    path = "/v1/auth/oidc/exchange",
    operation_id = "auth-oidc-exchange",
    tag = "auth",
    request_body = OidcExchangeRequest,
    responses(
        (status = 200, description = "Signed in; the refresh cookie is set", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not a good identity token, or a wrong password", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The issuer has not proved the address, the person may work nowhere, or another site's page sent it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Signing in from outside is not set up", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The address has an account, or the identity has none: say `password` or `company`; or five identities open the account already", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn oidc_exchange(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let input: OidcExchangeRequest = json_body(&request)?;
    let issuer = app.external_issuer().ok_or_else(not_offered)?;
    let now = (app.clock)();
    let identity = proved(issuer, &input, now).await?;
    let subject = SubjectHash::of(&identity.issuer, &identity.subject);
    let guards = app.registry(None, None).await?;
    let exchange = Exchange {
        app,
        request: &request,
        identity: &identity,
        subject: &subject,
        now,
    };
    if guards.get::<SpentToken>(&exchange.token()).await?.is_some() {
        return Err(wrong_identity());
    }
    if let Some(guard) = guards.get::<IdentityGuard>(&subject).await? {
        return exchange.sign_in(&guard.user_id).await;
    }
    // Nothing is looked up by an address that anybody may have claimed.
    let address = identity.verified_email.as_deref();
    let address = address.and_then(|address| fields::email("", address).ok());
    let address = address.ok_or_else(no_proved_address)?;
    if let Some(owner) = guards.get::<EmailGuard>(&EmailHash::of(&address)).await? {
        let password = input.password.as_deref().ok_or_else(address_taken)?;
        return exchange.link(&owner.user_id, password).await;
    }
    let company = input.company.as_deref().ok_or_else(no_account)?;
    exchange.found(&address, company).await
}

async fn proved(
    issuer: &ExternalIssuer,
    input: &OidcExchangeRequest,
    now: Timestamp,
) -> Result<ExternalIdentity, Problem> {
    let verified = issuer.verify(&input.id_token, &input.nonce, now).await;
    verified.map_err(Problem::unavailable)?.map_err(|error| {
        tracing::info!(auth.refused = error.0, "identity token refused");
        wrong_identity()
    })
}

/// A proved identity on its way to a session.
struct Exchange<'a> {
    app: &'static App,
    request: &'a Request,
    identity: &'a ExternalIdentity,
    subject: &'a SubjectHash,
    now: Timestamp,
}

impl Exchange<'_> {
    /// The identity is known. The session rests on the person as read here: whoever is suspended or changed in
    /// this moment is looked at once more.
    async fn sign_in(&self, user_id: &UserId) -> Result<Response<Body>, Problem> {
        let registry = self.app.registry(None, Some(user_id)).await?;
        for _ in 0..TRIES {
            let (user, spent) = try_join(
                registry.get::<User>(user_id),
                registry.get::<SpentToken>(&self.token()),
            )
            .await?;
            // After the person: unlinking raises the revision, on which the session rests.
            let guard = registry.get::<IdentityGuard>(self.subject).await?;
            let linked = guard.is_some_and(|guard| guard.user_id == *user_id);
            let user = user.filter(|_| spent.is_none() && linked);
            let user = user.ok_or_else(wrong_identity)?;
            let also = |writes| self.spend(passwords::replace(writes, &user, None)?);
            if let Some(answer) = self.open(&registry, &user, also).await? {
                return Ok(answer);
            }
        }
        Err(Problem::unavailable(
            "sign-ins of one account keep colliding",
        ))
    }

    /// The address has an account: its password says that both are one person.
    async fn link(&self, user_id: &UserId, password: &str) -> Result<Response<Body>, Problem> {
        let registry = self.app.registry(None, Some(user_id)).await?;
        let (user, taken) = try_join(
            registry.get::<User>(user_id),
            throttle::take_try(&registry, user_id, throttle::SIGN_IN, self.now),
        )
        .await?;
        let taken = taken.map_err(Problem::too_many)?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        if !verify_password(password, hash) {
            return Err(wrong_credentials());
        }
        let user = user.ok_or_else(wrong_credentials)?;
        throttle::give_back(&registry, &taken).await?;
        self.demand_room_for_identity(&registry, user_id).await?;
        let also = |writes| {
            let writes = user.raise(writes)?;
            self.spend(self.bind(writes, user_id)?)
        };
        let answer = self.open(&registry, &user, also).await?;
        if answer.is_some() {
            let mail = Mail::identity_linked(&self.identity.issuer);
            notices::tell(self.app, &user, &mail).await;
        }
        answer.ok_or_else(|| StoreError::Conflict.into())
    }

    /// Counted under the revision of the account, which linking raises.
    async fn demand_room_for_identity(
        &self,
        registry: &RegistryTable,
        user: &UserId,
    ) -> Result<(), Problem> {
        let linked = registry
            .list_all::<UserIdentity>(&UserIdentity::any_of(user))
            .await?;
        if linked.len() < MOST_IDENTITIES {
            return Ok(());
        }
        Err(Problem::conflict(
            "too-many-identities",
            format!(
                "{MOST_IDENTITIES} identities open your account already. Unlink one on your account page."
            ),
        ))
    }

    /// Nobody is known by this identity or this address: a person, a company and its owner come to be.
    /// There is no password; one can be set by mail.
    async fn found(&self, address: &str, company: &str) -> Result<Response<Body>, Problem> {
        let company = fields::line("/company", company, 100)?;
        let name = self.identity.name.as_deref();
        let name = name.and_then(|name| fields::line("", name, 100).ok());
        let user = User {
            user_id: UserId::mint(),
            email: address.to_owned(),
            name: name.unwrap_or_else(|| address.to_owned()),
            password_hash: None,
            created_at: self.now,
            standing: Standing::Active,
            revision: 1,
        };
        let tenant = Tenant::founded(TenantId::mint(), &company, self.now);
        let trail = self.trail(&user.user_id);
        let founding = Founding::new(user, tenant, &trail, self.now)?;
        let (of, session) = (&founding.membership, &founding.session);
        let answer = session::answer(self.app, of, session, self.now).await?;
        let registry = founding.registry(self.app).await?;
        let created = self.bind(founding.writes(&registry, &trail)?, &of.user.user_id)?;
        self.spend(created)?.commit().await?;
        Ok(answer)
    }

    async fn open(
        &self,
        registry: &RegistryTable,
        user: &User,
        also: impl FnOnce(Writes<()>) -> Result<Writes<()>, StoreError>,
    ) -> Result<Option<Response<Body>>, Problem> {
        let ended = families::of(registry, &user.user_id, self.now).await?;
        let opening = Opening {
            registry,
            user,
            trail: &self.trail(&user.user_id),
            action: "auth.login-outside",
            ended: &families::surplus(ended),
            now: self.now,
        };
        let opened = open(self.app, &opening, also).await?;
        Ok(opened.map(|(answer, _)| answer))
    }

    fn trail(&self, user_id: &UserId) -> Trail {
        Trail::by(self.app, Actor::user(user_id), self.request)
    }

    /// From now on this identity is this person.
    fn bind(&self, writes: Writes<()>, user_id: &UserId) -> Result<Writes<()>, StoreError> {
        let entry = self
            .trail(user_id)
            .entry("auth.link-identity", "user", user_id);
        let entry = entry.after(json!({"issuer": self.identity.issuer}));
        let log = AuditLog::Person(user_id.clone());
        let guard = IdentityGuard {
            subject: self.subject.clone(),
            user_id: user_id.clone(),
            linked_at: self.now,
        };
        let of_user = UserIdentity {
            user_id: user_id.clone(),
            subject: self.subject.clone(),
            issuer: self.identity.issuer.clone(),
            linked_at: self.now,
        };
        writes.create(&guard)?.create(&of_user)?.audit(&log, &entry)
    }

    /// What is kept of the token once it is used up.
    fn token(&self) -> (SubjectHash, String) {
        (self.subject.clone(), self.identity.nonce.clone())
    }

    /// The token is used up: somebody who saw it cannot exchange it again.
    fn spend(&self, writes: Writes<()>) -> Result<Writes<()>, StoreError> {
        writes.create(&SpentToken {
            subject: self.subject.clone(),
            nonce: self.identity.nonce.clone(),
            expires_at: self.identity.expires_at,
        })
    }
}

fn not_offered() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "sign-in-not-offered",
        "This way of signing in is not offered",
        "No external issuer is set up here. Sign in with address and password.",
    )
}

/// Why is for the log only.
fn wrong_identity() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong-identity",
        "The identity token is not good",
        "It is not for Outlay, not for this browser, too old or used. Sign in there once more.",
    )
}

fn no_proved_address() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "address-not-proved",
        "Your address is not proved",
        "The issuer does not vouch for an e-mail address of yours. Prove it there and try again.",
    )
}

fn address_taken() -> Problem {
    Problem::conflict(
        "address-has-account",
        "Your address has an account here. Send its password along once to link the two; a lost password is replaced by mail.",
    )
}

fn no_account() -> Problem {
    Problem::conflict(
        "no-account",
        "Nobody signed up with this identity. Send the name of your company along to found it, or ask to be invited.",
    )
}
