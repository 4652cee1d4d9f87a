//! People, companies and what happens to them at the same moment, in one process over [`Aws`].

use std::{collections::HashMap, time::SystemTime};

use futures::future::{join, join_all};
use lambda_http::{Body, RequestExt};
use outlay_core::{FamilyId, InviteId, OffboardingId, TenantId, TokenId, UserId, now};
use outlay_identity::AddressedSecret;
use outlay_runtime::{App, Handler, Message};
use outlay_store::{
    ApiToken, EmailGuard, EmailHash, Entity, GlobalOwner, Invite, MOST_COMPANIES, MOST_TOKENS,
    Member, Offboarding, PlatformTable, Role, Session, SubjectHash, TenantTable, User,
    UserIdentity, UserPlatform, UserTenant,
};
use serde_json::{Value, json};

use super::{
    aws::{Aws, ROOT},
    in_one_thread,
    tenants::{Company, TABLE, container, sdk, signed},
};

/// How often what happens at the same moment is tried: answers come in another order each time.
const ROUNDS: usize = 20;

/// A container, and the account under it.
struct World {
    aws: Aws,
    app: &'static App,
}

/// Somebody with an account; the address is made of the id.
#[derive(Clone)]
struct Somebody {
    user: UserId,
    family: FamilyId,
}

impl Somebody {
    fn address(&self) -> String {
        format!("{}@example.com", self.user)
    }
}

/// A request to be: its body and what its path names.
struct Asked<'a> {
    handler: Handler,
    path: &'a [(&'a str, &'a str)],
    body: Value,
}

fn ask<'a>(handler: Handler, path: &'a [(&'a str, &'a str)], body: Value) -> Asked<'a> {
    Asked {
        handler,
        path,
        body,
    }
}

impl World {
    fn new() -> Self {
        let aws = Aws::new();
        Self {
            app: container(&aws),
            aws,
        }
    }

    fn people(&self) -> PlatformTable {
        let client = aws_sdk_dynamodb::Client::new(&sdk(&self.aws, ROOT));
        PlatformTable::new(client, TABLE)
    }

    fn company(&self, tenant: &TenantId) -> TenantTable {
        let client = aws_sdk_dynamodb::Client::new(&sdk(&self.aws, ROOT));
        TenantTable::new(client, TABLE, tenant.clone())
    }

    async fn store<E: Entity<Owner = ()>>(&self, entity: &E) {
        let writes = self.people().writes().create(entity).unwrap();
        writes.commit().await.unwrap();
    }

    async fn store_in<E: Entity<Owner = TenantId>>(&self, tenant: &TenantId, entity: &E) {
        let writes = self.company(tenant).writes().create(entity).unwrap();
        writes.commit().await.unwrap();
    }

    /// An account in no company.
    async fn somebody(&self) -> Somebody {
        let (user, family) = (UserId::mint(), FamilyId::mint());
        let somebody = Somebody { user, family };
        let account: User = serde_json::from_value(json!({
            "userId": somebody.user, "email": somebody.address(), "name": "Kim", "createdAt": now(), "revision": 1,
        }))
        .unwrap();
        self.store(&account).await;
        self.store(&EmailGuard::of(&account)).await;
        somebody
    }

    async fn join(&self, somebody: &Somebody, tenant: &TenantId, role: Role) {
        let member = json!({ "userId": somebody.user, "role": role, "email": somebody.address(), "joinedAt": now() });
        let member: Member = serde_json::from_value(member).unwrap();
        self.store_in(tenant, &member).await;
        self.store(&UserTenant {
            user_id: somebody.user.clone(),
            tenant_id: tenant.clone(),
            role,
        })
        .await;
    }

    async fn session(&self, somebody: &Somebody, tenant: Option<&TenantId>) {
        let session: Session = serde_json::from_value(json!({
            "userId": somebody.user, "familyId": somebody.family, "tenantId": tenant, "generation": 0,
            "rotatedAt": now(), "createdAt": now(), "expiresAt": "2099-01-01T00:00:00Z",
        }))
        .unwrap();
        self.store(&session).await;
    }

    /// Signed in to a company.
    async fn token_in(&self, somebody: &Somebody, company: &Company, role: Role) -> String {
        self.session(somebody, Some(&company.tenant)).await;
        let (header, mut claims) = company.token_parts(&self.aws);
        claims["sub"] = json!(somebody.user);
        claims["sid"] = json!(somebody.family);
        claims["role"] = json!(role);
        signed(&self.aws, (header, claims))
    }

    /// A global owner, and the access token.
    async fn global_owner(&self) -> (Somebody, String) {
        let somebody = self.somebody().await;
        let user_id = somebody.user.clone();
        self.store(&UserPlatform {
            user_id: user_id.clone(),
            since: now(),
        })
        .await;
        let owner = json!({ "userId": user_id, "since": now() });
        self.store(&serde_json::from_value::<GlobalOwner>(owner).unwrap())
            .await;
        self.session(&somebody, None).await;
        let company = Company::found(&self.aws, 0).await;
        let (header, mut claims) = company.token_parts(&self.aws);
        claims.as_object_mut().unwrap().remove("tenant_id");
        claims["sub"] = json!(user_id);
        claims["sid"] = json!(somebody.family);
        claims["role"] = json!("global_owner");
        (somebody, signed(&self.aws, (header, claims)))
    }

    /// Status and body of the answer.
    async fn call(&self, token: &str, asked: Asked<'_>) -> (u16, Value) {
        let request = lambda_http::http::Request::builder()
            .method("POST")
            .uri("/v1/x")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::Text(asked.body.to_string()))
            .unwrap();
        let pairs = asked.path.iter();
        let path: HashMap<String, String> = pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let answer = (asked.handler)(self.app, request.with_path_parameters(path)).await;
        let response = answer.unwrap_or_else(|problem| problem.into_response("request"));
        let body = serde_json::from_slice(response.body().as_ref()).unwrap_or_default();
        (response.status().as_u16(), body)
    }

    /// One message of the end of a company whose people go now.
    async fn people_go(&self, tenant: &TenantId) {
        let id = OffboardingId::mint();
        let offboarding: Offboarding = serde_json::from_value(json!({
            "offboardingId": id, "tenantId": tenant, "foundedAt": now(), "requestedBy": UserId::mint(),
            "requestedAt": now(), "secretSha256": "", "stage": "people", "settledAt": null, "finishedAt": null,
            "removed": {}, "revision": 1,
        }))
        .unwrap();
        self.store(&offboarding).await;
        let message = Message {
            body: json!({ "tenantId": tenant, "offboardingId": id }).to_string(),
            received: 1,
            deadline: SystemTime::now(),
        };
        outlay_offboarding::work::handler(self.app, message)
            .await
            .unwrap();
    }

    /// The account, its address, its memberships: all of it is there, or none.
    fn is_there(&self, somebody: &Somebody) -> bool {
        let address = EmailHash::of(&somebody.address());
        let guards = self.aws.items(&format!("EMAIL#{}", address.as_str()));
        let items = self.aws.items(&format!("USER#{}", somebody.user));
        let accounts = items.iter().filter(|item| item["sk"]["S"] == "USER");
        let account = accounts.count() == 1;
        assert_eq!(account, !guards.is_empty(), "an account has its address");
        let links = items
            .iter()
            .filter(|i| i["sk"]["S"].as_str().unwrap().starts_with("TENANT#"));
        let links = links.count();
        assert!(account || links == 0, "a membership of nobody");
        account
    }
}

fn slug(answer: &(u16, Value)) -> (u16, &str) {
    let kind = answer.1["type"].as_str().unwrap_or_default();
    (answer.0, kind.rsplit('/').next().unwrap())
}

#[test]
fn of_two_companies_that_end_at_once_neither_leaves_the_person_to_the_other() {
    in_one_thread(async {
        for _ in 0..ROUNDS {
            let world = World::new();
            let [one, other] = [0, 1].map(|n| Company::found(&world.aws, n));
            let (one, other) = join(one, other).await;
            let somebody = world.somebody().await;
            for company in [&one, &other] {
                world.join(&somebody, &company.tenant, Role::Viewer).await;
            }
            join(world.people_go(&one.tenant), world.people_go(&other.tenant)).await;
            assert!(!world.is_there(&somebody));
        }
    });
}

#[test]
fn of_two_companies_that_delete_a_person_at_once_one_deletes_the_account() {
    in_one_thread(async {
        for _ in 0..ROUNDS {
            let world = World::new();
            let [one, other] = [0, 1].map(|n| Company::found(&world.aws, n));
            let (one, other) = join(one, other).await;
            let somebody = world.somebody().await;
            for company in [&one, &other] {
                world.join(&somebody, &company.tenant, Role::Viewer).await;
            }
            let (a, b) = (one.token(&world.aws), other.token(&world.aws));
            let path = [("userId", somebody.user.as_str())];
            let delete = || ask(outlay_members::users_delete::handler, &path, Value::Null);
            let both = join(world.call(&a, delete()), world.call(&b, delete())).await;
            assert_eq!((both.0.0, both.1.0), (204, 204), "{both:?}");
            assert!(!world.is_there(&somebody));
        }
    });
}

#[test]
fn whoever_operates_the_platform_is_kept_and_joins_no_company() {
    in_one_thread(async {
        let world = World::new();
        let company = Company::found(&world.aws, 1).await;
        let (operator, _) = world.global_owner().await;
        world.join(&operator, &company.tenant, Role::Viewer).await;
        let token = company.token(&world.aws);
        let path = [("userId", operator.user.as_str())];
        let delete = ask(outlay_members::users_delete::handler, &path, Value::Null);
        assert_eq!(world.call(&token, delete).await.0, 204);
        assert!(world.is_there(&operator));
        world.join(&operator, &company.tenant, Role::Viewer).await;
        world.people_go(&company.tenant).await;
        assert!(world.is_there(&operator));
        let platform = format!("USER#{}", operator.user);
        let items = world.aws.items(&platform);
        assert!(items.iter().any(|item| item["sk"]["S"] == "PLATFORM"));
    });
}

/// An invitation of somebody's address into a company, by its owner.
async fn invited(world: &World, company: &Company, whom: &Somebody, role: Role) -> String {
    let secret = AddressedSecret::mint(&company.tenant, &InviteId::mint()).unwrap();
    let invite = Invite {
        invite_id: secret.id().clone(),
        email: whom.address(),
        role,
        secret_hash: secret.hash(),
        invited_by: company.user.clone(),
        created_at: now(),
        expires_at: "2099-01-01T00:00:00Z".parse().unwrap(),
    };
    world.store_in(&company.tenant, &invite).await;
    secret.reveal()
}

fn accept(secret: &str) -> Asked<'static> {
    let body = json!({ "token": secret });
    ask(outlay_members::invites_accept::handler, &[], body)
}

#[test]
fn what_gets_in_the_way_of_an_acceptance_does_not_end_the_invitation() {
    in_one_thread(async {
        let world = World::new();
        let [home, host] = [0, 1].map(|n| Company::found(&world.aws, n));
        let (home, host) = join(home, host).await;
        let somebody = world.somebody().await;
        world.join(&somebody, &home.tenant, Role::Owner).await;
        let token = world.token_in(&somebody, &home, Role::Owner).await;
        let secret = invited(&world, &host, &somebody, Role::Viewer).await;
        world.aws.disturb(3);
        let joined = world.call(&token, accept(&secret)).await;
        assert_eq!(joined.0, 200, "{joined:?}");
        let again = world.call(&token, accept(&secret)).await;
        assert_eq!(slug(&again), (400, "invite-ended"));
        let secret = invited(&world, &host, &somebody, Role::Viewer).await;
        let again = world.call(&token, accept(&secret)).await;
        assert_eq!(slug(&again), (409, "already-member"));
    });
}

#[test]
fn nobody_is_in_more_companies_than_are_looked_at() {
    in_one_thread(async {
        let world = World::new();
        let home = Company::found(&world.aws, 0).await;
        let somebody = world.somebody().await;
        world.join(&somebody, &home.tenant, Role::Owner).await;
        let token = world.token_in(&somebody, &home, Role::Owner).await;
        for number in 2..MOST_COMPANIES {
            let company = Company::found(&world.aws, number).await;
            world.join(&somebody, &company.tenant, Role::Viewer).await;
        }
        let mut secrets = Vec::new();
        for number in 0..3 {
            let host = Company::found(&world.aws, number).await;
            secrets.push(invited(&world, &host, &somebody, Role::Viewer).await);
        }
        // There is room for one: of three at the same moment it is exactly one.
        let tries = secrets.iter().map(|s| world.call(&token, accept(s)));
        let mut answers = join_all(tries).await;
        answers.sort_by_key(|answer| answer.0);
        let answers: Vec<_> = answers.iter().map(slug).collect();
        let refused = (409, "too-many-companies");
        assert_eq!(answers, [(200, ""), refused, refused]);
        let me = ask(outlay_auth::me::handler, &[], Value::Null);
        let me = world.call(&token, me).await;
        assert_eq!(me.1["tenants"].as_array().unwrap().len(), MOST_COMPANIES);
        assert!(world.aws.sessions_at_once() <= 8);
    });
}

#[test]
fn a_global_owner_accepts_no_invitation() {
    in_one_thread(async {
        let world = World::new();
        let [home, host] = [0, 1].map(|n| Company::found(&world.aws, n));
        let (home, host) = join(home, host).await;
        let (operator, _) = world.global_owner().await;
        // As it may have been before this was refused: in a company already.
        world.join(&operator, &home.tenant, Role::Viewer).await;
        let operator = Somebody {
            family: FamilyId::mint(),
            ..operator
        };
        let token = world.token_in(&operator, &home, Role::Viewer).await;
        let secret = invited(&world, &host, &operator, Role::Admin).await;
        let refused = world.call(&token, accept(&secret)).await;
        assert_eq!(slug(&refused), (409, "global-owner"));
    });
}

#[test]
fn an_invitation_is_replaced_by_who_could_have_made_it() {
    in_one_thread(async {
        let world = World::new();
        let company = Company::found(&world.aws, 1).await;
        let (admin, invitee) = join(world.somebody(), world.somebody()).await;
        world.join(&admin, &company.tenant, Role::Admin).await;
        let token = world.token_in(&admin, &company, Role::Admin).await;
        invited(&world, &company, &invitee, Role::Owner).await;
        let body = json!({ "email": invitee.address(), "role": "viewer" });
        let invite = ask(outlay_members::invites_create::handler, &[], body);
        let refused = world.call(&token, invite).await;
        assert_eq!(slug(&refused), (403, "role-above-yours"));
    });
}

fn api_token(of: &Somebody) -> ApiToken {
    ApiToken {
        token_id: TokenId::mint(),
        name: "nightly".to_owned(),
        scopes: vec!["costs:read".to_owned()],
        secret_hash: String::new(),
        created_by: of.user.clone(),
        created_at: now(),
        expires_at: "2099-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn of_tokens_that_are_made_at_once_none_is_one_too_many() {
    in_one_thread(async {
        let world = World::new();
        let company = Company::found(&world.aws, 1).await;
        let somebody = world.somebody().await;
        world.join(&somebody, &company.tenant, Role::Member).await;
        let token = world.token_in(&somebody, &company, Role::Member).await;
        for _ in 1..MOST_TOKENS {
            world.store_in(&company.tenant, &api_token(&somebody)).await;
        }
        let make = || {
            let body = json!({ "name": "x", "scopes": ["costs:read"], "expiresInDays": 1 });
            world.call(&token, ask(outlay_tokens::create::handler, &[], body))
        };
        let mut answers = join_all([make(), make(), make()]).await;
        answers.sort_by_key(|answer| answer.0);
        let answers: Vec<_> = answers.iter().map(slug).collect();
        let refused = (409, "too-many-tokens");
        assert_eq!(answers, [(201, ""), refused, refused]);
    });
}

/// What a container knows of a caller is a minute old at most: nothing is made or taken back by it.
#[test]
fn who_was_put_out_a_moment_ago_makes_and_revokes_nothing() {
    in_one_thread(async {
        let world = World::new();
        let company = Company::found(&world.aws, 1).await;
        let (admin, invitee) = join(world.somebody(), world.somebody()).await;
        world.join(&admin, &company.tenant, Role::Admin).await;
        let token = world.token_in(&admin, &company, Role::Admin).await;
        let own = api_token(&admin);
        world.store_in(&company.tenant, &own).await;
        invited(&world, &company, &invitee, Role::Viewer).await;
        let listed = ask(outlay_members::invites_list::handler, &[], Value::Null);
        let listed = world.call(&token, listed).await;
        assert_eq!(listed.0, 200, "the container knows the caller");
        let invite = listed.1["items"][0]["id"].as_str().unwrap();
        let path = [("userId", admin.user.as_str())];
        let demote = ask(
            outlay_members::update::handler,
            &path,
            json!({ "role": "viewer" }),
        );
        let owner = company.token(&world.aws);
        assert_eq!(world.call(&owner, demote).await.0, 200);
        let of_invite = [("inviteId", invite)];
        let of_token = [("tokenId", own.token_id.as_str())];
        for asked in [
            ask(
                outlay_members::invites_revoke::handler,
                &of_invite,
                Value::Null,
            ),
            ask(
                outlay_members::invites_create::handler,
                &[],
                json!({ "email": "x@example.com", "role": "viewer" }),
            ),
            ask(outlay_tokens::revoke::handler, &of_token, Value::Null),
            ask(
                outlay_tokens::create::handler,
                &[],
                json!({ "name": "x", "scopes": ["costs:read"], "expiresInDays": 1 }),
            ),
        ] {
            let refused = world.call(&token, asked).await;
            assert_eq!(slug(&refused), (403, "forbidden"));
        }
    });
}

/// The account in memory refuses a transaction of more than 100 items, as DynamoDB does.
#[test]
fn whatever_a_person_has_goes_with_them() {
    in_one_thread(async {
        let world = World::new();
        let company = Company::found(&world.aws, 1).await;
        let somebody = world.somebody().await;
        world.join(&somebody, &company.tenant, Role::Member).await;
        let mut tokens = Vec::new();
        for number in 0..120 {
            let other = Somebody {
                family: FamilyId::mint(),
                ..somebody.clone()
            };
            world.session(&other, Some(&company.tenant)).await;
            let token = api_token(&somebody);
            world.store_in(&company.tenant, &token).await;
            tokens.push(token.token_id);
            let subject = SubjectHash::of("issuer", &number.to_string());
            world
                .store(&UserIdentity {
                    user_id: somebody.user.clone(),
                    subject: subject.clone(),
                    issuer: "issuer".to_owned(),
                    linked_at: now(),
                })
                .await;
            let guard = json!({ "subject": subject, "userId": somebody.user, "linkedAt": now() });
            world
                .store(&serde_json::from_value::<outlay_store::IdentityGuard>(guard).unwrap())
                .await;
        }
        let owner = company.token(&world.aws);
        let path = [("userId", somebody.user.as_str())];
        let delete = ask(outlay_members::users_delete::handler, &path, Value::Null);
        let gone = world.call(&owner, delete).await;
        assert_eq!(gone.0, 204, "{gone:?}");
        assert!(!world.is_there(&somebody));
        assert_eq!(world.aws.items("IDP#"), Vec::<Value>::new());
        let left = world.aws.items(&format!("USER#{}", somebody.user));
        let left: Vec<_> = left
            .iter()
            .map(|i| i["sk"]["S"].as_str().unwrap())
            .collect();
        assert_eq!(left, ["ERASURE"], "what the worker begins with");
        let told = world.aws.items(&format!("AUDIT#{}", company.tenant));
        let told = told.iter().find(|e| e["action"]["S"] == "users.delete");
        let told = told.unwrap()["after"]["M"]["tokensEnded"]["L"].as_array();
        assert_eq!(told.unwrap().len(), tokens.len(), "which tokens died");
    });
}

/// What suspends or restores a person as a global owner.
fn standing<'a>(handler: Handler, path: &'a [(&'a str, &'a str)]) -> Asked<'a> {
    ask(handler, path, json!({ "reason": "because" }))
}

#[test]
fn of_two_global_owners_who_suspend_each_other_one_stays() {
    in_one_thread(async {
        for _ in 0..ROUNDS {
            let world = World::new();
            let (one, first) = world.global_owner().await;
            let (other, second) = world.global_owner().await;
            let (to_one, to_other) = (
                [("userId", one.user.as_str())],
                [("userId", other.user.as_str())],
            );
            let suspend = outlay_admin::users_suspend::handler;
            let both = join(
                world.call(&first, standing(suspend, &to_other)),
                world.call(&second, standing(suspend, &to_one)),
            )
            .await;
            let done = [&both.0, &both.1].iter().filter(|a| a.0 == 200).count();
            assert_eq!(done, 1, "{both:?}");
            let both = [&one, &other];
            let active = both.iter().filter(|owner| {
                let items = world.aws.items(&format!("USER#{}", owner.user));
                let account = items.iter().find(|item| item["sk"]["S"] == "USER");
                account.unwrap()["standing"]["S"] == "active"
            });
            assert_eq!(active.count(), 1);
        }
    });
}

#[test]
fn an_account_that_is_being_deleted_is_neither_suspended_nor_restored() {
    in_one_thread(async {
        let world = World::new();
        let (_, token) = world.global_owner().await;
        let user = UserId::mint();
        let ending = json!({ "userId": user, "email": "e@example.com", "name": "E", "createdAt": now(), "standing": "ending" });
        world
            .store(&serde_json::from_value::<User>(ending).unwrap())
            .await;
        let path = [("userId", user.as_str())];
        for handler in [
            outlay_admin::users_suspend::handler as Handler,
            outlay_admin::users_restore::handler,
        ] {
            let refused = world.call(&token, standing(handler, &path)).await;
            assert_eq!(slug(&refused), (409, "account-ending"));
        }
    });
}

#[test]
fn what_a_global_owner_does_again_and_looks_for_is_told() {
    in_one_thread(async {
        let world = World::new();
        let (_, token) = world.global_owner().await;
        let somebody = world.somebody().await;
        let path = [("userId", somebody.user.as_str())];
        let suspend = outlay_admin::users_suspend::handler;
        for _ in 0..2 {
            let done = world.call(&token, standing(suspend, &path)).await;
            assert_eq!(done.0, 200, "{done:?}");
        }
        let told = world.aws.items("AUDIT#PLATFORM");
        let of = |action: &str| told.iter().filter(|e| e["action"]["S"] == action).count();
        assert_eq!(of("admin.suspend-user"), 2);
    });
}
