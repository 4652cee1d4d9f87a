use std::sync::Arc;

use outlay_core::BillingPeriod;

use super::{
    catalog::{OFFERS, Offer, REGIONS, Region, SAVINGS_PLAN, SUPPORT},
    random::Random,
};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Management,
    Production,
    Staging,
    Development,
    Data,
    Security,
}

const ROLES: [(Role, &str); 6] = [
    (Role::Management, "management"),
    (Role::Production, "production"),
    (Role::Staging, "staging"),
    (Role::Development, "development"),
    (Role::Data, "data-platform"),
    (Role::Security, "security"),
];
const NAMES: [(&str, &str); 6] = [
    ("Larkspur Logistics", "larkspur"),
    ("Tidewater Foods", "tidewater"),
    ("Quarry Street Games", "quarry"),
    ("Meridian Optics", "meridian"),
    ("Halfmoon Travel", "halfmoon"),
    ("Copperleaf Energy", "copperleaf"),
];
const TEAMS: [&str; 5] = ["checkout", "platform", "search", "analytics", "mobile"];
const PROJECTS: [&str; 4] = ["atlas", "beacon", "harvest", "orbit"];

/// An AWS account of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits; leading zeros count.
    pub id: String,
    /// Its name in the organization.
    pub name: String,
    pub(super) role: Role,
}

/// What a charge is about.
#[derive(Debug)]
pub(super) struct Subject {
    /// Its place in the company: names its random stream.
    pub(super) number: u64,
    pub(super) account: Arc<Account>,
    pub(super) offer: &'static Offer,
    pub(super) region: Option<&'static Region>,
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) tags: Vec<(&'static str, &'static str)>,
    pub(super) sku: String,
    /// Percent of the offer's mean use.
    pub(super) size: i128,
    /// Months after [`EPOCH`] in which it first appears.
    pub(super) born: i32,
}

/// The month in which every generated company starts to grow.
pub(super) const EPOCH: (i16, i8) = (2025, 1);

/// A believable company, the same for the same seed: six accounts, a dozen services, four regions.
#[derive(Debug, Clone)]
pub struct Company {
    pub(super) seed: u64,
    name: &'static str,
    pub(super) currency: String,
    pub(super) accounts: Vec<Arc<Account>>,
    pub(super) fleet: Vec<Arc<Subject>>,
    /// Where the savings plan's fees and the support purchase stand.
    pub(super) plan: Arc<Subject>,
    pub(super) support: Arc<Subject>,
    /// Hourly commitment of the savings plan, in 10^-10 of the currency.
    pub(super) commitment: i128,
}

impl Company {
    /// The company of this seed, with about 4,500 FOCUS rows a month.
    pub fn new(seed: u64) -> Self {
        Self::sized(seed, 100)
    }

    /// The same company with about this percentage of its resources.
    pub fn sized(seed: u64, percent: u32) -> Self {
        let mut random = Random::stream(&[seed]);
        let &(name, slug) = random.pick(&NAMES);
        let accounts: Vec<_> = ROLES
            .iter()
            .enumerate()
            .map(|(i, &(role, suffix))| {
                Arc::new(Account {
                    id: account_id(&mut random, i),
                    name: format!("{slug}-{suffix}"),
                    role,
                })
            })
            .collect();
        let fleet = fleet(&mut random, &accounts, percent);
        let payer = Arc::clone(&accounts[0]);
        Self {
            seed,
            name,
            currency: "USD".to_owned(),
            plan: Arc::new(plan(seed, &payer)),
            support: Arc::new(bare(&payer, &SUPPORT)),
            commitment: commitment(&fleet),
            accounts,
            fleet,
        }
    }

    /// The same company billed in another currency (ISO 4217), amount for amount.
    #[must_use]
    pub fn billed_in(mut self, currency: &str) -> Self {
        currency.clone_into(&mut self.currency);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name
    }

    /// Its accounts; the first one pays.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.iter().map(AsRef::as_ref)
    }

    /// The account that pays for all of them.
    pub fn payer(&self) -> &Account {
        &self.accounts[0]
    }
}

/// Months from [`EPOCH`] to this one; before it the company stands still.
pub(super) fn age(period: BillingPeriod) -> i32 {
    let start = period.start();
    let years = i32::from(start.year()) - i32::from(EPOCH.0);
    (years * 12 + i32::from(start.month()) - i32::from(EPOCH.1)).max(0)
}

/// Every third account begins with a zero, which careless readers lose.
fn account_id(random: &mut Random, index: usize) -> String {
    let digits = random.next() % 100_000_000_000;
    let first = if index % 3 == 2 { 0 } else { 1 + index };
    format!("{first}{digits:011}")
}

fn fleet(random: &mut Random, accounts: &[Arc<Account>], percent: u32) -> Vec<Arc<Subject>> {
    let mut fleet = Vec::new();
    for account in accounts {
        for offer in &OFFERS {
            let hundredths = offer.fleet_of(account.role) * percent;
            let count = hundredths / 100 + u32::from(random.chance(hundredths % 100));
            for _ in 0..count {
                let number = fleet.len() as u64;
                fleet.push(Arc::new(subject(random, number, account, offer)));
            }
        }
    }
    fleet
}

fn subject(
    random: &mut Random,
    number: u64,
    account: &Arc<Account>,
    offer: &'static Offer,
) -> Subject {
    let home = &REGIONS[0];
    let region = match account.role {
        Role::Production => random.pick(&REGIONS),
        _ if random.chance(70) => home,
        _ => random.pick(&REGIONS[1..]),
    };
    let id = format!("{:016x}", random.next());
    let arn = offer
        .arn
        .replace("{region}", region.id)
        .replace("{account}", &account.id)
        .replace("{id}", &id);
    let team = *random.pick(&TEAMS);
    let old = random.chance(65);
    Subject {
        number,
        account: Arc::clone(account),
        offer,
        region: Some(region),
        arn,
        name: format!("{team}-{}", &id[..4]),
        tags: tags(random, account.role, team),
        sku: sku(offer, region),
        size: i128::from(random.between(40, 190)),
        born: if old {
            0
        } else {
            i32::try_from(random.between(1, 30)).unwrap_or(0)
        },
    }
}

/// One resource in five has no tags at all; of the others half have a project.
fn tags(random: &mut Random, role: Role, team: &'static str) -> Vec<(&'static str, &'static str)> {
    if random.chance(20) {
        return Vec::new();
    }
    let environment = match role {
        Role::Production | Role::Data => "prod",
        Role::Staging => "staging",
        _ => "dev",
    };
    let mut tags = vec![("environment", environment)];
    if random.chance(50) {
        tags.push(("project", *random.pick(&PROJECTS)));
    }
    tags.push(("team", team));
    tags
}

/// Sixteen letters and digits that this offer always has in this region.
fn sku(offer: &Offer, region: &Region) -> String {
    let text = format!("{}{}{}", offer.code, offer.usage_type, region.id);
    let parts: Vec<u64> = text.bytes().map(u64::from).collect();
    format!("{:016X}", Random::stream(&parts).next())
}

/// A subject that is no resource: a purchase, a tax, a credit.
pub(super) fn bare(account: &Arc<Account>, offer: &'static Offer) -> Subject {
    Subject {
        number: 0,
        account: Arc::clone(account),
        offer,
        region: None,
        arn: String::new(),
        name: String::new(),
        tags: Vec::new(),
        sku: String::new(),
        size: 100,
        born: 0,
    }
}

fn plan(seed: u64, payer: &Arc<Account>) -> Subject {
    let id = Random::stream(&[seed, 7]).next();
    let arn = format!("arn:aws:savingsplans::{}:savingsplan/{id:016x}", payer.id);
    Subject {
        arn,
        ..bare(payer, &SAVINGS_PLAN)
    }
}

/// Price of covered usage: 72 % of list, in 10^-10.
pub(super) fn plan_price(subject: &Subject) -> i128 {
    list_price(subject) * 72
}

/// List price where the subject is, in 10^-8.
pub(super) fn list_price(subject: &Subject) -> i128 {
    let level = subject.region.map_or(100, |r| r.level);
    subject.offer.price * level / 100
}

/// Six tenths of a first working day's coverable use, in thousandths an hour: small enough to be
/// mostly used, large enough to leave some unused at weekends.
fn commitment(fleet: &[Arc<Subject>]) -> i128 {
    let coverable = fleet.iter().filter(|s| s.offer.coverable && s.born == 0);
    let daily: i128 = coverable
        .map(|s| s.offer.daily * s.size / 100 * plan_price(s) / 1_000_000)
        .sum();
    let thousandth = 10_000_000;
    (daily * 60 / 100 / 24 / thousandth).max(1) * thousandth
}
