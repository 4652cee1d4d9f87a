//! Promise 6: whatever the ids, numbers and names, a key of a tenant is matched by that tenant's policy and by no other's.

use std::collections::BTreeSet;

use jiff::Timestamp;
use outlay_core::{
    BillingPeriod, InviteId, SourceId, TenantId, TokenId, UploadId, UserId, VersionId,
};
use outlay_lake::layout;
use outlay_store::{EmailHash, keys};
use outlay_testkit::proof::measured;
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{read, report};

const CASES: u32 = 100_000;

/// What keys are made of.
#[derive(Debug)]
struct Parts {
    tenant: TenantId,
    other: TenantId,
    upload: UploadId,
    user: UserId,
    invite: InviteId,
    token: TokenId,
    source: SourceId,
    version: VersionId,
    period: BillingPeriod,
    number: u32,
    name: String,
}

impl Parts {
    /// Things whose ids have the digits of `seed`.
    fn of(tenant: TenantId, other: TenantId, seed: &TenantId) -> Self {
        Self {
            tenant,
            other,
            upload: id("upl", seed),
            user: id("usr", seed),
            invite: id("inv", seed),
            token: id("tok", seed),
            source: id("src", seed),
            version: id("ver", seed),
            period: "2026-11".parse().unwrap(),
            number: 1,
            name: String::new(),
        }
    }

    fn minute(&self) -> Timestamp {
        Timestamp::from_second(i64::from(self.number)).unwrap()
    }

    fn email(&self) -> EmailHash {
        EmailHash::of(&self.name)
    }

    fn sample() -> Self {
        Self::of(TenantId::mint(), TenantId::mint(), &TenantId::mint())
    }
}

macro_rules! built {
    ($module:ident, $tenant:expr, $($name:ident($($part:expr),*);)*) => {
        vec![$((stringify!($name), $module::$name($tenant, $($part),*))),*]
    };
}

/// Every builder of `lib/store/src/keys.rs` that takes a tenant first.
fn items(p: &Parts, tenant: &TenantId) -> Vec<(&'static str, keys::Key)> {
    built!(keys, tenant,
        tenant();
        member(&p.user);
        invite(&p.invite);
        token(&p.token);
        token_use(&p.token);
        tenant_rate(p.minute());
        request_limits();
        user_rate(&p.user, p.minute());
        mail_rate(Some(&p.email()), p.minute());
        sign_in(&p.user);
        source(&p.source);
        upload(&p.upload);
        part(&p.upload, p.number);
        active(&p.source, p.period);
        version(&p.source, p.period, &p.version);
    )
}

/// Every builder of `lib/lake/src/layout.rs` that takes a tenant.
fn objects(p: &Parts, tenant: &TenantId) -> Vec<(&'static str, String)> {
    built!(layout, tenant,
        lake_part(&p.version, p.number);
        lake_prefix(&p.version);
        rollup(&p.version);
        evidence_part(&p.version, p.number);
        part_rollup(&p.version, p.number);
        evidence_prefix(&p.version);
        inbox(&p.upload, &p.name);
        inbox_prefix(&p.upload);
    )
}

/// As `ForAllValues:StringLike` on `dynamodb:LeadingKeys` reads the policies of template.yaml.
fn may_reach_item(tenant: &str, pk: &str) -> bool {
    let inside = |family: &str| {
        pk.strip_prefix(family)
            .and_then(|rest| rest.strip_prefix(tenant))
    };
    inside("TENANT#").is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
        || inside("AUDIT#").is_some_and(|rest| rest.starts_with('#'))
}

/// As the resources of the same policies read: `<kind>/tenant=<t>/*`.
fn may_reach_object(tenant: &str, key: &str) -> bool {
    let rest = key.split_once("/tenant=").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.strip_prefix(tenant))
        .is_some_and(|rest| rest.starts_with('/'))
}

fn escapes(p: &Parts) -> Vec<String> {
    let (own, other) = (p.tenant.as_str(), p.other.as_str());
    let mut found = Vec::new();
    for (name, key) in items(p, &p.tenant) {
        if !may_reach_item(own, &key.pk) || may_reach_item(other, &key.pk) || key.sk.is_empty() {
            found.push(format!("{name}: {key:?}"));
        }
    }
    for (name, key) in objects(p, &p.tenant) {
        let climbs = key
            .split('/')
            .any(|segment| segment == ".." || segment == ".");
        if !may_reach_object(own, &key) || may_reach_object(other, &key) || climbs {
            found.push(format!("{name}: {key}"));
        }
    }
    found
}

fn id<T: std::str::FromStr>(prefix: &str, like: &TenantId) -> T {
    let text = like.as_str().replace("ten_", &format!("{prefix}_"));
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

prop_compose! {
    fn parts()(texts in proptest::array::uniform2("\\PC{0,12}"), twin in 0..26_usize, digit in "[0-9a-hjkmnp-tv-z]", number: u32,
        month in 0..1200_u32, name in r"(\PC|[./\\%#?*$ \x00-\x1f]|\.\./|tenant=){0,24}") -> Parts {
        let tenant = TenantId::derive(&[&texts[0]]);
        // A neighbour: the same id but for one digit; where that gives the same, somebody else.
        let at = 4 + twin;
        let neighbour = format!("{}{digit}{}", &tenant.as_str()[..at], &tenant.as_str()[at + 1..]);
        let neighbour = neighbour.parse().ok().filter(|n| *n != tenant);
        let other = neighbour.unwrap_or_else(|| TenantId::derive(&[&texts[0], "other"]));
        let period = format!("{}-{:02}", 2000 + month / 12, month % 12 + 1).parse().unwrap();
        Parts { period, number, name, ..Parts::of(tenant, other, &TenantId::derive(&[&texts[1], "things"])) }
    }
}

#[test]
fn no_key_escapes_its_tenant() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let outcome = runner.run(&parts(), |p| {
        let escapes = escapes(&p);
        prop_assert!(escapes.is_empty(), "{:?}", escapes);
        Ok(())
    });
    let sample = Parts::sample();
    let builders = items(&sample, &sample.tenant).len() + objects(&sample, &sample.tenant).len();
    let escaped = if outcome.is_ok() {
        "0 escapes"
    } else {
        "an escape"
    };
    measured(
        "6",
        "keys stay with their tenant",
        "10^5 cases, 0 escapes",
        format!("{CASES} cases of {builders} key builders, {escaped}"),
    );
    outcome.unwrap();
}

#[test]
fn a_tenant_whose_id_begins_like_anothers_is_another() {
    for short in ["ten_1", "ten_10", "t1", "t10"] {
        assert!(
            short.parse::<TenantId>().is_err(),
            "{short}: ids have one length, so none begins another"
        );
    }
    // And were they ids, the policies would still keep them apart.
    assert!(may_reach_item("t1", "TENANT#t1") && may_reach_item("t1", "TENANT#t1#UPLOAD#u"));
    assert!(!may_reach_item("t1", "TENANT#t10") && !may_reach_item("t10", "TENANT#t1"));
    assert!(
        may_reach_object("t1", "lake/tenant=t1/x") && !may_reach_object("t1", "lake/tenant=t10/x")
    );
}

#[test]
fn every_key_builder_is_tried() {
    let p = Parts::sample();
    let mut findings = untried(
        "lib/store/src/keys.rs",
        &items(&p, &p.tenant).iter().map(|(name, _)| *name).collect(),
    );
    findings.extend(untried(
        "lib/lake/src/layout.rs",
        &objects(&p, &p.tenant)
            .iter()
            .map(|(name, _)| *name)
            .collect(),
    ));
    report(&findings);
}

/// Public builders of a file whose first argument is a tenant, and that are not tried here.
fn untried(path: &str, tried: &BTreeSet<&str>) -> Vec<String> {
    // Partitions and prefixes alone, which keys of a tenant begin with; and the platform's own list of tenants.
    let apart = [
        "tenant_partition",
        "rate_partition",
        "tenant_prefixes",
        "directory_tenant",
    ];
    let text = read(path).replace(['\n', ' '], "");
    let builders = text.split("pubfn").skip(1).filter_map(|rest| {
        let (name, arguments) = rest.split_once('(')?;
        (arguments.starts_with("tenant:&TenantId") && !apart.contains(&name))
            .then(|| name.to_owned())
    });
    builders
        .filter(|name| !tried.contains(name.as_str()))
        .map(|name| format!("{path}: try {name} in lib/contract/tests/contract/keys.rs"))
        .collect()
}
