//! The resources of a company.

use std::sync::Arc;

use super::{
    Account,
    catalog::{OFFERS, Offer, REGIONS, Region},
    company::{Role, Subject},
    oddity::{Habits, Oddity},
    products::METERED,
    random::Random,
};

const TEAMS: [&str; 5] = ["checkout", "platform", "search", "analytics", "mobile"];
const PROJECTS: [&str; 4] = ["atlas", "beacon", "harvest", "orbit"];

/// What every company has, however small: instances, and databases to reserve.
fn least(role: Role, offer: &Offer) -> u32 {
    match (role, offer.usage_type) {
        (Role::Production, "BoxUsage:m6i.xlarge") => 2,
        (Role::Development, "BoxUsage:m6i.xlarge")
        | (Role::Production, "InstanceUsage:db.r6g.xlarge" | "NodeUsage:cache.r6g.large") => 1,
        _ => 0,
    }
}

pub(super) fn fleet(
    random: &mut Random,
    accounts: &[Arc<Account>],
    percent: u32,
    habits: &Habits,
) -> Vec<Arc<Subject>> {
    let mut fleet = Vec::new();
    let own = accounts
        .iter()
        .flat_map(|a| OFFERS.iter().map(move |o| (a, o)));
    let bought = accounts.iter().map(|a| (a, &METERED));
    for (account, offer) in own.chain(bought) {
        let hundredths = offer.fleet_of(account.role) * percent;
        let count = hundredths / 100 + u32::from(random.chance(hundredths % 100));
        for _ in 0..count.max(least(account.role, offer)) {
            let number = fleet.len() as u64;
            fleet.push(Arc::new(subject(random, number, account, offer, habits)));
        }
    }
    fleet
}

fn subject(
    random: &mut Random,
    number: u64,
    account: &Arc<Account>,
    offer: &'static Offer,
    habits: &Habits,
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
    let tagged = tags(random, account.role, team);
    let size = i128::from(random.between(40, 190));
    let born = if old { 0 } else { random.between(1, 30) };
    let cheap = offer.coverable && account.role == Role::Development && !number.is_multiple_of(3);
    Subject {
        number,
        account: Arc::clone(account),
        offer,
        region: Some(region),
        arn,
        name: format!("{team}-{}", &id[..4]),
        tags: respelled(tagged, number, habits),
        sku: sku(offer, region),
        size,
        born: i32::try_from(born).unwrap_or(0),
        spot: cheap && habits.have(Oddity::SpotAndFree),
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

/// Where people tag by hand, some write `Team`; AWS itself says who made a resource.
fn respelled(
    mut tags: Vec<(&'static str, &'static str)>,
    number: u64,
    habits: &Habits,
) -> Vec<(&'static str, &'static str)> {
    if !habits.have(Oddity::TagVariants) {
        return tags;
    }
    if number % 3 == 1 {
        for (key, _) in tags.iter_mut().filter(|(key, _)| *key == "team") {
            *key = "Team";
        }
    }
    if number.is_multiple_of(2) {
        tags.push(("aws:createdBy", "IAMUser:AIDAEXAMPLE:deployer"));
    }
    tags.sort_unstable();
    tags
}

/// Sixteen letters and digits that this offer always has in this region.
fn sku(offer: &Offer, region: &Region) -> String {
    let text = format!("{}{}{}", offer.code, offer.usage_type, region.id);
    let parts: Vec<u64> = text.bytes().map(u64::from).collect();
    format!("{:016X}", Random::stream(&parts).next())
}
