//! Every rule of the machine-readable FOCUS 1.2 model is checked on rows, or it is said here why
//! not. The model lives beside the workspace; where it is absent the tests say so and end.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde_json::Value;

use crate::{
    Column,
    requirements::{ALLOWED, CONDITIONAL, REQUIREMENTS, fits, is_national_currency},
};

/// Rules that say what another one, which is checked, says.
#[rustfmt::skip]
const SAME_AS: &[(&str, &str)] = &[
    ("BillingCurrency-C-003-M", "BillingCurrency-C-006-M"),
    ("BillingPeriodStart-C-004-M", "BillingPeriodEnd-C-004-M"),
    ("CapacityReservationStatus-C-007-C", "CapacityReservationStatus-C-006-M"),
    ("CapacityReservationStatus-C-008-C", "CapacityReservationStatus-C-006-M"),
    ("ChargePeriodStart-C-004-M", "ChargePeriodEnd-C-004-M"),
    ("CurrencyFormat-A-001-C", "BillingCurrency-C-006-M"),
    ("DiscountHandling-A-006-C", "CommitmentDiscountId-C-005-C"),
    ("DiscountHandling-A-014-C", "CommitmentDiscountStatus-C-004-C"),
    ("DiscountHandling-A-015-C", "CommitmentDiscountId-C-005-C"),
    ("KeyValueFormat-A-001-M", "SkuPriceDetails-C-001-M"),
    ("KeyValueFormat-A-002-M", "SkuPriceDetails-C-001-M"),
    ("KeyValueFormat-A-003-M", "SkuPriceDetails-C-001-M"),
    ("KeyValueFormat-A-004-M", "SkuPriceDetails-C-001-M"),
    ("SkuPriceDetails-C-020-M", "SkuPriceDetails-C-017-C"),
];

/// Why a rule is not checked on rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// It only gathers other rules.
    Gathers,
    /// It allows something.
    Allows,
    /// It is about which columns a file has: the header is checked (`missing-columns`).
    Header,
    /// The type of the column holds it: cells become texts, exact decimals and UTC instants, and
    /// what is none is refused or, in tags, told by the reader.
    Types,
    /// It needs other rows: the invariants and the evidence of a bill.
    OtherRows,
    /// It needs what no row says: an invoice, a price list, the resource, what the provider meant.
    Outside,
    /// It is about how a provider names columns and documents its data.
    Documents,
    /// FOCUS 1.4 has no such column, and its successor may be null.
    Gone,
}

const TYPES: &[&str] = &[
    // The readers refuse a row without them.
    "BilledCost-C-003-M BillingCurrency-C-004-M BillingPeriodStart-C-003-M ChargePeriodStart-C-003-M",
    "BilledCost-C-004-M ContractedCost-C-004-M EffectiveCost-C-004-M ListCost-C-004-M",
    "CommitmentDiscountQuantity-C-009-M ConsumedQuantity-C-008-C PricingQuantity-C-008-M",
    "PricingCurrencyEffectiveCost-C-004-M",
    "DateTimeFormat-A-001-M DateTimeFormat-A-002-M DateTimeFormat-A-004-M DateTimeFormat-A-005-M",
    "DateTimeFormat-A-006-M",
    "NumericFormat-A-002-M NumericFormat-A-003-M NumericFormat-A-004-M NumericFormat-A-005-M",
    "NumericFormat-A-006-M NumericFormat-A-007-M NumericFormat-A-008-M NumericFormat-A-009-M",
    "NumericFormat-A-010-M NumericFormat-A-011-M NumericFormat-A-012-M",
    // Empty cells and NULL are null before anything else looks at them.
    "NullHandling-A-001-C StringHandling-A-001-M",
    // Any text may be the name of a virtual currency.
    "PricingCurrency-C-003-M CurrencyFormat-A-002-C",
    // `bad-tags`.
    "Tags-C-001-M",
];

const OTHER_ROWS: &[&str] = &[
    // Sums: invariants 2, 4, 5 and 6.
    "BilledCost-C-007-M DiscountHandling-A-011-C EffectiveCost-C-012-C EffectiveCost-C-013-C",
    "DiscountHandling-A-017-C",
    // Price times quantity: to what a source rounds shows in all of its rows. Invariant 7 holds the
    // list cost against it; nothing holds the contracted cost.
    "ListCost-C-009-C ListUnitPrice-C-010-C PricingQuantity-C-009-C ContractedCost-C-009-C",
    "ContractedUnitPrice-C-011-C",
    // What stays the same over rows, months and accounts.
    "BillingAccountId-C-004-M CapacityReservationId-C-008-M CommitmentDiscountId-C-007-M",
    "ResourceId-C-007-M CommitmentDiscountUnit-C-008-M BillingAccountType-C-006-M",
    "SubAccountType-C-006-M ServiceName-C-005-C ServiceName-C-008-C SkuPriceId-C-008-M",
    "SkuPriceId-C-009-M SkuPriceId-C-010-M SkuId-C-008-M SkuId-C-009-M SkuId-C-010-M",
    "SkuMeter-C-006-O SkuPriceDetails-C-007-M SkuPriceDetails-C-013-O SkuPriceDetails-C-014-O",
    "SkuPriceDetails-C-016-O StringHandling-A-004-M StringHandling-A-005-M StringHandling-A-006-M",
    // What a tax or a charge on charges is calculated from.
    "ContractedCost-C-007-C EffectiveCost-C-009-C ListCost-C-007-C",
];

const OUTSIDE: &[&str] = &[
    // Who received the payment: the names of a provider and of a legal entity always differ.
    "BilledCost-C-005-C",
    // The currency of the amounts, and of the invoice.
    "BilledCost-C-006-M BillingCurrency-C-005-M ContractedCost-C-005-M EffectiveCost-C-006-M",
    "ListCost-C-005-M ContractedUnitPrice-C-010-C ListUnitPrice-C-009-M",
    "PricingCurrencyContractedUnitPrice-C-009-C PricingCurrencyEffectiveCost-C-006-M",
    "PricingCurrencyListUnitPrice-C-009-M",
    // Whether a charge has a zone, a region, an account, a resource, a reservation, an invoice.
    "AvailabilityZone-C-003-C RegionId-C-004-C SubAccountId-C-004-C SubAccountId-C-005-C",
    "ResourceId-C-004-C ResourceId-C-005-C ResourceName-C-005-C ResourceName-C-006-C",
    "CapacityReservationId-C-004-C CapacityReservationId-C-006-C CommitmentDiscountId-C-004-C",
    "CommitmentDiscountName-C-006-C InvoiceId-C-004-C InvoiceId-C-005-C InvoiceId-C-007-C",
    "ChargeClass-C-004-C",
    // What an id looks like in full.
    "BillingAccountId-C-005-O CapacityReservationId-C-009-O CommitmentDiscountId-C-008-C",
    "ResourceId-C-008-O",
    // What a quantity, a unit or a discount means; units of one's own are allowed.
    "CommitmentDiscountQuantity-C-011-C CommitmentDiscountQuantity-C-012-C",
    "CommitmentDiscountQuantity-C-014-C CommitmentDiscountQuantity-C-015-C",
    "CommitmentDiscountUnit-C-003-M CommitmentDiscountUnit-C-009-M CommitmentDiscountUnit-C-010-C",
    "ConsumedUnit-C-003-O PricingUnit-C-003-O PricingUnit-C-008-M PricingUnit-C-009-C",
    "UnitFormat-A-001-M UnitFormat-A-003-M UnitFormat-A-004-C",
    "DiscountHandling-A-001-C DiscountHandling-A-003-C DiscountHandling-A-004-C",
    "DiscountHandling-A-007-C DiscountHandling-A-009-C DiscountHandling-A-010-C",
    "DiscountHandling-A-013-C DiscountHandling-A-016-C DiscountHandling-A-020-C",
    // How something is priced, and what the price list says.
    "PricingCategory-C-008-C PricingCategory-C-010-C PricingCategory-C-011-C",
    "ServiceName-C-006-C ServiceName-C-009-C SkuId-C-011-C SkuPriceDetails-C-008-M",
    "SkuPriceDetails-C-009-C SkuPriceDetails-C-010-C SkuPriceDetails-C-018-C",
    "SkuPriceDetails-C-022-C SkuPriceId-C-012-C SkuPriceId-C-013-M SkuPriceId-C-014-C",
    "SkuPriceId-C-015-C",
    // What tags and texts were before the provider wrote them.
    "StringHandling-A-003-M Tags-C-004-M Tags-C-005-M Tags-C-006-M Tags-C-008-M Tags-C-010-C",
    "Tags-C-012-M Tags-C-015-C Tags-C-016-C Tags-C-017-M",
];

const DOCUMENTS: &[&str] = &[
    "ChargeDescription-C-004-O NumericFormat-A-001-O NumericFormat-A-013-O",
    "SkuPriceDetails-C-002-O StringHandling-A-002-O Tags-C-009-M Tags-C-013-M",
    "ColumnHandling-A-001-M ColumnHandling-A-002-M ColumnHandling-A-003-M ColumnHandling-A-004-O",
    "ColumnHandling-A-005-O ColumnHandling-A-006-M ColumnHandling-A-008-M ColumnHandling-A-010-M",
    "ColumnHandling-A-011-O ColumnHandling-A-012-O ColumnHandling-A-013-O",
];

const LISTED: [(Reason, &[&str]); 5] = [
    (Reason::Types, TYPES),
    (Reason::OtherRows, OTHER_ROWS),
    (Reason::Outside, OUTSIDE),
    (Reason::Documents, DOCUMENTS),
    (Reason::Gone, &["ProviderName-C-003-M"]),
];

/// Opens a file of the shared model; `None`, saying so, where there is none.
fn open(name: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/focus-model")
        .join(name);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(serde_json::from_str(&text).unwrap());
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: {} is not here", path.display());
    }
    None
}

fn checked() -> BTreeSet<&'static str> {
    REQUIREMENTS.iter().map(|r| r.id).collect()
}

fn listed() -> BTreeMap<&'static str, Reason> {
    let rules = LISTED.iter().flat_map(|(reason, lines)| {
        let ids = lines.iter().flat_map(|line| line.split(' '));
        ids.map(|id| (id, *reason))
    });
    let mut listed = BTreeMap::new();
    for (id, reason) in rules {
        assert_eq!(listed.insert(id, reason), None, "{id} is listed twice");
    }
    listed
}

/// What the rule itself says about why no row can be held against it.
fn by_kind(rule: &Value) -> Option<Reason> {
    let criteria = &rule["ValidationCriteria"];
    let function = criteria["Requirement"]["CheckFunction"].as_str();
    let typed = ["TypeString", "TypeDecimal", "TypeDateTime", "FormatString"]
        .into_iter()
        .chain(["FormatNumeric", "FormatDateTime"]);
    match rule["Function"].as_str() {
        Some("Composite") => Some(Reason::Gathers),
        Some("Presence") => Some(Reason::Header),
        _ if criteria["Keyword"] == "MAY" => Some(Reason::Allows),
        _ if typed.into_iter().any(|name| function == Some(name)) => Some(Reason::Types),
        _ => None,
    }
}

#[test]
fn every_rule_of_the_model_is_checked_or_it_is_said_why_not() {
    let Some(model) = open("model-1.2.json") else {
        return;
    };
    let rules = model["ModelRules"].as_object().unwrap();
    let (checked, listed) = (checked(), listed());
    let same: BTreeMap<_, _> = SAME_AS.iter().copied().collect();
    let mut counts = BTreeMap::<String, usize>::new();
    for (id, rule) in rules {
        let id = id.as_str();
        let reasons = [
            checked.contains(id).then(|| "checked".to_owned()),
            same.contains_key(id)
                .then(|| "said by a checked one".to_owned()),
            listed.get(id).map(|reason| format!("{reason:?}")),
        ];
        let mut found: Vec<_> = reasons.into_iter().flatten().collect();
        if found.is_empty() {
            found.extend(by_kind(rule).map(|reason| format!("{reason:?}")));
        }
        assert_eq!(found.len(), 1, "{id}: {found:?} {rule:#}");
        *counts.entry(found.remove(0)).or_default() += 1;
    }
    let known = |id: &&str| rules.contains_key(*id);
    assert!(
        listed.keys().chain(same.keys()).all(known),
        "a rule the model has not"
    );
    assert!(same.values().all(|id| checked.contains(id)));
    let ours: Vec<_> = checked.iter().filter(|id| !known(id)).collect();
    assert_eq!(ours, [&"json-shape", &"odd-billing-period"]);
    let counts: Vec<String> = counts
        .iter()
        .map(|(what, n)| format!("{what}: {n}"))
        .collect();
    insta::assert_snapshot!(counts.join("\n"), @"
    Allows: 32
    Documents: 18
    Gathers: 143
    Gone: 1
    Header: 63
    OtherRows: 36
    Outside: 79
    Types: 134
    checked: 101
    said by a checked one: 14
    ");
}

#[test]
fn columns_types_and_values_are_those_of_the_1_4_model() {
    let Some(model) = open("focus_1_4_model.json") else {
        return;
    };
    let columns = model["datasets"]["Cost and Usage"]["columns"]
        .as_object()
        .unwrap();
    for (name, model) in columns {
        let kind = match Column::named(name) {
            Some(Column::Tags) => "JSON",
            Some(Column::Time(_)) => "Date/Time",
            Some(Column::Amount(_)) => "Decimal",
            Some(Column::Text(_)) if model["data_type"] == "JSON" => "JSON",
            Some(Column::Text(_)) => "String",
            None => "no column",
        };
        assert_eq!(model["data_type"], kind, "{name}");
        let conditional = Column::named(name).unwrap().bit() & CONDITIONAL != 0;
        // 1.2 has the name of the account only where accounts have names.
        let expected = model["feature_level"] == "Conditional" || name == "BillingAccountName";
        let recommended = ["AllocatedMethodDetails", "AvailabilityZone"].contains(&name.as_str());
        assert_eq!(conditional, expected || recommended, "{name}");
    }
    // Each column alone beside those of 1.0: the version that brought it.
    for (name, model) in columns {
        let header = ["BilledCost", "ProviderName", name].map(crate::detect::canonical);
        let version = crate::focus::version(&header).to_string();
        let expected = model["version"].as_str().unwrap().replace("0.5", "1.0");
        assert_eq!(version, expected, "{name}");
    }
    for list in &ALLOWED {
        let allowed = &columns[list.column.name()]["allowed_values"];
        let allowed = allowed.as_array().unwrap().iter();
        let allowed: BTreeSet<_> = allowed.filter_map(Value::as_str).collect();
        let ours = list.values.iter().map(|(name, _)| *name).collect();
        assert_eq!(allowed, ours, "{}", list.column.name());
    }
    let parents = open("focus_1_4_servicesubcategory.json").unwrap();
    for (subcategory, parent) in parents.as_object().unwrap() {
        let fits = fits(parent.as_str().unwrap(), subcategory);
        assert!(fits, "{subcategory} of {parent}");
    }
    let currencies = open("iso_4217_currencies.json").unwrap();
    for code in currencies["codes"].as_array().unwrap() {
        let code = code.as_str().unwrap();
        assert!(is_national_currency(code), "{code}");
    }
}
