//! Tenants with people in every role, and a canary in every text that their customers can write.

use std::{cell::RefCell, collections::BTreeMap, fmt::Write as _};

use aws_lc_rs::digest::{SHA256, digest};
use outlay_core::{FamilyId, TenantId, TokenId, UserId, now};
use outlay_store::{
    ApiToken, Condition, Member, Profile, RegistryTable, Role, Session, Standing, TenantTable,
    UserTenant,
};
use outlay_testkit::{
    Account,
    account::{mailed_code, verify},
    proof::EVERYBODY,
};
use serde_json::json;

use super::{forge::Forge, root::Root};

pub(super) const PASSWORD: &str = "a long enough pass phrase";

/// A tenant.
pub(super) struct Tenant {
    /// Who founded it.
    pub(super) owner: Account,
    /// An access token for each role.
    pub(super) tokens: BTreeMap<&'static str, String>,
    /// Whose they are.
    pub(super) users: BTreeMap<&'static str, String>,
    /// 128 bits that stand in every text of this tenant, and nowhere else.
    pub(super) canary: String,
    /// An owner besides, for whom API tokens act: one person may have twenty only.
    pub(super) maker: UserId,
    /// What its company is called.
    pub(super) company: String,
    /// The address of the registration or invitation made last.
    pub(super) pending: RefCell<String>,
    /// What came with it, and is named apart: the code of an operator's link, the nonce of a sign-in from outside.
    pub(super) besides: RefCell<String>,
}

impl Tenant {
    /// Signs up, and takes one person in for each further role.
    pub(super) fn found(root: &Root, forge: &Forge, name: &str) -> Self {
        let canary = canary();
        let owner = sign_up(root, name, &canary);
        let maker: UserId = sign_up(root, "maker", &canary).user_id.parse().unwrap();
        join(root, &owner.tenant_id.parse().unwrap(), &maker, Role::Owner);
        let mut tenant = Self {
            maker,
            tokens: [("owner", owner.token.clone())].into(),
            users: [("owner", owner.user_id.clone())].into(),
            owner,
            company: company(name, &canary),
            canary,
            pending: RefCell::default(),
            besides: RefCell::default(),
        };
        for role in &EVERYBODY[1..] {
            tenant.take_in(root, forge, role);
        }
        tenant
    }

    pub(super) fn id(&self) -> &str {
        &self.owner.tenant_id
    }

    /// What keys of this tenant's items and objects mention.
    pub(super) fn ids(&self) -> Vec<&str> {
        let users = self.users.values().map(String::as_str);
        users.chain([self.id()]).collect()
    }

    /// An API token of the owner with these scopes.
    pub(super) fn api_token(&self, root: &Root, scopes: Vec<String>) -> String {
        let id = TokenId::mint();
        let digits = |id: &str| id.split_once('_').unwrap().1.to_owned();
        let random = [canary(), canary()].concat();
        let secret = format!("out_{}_{}_{random}", digits(self.id()), digits(id.as_str()));
        let token = ApiToken {
            token_id: id,
            name: self.canary.clone(),
            scopes,
            secret_hash: hex(digest(&SHA256, secret.as_bytes()).as_ref()),
            created_by: self.maker.clone(),
            created_at: now(),
            expires_at: now() + std::time::Duration::from_hours(1),
        };
        root.run(async |client, table| {
            let company =
                TenantTable::new(client.clone(), table, self.owner.tenant_id.parse().unwrap());
            company
                .writes()
                .create(&token)
                .unwrap()
                .commit()
                .await
                .unwrap();
        });
        secret
    }

    /// What the platform decided about this tenant.
    pub(super) fn becomes(&self, root: &Root, standing: Standing, profile: Profile) {
        root.run(async |client, table| {
            let company =
                TenantTable::new(client.clone(), table, self.owner.tenant_id.parse().unwrap());
            let mut tenant: outlay_store::Tenant = company.get(&()).await.unwrap().unwrap();
            tenant.standing = standing;
            tenant.profile = profile;
            company
                .writes()
                .put(&tenant, Condition::Any)
                .unwrap()
                .commit()
                .await
                .unwrap();
        });
    }

    fn take_in(&mut self, root: &Root, forge: &Forge, role: &'static str) {
        let person = sign_up(root, role, &self.canary);
        let (tenant, user): (TenantId, UserId) =
            (self.id().parse().unwrap(), person.user_id.parse().unwrap());
        let family = join(root, &tenant, &user, role.parse().unwrap());
        let token = forge.token(&person.token, |claims| {
            claims["tenant_id"] = json!(tenant);
            claims["role"] = json!(role);
            claims["sid"] = json!(family);
        });
        self.tokens.insert(role, token);
        self.users.insert(role, person.user_id);
    }
}

/// Makes somebody a member, signed in: what accepting an invitation and switching do.
fn join(root: &Root, tenant: &TenantId, user: &UserId, role: Role) -> FamilyId {
    let (at, family_id) = (now(), FamilyId::mint());
    let member: Member = serde_json::from_value(
        json!({ "userId": user, "role": role, "joinedAt": at, "revision": 1 }),
    )
    .unwrap();
    let membership = UserTenant {
        user_id: user.clone(),
        tenant_id: tenant.clone(),
        role,
    };
    let session: Session = serde_json::from_value(json!({
        "userId": user, "familyId": family_id, "tenantId": tenant, "generation": 0, "rotatedAt": at,
        "createdAt": at, "expiresAt": at + std::time::Duration::from_hours(1),
    }))
    .unwrap();
    root.run(async |client, table| {
        let company = TenantTable::new(client.clone(), table, tenant.clone());
        let people = RegistryTable::new(client.clone(), table);
        company
            .writes()
            .create(&member)
            .unwrap()
            .commit()
            .await
            .unwrap();
        let person = people.writes().create(&membership).unwrap();
        person.create(&session).unwrap().commit().await.unwrap();
    });
    family_id
}

fn company(name: &str, canary: &str) -> String {
    format!("{name} {canary}")
}

/// Registers, verifies and signs in, with the canary in the address and in both names.
fn sign_up(root: &Root, name: &str, canary: &str) -> Account {
    let stack = &root.stack;
    let unique = UserId::mint().to_string().replace('_', "-");
    let email = format!("{name}.{canary}@{unique}.example.com");
    let body = json!({ "email": email, "password": PASSWORD, "name": format!("Robin {canary}"),
        "company": company(name, canary) });
    let request = stack.request("POST", "/v1/auth/register").json(&body);
    let registered = request.send().unwrap().expect(202).unwrap();
    let code = mailed_code(stack, &email).unwrap();
    let verified = verify(stack, &registered, &code).unwrap();
    verified.expect(200).unwrap();
    Account::log_in(stack, &email, PASSWORD).unwrap()
}

fn canary() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
