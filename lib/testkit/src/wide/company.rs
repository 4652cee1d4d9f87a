//! Who buys: 30 accounts with resources, and the commitments they made.

use super::{
    catalogue::{Kind, METERS_EACH, REGIONS, SERVICES},
    columns::TAGS,
    line::cells,
};
use crate::bill::random::Random;

/// How an account pays for a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payment {
    OnDemand,
    /// Number of the reservation.
    Reserved(usize),
    /// Number of the plan.
    Planned(usize),
    Spot,
}

pub(super) struct Account {
    pub(super) id: String,
    team: usize,
    environment: &'static str,
    services: Vec<usize>,
    region: usize,
}

/// Something that is used all month.
pub(super) struct Resource {
    pub(super) account: usize,
    /// Its first meter; the others of its service and region follow.
    pub(super) meter: usize,
    pub(super) id: String,
    pub(super) zone: String,
    pub(super) payment: Payment,
    /// The tag columns, written out.
    pub(super) tags: String,
    /// Makes its line item ids.
    pub(super) seed: u64,
}

pub(super) const ACCOUNTS: usize = 30;
pub(super) const PLANS: usize = 4;
pub(super) const RESERVATIONS: usize = 20;
const RESOURCES: usize = 6000;

pub(super) fn accounts(random: &mut Random) -> Vec<Account> {
    let environments = ["prod", "staging", "dev"];
    (0..ACCOUNTS)
        .map(|at| Account {
            id: format!("{:012}", u64::from(random.between(1, 4_000_000_000)) * 200),
            team: at,
            environment: environments[at % environments.len()],
            services: services(at, random),
            region: [0, 0, 1, 0, 2, 3, 1, 4, 5, 6, 7][at % 11],
        })
        .collect()
}

/// Every service is somebody's; the first ones are everybody's.
fn services(account: usize, random: &mut Random) -> Vec<usize> {
    const COMMON: usize = 7;
    let mut services: Vec<usize> = (0..COMMON).collect();
    services.extend([COMMON + account, COMMON + account + 23]);
    for _ in 0..3 {
        services.push(random.between(7, 59) as usize);
    }
    services
}

pub(super) fn resources(accounts: &[Account], random: &mut Random) -> Vec<Resource> {
    (0..RESOURCES)
        .map(|n| resource(n, accounts, random))
        .collect()
}

fn resource(n: usize, accounts: &[Account], random: &mut Random) -> Resource {
    let account = n % ACCOUNTS;
    let owner = &accounts[account];
    let service = *random.pick(&owner.services);
    let region = if random.chance(85) { owner.region } else { 0 };
    let kind = SERVICES[service].kind;
    let code = SERVICES[service].code;
    let place = REGIONS[region].id;
    let seed = random.next();
    let id = match (kind, code) {
        (_, "AmazonEC2") => format!("i-0{seed:016x}"),
        (_, "AmazonS3") => format!("acme-{}-{:08x}", owner.environment, seed >> 32),
        (Kind::Instance, _) => {
            let kind = code.to_lowercase();
            format!(
                "arn:aws:{kind}:{place}:{}:db:orders-{:x}",
                owner.id,
                seed >> 40
            )
        }
        _ => {
            let kind = code.to_lowercase();
            format!(
                "arn:aws:{kind}:{place}:{}:function:orders-{:x}",
                owner.id,
                seed >> 40
            )
        }
    };
    Resource {
        account,
        meter: (service * REGIONS.len() + region) * METERS_EACH,
        id,
        zone: zone(kind, place, n),
        payment: payment(kind, code, n),
        tags: tags(owner, n, random),
        seed,
    }
}

fn zone(kind: Kind, region: &str, n: usize) -> String {
    match kind {
        Kind::Instance => format!("{region}{}", ["a", "b", "c"][n % 3]),
        Kind::Storage | Kind::Request => String::new(),
    }
}

fn payment(kind: Kind, code: &str, n: usize) -> Payment {
    match (kind, code) {
        (Kind::Instance, "AmazonEC2") => match n % 10 {
            0..3 => Payment::Reserved(n % RESERVATIONS),
            3..7 => Payment::Planned(n % PLANS),
            7 => Payment::Spot,
            _ => Payment::OnDemand,
        },
        (Kind::Instance, "AmazonRDS") if n.is_multiple_of(2) => Payment::Reserved(n % RESERVATIONS),
        _ => Payment::OnDemand,
    }
}

/// Half of the tags are there. What programs set is long, and some of it must be quoted.
fn tags(owner: &Account, n: usize, random: &mut Random) -> String {
    let team = owner.team + usize::from(random.chance(20));
    let application = random.between(1, 40);
    let tagged = random.chance(90);
    let values = TAGS.map(|name| {
        let rare = random.chance(30);
        let common = random.chance(85);
        match name {
            "resourceTags/aws:autoscaling:groupName" if rare => format!("asg-app-{application}"),
            "resourceTags/aws:cloudformation:logical-id" if rare => "Function".to_owned(),
            "resourceTags/aws:cloudformation:stack-name" if rare => {
                format!("app-{application}-{}", owner.environment)
            }
            "resourceTags/aws:createdBy" if common => {
                format!("AssumedRole:AROA{:013X}:deploy", team * 7_919 + 5)
            }
            "resourceTags/aws:ecs:clusterName" if rare => format!("cluster-{team}"),
            "resourceTags/user:Application" if common => format!("app-{application}"),
            "resourceTags/user:Component" if rare => format!("worker, part {}", n % 5),
            "resourceTags/user:CostCenter" if common => format!("{:04}", 100 + team * 11),
            "resourceTags/user:DataClass" if rare => "internal".to_owned(),
            "resourceTags/user:Environment" if tagged => owner.environment.to_owned(),
            "resourceTags/user:ManagedBy" if rare => "the \"platform\" team".to_owned(),
            "resourceTags/user:Name" if common => format!("app-{application}-node-{n}"),
            "resourceTags/user:Owner" if rare => format!("team-{team}@example.com"),
            "resourceTags/user:Team" if tagged => format!("team-{team}"),
            _ => String::new(),
        }
    });
    cells(&values)
}
