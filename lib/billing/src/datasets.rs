//! The three FOCUS 1.4 datasets beside Cost and Usage, as far as a bill's rows tell them. What the
//! source does not say is null, also where FOCUS forbids null: nothing is made up.
//! <https://focus.finops.org/focus-specification/v1-4/>

use jiff::Timestamp;
use outlay_core::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::{bills::Bill, detect::Format};

/// The datasets of one bill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Datasets {
    /// FOCUS Billing Period: one row per invoice issuer.
    pub billing_periods: Vec<BillingPeriodRow>,
    /// FOCUS Invoice Detail: one row per invoice, issuer, account, charge category and currency.
    /// Charges that are on no invoice yet are not in it.
    pub invoice_details: Vec<InvoiceDetailRow>,
    /// FOCUS Contract Commitment: one row per commitment.
    pub contract_commitments: Vec<ContractCommitmentRow>,
}

/// A row of the FOCUS 1.4 dataset Billing Period, with the payer it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    missing_docs,
    reason = "the fields are the columns of the FOCUS 1.4 dataset"
)]
pub struct BillingPeriodRow {
    pub billing_period_created: Option<Timestamp>,
    pub billing_period_end: Option<Timestamp>,
    pub billing_period_last_updated: Option<Timestamp>,
    pub billing_period_start: Option<Timestamp>,
    /// `Closed` when every row with a cost is on an invoice, `Open` when one is not, null where
    /// the format has no invoice ids.
    pub billing_period_status: Option<&'static str>,
    pub invoice_issuer_name: Option<String>,
    #[serde(rename = "x_Payer")]
    pub x_payer: String,
    #[serde(rename = "x_Provider")]
    pub x_provider: String,
}

/// A row of the FOCUS 1.4 dataset Invoice Detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    missing_docs,
    reason = "the fields are the columns of the FOCUS 1.4 dataset"
)]
pub struct InvoiceDetailRow {
    pub billed_cost: Decimal,
    pub billing_account_id: Option<String>,
    pub billing_currency: Option<String>,
    pub billing_period_end: Option<Timestamp>,
    pub billing_period_start: Option<Timestamp>,
    pub charge_category: Option<String>,
    pub invoice_detail_created: Option<Timestamp>,
    pub invoice_detail_description: Option<String>,
    pub invoice_detail_grain: Option<String>,
    pub invoice_detail_id: Option<String>,
    pub invoice_detail_last_updated: Option<Timestamp>,
    pub invoice_id: Option<String>,
    pub invoice_issue_date: Option<Timestamp>,
    /// AWS numbers an invoice when it issues it; of others nothing is known.
    pub invoice_issue_status: Option<&'static str>,
    pub invoice_issuer_name: Option<String>,
    pub payment_currency: Option<String>,
    pub payment_currency_billed_cost: Option<Decimal>,
    pub payment_currency_invoice_detail_id: Option<String>,
    pub payment_due_date: Option<Timestamp>,
    pub payment_terms: Option<String>,
    pub purchase_order_number: Option<String>,
    pub reference_invoice_id: Option<String>,
}

/// A row of the FOCUS 1.4 dataset Contract Commitment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    missing_docs,
    reason = "the fields are the columns of the FOCUS 1.4 dataset"
)]
pub struct ContractCommitmentRow {
    pub billing_currency: Option<String>,
    pub contract_commitment_applicability: Option<String>,
    /// A commitment discount is what it is called after.
    pub contract_commitment_benefit_category: Option<&'static str>,
    pub contract_commitment_category: Option<String>,
    pub contract_commitment_cost: Option<Decimal>,
    pub contract_commitment_created: Option<Timestamp>,
    pub contract_commitment_description: Option<String>,
    pub contract_commitment_discount_percentage: Option<Decimal>,
    pub contract_commitment_duration_type: Option<String>,
    pub contract_commitment_fulfillment_interval: Option<&'static str>,
    pub contract_commitment_id: String,
    pub contract_commitment_last_updated: Option<Timestamp>,
    /// `Active` when the month has used or unused hours of it; what became of it later, no bill
    /// tells.
    pub contract_commitment_lifecycle_status: Option<&'static str>,
    pub contract_commitment_model: Option<&'static str>,
    pub contract_commitment_offer_category: Option<String>,
    pub contract_commitment_payment_interval: Option<&'static str>,
    pub contract_commitment_payment_model: Option<String>,
    pub contract_commitment_payment_upfront_percentage: Option<Decimal>,
    pub contract_commitment_period_end: Option<Timestamp>,
    pub contract_commitment_period_start: Option<Timestamp>,
    pub contract_commitment_quantity: Option<Decimal>,
    pub contract_commitment_type: Option<String>,
    pub contract_commitment_unit: Option<String>,
    pub contract_id: Option<String>,
    pub contract_period_end: Option<Timestamp>,
    pub contract_period_start: Option<Timestamp>,
    pub invoice_issuer_name: Option<String>,
    pub pricing_currency: Option<String>,
    pub pricing_currency_contract_commitment_cost: Option<Decimal>,
    pub service_provider_name: Option<String>,
}

impl Datasets {
    /// What a bill that was read from this format says.
    pub fn of(bill: &Bill, format: Format) -> Self {
        Self {
            billing_periods: billing_periods(bill, format),
            invoice_details: invoice_details(bill),
            contract_commitments: contract_commitments(bill),
        }
    }
}

fn billing_periods(bill: &Bill, format: Format) -> Vec<BillingPeriodRow> {
    let mut rows: Vec<(BillingPeriodRow, Costed)> = Vec::new();
    for sum in bill.invoices() {
        let at = rows.iter().position(|(row, _)| {
            row.invoice_issuer_name == sum.issuer
                && row.billing_period_start == sum.start
                && row.billing_period_end == sum.end
        });
        let at = at.unwrap_or_else(|| {
            let row = BillingPeriodRow {
                billing_period_start: sum.start,
                billing_period_end: sum.end,
                invoice_issuer_name: sum.issuer.clone(),
                x_payer: bill.payer.clone(),
                x_provider: bill.provider.clone(),
                ..BillingPeriodRow::default()
            };
            rows.push((row, Costed::default()));
            rows.len() - 1
        });
        let costed = &mut rows[at].1;
        match sum.invoice {
            Some(_) => costed.invoiced += sum.costed,
            None => costed.open += sum.costed,
        }
    }
    let finished = rows.into_iter().map(|(mut row, costed)| {
        row.billing_period_status = costed.status(format);
        row
    });
    finished.collect()
}

/// Rows with a cost.
#[derive(Debug, Default)]
struct Costed {
    invoiced: u64,
    open: u64,
}

impl Costed {
    fn status(&self, format: Format) -> Option<&'static str> {
        match (self.invoiced, self.open) {
            (0, 0) => None,
            (_, 0) => Some("Closed"),
            (0, _) if !format.has_invoice_ids() => None,
            _ => Some("Open"),
        }
    }
}

fn invoice_details(bill: &Bill) -> Vec<InvoiceDetailRow> {
    let sums = bill.invoices().into_iter();
    let invoiced = sums.filter(|sum| sum.invoice.is_some());
    let row = |sum: &crate::bills::InvoiceSum| InvoiceDetailRow {
        billed_cost: sum.billed,
        billing_account_id: sum.account.clone(),
        billing_currency: sum.currency.clone(),
        billing_period_end: sum.end,
        billing_period_start: sum.start,
        charge_category: sum.category.clone(),
        invoice_detail_id: sum.detail.clone(),
        invoice_id: sum.invoice.clone(),
        invoice_issue_status: (bill.provider == "AWS").then_some("Issued"),
        invoice_issuer_name: sum.issuer.clone(),
        ..InvoiceDetailRow::default()
    };
    invoiced.map(row).collect()
}

fn contract_commitments(bill: &Bill) -> Vec<ContractCommitmentRow> {
    let row = |sum: &crate::bills::CommitmentSum| ContractCommitmentRow {
        billing_currency: sum.currency.clone(),
        contract_commitment_benefit_category: sum.is_discount.then_some("Discount"),
        contract_commitment_category: sum.category.clone(),
        contract_commitment_description: sum.description.clone(),
        contract_commitment_id: sum.id.clone(),
        contract_commitment_lifecycle_status: sum.is_active.then_some("Active"),
        contract_commitment_type: sum.kind.clone(),
        contract_commitment_unit: sum.unit.clone(),
        contract_id: sum.contract.clone(),
        invoice_issuer_name: sum.issuer.clone(),
        service_provider_name: sum.provider.clone(),
        ..ContractCommitmentRow::default()
    };
    bill.commitments().into_iter().map(row).collect()
}

/// Rows as CSV with the exact column names, sorted by name; null is empty. A dataset without rows
/// has its header all the same.
pub fn csv<R: Serialize + Default>(rows: &[R]) -> String {
    let Value::Object(columns) = fields(&R::default()) else {
        return String::new();
    };
    let names: Vec<&String> = columns.keys().collect();
    let header = line(names.iter().map(|name| name.as_str()));
    rows.iter().fold(header, |csv, row| {
        let row = fields(row);
        csv + &line(
            names
                .iter()
                .map(|&name| row[name].as_str().unwrap_or_default()),
        )
    })
}

/// Every field of a dataset is a text, an amount or an instant: JSON writes all of them as strings.
fn fields<R: Serialize>(row: &R) -> Value {
    serde_json::to_value(row).unwrap_or_default()
}

fn line<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let quoted = |cell: &str| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    cells.map(quoted).collect::<Vec<_>>().join(",") + "\n"
}
