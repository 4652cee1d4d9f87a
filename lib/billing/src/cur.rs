//! AWS Cost and Usage Report, legacy and 2.0 -> FOCUS 1.4, by one set of rules. Row by row: what
//! needs other rows is left to the commit.

mod apply;
mod charge;
mod columns;
mod commitment;
mod describe;
mod discount;
mod facts;
mod line;
mod memo;
mod product;
mod sku;
mod tags;

use self::{
    apply::{apply, emit_unused},
    charge::{Charge, LineType, charge},
    columns::{CurColumn as C, is_documented},
    describe::Describer,
    discount::Discounts,
    facts::{fact, source_line},
    line::{Line, Positions},
    product::ProductMap,
    tags::TagColumns,
};
use crate::{
    cells::Cells,
    detect::{Mapped, canonical, duplicate, require},
    evidence::{SourceFact, SourceLine},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
};

/// Reads the rows of one report.
#[derive(Debug)]
pub(crate) struct CurReader {
    positions: Positions,
    product: ProductMap,
    tags: TagColumns,
    discounts: Discounts,
    describer: Describer,
}

const REQUIRED: [C; 5] = [
    C::UnblendedCost,
    C::LineItemType,
    C::CurrencyCode,
    C::BillingPeriodStartDate,
    C::UsageStartDate,
];

/// Columns that only CUR 2.0 has. Its own spelling of the others is also Athena's for a legacy
/// report.
const ONLY_IN_2: [&str; 6] = [
    "billpayeraccountname",
    "costcategory",
    "discount",
    "lineitemusageaccountname",
    "product",
    "resourcetags",
];

/// Operations whose rows split an EC2 row among pods and tasks, and so say it twice.
const SPLIT_OPERATIONS: [&str; 2] = ["EKSPod-EC2", "ECSTask-EC2"];

/// Whether a report with these (canonical) columns is a CUR 2.0.
pub(crate) fn is_cur2(names: &[String]) -> bool {
    names.iter().any(|name| ONLY_IN_2.contains(&name.as_str()))
}

impl CurReader {
    pub(crate) fn new(header: &[String], names: &[String]) -> Result<Mapped<Self>, Rejection> {
        require(names, &REQUIRED.map(C::name))?;
        let known = C::ALL.map(|column| (column, canonical(column.name())));
        let mut positions = Positions::none();
        let mut tags = TagColumns::default();
        let (mut product, mut discount) = (None, None);
        let mut unread = Vec::new();
        let mut needed = 0;
        for (index, (name, written)) in names.iter().zip(header).enumerate() {
            if let Some((column, _)) = known.iter().find(|(_, known)| known == name) {
                if positions.get(*column).is_some() {
                    return Err(duplicate(written));
                }
                positions.set(*column, index);
            } else if name == "product" {
                product = Some(index);
            } else if name == "discount" {
                discount = Some(index);
            } else if !tags.take(written, index) {
                if !is_documented(name) {
                    unread.push(written.clone());
                }
                continue;
            } else if name.starts_with("costcategory") {
                // Nothing depends on it: a row may end before it.
                continue;
            }
            needed = index + 1;
        }
        tags.sort();
        let reader = Self {
            discounts: Discounts::new(&positions, discount),
            product: ProductMap::new(product),
            positions,
            tags,
            describer: Describer::default(),
        };
        Ok(Mapped {
            reader,
            unread,
            needed,
            listed: 0,
        })
    }

    pub(crate) fn read(
        &mut self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), ReadError> {
        self.product.read(cells, output)?;
        let line = Line {
            cells,
            positions: &self.positions,
            product: &self.product,
        };
        let left_out = is_split(&line);
        let mut source = source_line(&line, left_out)?;
        if left_out {
            output.source(&source);
            output.report.rows_left_out += 1;
            return Ok(());
        }
        let written = line.demand(C::LineItemType, line.text(C::LineItemType))?;
        let line_type = LineType::of(written);
        let unblended = source.costs[0];
        let fact = fact(&line, line_type, unblended.unwrap_or_default())?;
        if line_type == LineType::SavingsPlanNegation {
            tell(&source, fact, output);
            output.report.rows_folded += 1;
            return Ok(());
        }
        row.clear();
        row.place = cells.place;
        let earlier = describe::times(&line, source.period, row)?;
        let unblended = line.demand(C::UnblendedCost, unblended)?;
        let charge = charge(&line, line_type, unblended, earlier, &mut self.discounts)?;
        // A discount inside a charge is part of what the source bills for it.
        if charge.counts_discounts() && line_type != LineType::SavingsPlanCoveredUsage {
            source.costs[0] = Some(charge.billed);
        }
        tell(&source, fact, output);
        warn(&line, line_type, written, &charge, output);
        self.describer.describe(&line, row)?;
        self.tags.read(cells, row, output)?;
        apply(&line, &charge, row)?;
        output.emit(row)?;
        match charge.unused {
            Some(unused) => emit_unused(unused, row, output),
            None => Ok(()),
        }
    }
}

fn tell(source: &SourceLine, fact: Option<SourceFact>, output: &mut Output) {
    output.source(source);
    if let Some(fact) = fact {
        output.fact(source, fact);
    }
}

fn is_split(line: &Line) -> bool {
    line.text(C::SplitParentResourceId).is_some()
        || line
            .text(C::Operation)
            .is_some_and(|operation| SPLIT_OPERATIONS.contains(&operation))
}

fn warn(line: &Line, line_type: LineType, written: &str, charge: &Charge, output: &mut Output) {
    let place = Some(line.cells.place);
    if line_type == LineType::Unknown {
        output.warn(
            "unknown-line-item-type",
            Some(C::LineItemType.name()),
            place,
            || {
                format!(
                    "{} is a line item type we do not know; it counts as billed",
                    quote(written)
                )
            },
        );
    }
    if charge.incomplete {
        output.warn("missing-commitment-cost", None, place, || {
            format!("A {written} row has no effective cost of its commitment; it counts as 0")
        });
    }
}
