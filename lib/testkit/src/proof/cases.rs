//! The entries, by domain. What a valid call is, one line each; docs/adding-a-route.md says how.

use serde_json::json;

use super::case::{ADMINS, Case, EVERYBODY, OWNERS, Own, WORKERS};

/// Every operation of the API.
pub fn cases() -> Vec<Case> {
    [
        admin(),
        audit(),
        auth(),
        tenants(),
        members(),
        tokens(),
        uploads(),
        costs(),
        platform(),
    ]
    .concat()
}

fn admin() -> Vec<Case> {
    const STRANGER: &[(&str, &str)] = &[
        ("tenantId", "strangersTenantId"),
        ("userId", "strangersUserId"),
    ];
    const SUSPENDED: &[(&str, &str)] = &[
        ("tenantId", "suspendedTenantId"),
        ("userId", "suspendedUserId"),
    ];
    let reason = |_: &dyn Own| json!({ "reason": "The proof asks for it" });
    vec![
        Case::platform("admin-audit-list"),
        Case::platform("admin-config-get"),
        Case::platform("admin-config-put").if_match().body(|_| json!({ "notice": null, "slaTarget": "99.9" })),
        Case::platform("admin-health"),
        Case::platform("admin-logs"),
        Case::public("admin-owners-accept").body(|own| {
            json!({ "email": own.the("operatorsEmail"), "code": own.the("operatorsCode"), "name": "Olga",
                "password": own.the("password") })
        }),
        Case::platform("admin-stats"),
        Case::platform("admin-sync-list"),
        Case::platform("admin-sync-start").names(&[("schedule", "schedule")]),
        Case::platform("admin-tenants-get"),
        Case::platform("admin-tenants-list"),
        Case::platform("admin-tenants-restore").names(SUSPENDED).body(reason),
        Case::platform("admin-tenants-suspend").names(STRANGER).body(reason),
        Case::platform("admin-tenants-update").names(STRANGER).if_match().body(|_| {
            json!({ "terms": { "profile": "full", "limits": null }, "reason": "The proof asks for it" })
        }),
        Case::platform("admin-users-get"),
        Case::platform("admin-users-list"),
        Case::platform("admin-users-restore").names(SUSPENDED).body(reason),
        Case::platform("admin-users-suspend").names(STRANGER).body(reason),
    ]
}

fn audit() -> Vec<Case> {
    vec![
        Case::changes("audit-list", "audit:read", ADMINS),
        Case::changes("offboarding-begin", "tenant:delete", OWNERS)
            .people_only()
            .ends_the_tenant()
            .unaudited("the tenant's log ends with it; the receipt tells of it")
            .body(|own| json!({ "confirm": own.the("company") })),
        Case::public("offboarding-get"),
    ]
}

fn auth() -> Vec<Case> {
    vec![
        Case::reads("auth-audit", "account:read", EVERYBODY).people_only(),
        Case::reads("auth-identities-list", "account:read", EVERYBODY).people_only(),
        Case::changes("auth-identities-unlink", "account:write", EVERYBODY).people_only().personal(),
        Case::public("auth-jwks"),
        Case::public("auth-login").body(|own| json!({ "email": own.the("email"), "password": own.the("password") })),
        Case::public("auth-logout").cookie("refreshCookie"),
        Case::reads("auth-me", "account:read", EVERYBODY).people_only(),
        Case::changes("auth-me-update", "account:write", EVERYBODY)
            .people_only()
            .body(|own| json!({ "name": own.the("text") })),
        Case::public("auth-oidc"),
        Case::public("auth-oidc-exchange")
            .body(|own| json!({ "idToken": own.the("identityToken"), "nonce": own.the("nonce"), "company": "Outside" })),
        Case::changes("auth-password-change", "account:write", EVERYBODY).people_only().body(|own| {
            json!({ "currentPassword": own.the("password"), "newPassword": own.the("password") })
        }),
        Case::public("auth-password-forgot").body(|own| json!({ "email": own.the("email") })),
        Case::public("auth-password-reset")
            .body(|own| json!({ "token": own.the("resetToken"), "newPassword": own.the("password") })),
        Case::public("auth-refresh").cookie("refreshCookie"),
        Case::public("auth-register").body(|own| {
            json!({ "email": own.the("freshEmail"), "password": own.the("password"), "name": "Robin Example", "company": "Example" })
        }),
        Case::reads("auth-sessions-list", "account:read", EVERYBODY).people_only(),
        Case::changes("auth-sessions-revoke", "account:write", EVERYBODY).people_only().personal(),
        Case::changes("auth-sessions-revoke-others", "account:write", EVERYBODY).people_only(),
        Case::changes("auth-switch", "account:write", EVERYBODY)
            .people_only()
            .body(|own| json!({ "tenantId": own.the("tenantId") })),
        Case::public("auth-verify-resend").body(|own| json!({ "email": own.the("freshEmail") })),
        Case::public("auth-verify").cookie("registrationCookie").body(|own| json!({ "code": own.the("mailedCode") })),
    ]
}

fn tenants() -> Vec<Case> {
    vec![
        Case::reads("tenants-capabilities", "tenant:read", EVERYBODY),
        Case::changes("tenants-create", "account:write", EVERYBODY)
            .people_only()
            .body(|own| json!({ "name": own.the("text") })),
        Case::reads("tenants-get", "tenant:read", EVERYBODY),
        Case::changes("tenants-update", "tenant:write", ADMINS)
            .if_match()
            .body(|own| json!({ "name": own.the("text") })),
        Case::reads("tenants-usage", "tenant:read", EVERYBODY),
    ]
}

fn members() -> Vec<Case> {
    vec![
        Case::public("members-invites-accept")
            .body(|own| json!({ "token": own.the("inviteToken"), "name": own.the("text"), "password": own.the("password") })),
        Case::changes("members-invites-create", "members:write", ADMINS)
            .body(|own| json!({ "email": own.the("freshEmail"), "role": "viewer" })),
        Case::changes("members-invites-list", "users:read", ADMINS),
        Case::changes("members-invites-revoke", "members:write", ADMINS),
        Case::reads("members-list", "members:read", EVERYBODY),
        // Everybody may leave; taking others out is for those who may change members.
        Case::changes("members-remove", "members:leave+members:write", ADMINS),
        Case::changes("members-update", "members:write", ADMINS).body(|_| json!({ "role": "viewer" })),
        Case::changes("members-users-delete", "users:write", ADMINS),
        Case::changes("members-users-get", "users:read", ADMINS),
        Case::changes("members-users-list", "users:read", ADMINS),
        Case::changes("members-users-update", "users:write", ADMINS).if_match().body(|own| json!({ "name": own.the("text") })),
    ]
}

fn tokens() -> Vec<Case> {
    vec![
        Case::changes("tokens-create", "tokens:write", WORKERS)
            .people_only()
            .body(|own| json!({ "name": own.the("text"), "scopes": ["costs:read"], "expiresInDays": 1 })),
        Case::changes("tokens-list", "tokens:read", WORKERS),
        Case::changes("tokens-revoke", "tokens:write", WORKERS).people_only(),
    ]
}

fn uploads() -> Vec<Case> {
    vec![
        Case::changes("uploads-confirm", "uploads:write", WORKERS)
            .names(&[("uploadId", "waitingUploadId")])
            .body(|_| json!({ "decision": "separate" })),
        Case::changes("uploads-create", "uploads:write", WORKERS)
            .body(|_| json!({ "fileName": "a.csv", "sizeBytes": 10, "contentType": "text/csv" })),
        Case::changes("uploads-delete", "uploads:write", WORKERS)
            .names(&[("uploadId", "waitingUploadId")]),
        Case::reads("uploads-get", "uploads:read", EVERYBODY),
        Case::reads("uploads-list", "uploads:read", EVERYBODY),
    ]
}

fn costs() -> Vec<Case> {
    vec![
        Case::reads("costs-dashboard", "costs:read", EVERYBODY),
        Case::reads("costs-dimensions", "costs:read", EVERYBODY).query("dimension=ServiceName"),
        Case::reads("costs-query", "costs:read", EVERYBODY)
            .query("metrics=EffectiveCost&start=2026-08-01&end=2026-11-01"),
        Case::reads("costs-query-body", "costs:read", EVERYBODY).body(
            |_| json!({ "metrics": ["EffectiveCost"], "start": "2026-08-01", "end": "2026-11-01" }),
        ),
        Case::reads("costs-trends", "costs:read", EVERYBODY),
    ]
}

fn platform() -> Vec<Case> {
    vec![
        Case::public("inquiries-create").body(|own| {
            json!({ "name": "Robin", "email": own.the("freshEmail"), "company": "Example", "message": "How much is it?" })
        }),
        Case::public("platform-health"),
    ]
}
