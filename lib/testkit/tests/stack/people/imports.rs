//! People of another system, with the passwords that they have there.

use outlay_core::{TenantId, UserId};
use outlay_testkit::{Account, account::log_in, operator::invoke};
use serde_json::{Value, json};

use super::{json_of, members};
use crate::{
    support::{sign_up, slug},
    tables::Tables,
};

/// What PHP's manual shows for `rasmuslerdorf`.
const BCRYPT: &str = "$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a";
const PASSWORD: &str = "rasmuslerdorf";

fn import(owner: &Account, tenant: &str, users: &[Value]) -> Value {
    let event = json!({ "tenantId": tenant, "users": users });
    let answer = invoke(owner.stack(), "outlay-local-admin-import", &event);
    let answer = answer.unwrap().expect(200).unwrap();
    assert!(answer.header("x-amz-function-error").is_none(), "{answer}");
    answer.json().unwrap()
}

#[test]
fn who_is_imported_signs_in_with_the_password_of_before() {
    let owner = sign_up("importing");
    let stack = owner.stack();
    let email = format!("Imported.{}@example.com", UserId::mint());
    let somebody = |email: &str, hash: &str| json!({ "email": email, "name": "Rasmus", "role": "member", "passwordHash": hash });
    let users = [
        somebody(&email, BCRYPT),
        somebody(&owner.email, BCRYPT),
        somebody("nobody", BCRYPT),
        somebody("plain@example.com", PASSWORD),
    ];
    let told = import(&owner, &owner.tenant_id, &users);
    let statuses: Vec<&str> = told["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|came| came["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["imported", "exists", "refused", "refused"]);
    let again = import(&owner, &owner.tenant_id, &users[..1]);
    assert_eq!(again["users"][0]["status"], "exists", "doing it again");

    let user = told["users"][0]["userId"].as_str().unwrap();
    let tables = Tables::of(stack);
    assert_eq!(tables.password_hash(user), BCRYPT);
    let wrong = log_in(stack, &email, "rasmus lerdorf").unwrap();
    assert_eq!(slug(&wrong, 401), "wrong-credentials");
    let imported = Account::log_in(stack, &email.to_lowercase(), PASSWORD).unwrap();
    assert_eq!(imported.tenant_id, owner.tenant_id);
    assert!(tables.password_hash(user).starts_with("$argon2id$"));
    let me = json_of(imported.get("/v1/auth/me").unwrap());
    assert_eq!(
        (&me["role"], &me["user"]["id"]),
        (&json!("member"), &json!(user))
    );
    assert_eq!(members(&owner).len(), 2);
    let told = json_of(owner.get("/v1/audit?action=admin.import-user").unwrap());
    assert_eq!(told["items"][0]["target"]["id"], user, "{told}");
    assert!(!told.to_string().contains(BCRYPT));
}

#[test]
fn nobody_is_imported_where_nobody_may_act() {
    let owner = sign_up("importing-nowhere");
    let email = format!("nowhere.{}@example.com", UserId::mint());
    let user = json!({ "email": email, "name": "N", "role": "viewer", "passwordHash": BCRYPT });
    let nowhere = TenantId::mint().to_string();
    let told = import(&owner, &nowhere, std::slice::from_ref(&user));
    assert_eq!(told["users"][0]["status"], "refused", "{told}");
    let many = import(&owner, &owner.tenant_id, &vec![user; 26]);
    assert_eq!(many["status"], "refused", "{many}");
    assert_eq!(members(&owner).len(), 1);
}
