//! What a line is paid, after discounts. A report tells discounts as rows of their own, or inside
//! the charges they lower (CUR 2.0's `discount` map, `discount/TotalDiscount`), or both; a discount
//! counts once.

use outlay_core::MoneyError;

use super::{
    charge::LineType,
    columns::CurColumn as C,
    line::{Line, Positions},
};
use crate::{
    amount::Exact,
    cells::explain,
    json_map::{self, MapError},
    rejection::{Rejection, quote},
};

/// What the header, and rows so far, say about discounts.
#[derive(Debug)]
pub(super) struct Discounts {
    /// The report has net columns: what is paid after discounts stands in each row.
    pub(super) net: bool,
    /// The report has columns for the discounts inside a charge.
    in_charges: bool,
    map: Option<usize>,
    /// Without net columns nothing tells whether a row repeats what a charge contains; what came
    /// first holds for the file.
    first: Option<Told>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    InCharges,
    AsRows,
}

/// What a line is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paid {
    pub(super) billed: Exact,
    pub(super) effective: Exact,
    /// `net` or `gross`.
    pub(super) basis: &'static str,
    pub(super) note: Option<&'static str>,
}

pub(super) const FOLDED: &str = "discount-folded";
pub(super) const REPEATED: &str = "discount-in-charges";

impl Discounts {
    pub(super) fn new(positions: &Positions, map: Option<usize>) -> Self {
        Self {
            net: positions.get(C::NetUnblendedCost).is_some(),
            in_charges: map.is_some() || positions.get(C::TotalDiscount).is_some(),
            map,
            first: None,
        }
    }

    pub(super) fn paid(
        &mut self,
        line: &Line,
        line_type: LineType,
        unblended: Exact,
    ) -> Result<Paid, Rejection> {
        let net = if self.net {
            line.amount(C::NetUnblendedCost)?
        } else {
            None
        };
        if line_type == LineType::Discount {
            Ok(self.row(unblended, net))
        } else if self.in_charges {
            self.charge(line, unblended, net)
        } else {
            // Discounts are rows of their own: the bill is gross, with them; the effective cost
            // is net, without them.
            Ok(Paid {
                billed: unblended,
                effective: net.unwrap_or(unblended),
                basis: basis(net),
                note: None,
            })
        }
    }

    /// On the net basis the discounted rows are already lower: what the discount row says there is
    /// 0, never the gross amount a second time.
    fn row(&mut self, unblended: Exact, net: Option<Exact>) -> Paid {
        let counts = self.in_charges && !self.net && {
            *self.first.get_or_insert(Told::AsRows) == Told::AsRows
        };
        let rest = net.unwrap_or_default();
        let (billed, effective) = match (self.in_charges, self.net) {
            (false, true) => (unblended, rest),
            (true, true) => (rest, rest),
            (true, false) if !counts => (Exact::ZERO, Exact::ZERO),
            (_, false) => (unblended, unblended),
        };
        Paid {
            billed,
            effective,
            basis: if self.net { "net" } else { "gross" },
            note: (billed != unblended).then_some(REPEATED),
        }
    }

    fn charge(
        &mut self,
        line: &Line,
        unblended: Exact,
        net: Option<Exact>,
    ) -> Result<Paid, Rejection> {
        let paid = |cost: Exact, basis| Paid {
            billed: cost,
            effective: cost,
            basis,
            note: (cost != unblended).then_some(FOLDED),
        };
        // A net cost of 0 that no discount explains is a number that was never filled in.
        if let Some(net) = net
            && (!net.is_zero() || unblended.is_zero() || self.of(line)?.is_some())
        {
            return Ok(paid(net, "net"));
        }
        let Some(discount) = self.of(line)? else {
            return Ok(paid(unblended, "gross"));
        };
        if !self.net && *self.first.get_or_insert(Told::InCharges) == Told::AsRows {
            return Ok(paid(unblended, "gross"));
        }
        let cost = line.fits(C::TotalDiscount, unblended.checked_add(discount))?;
        Ok(paid(cost, "gross"))
    }

    /// The discounts inside a charge, if there are any: the total, or the sum of the map.
    fn of(&self, line: &Line) -> Result<Option<Exact>, Rejection> {
        if let Some(total) = line.amount(C::TotalDiscount)? {
            return Ok(Some(total).filter(|total| !total.is_zero()));
        }
        let Some(index) = self.map else {
            return Ok(None);
        };
        let Some(text) = line.cells.get(index) else {
            return Ok(None);
        };
        let (mut sum, mut refused) = (Some(Exact::ZERO), None);
        let read = json_map::for_each(text, |key, value| {
            if !key.to_ascii_lowercase().ends_with("discount") {
                return;
            }
            match Exact::parse(value) {
                Ok(amount) => sum = sum.and_then(|sum| sum.checked_add(amount)),
                Err(error @ (MoneyError::Overflow | MoneyError::TooPrecise)) => {
                    let (rule, advice) = explain(error, value);
                    let detail = format!("The discount {} {advice}", quote(value));
                    refused = Some(line.cells.reject(index, rule, detail));
                }
                // Beside amounts the map holds names, rates and ids of discounts.
                Err(_) => {}
            }
        });
        if let Some(rejection) = refused {
            return Err(rejection);
        }
        match read {
            Ok(()) => {
                let sum = line.fits(C::TotalDiscount, sum)?;
                Ok(Some(sum).filter(|sum| !sum.is_zero()))
            }
            Err(MapError::TooManyEntries) => Err(json_map::too_many(line.cells, index)),
            // Money depends on it: unlike a tag, it is not left out.
            Err(MapError::NoObject) => {
                let detail = "The discounts of the row are not a JSON object".to_owned();
                Err(line.cells.reject(index, "bad-discount", detail))
            }
        }
    }
}

fn basis(net: Option<Exact>) -> &'static str {
    match net {
        Some(_) => "net",
        None => "gross",
    }
}
