//! The lines of a month, one after the other.

use super::{
    catalogue::{Measure, Meter, factor, meters},
    columns::{PRODUCT_AT, TAGS_AT, piece},
    company::{Account, PLANS, Payment, RESERVATIONS, Resource, accounts, resources},
    line::{Line, Tiny, UNIT},
};
use crate::bill::random::Random;

const LINE_ID: usize = piece("identity/LineItemId");
const INTERVAL: usize = piece("identity/TimeInterval");
const ISSUER: usize = piece("bill/InvoicingEntity");
const ENTITY: usize = piece("bill/BillingEntity");
const BILL_TYPE: usize = piece("bill/BillType");
const ACCOUNT: usize = piece("lineItem/UsageAccountId");
const LINE_TYPE: usize = piece("lineItem/LineItemType");
const START: usize = piece("lineItem/UsageStartDate");
const END: usize = piece("lineItem/UsageEndDate");
const CODE: usize = piece("lineItem/ProductCode");
const USAGE_TYPE: usize = piece("lineItem/UsageType");
const OPERATION: usize = piece("lineItem/Operation");
const AMOUNT: usize = piece("lineItem/UsageAmount");
const RATE: usize = piece("lineItem/UnblendedRate");
const COST: usize = piece("lineItem/UnblendedCost");
const BLENDED_RATE: usize = piece("lineItem/BlendedRate");
const BLENDED_COST: usize = piece("lineItem/BlendedCost");
const NET_RATE: usize = piece("lineItem/NetUnblendedRate");
const NET_COST: usize = piece("lineItem/NetUnblendedCost");
const DESCRIPTION: usize = piece("lineItem/LineItemDescription");
const SELLER: usize = piece("lineItem/LegalEntity");
const LIST_COST: usize = piece("pricing/publicOnDemandCost");
const LIST_RATE: usize = piece("pricing/publicOnDemandRate");
const TERM: usize = piece("pricing/term");
const RESERVATION: usize = piece("reservation/ReservationARN");
const PLAN: usize = piece("savingsPlan/SavingsPlanARN");
const PLAN_RATE: usize = piece("savingsPlan/SavingsPlanRate");
const PLAN_COST: usize = piece("savingsPlan/SavingsPlanEffectiveCost");
const NET_PLAN_COST: usize = piece("savingsPlan/NetSavingsPlanEffectiveCost");
const UPFRONT: usize = piece("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod");
const NET_UPFRONT: usize = piece("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod");

const MONTH: (&str, &str) = ("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z");

/// A company in the middle of writing its bill.
pub(super) struct Month {
    random: Random,
    accounts: Vec<Account>,
    meters: Vec<Meter>,
    resources: Vec<Resource>,
    plans: Vec<String>,
    reservations: Vec<String>,
    line: Line,
    /// The cost that the next line takes back from the one before.
    negation: Option<Tiny>,
}

impl Month {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::stream(&[seed]);
        let accounts = accounts(&mut random);
        let resources = resources(&accounts, &mut random);
        let payer = &accounts[0].id;
        let plans = (0..PLANS).map(|n| {
            format!("arn:aws:savingsplans::{payer}:savingsplan/7f2e91c4-5b60-4d1e-9a3{n}")
        });
        let reservations = (0..RESERVATIONS).map(|n| {
            format!("arn:aws:ec2:us-east-1:{payer}:reserved-instances/0c31a8d2-77e4-4b19-8f{n:02}")
        });
        Self {
            meters: meters(&mut random),
            plans: plans.collect(),
            reservations: reservations.collect(),
            line: Line::new(),
            negation: None,
            random,
            accounts,
            resources,
        }
    }

    /// Writes one line of this hour.
    pub(super) fn draw(&mut self, hour: u64, out: &mut Vec<u8>) {
        if let Some(cost) = self.negation.take() {
            self.negate(cost);
        } else {
            self.line.clear();
            self.bill();
            match self.random.between(0, 999) {
                0..870 => self.usage(hour),
                870..910 => self.discount(hour),
                910..940 => self.split(hour),
                940..955 => self.tax(),
                955..970 => self.credit(hour),
                970..976 => self.refund(hour),
                976..982 => self.reservation_fee(),
                982..995 => self.plan_fee(hour),
                995 => self.plan_upfront(hour),
                _ => self.fee(hour),
            }
        }
        self.line.write(out);
    }

    /// What every line says.
    fn bill(&mut self) {
        const SAME: [(usize, &str); 8] = [
            (ISSUER, "\"Amazon Web Services, Inc.\""),
            (ENTITY, "AWS"),
            (BILL_TYPE, "Anniversary"),
            (piece("bill/InvoiceId"), "1734920215"),
            (piece("bill/BillingPeriodStartDate"), MONTH.0),
            (piece("bill/BillingPeriodEndDate"), MONTH.1),
            (piece("lineItem/CurrencyCode"), "USD"),
            (SELLER, "\"Amazon Web Services, Inc.\""),
        ];
        for (piece, text) in SAME {
            self.line.set(piece, text);
        }
        let payer = &self.accounts[0].id;
        self.line.set(piece("bill/PayerAccountId"), payer);
    }

    /// The hour of a line, from and to.
    fn hour(&mut self, hour: u64) {
        let (day, of_day) = (hour / 24 + 1, hour % 24);
        let (next_day, next) = ((hour + 1) / 24 + 1, (hour + 1) % 24);
        let from = format!("2026-10-{day:02}T{of_day:02}:00:00");
        let to = format!("2026-10-{next_day:02}T{next:02}:00:00");
        self.line.set(INTERVAL, &format!("{from}Z/{to}Z"));
        self.line.set(START, &format!("{from}.000Z"));
        self.line.set(END, &format!("{to}.000Z"));
    }

    fn whole_month(&mut self) {
        let interval = "2026-10-01T00:00:00Z/2026-11-01T00:00:00Z";
        for (piece, text) in [(INTERVAL, interval), (START, MONTH.0), (END, MONTH.1)] {
            self.line.set(piece, text);
        }
    }

    /// Some resources are billed more often than others.
    fn some_resource(&mut self) -> usize {
        let last = u32::try_from(self.resources.len() - 1).unwrap_or(0);
        let a = self.random.between(0, last);
        a.min(self.random.between(0, last)) as usize
    }

    /// A resource with one of its meters: what they say, and amount, rate and cost.
    fn metered(&mut self, resource: usize, n: usize) -> (Tiny, Tiny, Tiny) {
        let resource = &self.resources[resource];
        let meter = &self.meters[resource.meter + n];
        let amount = amount(meter.measure, &mut self.random);
        let cost = times(amount, meter.rate);
        let line = &mut self.line;
        line.set(LINE_ID, &line_id(resource.seed, n));
        line.set(ACCOUNT, &self.accounts[resource.account].id);
        line.set(CODE, meter.service.code);
        line.set(USAGE_TYPE, &meter.usage_type);
        line.set(OPERATION, meter.operation);
        line.set(piece("lineItem/AvailabilityZone"), &resource.zone);
        line.set(piece("lineItem/ResourceId"), &resource.id);
        line.set(DESCRIPTION, &meter.description);
        line.set(PRODUCT_AT, &meter.product);
        line.set(TAGS_AT, &resource.tags);
        line.set(piece("pricing/RateCode"), &meter.rate_code);
        line.set(piece("pricing/RateId"), &meter.rate_id);
        line.set(piece("pricing/currency"), "USD");
        line.set(piece("pricing/unit"), meter.unit);
        line.set(TERM, "OnDemand");
        line.number(LIST_COST, cost);
        line.number(LIST_RATE, meter.rate);
        line.number(AMOUNT, amount);
        if meter.measure == Measure::Hours {
            line.number(piece("lineItem/NormalizationFactor"), factor(n) * UNIT);
            let normalized = amount * factor(n);
            line.number(piece("lineItem/NormalizedUsageAmount"), normalized);
        }
        if meter.service.name.ends_with("(SaaS)") {
            line.set(SELLER, "\"Lantern Observability, Inc.\"");
            line.set(ENTITY, "AWS Marketplace");
        }
        (amount, meter.rate, cost)
    }

    /// What it cost: gross, blended, and after the enterprise discount of 8 %.
    fn costs(&mut self, rate: Tiny, cost: Tiny) {
        let net = |value: Tiny| value * 92 / 100;
        for (piece, value) in [
            (RATE, rate),
            (BLENDED_RATE, rate),
            (COST, cost),
            (BLENDED_COST, cost),
            (NET_RATE, net(rate)),
            (NET_COST, net(cost)),
            (piece("discount/EdpDiscount"), net(cost) - cost),
            (piece("discount/TotalDiscount"), net(cost) - cost),
        ] {
            self.line.number(piece, value);
        }
    }

    fn usage(&mut self, hour: u64) {
        let at = self.some_resource();
        let payment = self.resources[at].payment;
        // The last meter is traffic, which no commitment covers.
        let n = self.random.between(0, 3) as usize;
        let (_, rate, cost) = self.metered(at, n);
        self.hour(hour);
        match payment {
            Payment::Reserved(reservation) if n < 3 => self.reserved(reservation, cost),
            Payment::Planned(plan) if n < 3 => self.planned(plan, rate, cost),
            Payment::Spot if n < 3 => self.spot(at, n, rate, cost),
            _ => {
                self.line.set(LINE_TYPE, "Usage");
                self.costs(rate, cost);
            }
        }
    }

    fn reserved(&mut self, reservation: usize, cost: Tiny) {
        let effective = cost * 62 / 100;
        self.line.set(LINE_TYPE, "DiscountedUsage");
        self.costs(0, 0);
        self.line.set(TERM, "Reserved");
        self.line.set(RESERVATION, &self.reservations[reservation]);
        for (piece, value) in [
            (piece("reservation/EffectiveCost"), effective),
            (piece("reservation/NetEffectiveCost"), effective * 92 / 100),
            (
                piece("reservation/AmortizedUpfrontCostForUsage"),
                effective / 2,
            ),
            (
                piece("reservation/RecurringFeeForUsage"),
                effective - effective / 2,
            ),
        ] {
            self.line.number(piece, value);
        }
        let subscription = format!("12345{reservation:05}");
        self.line
            .set(piece("reservation/SubscriptionId"), &subscription);
    }

    fn planned(&mut self, plan: usize, rate: Tiny, cost: Tiny) {
        self.line.set(LINE_TYPE, "SavingsPlanCoveredUsage");
        self.costs(rate, cost);
        self.line.set(PLAN, &self.plans[plan]);
        self.line.number(PLAN_RATE, rate * 71 / 100);
        self.line.number(PLAN_COST, cost * 71 / 100);
        self.line.number(NET_PLAN_COST, cost * 71 / 100 * 92 / 100);
        self.line
            .set(piece("savingsPlan/OfferingType"), "ComputeSavingsPlans");
        self.line
            .set(piece("savingsPlan/PaymentOption"), "Partial Upfront");
        self.line.set(piece("savingsPlan/PurchaseTerm"), "1yr");
        self.negation = Some(cost);
    }

    /// Turns the line of covered usage into the one that takes its price back.
    fn negate(&mut self, cost: Tiny) {
        self.line.set(LINE_TYPE, "SavingsPlanNegation");
        self.line
            .set(DESCRIPTION, "SavingsPlanNegation used by account");
        self.costs(0, -cost);
        for piece in [PLAN_RATE, PLAN_COST, NET_PLAN_COST, LIST_COST, LIST_RATE] {
            self.line.set(piece, "");
        }
    }

    fn spot(&mut self, resource: usize, n: usize, rate: Tiny, cost: Tiny) {
        let meter = &self.meters[self.resources[resource].meter + n];
        let usage_type = meter.usage_type.replace("BoxUsage", "SpotUsage");
        self.line.set(LINE_TYPE, "Usage");
        self.line.set(USAGE_TYPE, &usage_type);
        self.line.set(TERM, "");
        self.costs(rate * 3 / 10, cost * 3 / 10);
    }

    /// The enterprise discount as a line: already inside the net cost of what it lowers.
    fn discount(&mut self, hour: u64) {
        let at = self.some_resource();
        let (_, _, cost) = self.metered(at, 3);
        self.hour(hour);
        self.line.set(LINE_TYPE, "EdpDiscount");
        self.line
            .set(DESCRIPTION, "\"Enterprise Discount Program, 8 %\"");
        self.costs(0, -cost * 8 / 100);
        for piece in [LIST_COST, LIST_RATE, TERM, NET_RATE] {
            self.line.set(piece, "");
        }
        self.line.number(NET_COST, 0);
    }

    /// A pod's share of a machine that is billed on a line of its own.
    fn split(&mut self, hour: u64) {
        let at = self.some_resource();
        let (amount, _, cost) = self.metered(at, 0);
        self.hour(hour);
        let parent = &self.resources[at].id;
        self.line.set(LINE_TYPE, "Usage");
        self.line.set(OPERATION, "EKSPod-EC2");
        self.line
            .set(piece("splitLineItem/ParentResourceId"), parent);
        for (piece, value) in [
            (COST, 0),
            (piece("splitLineItem/SplitCost"), cost / 3),
            (piece("splitLineItem/UnusedCost"), cost / 9),
            (piece("splitLineItem/SplitUsage"), amount / 3),
            (piece("splitLineItem/ReservedUsage"), amount / 4),
        ] {
            self.line.number(piece, value);
        }
    }

    /// A line about a service as a whole: no resource, no price.
    fn plain(&mut self, line_type: &str, description: &str, cost: Tiny) {
        let at = self.some_resource();
        let seed = self.random.next();
        let resource = &self.resources[at];
        let service = self.meters[resource.meter].service;
        let account = &self.accounts[resource.account].id;
        let mut product = vec![String::new(); super::columns::PRODUCT.len()];
        service.name.clone_into(&mut product[0]);
        for (piece, text) in [
            (LINE_ID, line_id(seed, 0).as_str()),
            (ACCOUNT, account),
            (LINE_TYPE, line_type),
            (CODE, service.code),
            (DESCRIPTION, description),
            (PRODUCT_AT, &super::line::cells(&product)),
        ] {
            self.line.set(piece, text);
        }
        for (piece, value) in [
            (AMOUNT, UNIT),
            (COST, cost),
            (BLENDED_COST, cost),
            (NET_COST, cost),
            (LIST_COST, 0),
        ] {
            self.line.number(piece, value);
        }
    }

    fn tax(&mut self) {
        let cost = Tiny::from(self.random.between(1, 900_000)) * 1_000_000;
        self.plain("Tax", "\"VAT, 20 %\"", cost);
        self.whole_month();
        self.line.set(piece("lineItem/TaxType"), "VAT");
    }

    fn credit(&mut self, hour: u64) {
        let cost = Tiny::from(self.random.between(1, 90_000)) * 1_000_000;
        self.plain("Credit", "Migration credit", -cost);
        self.hour(hour);
    }

    /// Of usage that was invoiced the month before, of tax, or of a plan that was returned.
    fn refund(&mut self, hour: u64) {
        let cost = Tiny::from(self.random.between(1, 90_000)) * 1_000_000;
        self.plain("Refund", "Refund of an outage", -cost);
        self.hour(hour);
        match self.random.between(0, 3) {
            0 => self.line.set(piece("lineItem/TaxType"), "VAT"),
            1 => {
                self.line.set(CODE, "ComputeSavingsPlans");
                self.line.set(USAGE_TYPE, "ComputeSP:1yrPartialUpfront");
                self.line.set(PLAN, &self.plans[1]);
            }
            _ => {
                self.line.set(BILL_TYPE, "Refund");
                self.line.set(START, "2026-09-12T00:00:00.000Z");
                self.line.set(END, "2026-09-13T00:00:00.000Z");
            }
        }
    }

    /// A month of a reservation, part of which nobody used.
    fn reservation_fee(&mut self) {
        let n = self.random.between(0, 19) as usize;
        let fee = Tiny::from(self.random.between(100, 9_000)) * 10_000_000;
        let unused = if n < 12 { fee / 7 } else { 0 };
        self.plain("RIFee", "USD hourly fee per Linux/UNIX m6i.large", fee);
        self.whole_month();
        for (piece, text) in [
            (CODE, "AmazonEC2"),
            (USAGE_TYPE, "HeavyUsage:m6i.large"),
            (OPERATION, "RunInstances"),
            (RESERVATION, &self.reservations[n]),
            (TERM, "Reserved"),
            (piece("pricing/unit"), "Hrs"),
            (piece("pricing/LeaseContractLength"), "1yr"),
            (piece("pricing/PurchaseOption"), "Partial Upfront"),
        ] {
            self.line.set(piece, text);
        }
        for (piece, value) in [
            (piece("reservation/UnusedRecurringFee"), unused),
            (
                piece("reservation/NetUnusedRecurringFee"),
                unused * 92 / 100,
            ),
            (UPFRONT, unused / 3),
            (NET_UPFRONT, unused / 3 * 92 / 100),
            (piece("reservation/TotalReservedUnits"), 744 * UNIT),
            (
                piece("reservation/TotalReservedNormalizedUnits"),
                2976 * UNIT,
            ),
            (piece("reservation/UnusedQuantity"), unused / UNIT * UNIT),
            (
                piece("reservation/UnusedNormalizedUnitQuantity"),
                unused / UNIT * 4 * UNIT,
            ),
        ] {
            self.line.number(piece, value);
        }
    }

    /// An hour of a plan. Its lines are there for the days to come, too.
    fn plan_fee(&mut self, hour: u64) {
        let n = self.random.between(0, 3) as usize;
        let total = UNIT * 3 / 2;
        let used = total - Tiny::from(self.random.between(0, 3)) * 1_234_567_891;
        self.plain(
            "SavingsPlanRecurringFee",
            "1 year Partial Upfront plan",
            total / 2,
        );
        self.hour(hour);
        self.line.set(CODE, "ComputeSavingsPlans");
        self.line.set(USAGE_TYPE, "ComputeSP:1yrPartialUpfront");
        self.line.set(PLAN, &self.plans[n]);
        self.line
            .number(piece("savingsPlan/TotalCommitmentToDate"), total);
        self.line.number(piece("savingsPlan/UsedCommitment"), used);
    }

    fn plan_upfront(&mut self, hour: u64) {
        let n = self.random.between(0, 3) as usize;
        self.plain(
            "SavingsPlanUpfrontFee",
            "1 year Partial Upfront plan",
            6570 * UNIT,
        );
        self.hour(hour);
        self.line.set(CODE, "ComputeSavingsPlans");
        self.line.set(PLAN, &self.plans[n]);
    }

    /// Support, a reservation's upfront fee, or something of the marketplace.
    fn fee(&mut self, hour: u64) {
        let cost = Tiny::from(self.random.between(10, 4000)) * UNIT;
        self.plain("Fee", "A fee of the month", cost);
        self.hour(hour);
        match self.random.between(0, 2) {
            0 => self.line.set(CODE, "AWSSupportBusiness"),
            1 => self.line.set(RESERVATION, &self.reservations[3]),
            _ => {
                self.line.set(SELLER, "\"Lantern Observability, Inc.\"");
                self.line.set(ENTITY, "AWS Marketplace");
            }
        }
    }
}

fn times(amount: Tiny, rate: Tiny) -> Tiny {
    let product = i128::from(amount) * i128::from(rate) / i128::from(UNIT);
    Tiny::try_from(product).unwrap_or(Tiny::MAX)
}

fn amount(measure: Measure, random: &mut Random) -> Tiny {
    const MILLIONTH: Tiny = UNIT / 1_000_000;
    match measure {
        Measure::Hours if random.chance(80) => UNIT,
        Measure::Hours => Tiny::from(random.between(1, 999_999)) * MILLIONTH,
        Measure::Calls if random.chance(30) => Tiny::from(random.between(1, 20)) * UNIT,
        Measure::Calls => Tiny::from(random.between(1, 20_000)) * UNIT,
        Measure::Gigabytes => Tiny::from(random.between(1, 5_000_000)) * MILLIONTH,
    }
}

/// 52 letters and digits, the same for the same use of a resource in every hour.
fn line_id(seed: u64, n: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut random = Random::stream(&[seed, n as u64]);
    let mut id = String::with_capacity(52);
    while id.len() < 52 {
        let mut bits = random.next();
        for _ in 0..12.min(52 - id.len()) {
            id.push(char::from(LETTERS[(bits % 32) as usize]));
            bits /= 32;
        }
    }
    id
}
