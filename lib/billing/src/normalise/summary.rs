//! The answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::PathBuf,
};

use outlay_core::{BillingPeriod, Decimal, Totals};
use serde::Serialize;

use super::checks::{self, BillInvariant};
use crate::{
    bills::Bill,
    delivery::{DeliveryReport, FileWarning, RowCounts},
    detect::Format,
    invariants::Invariant,
    rejection::Rejection,
    report::{ResidueSum, Warning},
};

/// What was read. Amounts are exact decimal strings; each currency has its own totals.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The formats that were read, each once, with commas between.
    pub format: String,
    /// One per provider, payer and billing period of each delivery.
    pub versions: Vec<Version>,
    /// Rows of all files.
    pub rows: RowCounts,
    /// What rounding to 18 digits left over, of all files: stored + residue = source.
    pub residues: Vec<ResidueSum>,
    /// The four costs of the versions that count, by currency.
    pub totals: BTreeMap<String, Costs>,
    /// The billed cost of the versions that count, by invoice; without one, not yet invoiced.
    pub by_invoice: Vec<InvoiceTotal>,
    /// The invariants of each version; of several exports of one bill also how they compare.
    pub invariants: Vec<BillInvariant>,
    /// What was odd but bearable.
    pub warnings: Vec<FileWarning>,
    /// Files that are not taken as bills, and of their deliveries nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<FileRejection>,
}

/// One bill of one delivery.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    pub billing_period: BillingPeriod,
    /// Format of the files.
    pub format: Format,
    /// The file or the manifest it was read from.
    pub source: String,
    /// Name of the export; `None` for a file without manifest.
    pub export: Option<String>,
    /// Assembly or execution id; `None` for a file without manifest.
    pub version_id: Option<String>,
    /// How many files.
    pub files: usize,
    /// Whether the totals hold it. Of several exports of one bill one counts and the others only
    /// cross-check: CUR 2.0 before legacy CUR before FOCUS, then by name.
    pub counted: bool,
    /// Rows written.
    pub rows: u64,
    /// The four costs, by currency.
    pub totals: BTreeMap<String, Costs>,
    /// What its invoices bill.
    #[serde(skip)]
    pub(super) invoices: Vec<InvoiceTotal>,
    /// What became of its invariants.
    #[serde(skip)]
    pub(super) invariants: Vec<Invariant>,
    /// Files that were written for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// The four costs of some rows in one currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Costs {
    /// What was invoiced.
    #[serde(rename = "BilledCost")]
    pub billed: Decimal,
    /// Amortised cost.
    #[serde(rename = "EffectiveCost")]
    pub effective: Decimal,
    /// Cost at list prices.
    #[serde(rename = "ListCost")]
    pub list: Decimal,
    /// Cost at contracted prices.
    #[serde(rename = "ContractedCost")]
    pub contracted: Decimal,
}

/// What one invoice bills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceTotal {
    /// FOCUS InvoiceId; `None`: not yet invoiced, an estimate.
    #[serde(rename = "InvoiceId")]
    pub invoice: Option<String>,
    /// FOCUS InvoiceIssuerName.
    #[serde(rename = "InvoiceIssuerName")]
    pub issuer: Option<String>,
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    #[serde(rename = "billingPeriod")]
    pub billing_period: BillingPeriod,
    /// FOCUS BillingCurrency.
    pub currency: String,
    /// Rows.
    pub rows: u64,
    /// Sum of BilledCost.
    #[serde(rename = "BilledCost")]
    pub billed_cost: Decimal,
}

/// Files that were written for a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    /// FOCUS 1.4 Cost and Usage rows.
    pub cost_and_usage: PathBuf,
    /// The daily roll-up.
    pub rollup: PathBuf,
    /// FOCUS 1.4 Billing Period.
    pub billing_period: PathBuf,
    /// FOCUS 1.4 Invoice Detail.
    pub invoice_detail: PathBuf,
    /// FOCUS 1.4 Contract Commitment.
    pub contract_commitment: PathBuf,
}

/// A file that is not taken as a bill, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{file}: {rejection}")]
pub struct FileRejection {
    /// The file, as the user would name it.
    pub file: String,
    /// Rule, what to do, and the place.
    #[serde(flatten)]
    pub rejection: Rejection,
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    formats: BTreeSet<String>,
    report: DeliveryReport,
    versions: Vec<Version>,
    rejected: Vec<FileRejection>,
}

impl Reading {
    /// Adds a delivery that was read whole.
    pub(super) fn add(&mut self, source: &str, report: DeliveryReport, versions: Vec<Version>) {
        self.formats.extend(report.format.map(|f| f.to_string()));
        self.versions.extend(versions);
        if let Err(rejection) = self.report.absorb(report) {
            self.reject(source, rejection);
        }
    }

    /// Adds what was refused.
    pub(super) fn reject(&mut self, file: &str, rejection: Rejection) {
        self.rejected.push(FileRejection {
            file: file.to_owned(),
            rejection,
        });
    }

    /// Decides which versions count, and sums them.
    pub(super) fn summarise(mut self) -> io::Result<Summary> {
        self.versions.sort_by(|a, b| a.order().cmp(&b.order()));
        self.set_copies_apart();
        self.compare_copies()?;
        let mut totals = BTreeMap::new();
        let mut by_invoice = Vec::new();
        let mut invariants = Vec::new();
        for version in &self.versions {
            for invariant in &version.invariants {
                invariants.push(BillInvariant::of(version, invariant.clone()));
            }
            if !version.counted {
                continue;
            }
            if add_all(&mut totals, &version.totals).is_none() {
                self.rejected.push(FileRejection {
                    file: version.source.clone(),
                    rejection: overflow(),
                });
            }
            by_invoice.extend(version.invoices.iter().cloned());
        }
        Ok(Summary {
            format: self.formats.into_iter().collect::<Vec<_>>().join(", "),
            versions: self.versions,
            rows: self.report.rows,
            residues: self.report.residues,
            totals,
            by_invoice,
            invariants,
            warnings: self.report.warnings,
            rejected: self.rejected,
        })
    }

    /// Two exports of one bill must never be added to each other.
    fn set_copies_apart(&mut self) {
        let mut counted: Option<usize> = None;
        for at in 0..self.versions.len() {
            let same = counted.filter(|&c| self.versions[c].bill() == self.versions[at].bill());
            let Some(primary) = same else {
                counted = Some(at);
                continue;
            };
            let warning = same_bill(&self.versions[primary], &self.versions[at]);
            self.report.warn(&self.versions[at].source, warning);
            self.versions[at].counted = false;
        }
    }
}

impl Reading {
    /// Where the exports of one bill were written, they are held against each other.
    fn compare_copies(&mut self) -> io::Result<()> {
        for copies in self.versions.chunk_by_mut(|a, b| a.bill() == b.bill()) {
            let all: Vec<&Version> = copies.iter().collect();
            let Some(invariant) = checks::compare(&all)? else {
                continue;
            };
            let Some(primary) = copies.first_mut() else {
                continue;
            };
            if let Some(warning) = invariant.warning() {
                self.report.warn(&primary.source, warning);
            }
            primary.invariants.push(invariant);
        }
        Ok(())
    }
}

impl Version {
    fn bill(&self) -> (&str, &str, BillingPeriod) {
        (&self.provider, &self.payer, self.billing_period)
    }

    /// By bill, the version that counts first.
    fn order(&self) -> impl Ord {
        let rank = match self.format.family() {
            "cur2" => 0,
            "cur" => 1,
            _ => 2,
        };
        let bill = (
            self.provider.clone(),
            self.payer.clone(),
            self.billing_period,
        );
        (bill, rank, self.source.clone())
    }
}

impl Costs {
    /// Totals by their currency.
    pub(super) fn by_currency(totals: &[Totals]) -> BTreeMap<String, Self> {
        let costs = |t: &Totals| (t.currency.clone(), Self::from(t.costs()));
        totals.iter().map(costs).collect()
    }

    fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            billed: self.billed.checked_add(other.billed)?,
            effective: self.effective.checked_add(other.effective)?,
            list: self.list.checked_add(other.list)?,
            contracted: self.contracted.checked_add(other.contracted)?,
        })
    }
}

impl From<[Decimal; 4]> for Costs {
    fn from([billed, effective, list, contracted]: [Decimal; 4]) -> Self {
        Self {
            billed,
            effective,
            list,
            contracted,
        }
    }
}

impl InvoiceTotal {
    /// The invoices of a bill, charge categories and accounts together.
    pub(super) fn of(bill: &Bill) -> Result<Vec<Self>, Rejection> {
        let mut totals: Vec<Self> = Vec::new();
        for sum in bill.invoices() {
            let currency = sum.currency.clone().unwrap_or_default();
            let same = totals.iter_mut().find(|t| {
                t.invoice == sum.invoice && t.issuer == sum.issuer && t.currency == currency
            });
            match same {
                Some(total) => {
                    total.rows += sum.rows;
                    let billed = total.billed_cost.checked_add(sum.billed);
                    total.billed_cost = billed.ok_or_else(overflow)?;
                }
                None => totals.push(Self {
                    invoice: sum.invoice.clone(),
                    issuer: sum.issuer.clone(),
                    provider: bill.provider.clone(),
                    payer: bill.payer.clone(),
                    billing_period: bill.period,
                    currency,
                    rows: sum.rows,
                    billed_cost: sum.billed,
                }),
            }
        }
        Ok(totals)
    }
}

fn add_all(sums: &mut BTreeMap<String, Costs>, more: &BTreeMap<String, Costs>) -> Option<()> {
    for (currency, costs) in more {
        let sum = sums.entry(currency.clone()).or_default();
        *sum = sum.checked_add(*costs)?;
    }
    Some(())
}

fn overflow() -> Rejection {
    let detail = "The sum of a cost column is beyond DECIMAL(38,18)";
    Rejection::new("amount-overflow", detail)
}

fn same_bill(primary: &Version, copy: &Version) -> Warning {
    let agree = if primary.totals == copy.totals {
        "and agrees"
    } else {
        "and differs"
    };
    Warning {
        rule: "overlapping-exports",
        detail: format!(
            "{} {} {} is also in {}, which counts; this export only cross-checks it {agree}",
            copy.provider, copy.payer, copy.billing_period, primary.source
        ),
        count: 1,
        row: None,
        line: None,
        column: None,
    }
}
