use jiff::ToSpan;
use outlay_identity::{
    AccountRead, AccountWrite, AuditRead, CostsRead, MembersWrite, Permission, UploadsWrite,
};
use outlay_store::{Profile, Role};

use super::*;

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn person() -> Person {
    let (user, tenant) = (UserId::derive(&["u"]), TenantId::derive(&["t"]));
    let session = Session {
        user_id: user.clone(),
        family_id: FamilyId::derive(&["f"]),
        tenant_id: Some(tenant.clone()),
        generation: 1,
        rotated_at: now(),
        created_at: now(),
        expires_at: now() + 1.hour(),
        device: None,
        address: None,
    };
    Person {
        session: Some(session),
        user: Some(user_of(Standing::Active)),
        member: Some(member(Role::Owner)),
        tenant: Some(company(Standing::Active, Profile::Full)),
    }
}

fn user_of(standing: Standing) -> User {
    User {
        user_id: UserId::derive(&["u"]),
        email: String::new(),
        name: String::new(),
        password_hash: None,
        created_at: now(),
        standing,
        revision: 1,
    }
}

fn member(role: Role) -> Member {
    Member {
        user_id: UserId::derive(&["u"]),
        role,
        standing: Standing::Active,
        name: String::new(),
        email: String::new(),
        joined_at: now(),
        revision: 1,
    }
}

fn company(standing: Standing, profile: Profile) -> Tenant {
    Tenant {
        tenant_id: TenantId::derive(&["t"]),
        name: String::new(),
        standing,
        profile,
        rollup_tag_keys: Vec::new(),
        created_at: now(),
        revision: 1,
    }
}

/// An API token of somebody with this role, with these scopes.
fn program(role: Role, scopes: &[&str]) -> Program {
    let secret =
        AddressedSecret::mint(&TenantId::derive(&["t"]), &TokenId::derive(&["k"])).unwrap();
    let stored = ApiToken {
        token_id: secret.id().clone(),
        name: String::new(),
        scopes: scopes.iter().map(ToString::to_string).collect(),
        secret_hash: secret.hash(),
        created_by: UserId::derive(&["u"]),
        created_at: now(),
        expires_at: now() + 1.hour(),
    };
    let member = member(role);
    Program {
        context: TenantContext::of_token(&secret, &stored, &member).unwrap(),
        expires_at: stored.expires_at,
        user: Some(user_of(Standing::Active)),
        member,
        tenant: Some(company(Standing::Active, Profile::Full)),
    }
}

/// What becomes of an owner's request: the problem, or `ok`.
fn asked(person: &Person, demand: &Demand, now: Timestamp) -> &'static str {
    let context = program(Role::Owner, &[]).context;
    slug(person.admit(context, demand, now))
}

fn slug(outcome: Result<TenantContext, Problem>) -> &'static str {
    outcome.map_or_else(|problem| problem.slug(), |_| "ok")
}

#[test]
fn whoever_changes_something_must_still_be_there() {
    let changed = |change: fn(&mut Person)| {
        let mut person = person();
        change(&mut person);
        [MembersWrite::DEMAND, AccountWrite::DEMAND].map(|d| asked(&person, &d, now()))
    };
    assert_eq!(changed(|_| ()), ["ok", "ok"]);
    let gone = ["unauthorized", "unauthorized"];
    assert_eq!(changed(|p| p.session = None), gone);
    assert_eq!(changed(|p| p.user = None), gone);
    let suspended = ["account-suspended", "account-suspended"];
    assert_eq!(
        changed(|p| p.user = Some(user_of(Standing::Suspended))),
        suspended
    );
    // One's own account belongs to no company.
    assert_eq!(changed(|p| p.member = None), ["unauthorized", "ok"]);
    assert_eq!(changed(|p| p.tenant = None), ["unauthorized", "ok"]);
    let here = |p: &mut Person| p.member.as_mut().unwrap().standing = Standing::Suspended;
    assert_eq!(changed(here), ["membership-suspended", "ok"]);
    let everybody = |p: &mut Person| p.tenant.as_mut().unwrap().standing = Standing::Suspended;
    assert_eq!(changed(everybody), ["company-suspended", "ok"]);
}

#[test]
fn a_session_that_ended_proves_nothing() {
    let ended = now() + 1.hour();
    assert_eq!(
        asked(&person(), &MembersWrite::DEMAND, ended - 1.second()),
        "ok"
    );
    assert_eq!(
        asked(&person(), &MembersWrite::DEMAND, ended),
        "unauthorized"
    );
}

#[test]
fn a_demoted_owner_has_the_rights_of_today() {
    let mut person = person();
    person.member = Some(member(Role::Viewer));
    let context = program(Role::Owner, &[]).context;
    let admitted = person.admit(context, &MembersWrite::DEMAND, now()).unwrap();
    assert_eq!(admitted.role(), Role::Viewer);
    assert!(admitted.permitted::<MembersWrite>().is_none());
}

#[test]
fn what_the_profile_lacks_is_refused() {
    let mut person = person();
    person.tenant = Some(company(Standing::Active, Profile::Explorer));
    assert_eq!(
        asked(&person, &UploadsWrite::DEMAND, now()),
        "module-not-included"
    );
    assert_eq!(asked(&person, &MembersWrite::DEMAND, now()), "ok");
    let analysis = company(Standing::Active, Profile::Analysis);
    assert_eq!(
        may_act(&AuditRead::DEMAND, &analysis).unwrap_err().slug(),
        "module-not-included"
    );
    assert!(may_act(&CostsRead::DEMAND, &analysis).is_ok());
}

#[test]
fn a_program_is_looked_at_as_closely_as_its_maker() {
    let asked = |change: fn(&mut Program), demand: &Demand| {
        let mut program = program(Role::Member, &["costs:read"]);
        change(&mut program);
        slug(program.admit(demand, now()))
    };
    let costs = CostsRead::DEMAND;
    assert_eq!(asked(|_| (), &costs), "ok");
    assert_eq!(asked(|p| p.expires_at = now(), &costs), "unauthorized");
    assert_eq!(asked(|p| p.user = None, &costs), "unauthorized");
    assert_eq!(asked(|p| p.tenant = None, &costs), "unauthorized");
    let suspended = |p: &mut Program| p.member.standing = Standing::Suspended;
    assert_eq!(asked(suspended, &costs), "membership-suspended");
    let closed = |p: &mut Program| p.tenant = Some(company(Standing::Suspended, Profile::Full));
    assert_eq!(asked(closed, &costs), "company-suspended");
    // Costs are included, API tokens are not.
    let without = |p: &mut Program| p.tenant = Some(company(Standing::Active, Profile::Analysis));
    assert_eq!(asked(without, &costs), "module-not-included");
}

#[test]
fn a_program_has_no_account() {
    let program = program(Role::Owner, &["account:read", "costs:read"]);
    let admitted = program.admit(&AccountRead::DEMAND, now()).unwrap();
    assert!(admitted.permitted::<AccountRead>().is_none());
}

#[test]
fn nothing_is_kept_longer_than_a_minute() {
    let keep_for = |seconds| keep_for(&Config::of(&[(Variable::CallerCacheSeconds, seconds)]));
    assert_eq!(keep_for("2").unwrap(), Duration::from_secs(2));
    assert_eq!(keep_for("3600").unwrap(), LONGEST);
    assert!(keep_for("soon").is_err());
}

#[test]
fn a_person_is_in_fifty_companies_at_most() {
    assert!(demand_room(0).is_ok() && demand_room(49).is_ok());
    let refused = demand_room(50).unwrap_err();
    let answer = (refused.status().as_u16(), refused.slug());
    assert_eq!(answer, (409, "too-many-companies"));
    assert!(demand_room(51).is_err());
}
