//! Invariant 2: what is billed per invoice is the invoice.

use std::collections::{BTreeMap, BTreeSet};

use outlay_core::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    findings::{Findings, sums_differ},
    result::{Invariant, InvariantName, Violation},
};
use crate::evidence::{Evidence, SourceRow, Sum, Tally, parts};

/// An invoice as its issuer tells it: from FOCUS Invoice Detail, or as somebody typed it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceTotal {
    /// InvoiceId.
    pub invoice_id: String,
    /// BillingCurrency.
    pub currency: String,
    /// What the invoice charges for this billing period.
    pub amount: Decimal,
}

const DETAIL: &str = "Per invoice and currency: BilledCost handed on = billed by the lines of the \
                      source, negations included; an invoice has one issuer and one currency";

/// Billed cost and first rows, by invoice and currency.
type Sums<'e> = BTreeMap<(&'e str, &'e str), (Sum, &'e [SourceRow])>;

pub(super) fn check(evidence: &Evidence, invoices: &[InvoiceTotal]) -> Invariant {
    let mut findings = Findings::new(InvariantName::InvoiceSums);
    let source = evidence.source_invoices.entries();
    let (Some(source), Some(written)) = (source, evidence.invoices.entries()) else {
        return findings.beyond_memory("invoices");
    };
    let (source, billed) = (by_invoice(source), by_invoice(written));
    check_source(&mut findings, &source, &billed);
    check_identity(&mut findings, written);
    check_given(&mut findings, &billed, invoices);
    match (findings.checked(), invoices.len()) {
        (0, _) => findings.not_applicable("The bill has no rows"),
        (_, 0) => findings.finish(format!("{DETAIL}; no invoice was given to compare with")),
        (_, n) => findings.finish(format!("{DETAIL}; {n} given invoices were compared")),
    }
}

/// Over all issuers.
fn by_invoice(tallies: &BTreeMap<String, Tally>) -> Sums<'_> {
    let mut sums = Sums::new();
    for (key, tally) in tallies {
        let [invoice, currency] = parts(key);
        let (sum, rows) = sums.entry((invoice, currency)).or_default();
        sum.join(tally.sum);
        if rows.is_empty() {
            *rows = tally.examples.rows();
        }
    }
    sums
}

fn check_source(findings: &mut Findings, source: &Sums, billed: &Sums) {
    let keys: BTreeSet<_> = source.keys().chain(billed.keys()).copied().collect();
    for (invoice, currency) in keys {
        let of = |sums: &Sums| sums.get(&(invoice, currency)).map_or(Sum::ZERO, |s| s.0);
        let (expected, found) = (of(source), of(billed));
        findings.check(found.minus(expected).is_zero(), || {
            let rows = [billed, source]
                .into_iter()
                .find_map(|sums| sums.get(&(invoice, currency)))
                .map_or(&[][..], |s| s.1);
            sums_differ(name(invoice), currency, expected, found, rows)
        });
    }
}

fn check_identity(findings: &mut Findings, written: &BTreeMap<String, Tally>) {
    let mut first = BTreeMap::<&str, (&str, &str)>::new();
    for (key, tally) in written {
        let [invoice, currency, issuer] = parts(key);
        if invoice.is_empty() {
            continue;
        }
        let (first_currency, first_issuer) = first.entry(invoice).or_insert((currency, issuer));
        // AWS leaves the issuer out of some rows: what is not said contradicts nothing.
        if first_issuer.is_empty() {
            *first_issuer = issuer;
        }
        let issuer = if issuer.is_empty() {
            *first_issuer
        } else {
            issuer
        };
        for (what, expected, found) in [
            ("currency", *first_currency, currency),
            ("issuer", *first_issuer, issuer),
        ] {
            findings.check(expected == found, || Violation {
                key: format!("{what} of {}", name(invoice)),
                expected: expected.to_owned(),
                found: found.to_owned(),
                difference: None,
                currency: None,
                rows: tally.examples.rows().to_vec(),
            });
        }
    }
}

fn check_given(findings: &mut Findings, billed: &Sums, invoices: &[InvoiceTotal]) {
    for invoice in invoices {
        let key = (invoice.invoice_id.as_str(), invoice.currency.as_str());
        let (found, rows) = billed.get(&key).copied().unwrap_or_default();
        let mut expected = Sum::ZERO;
        expected.plus(invoice.amount.units(), 0);
        findings.check(found.minus(expected).is_zero(), || {
            let key = format!("{} as invoiced", name(&invoice.invoice_id));
            sums_differ(key, &invoice.currency, expected, found, rows)
        });
    }
}

fn name(invoice: &str) -> String {
    match invoice {
        "" => "charges not yet invoiced".to_owned(),
        id => format!("invoice {id}"),
    }
}
