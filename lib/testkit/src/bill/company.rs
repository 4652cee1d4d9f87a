use std::sync::Arc;

use outlay_core::BillingPeriod;

use super::{
    catalog::{Offer, Region},
    commitments::{Commitment, commitments},
    fleet::fleet,
    oddity::{Habits, Oddity},
    products::SUPPORT,
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

/// An AWS account of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits; leading zeros count.
    pub id: String,
    /// Its name in the organization, today.
    pub name: String,
    pub(super) role: Role,
    /// The name it had before it was this many months old.
    pub(super) former: Option<(String, i32)>,
}

impl Account {
    pub(super) fn name_at(&self, age: i32) -> &str {
        match &self.former {
            Some((name, until)) if age < *until => name,
            _ => &self.name,
        }
    }

    /// The cost category `Environment` of everything in it.
    pub(super) fn environment(&self) -> &'static str {
        match self.role {
            Role::Production | Role::Data => "Production",
            Role::Staging | Role::Development => "Non-production",
            Role::Management | Role::Security => "Shared",
        }
    }
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
    /// Runs on spot capacity.
    pub(super) spot: bool,
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
    pub(super) commitments: Vec<Arc<Commitment>>,
    /// Where the support purchase stands.
    pub(super) support: Arc<Subject>,
    pub(super) habits: Habits,
}

impl Company {
    /// The company of this seed, with about 5,000 FOCUS rows a month.
    pub fn new(seed: u64) -> Self {
        Self::sized(seed, 100)
    }

    /// The same company with about this percentage of its resources.
    pub fn sized(seed: u64, percent: u32) -> Self {
        Self::with_habits(seed, percent, Habits::calm(), false)
    }

    /// A small company whose bills show what careless readers get wrong, each seed something else:
    /// returned commitments, corrections, net columns, 21 fractional digits and so on.
    pub fn awkward(seed: u64) -> Self {
        let currency = *Random::stream(&[seed, 22]).pick(&["USD", "USD", "EUR", "JPY"]);
        Self::with_habits(seed, 4, Habits::awkward(seed), true).billed_in(currency)
    }

    fn with_habits(seed: u64, percent: u32, habits: Habits, awkward: bool) -> Self {
        let mut random = Random::stream(&[seed]);
        let &(name, slug) = random.pick(&NAMES);
        let accounts: Vec<_> = ROLES
            .iter()
            .enumerate()
            .map(|(i, &(role, suffix))| {
                let renamed = i == 1 && habits.have(Oddity::Renames);
                Arc::new(Account {
                    id: account_id(&mut random, i),
                    name: format!("{slug}-{suffix}"),
                    role,
                    former: renamed.then(|| (format!("{slug}-main"), 19)),
                })
            })
            .collect();
        let fleet = fleet(&mut random, &accounts, percent, &habits);
        let payer = Arc::clone(&accounts[0]);
        Self {
            seed,
            name,
            currency: "USD".to_owned(),
            commitments: commitments(seed, &habits, &accounts, &fleet, awkward),
            support: Arc::new(bare(&payer, &SUPPORT)),
            accounts,
            fleet,
            habits,
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

    /// Whether its bills can be written where amounts are doubles: some have too many digits.
    pub fn fits_doubles(&self) -> bool {
        !self.habits.have(Oddity::FineDigits)
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
        spot: false,
    }
}

/// List price where the subject is, in 10^-8.
pub(super) fn list_price(subject: &Subject) -> i128 {
    let level = subject.region.map_or(100, |r| r.level);
    subject.offer.price * level / 100
}
