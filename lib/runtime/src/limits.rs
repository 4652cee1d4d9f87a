//! How often a company, a person or an address may ask (docs/adr/0018, 0023). What is left of a minute is
//! counted in the table; a container takes from it in growing portions and spends them by itself, so
//! that the hot path stays off the table.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::{Problem, Request};
use outlay_identity::{PlatformContext, TenantContext};
use outlay_store::{RequestLimits, StoreError};

use crate::{App, AppError, Variable, kept::Kept, trail};

/// How long a container believes what was agreed with a company.
const AGREED_FOR: Duration = Duration::from_mins(1);
const WINDOW_SECONDS: i64 = 60;
/// The first portion of a minute; each next one is twice as large.
const FIRST_PORTION: u64 = 4;
/// A portion is at most this part of the whole, so that what one container leaves unspent is little.
const LARGEST_PART: u64 = 20;
/// Subjects that a container remembers; beyond it the leases begin anew.
const CAPACITY: usize = 10_000;

/// Whose requests are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Tenant(TenantId),
    User(TenantId, UserId),
    Owner(UserId),
    Address(String),
}

/// The leases of this container.
#[derive(Default)]
pub(crate) struct Limits {
    agreed: Kept<TenantId, RequestLimits>,
    leases: Mutex<HashMap<Subject, Lease>>,
}

/// What a container holds of a subject's requests in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lease {
    minute: i64,
    /// All that was taken in this minute.
    taken: u64,
    /// What is left of it.
    left: u64,
    portion: u64,
    exhausted: bool,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// It goes on.
    Spent,
    /// Nothing is left in this minute.
    Exhausted,
    /// A portion of this size is to be taken from the table first.
    Lease(u64),
}

/// Spends one request of the company and one of the person.
pub(crate) async fn spend(app: &App, caller: &TenantContext) -> Result<(), Problem> {
    let (tenant, user) = (caller.tenant(), caller.user());
    let of_tenant = Subject::Tenant(tenant.clone());
    let of_user = Subject::User(tenant.clone(), user.clone());
    let most = most(app, tenant).await?;
    // Boxed: two SDK calls side by side are too much for the stack of every caller.
    Box::pin(try_join(
        one(app, of_tenant, most.tenant_per_minute),
        one(app, of_user, most.user_per_minute),
    ))
    .await
    .map(|_| ())
}

/// How often a company may ask: what everybody may, or what was agreed with it.
async fn most(app: &App, tenant: &TenantId) -> Result<RequestLimits, Problem> {
    let (now, of_all) = ((app.clock)(), Variable::TenantRequestsPerMinute);
    if let Some(kept) = app.limits.agreed.get(tenant, now, AGREED_FOR) {
        return Ok(kept);
    }
    let usual = RequestLimits {
        tenant_per_minute: app.config.number(of_all).map_err(AppError::from)?,
        user_per_minute: app
            .config
            .number(Variable::UserRequestsPerMinute)
            .map_err(AppError::from)?,
    };
    let agreed = match app.company(tenant).await {
        Ok(table) => table.get::<RequestLimits>(&()).await.map_err(Problem::from),
        Err(error) => Err(error.into()),
    };
    let most = agreed.unwrap_or_else(|problem| {
        let cause = problem.cause().map(ToString::to_string);
        tracing::warn!(cause, "the limits of a company could not be read");
        None
    });
    let most = most.unwrap_or(usual);
    app.limits.agreed.keep(tenant.clone(), most, now);
    Ok(most)
}

/// Spends one request of a global owner, who may ask as often as a person of a company.
pub(crate) async fn spend_owner(app: &App, owner: &PlatformContext) -> Result<(), Problem> {
    let most = app.config.number(Variable::UserRequestsPerMinute);
    let subject = Subject::Owner(owner.user().clone());
    one(app, subject, most.map_err(AppError::from)?).await
}

/// Spends one request of the address that a request comes from whose sender has proved nothing.
pub(crate) async fn spend_address(app: &App, request: &Request) -> Result<(), Problem> {
    let Some(address) = trail::origin(request).address else {
        return Ok(());
    };
    let most = app.config.number(Variable::AddressRequestsPerMinute);
    let subject = Subject::Address(network(&address));
    one(app, subject, most.map_err(AppError::from)?).await
}

/// What came of a proof; one that failed costs the address that it came from a request.
pub(crate) async fn counting<T>(
    app: &App,
    request: &Request,
    proof: Result<T, Problem>,
) -> Result<T, Problem> {
    match proof {
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
            spend_address(app, request).await?;
            Err(problem)
        }
        proof => proof,
    }
}

/// What one customer of an access provider has: an IPv4 address, or a /64 of IPv6.
fn network(address: &str) -> String {
    match address.parse::<std::net::Ipv6Addr>() {
        Ok(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.to_owned(),
    }
}

async fn one(app: &App, subject: Subject, most: u64) -> Result<(), Problem> {
    let now = (app.clock)().as_second();
    loop {
        match app.limits.step(&subject, most, now) {
            Step::Spent => return Ok(()),
            Step::Exhausted => return Err(Problem::too_many(seconds_left(now))),
            // Boxed: seldom needed, and otherwise a part of the future of every request.
            Step::Lease(count) => match Box::pin(take(app, &subject, count, most, now)).await {
                Ok(taken) => app.limits.taken(&subject, count, taken, now),
                // The handler stands on the same table: a limit that refuses for the table's sake would
                // only tell a wrong reason.
                Err(problem) => {
                    let cause = problem.cause().map(ToString::to_string);
                    tracing::warn!(cause, "requests could not be counted and go on");
                    app.limits.taken(&subject, count, true, now);
                }
            },
        }
    }
}

async fn take(
    app: &App,
    subject: &Subject,
    count: u64,
    most: u64,
    now: i64,
) -> Result<bool, Problem> {
    let minute = now - now.rem_euclid(WINDOW_SECONDS);
    let minute = Timestamp::from_second(minute).map_err(Problem::internal)?;
    let taken: Result<bool, StoreError> = match subject {
        Subject::Tenant(tenant) => {
            let table = app.company(tenant).await?;
            table.take_rate(None, minute, count, most).await
        }
        Subject::User(tenant, user) => {
            let table = app.company(tenant).await?;
            table.take_rate(Some(user), minute, count, most).await
        }
        Subject::Owner(user) => at_large(app, subject, user.as_str(), minute, count, most).await?,
        Subject::Address(address) => at_large(app, subject, address, minute, count, most).await?,
    };
    Ok(taken?)
}

/// Takes from the count of somebody who is in no company. A function without a role that may count keeps it itself.
async fn at_large(
    app: &App,
    subject: &Subject,
    name: &str,
    minute: Timestamp,
    count: u64,
    most: u64,
) -> Result<Result<bool, StoreError>, Problem> {
    match app.counts().await? {
        Some(table) => Ok(table.take_rate(name, minute, count, most).await),
        None => Ok(Ok(app.limits.has_room(subject, count, most))),
    }
}

fn seconds_left(now: i64) -> u32 {
    u32::try_from(WINDOW_SECONDS - now.rem_euclid(WINDOW_SECONDS)).unwrap_or(60)
}

impl Limits {
    fn step(&self, subject: &Subject, most: u64, now: i64) -> Step {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if leases.len() >= CAPACITY && !leases.contains_key(subject) {
            leases.clear();
        }
        let lease = leases
            .entry(subject.clone())
            .or_insert_with(|| Lease::of(now));
        lease.step(most, now)
    }

    /// Whether this container, which counts by itself, may let so many more pass in the minute of its last step.
    fn has_room(&self, subject: &Subject, count: u64, most: u64) -> bool {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = leases.get(subject).map_or(0, |lease| lease.taken);
        taken.saturating_add(count) <= most
    }

    fn taken(&self, subject: &Subject, count: u64, taken: bool, now: i64) {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lease) = leases.get_mut(subject) {
            lease.taken(count, taken, now);
        }
    }
}

impl Lease {
    fn of(now: i64) -> Self {
        Self {
            minute: now.div_euclid(WINDOW_SECONDS),
            taken: 0,
            left: 0,
            portion: FIRST_PORTION,
            exhausted: false,
        }
    }

    fn step(&mut self, most: u64, now: i64) -> Step {
        if self.minute != now.div_euclid(WINDOW_SECONDS) {
            *self = Self::of(now);
        }
        if self.exhausted {
            return Step::Exhausted;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Step::Spent
            }
            None => Step::Lease(self.portion.min((most / LARGEST_PART).max(1))),
        }
    }

    /// What became of taking a portion. Where a large one was refused, single ones may still be left.
    fn taken(&mut self, count: u64, taken: bool, now: i64) {
        if self.minute != now.div_euclid(WINDOW_SECONDS) {
            return;
        }
        if taken {
            self.taken = self.taken.saturating_add(count);
            self.left += count;
            self.portion = count.saturating_mul(2);
        } else if count > 1 {
            self.portion = 1;
        } else {
            self.exhausted = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The count that the table keeps, as its conditional update keeps it.
    #[derive(Default)]
    struct Table {
        used: u64,
        calls: u64,
    }

    impl Table {
        fn take(&mut self, count: u64, most: u64) -> bool {
            self.calls += 1;
            let room = self.used + count <= most;
            self.used += if room { count } else { 0 };
            room
        }
    }

    /// Whether a request of a container goes on.
    fn ask(lease: &mut Lease, table: &mut Table, most: u64, now: i64) -> bool {
        loop {
            match lease.step(most, now) {
                Step::Spent => return true,
                Step::Exhausted => return false,
                Step::Lease(count) => {
                    let taken = table.take(count, most);
                    lease.taken(count, taken, now);
                }
            }
        }
    }

    #[test]
    fn one_container_gets_all_of_it_with_few_calls() {
        let (mut lease, mut table) = (Lease::of(0), Table::default());
        let passed = (0..12_000)
            .filter(|_| ask(&mut lease, &mut table, 1200, 1))
            .count();
        assert_eq!(passed, 1200);
        assert!(table.calls < 90, "{} calls", table.calls);
    }

    #[test]
    fn a_refused_minute_costs_no_call_and_ends() {
        let (mut lease, mut table) = (
            Lease::of(0),
            Table {
                used: 100,
                calls: 0,
            },
        );
        assert!(!ask(&mut lease, &mut table, 100, 59));
        let calls = table.calls;
        assert!((0..1000).all(|_| !ask(&mut lease, &mut table, 100, 59)));
        assert_eq!(table.calls, calls);
        assert!(ask(&mut lease, &mut Table::default(), 100, 60));
        assert_eq!(
            (seconds_left(0), seconds_left(59), seconds_left(60)),
            (60, 1, 60)
        );
    }

    #[test]
    fn neighbours_in_one_network_are_one() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:ffff::1"));
    }

    /// However many containers ask, and in whatever order, no more pass than may; and what is left
    /// unspent is no more than what each may hold.
    #[test]
    fn never_more_and_hardly_less() {
        let mut turns = 1_u64;
        for most in [1, 2, 19, 60, 1200, 2999] {
            for asked in [1, 59, 700, 6000] {
                let mut table = Table::default();
                let mut containers = [Lease::of(0); 12];
                let mut passed = 0;
                for _ in 0..asked {
                    turns = turns
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let who = usize::try_from((turns >> 33) % 12).unwrap();
                    passed += u64::from(ask(&mut containers[who], &mut table, most, 7));
                }
                let held: u64 = containers.iter().map(|lease| lease.left).sum();
                assert_eq!(passed + held, table.used);
                assert!(
                    passed <= most && passed <= asked,
                    "{passed} of {asked} at {most}"
                );
                assert!(
                    passed == asked || table.used == most,
                    "{passed} of {asked} at {most}"
                );
                assert!(held <= 12 * (most / LARGEST_PART).max(FIRST_PORTION));
            }
        }
    }
}
