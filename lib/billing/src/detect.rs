//! What a header says about the file: its format, and which column goes where.

use std::{collections::HashSet, fmt};

use serde::{Serialize, Serializer};

use crate::{
    azure::{AzureAgreement, AzureReader, agreement, is_azure},
    cells::Cells,
    cur::{CurReader, is_cur2},
    focus::{self, FocusReader},
    gcp::{GcpReader, is_gcp},
    mapping::{MappedReader, Mapping},
    oci::{OciReader, is_oci},
    rejection::{ReadError, Rejection, quote},
    report::Output,
    row::FocusRow,
};

/// The format of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// FOCUS Cost and Usage.
    Focus {
        /// The lowest version that has the columns used.
        version: FocusVersion,
    },
    /// AWS Cost and Usage Report, legacy, in either spelling of its columns.
    Cur,
    /// AWS Cost and Usage Report 2.0, as Data Exports delivers it.
    Cur2,
    /// Azure cost and usage details, actual or amortised.
    AzureCost {
        /// Whose columns it has.
        agreement: AzureAgreement,
    },
    /// Google Cloud billing export, standard or detailed usage cost.
    GcpBilling,
    /// OCI cost report.
    OciCost,
    /// Any other file, through a [`Mapping`] of its columns.
    Mapped,
}

/// A version of FOCUS. 1.0, 1.1 and 1.2 only add columns; 1.3 brings new provider columns, 1.4
/// drops the old ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FocusVersion {
    /// 1.0
    V1_0,
    /// 1.1
    V1_1,
    /// 1.2
    V1_2,
    /// 1.3
    V1_3,
    /// 1.4
    V1_4,
}

impl Format {
    /// What identifies a source together with tenant, provider and payer: `focus`, `cur`, `azure`.
    pub const fn family(self) -> &'static str {
        match self {
            Self::Focus { .. } => "focus",
            Self::Cur => "cur",
            Self::Cur2 => "cur2",
            // The actual and the amortised export of a month are two views of one bill: with one
            // family the later replaces the earlier, and they are never added.
            Self::AzureCost { .. } => "azure",
            Self::GcpBilling => "gcp",
            Self::OciCost => "oci",
            Self::Mapped => "mapped",
        }
    }

    /// Whether a row without invoice id is known to be on no invoice. FOCUS has InvoiceId from 1.2.
    pub(crate) fn has_invoice_ids(self) -> bool {
        match self {
            Self::Focus { version } => version >= FocusVersion::V1_2,
            Self::Cur | Self::Cur2 => true,
            Self::AzureCost { agreement } => agreement == AzureAgreement::Customer,
            Self::GcpBilling | Self::OciCost | Self::Mapped => false,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Focus { version } => write!(f, "FOCUS {version}"),
            Self::Cur => f.write_str("AWS CUR (legacy)"),
            Self::Cur2 => f.write_str("AWS CUR 2.0"),
            Self::GcpBilling => f.write_str("Google Cloud billing export"),
            Self::OciCost => f.write_str("OCI cost report"),
            Self::Mapped => f.write_str("mapped columns"),
            Self::AzureCost { agreement } => f.write_str(match agreement {
                AzureAgreement::Enterprise => "Azure cost details (EA)",
                AzureAgreement::Customer => "Azure cost details (MCA)",
            }),
        }
    }
}

impl fmt::Display for FocusVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
        })
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A recognised header.
#[derive(Debug)]
pub(crate) struct Detected {
    pub(crate) format: Format,
    reader: RowReader,
    /// Columns that nothing reads and that somebody may miss.
    pub(crate) unread: Vec<String>,
    /// How many columns at the right end nothing reads.
    pub(crate) spare: usize,
    /// The FOCUS columns that the header names, as a set of their bits; none in other formats.
    pub(crate) listed: u128,
}

#[derive(Debug)]
enum RowReader {
    Focus(FocusReader),
    Cur(Box<CurReader>),
    Azure(Box<AzureReader>),
    Gcp(Box<GcpReader>),
    Oci(Box<OciReader>),
    Mapped(Box<MappedReader>),
}

impl Detected {
    /// Turns the cells of one source row into no, one or more FOCUS rows.
    pub(crate) fn read(
        &mut self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), ReadError> {
        match &mut self.reader {
            RowReader::Focus(reader) => reader.read(cells, row, output),
            RowReader::Cur(reader) => reader.read(cells, row, output),
            RowReader::Azure(reader) => reader.read(cells, row, output),
            RowReader::Gcp(reader) => reader.read(cells, row, output),
            RowReader::Oci(reader) => reader.read(cells, row, output),
            RowReader::Mapped(reader) => reader.read(cells, row, output),
        }
    }

    /// Says at the end of the file what only the whole of it shows.
    pub(crate) fn finish(&self, output: &mut Output) {
        if let RowReader::Azure(reader) = &self.reader {
            reader.finish(output);
        }
    }
}

/// What a format made of a header.
pub(crate) struct Mapped<R> {
    pub(crate) reader: R,
    pub(crate) unread: Vec<String>,
    /// Columns up to the last one that is read.
    pub(crate) needed: usize,
    /// See [`Detected::listed`].
    pub(crate) listed: u128,
}

/// Recognises a header, or says what it lacks.
pub(crate) fn detect(header: &[String]) -> Result<Detected, Rejection> {
    refuse_duplicates(header)?;
    let names: Vec<String> = header.iter().map(|name| canonical(name)).collect();
    let has = |name: &str| names.iter().any(|n| n == &canonical(name));
    if has("BilledCost") {
        let version = focus::version(&names);
        let mapped = FocusReader::new(header, &names)?;
        let format = Format::Focus { version };
        return Ok(detected(format, header, mapped, RowReader::Focus));
    }
    if has("lineItem/UnblendedCost") {
        let format = if is_cur2(&names) {
            Format::Cur2
        } else {
            Format::Cur
        };
        let mapped = CurReader::new(header, &names)?;
        return Ok(detected(format, header, mapped, |r| {
            RowReader::Cur(Box::new(r))
        }));
    }
    if is_azure(&names) {
        let format = Format::AzureCost {
            agreement: agreement(&names),
        };
        let mapped = AzureReader::new(header, &names)?;
        return Ok(detected(format, header, mapped, |r| {
            RowReader::Azure(Box::new(r))
        }));
    }
    if is_gcp(&names) {
        let mapped = GcpReader::new(header, &names)?;
        return Ok(detected(Format::GcpBilling, header, mapped, |r| {
            RowReader::Gcp(Box::new(r))
        }));
    }
    if is_oci(&names) {
        let mapped = OciReader::new(header, &names)?;
        return Ok(detected(Format::OciCost, header, mapped, |r| {
            RowReader::Oci(Box::new(r))
        }));
    }
    Err(unknown(header, &names))
}

/// Makes a reader of a header through a mapping.
pub(crate) fn detect_mapped(mapping: &Mapping, header: &[String]) -> Result<Detected, Rejection> {
    refuse_duplicates(header)?;
    let mapped = MappedReader::new(mapping, header)?;
    Ok(detected(Format::Mapped, header, mapped, |r| {
        RowReader::Mapped(Box::new(r))
    }))
}

fn detected<R>(
    format: Format,
    header: &[String],
    mapped: Mapped<R>,
    reader: fn(R) -> RowReader,
) -> Detected {
    Detected {
        format,
        reader: reader(mapped.reader),
        unread: mapped.unread,
        spare: header.len() - mapped.needed,
        listed: mapped.listed,
    }
}

/// A name without case, spaces and punctuation: `lineItem/UnblendedCost`,
/// `line_item_unblended_cost` and `Line Item Unblended Cost` are one.
pub(crate) fn canonical(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// One cell would win over another in silence. Columns without a name are read by nobody.
fn refuse_duplicates(header: &[String]) -> Result<(), Rejection> {
    let mut seen = HashSet::new();
    match header
        .iter()
        .find(|name| !name.is_empty() && !seen.insert(*name))
    {
        Some(name) => Err(duplicate(name)),
        None => Ok(()),
    }
}

pub(crate) fn duplicate(name: &str) -> Rejection {
    let detail = format!(
        "The header names the column {} twice; remove one",
        quote(name)
    );
    header_rejection("duplicate-header", detail).column(name)
}

/// The first of these columns that the header lacks is named.
pub(crate) fn require(names: &[String], required: &[&str]) -> Result<(), Rejection> {
    let lacks = |name: &&&str| !names.contains(&canonical(name));
    match required.iter().find(lacks) {
        Some(name) => {
            let detail =
                format!("The header has no column {name}, and without it a row is no bill");
            Err(header_rejection("missing-column", detail).column(name))
        }
        None => Ok(()),
    }
}

fn unknown(header: &[String], names: &[String]) -> Rejection {
    // Names that no other format has.
    let focus = [
        "EffectiveCost",
        "ListCost",
        "ContractedCost",
        "ChargePeriodStart",
    ];
    if focus.iter().any(|name| names.contains(&canonical(name))) {
        let detail = "The header looks like FOCUS but has no column BilledCost";
        return header_rejection("missing-column", detail).column("BilledCost");
    }
    let first = header.first().map_or("", String::as_str);
    let hint = match header {
        [only] if only.contains(';') => "; its cells seem to be parted by semicolons, not commas",
        [only] if only.contains('\t') => "; its cells seem to be parted by tabs, not commas",
        _ => "",
    };
    let detail = format!(
        "This is no bill we know: the header begins with {} and has neither BilledCost (FOCUS 1.0 \
         to 1.4), lineItem/UnblendedCost (AWS Cost and Usage Report), meterCategory (Azure), \
         usage_start_time (Google Cloud) nor cost/myCost (OCI){hint}",
        quote(first)
    );
    header_rejection("unknown-format", detail)
}

pub(crate) fn header_rejection(rule: &'static str, detail: impl Into<String>) -> Rejection {
    Rejection::new(rule, detail).at(crate::row::Place {
        row: 0,
        line: Some(1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Result<Detected, Rejection> {
        let header: Vec<String> = header.split(',').map(Into::into).collect();
        detect(&header)
    }

    const FOCUS: &str = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart";

    #[test]
    fn focus_versions_are_told_by_their_columns() {
        for (more, version) in [
            ("ProviderName,PublisherName", "FOCUS 1.0"),
            ("ProviderName,SkuMeter", "FOCUS 1.1"),
            ("ProviderName,SkuMeter,InvoiceId", "FOCUS 1.2"),
            ("ProviderName,ServiceProviderName,InvoiceId", "FOCUS 1.3"),
            ("ServiceProviderName,HostProviderName", "FOCUS 1.4"),
            ("ProviderName,InvoiceDetailId", "FOCUS 1.4"),
        ] {
            let format = of(&format!("{FOCUS},{more}")).unwrap().format;
            assert_eq!(format.to_string(), version, "{more}");
            assert_eq!(format.family(), "focus");
        }
    }

    #[test]
    fn spellings_of_a_header_do_not_matter() {
        let detected =
            of("billed cost,BILLINGCURRENCY, BillingPeriodStart,ChargePeriodStart").unwrap();
        assert_eq!(detected.format.to_string(), "FOCUS 1.0");
        for header in [
            "lineItem/UnblendedCost,lineItem/LineItemType,lineItem/CurrencyCode,lineItem/UsageStartDate,bill/BillingPeriodStartDate",
            "line_item_unblended_cost,line_item_line_item_type,line_item_currency_code,line_item_usage_start_date,bill_billing_period_start_date",
        ] {
            assert_eq!(of(header).unwrap().format, Format::Cur);
        }
    }

    #[test]
    fn what_is_no_bill_is_told_what_it_lacks() {
        for (header, rule, says) in [
            ("a,b,c", "unknown-format", "BilledCost"),
            (
                "Date,ServiceName,ResourceId,Tags",
                "unknown-format",
                "begins with \"Date\"",
            ),
            ("", "unknown-format", "lineItem/UnblendedCost"),
            ("BilledCost;BillingCurrency", "unknown-format", "semicolons"),
            (
                "BillingCurrency,EffectiveCost,ListCost",
                "missing-column",
                "BilledCost",
            ),
            (
                "BilledCost,BillingPeriodStart,ChargePeriodStart",
                "missing-column",
                "BillingCurrency",
            ),
            (
                "lineItem/UnblendedCost",
                "missing-column",
                "lineItem/LineItemType",
            ),
            ("BilledCost,x,x", "duplicate-header", "\"x\""),
        ] {
            let rejection = of(header).unwrap_err();
            assert_eq!(rejection.rule, rule, "{header}");
            assert!(rejection.detail.contains(says), "{rejection}");
            assert_eq!(rejection.row, Some(0));
        }
    }

    #[test]
    fn two_spellings_of_one_column_are_a_duplicate() {
        let rejection = of(&format!("{FOCUS},Billed Cost")).unwrap_err();
        assert_eq!(rejection.rule, "duplicate-header");
        assert!(of(&format!("{FOCUS},,")).is_ok(), "columns without a name");
    }
}
