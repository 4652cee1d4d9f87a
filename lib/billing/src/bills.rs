//! What the rows of a delivery say about its bills: totals, invoices, commitments. Sums only, so
//! memory follows the number of invoices and commitments, not of rows.

mod keyed;

use std::collections::BTreeMap;

use jiff::Timestamp;
use outlay_core::{BillingPeriod, Decimal, Totals};
use serde::Deserialize;

use self::keyed::Keyed;
use crate::{
    columns::{AmountColumn, TextColumn as T, TimeColumn},
    rejection::Rejection,
    row::FocusRow,
    totals::{self, Costs},
};

/// The bills of a delivery, one for each provider, payer and billing period.
#[derive(Debug, Default)]
pub struct Bills {
    bills: Vec<Bill>,
    /// Rows mostly follow others of their bill.
    last: usize,
}

/// One bill: everything that one payer is charged by one provider for one month.
#[derive(Debug)]
pub struct Bill {
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    pub period: BillingPeriod,
    /// Rows of the bill.
    pub rows: u64,
    totals: BTreeMap<String, Costs>,
    invoices: Keyed<InvoiceSum>,
    commitments: Keyed<CommitmentSum>,
}

/// Charges of one invoice, or of none yet, that Invoice Detail tells together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InvoiceSum {
    pub(crate) invoice: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Option<Timestamp>,
    pub(crate) billed: Decimal,
    pub(crate) rows: u64,
    /// Of these, rows with a billed or an effective cost.
    pub(crate) costed: u64,
}

/// What the rows say of one commitment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CommitmentSum {
    pub(crate) id: String,
    pub(crate) contract: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) description: Option<String>,
    /// Named as a commitment discount, and not only by ContractApplied.
    pub(crate) is_discount: bool,
    /// Some of it was used in the month, or could have been.
    pub(crate) is_active: bool,
}

/// The column ContractApplied, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContractApplied {
    elements: Vec<ContractElement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContractElement {
    contract_id: String,
    contract_commitment_id: String,
}

impl Bills {
    /// The most bills one delivery may hold.
    pub const MAX: usize = 60;

    /// Adds a row. After an error the sums are of no use.
    pub fn push(&mut self, row: &FocusRow) -> Result<(), Rejection> {
        let at = self.bill_of(row)?;
        self.bills[at].push(row).map_err(|r| r.at(row.place))
    }

    /// Adds the sums of other rows.
    pub fn merge(&mut self, other: Self) -> Result<(), Rejection> {
        for bill in other.bills {
            match self.bills.iter().position(|known| known.is(&bill)) {
                Some(at) => self.bills[at].merge(bill)?,
                None if self.bills.len() == Self::MAX => return Err(too_many()),
                None => self.bills.push(bill),
            }
        }
        Ok(())
    }

    /// The bills, sorted by provider, payer and period.
    pub fn finish(self) -> Vec<Bill> {
        let mut bills = self.bills;
        bills.sort_by(|a, b| a.key().cmp(&b.key()));
        bills
    }

    fn bill_of(&mut self, row: &FocusRow) -> Result<usize, Rejection> {
        let provider = row.text(T::XProvider).unwrap_or_default();
        let payer = row.text(T::XPayer).unwrap_or_default();
        let missing = |column| Err(no_bill(column).at(row.place));
        let Some(period) = row.billing_period() else {
            return missing("BillingPeriodStart");
        };
        let key = (provider, payer, period);
        if self.bills.get(self.last).is_some_and(|b| b.key() == key) {
            return Ok(self.last);
        }
        if provider.is_empty() {
            return missing("ServiceProviderName");
        }
        if payer.is_empty() {
            return missing("BillingAccountId");
        }
        self.last = match self.bills.iter().position(|bill| bill.key() == key) {
            Some(at) => at,
            None if self.bills.len() == Self::MAX => return Err(too_many().at(row.place)),
            None => {
                self.bills.push(Bill::new(provider, payer, period));
                self.bills.len() - 1
            }
        };
        Ok(self.last)
    }
}

impl Bill {
    fn new(provider: &str, payer: &str, period: BillingPeriod) -> Self {
        Self {
            provider: provider.to_owned(),
            payer: payer.to_owned(),
            period,
            rows: 0,
            totals: BTreeMap::new(),
            invoices: Keyed::new("invoices"),
            commitments: Keyed::new("commitments"),
        }
    }

    fn key(&self) -> (&str, &str, BillingPeriod) {
        (&self.provider, &self.payer, self.period)
    }

    fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// Exact totals, sorted by currency.
    pub fn totals(&self) -> Vec<Totals> {
        // A sum that went in is within DECIMAL(38,18), so none is left out.
        let sums = self.totals.iter();
        sums.filter_map(|(currency, costs)| totals::totals(currency, costs))
            .collect()
    }

    pub(crate) fn invoices(&self) -> Vec<&InvoiceSum> {
        self.invoices.sorted()
    }

    pub(crate) fn commitments(&self) -> Vec<&CommitmentSum> {
        self.commitments.sorted()
    }

    fn push(&mut self, row: &FocusRow) -> Result<(), Rejection> {
        self.rows += 1;
        self.add_totals(row)?;
        self.add_invoice(row)?;
        if let Some(id) = row.text(T::CommitmentDiscountId) {
            self.add_discount(id, row)?;
        }
        match row.text(T::ContractApplied) {
            Some(applied) => self.add_contracts(applied, row),
            None => Ok(()),
        }
    }

    fn add_totals(&mut self, row: &FocusRow) -> Result<(), Rejection> {
        let currency = row.text(T::BillingCurrency).unwrap_or_default();
        add_costs(&mut self.totals, currency, totals::costs(row))
    }

    fn add_invoice(&mut self, row: &FocusRow) -> Result<(), Rejection> {
        let key = [
            T::BillingAccountId,
            T::BillingCurrency,
            T::ChargeCategory,
            T::InvoiceId,
            T::InvoiceIssuerName,
            T::InvoiceDetailId,
        ]
        .map(|column| row.text(column));
        let [billed, effective] = [AmountColumn::BilledCost, AmountColumn::EffectiveCost]
            .map(|column| row.amount(column).unwrap_or_default());
        let sum = self.invoices.entry(&key, || {
            let [account, currency, category, invoice, issuer, detail] =
                key.map(|text| text.map(str::to_owned));
            InvoiceSum {
                account,
                currency,
                category,
                invoice,
                issuer,
                detail,
                start: row.time(TimeColumn::BillingPeriodStart),
                end: row.time(TimeColumn::BillingPeriodEnd),
                billed: Decimal::ZERO,
                rows: 0,
                costed: 0,
            }
        })?;
        sum.billed = sum.billed.checked_add(billed).ok_or_else(overflow)?;
        sum.rows += 1;
        sum.costed += u64::from(!billed.is_zero() || !effective.is_zero());
        Ok(())
    }

    fn add_discount(&mut self, id: &str, row: &FocusRow) -> Result<(), Rejection> {
        let sum = self.commitment(id)?;
        sum.is_discount = true;
        sum.is_active |= row.text(T::CommitmentDiscountStatus).is_some();
        learn(&mut sum.category, row.text(T::CommitmentDiscountCategory));
        learn(&mut sum.kind, row.text(T::CommitmentDiscountType));
        learn(&mut sum.unit, row.text(T::CommitmentDiscountUnit));
        if row.text(T::ChargeCategory) == Some("Purchase") {
            learn(&mut sum.description, row.text(T::ChargeDescription));
        }
        sum.learn_seller(row);
        Ok(())
    }

    /// FOCUS 1.3 and later: the contracts that a charge counts towards.
    fn add_contracts(&mut self, applied: &str, row: &FocusRow) -> Result<(), Rejection> {
        let Ok(applied) = serde_json::from_str::<ContractApplied>(applied) else {
            return Ok(());
        };
        for element in applied.elements {
            let sum = self.commitment(&element.contract_commitment_id)?;
            learn(&mut sum.contract, Some(&element.contract_id));
            sum.learn_seller(row);
        }
        Ok(())
    }

    fn commitment(&mut self, id: &str) -> Result<&mut CommitmentSum, Rejection> {
        self.commitments.entry(&[Some(id)], || CommitmentSum {
            id: id.to_owned(),
            ..CommitmentSum::default()
        })
    }

    fn merge(&mut self, other: Self) -> Result<(), Rejection> {
        self.rows += other.rows;
        for (currency, costs) in other.totals {
            add_costs(&mut self.totals, &currency, costs)?;
        }
        self.invoices
            .merge(other.invoices, |sum, other| sum.merge(&other))?;
        self.commitments.merge(other.commitments, |sum, other| {
            sum.merge(&other);
            Ok(())
        })
    }
}

impl InvoiceSum {
    fn merge(&mut self, other: &Self) -> Result<(), Rejection> {
        self.billed = self.billed.checked_add(other.billed).ok_or_else(overflow)?;
        self.rows += other.rows;
        self.costed += other.costed;
        Ok(())
    }
}

impl CommitmentSum {
    fn learn_seller(&mut self, row: &FocusRow) {
        learn(&mut self.issuer, row.text(T::InvoiceIssuerName));
        learn(&mut self.provider, row.text(T::ServiceProviderName));
        learn(&mut self.currency, row.text(T::BillingCurrency));
    }

    fn merge(&mut self, other: &Self) {
        learn(&mut self.contract, other.contract.as_deref());
        learn(&mut self.category, other.category.as_deref());
        learn(&mut self.kind, other.kind.as_deref());
        learn(&mut self.unit, other.unit.as_deref());
        learn(&mut self.issuer, other.issuer.as_deref());
        learn(&mut self.provider, other.provider.as_deref());
        learn(&mut self.currency, other.currency.as_deref());
        learn(&mut self.description, other.description.as_deref());
        self.is_discount |= other.is_discount;
        self.is_active |= other.is_active;
    }
}

/// Takes what was not known; of two that differ the smaller, so that the order of rows is no matter.
fn learn(known: &mut Option<String>, text: Option<&str>) {
    let Some(text) = text else { return };
    match known {
        Some(known) if known.as_str() <= text => {}
        _ => *known = Some(text.to_owned()),
    }
}

fn add_costs(
    sums: &mut BTreeMap<String, Costs>,
    currency: &str,
    costs: Costs,
) -> Result<(), Rejection> {
    if let Some(sums) = sums.get_mut(currency) {
        return totals::add(sums, &costs).ok_or_else(overflow);
    }
    sums.insert(currency.to_owned(), costs);
    Ok(())
}

fn overflow() -> Rejection {
    let detail = "The sum of a cost column is beyond DECIMAL(38,18)";
    Rejection::new("amount-overflow", detail)
}

fn no_bill(column: &'static str) -> Rejection {
    let detail = format!("The row has no {column} and so belongs to no bill");
    Rejection::new("no-bill", detail).column(column)
}

fn too_many() -> Rejection {
    let detail = format!(
        "More than {} bills (provider, payer, month) in one delivery; split it by month",
        Bills::MAX
    );
    Rejection::new("too-many-bills", detail)
}
