//! SkuPriceDetails: what the price of a SKU is for, as JSON.

use std::collections::HashMap;

use outlay_core::Decimal;

use super::{columns::CurColumn as C, line::Line};
use crate::{columns::TextColumn, row::FocusRow};

/// The details of the prices seen so far: a price has the same attributes in every row.
#[derive(Debug, Default)]
pub(super) struct SkuDetails {
    known: HashMap<String, String>,
    /// The price and the details at hand.
    price: String,
    details: String,
}

/// Prices remembered at most; a report has some thousands.
const MOST: usize = 20_000;

/// How an attribute is written.
enum Form {
    Text,
    /// A number, with its unit or without.
    Number,
}

/// Keys of FOCUS for what FOCUS names, our own with `x_` for the rest, sorted.
const ATTRIBUTES: [(&str, C, Form); 16] = [
    ("CoreCount", C::ProductVcpu, Form::Number),
    ("DiskMaxIops", C::ProductMaxIops, Form::Number),
    ("DiskType", C::ProductVolumeApiName, Form::Text),
    ("GpuCount", C::ProductGpu, Form::Number),
    ("InstanceSeries", C::ProductInstanceTypeFamily, Form::Text),
    ("InstanceType", C::ProductInstanceType, Form::Text),
    ("MemorySize", C::ProductMemory, Form::Number),
    ("OperatingSystem", C::ProductOperatingSystem, Form::Text),
    ("Redundancy", C::ProductDeploymentOption, Form::Text),
    ("StorageClass", C::ProductStorageClass, Form::Text),
    ("x_DatabaseEngine", C::ProductDatabaseEngine, Form::Text),
    ("x_LicenseModel", C::ProductLicenseModel, Form::Text),
    ("x_PaymentOption", C::PurchaseOption, Form::Text),
    ("x_ProductFamily", C::ProductFamily, Form::Text),
    ("x_PurchaseTerm", C::LeaseContractLength, Form::Text),
    ("x_Tenancy", C::ProductTenancy, Form::Text),
];

impl SkuDetails {
    /// Null without a price, as FOCUS demands, and where the report tells nothing about it.
    pub(super) fn describe(&mut self, line: &Line, row: &mut FocusRow) {
        let Some(price) = line.text(C::RateCode) else {
            return;
        };
        if self.price != price {
            self.price.clear();
            self.price.push_str(price);
            self.look_up(line);
        }
        row.set_text(TextColumn::SkuPriceDetails, &self.details);
    }

    fn look_up(&mut self, line: &Line) {
        self.details.clear();
        if let Some(known) = self.known.get(&self.price) {
            self.details.push_str(known);
            return;
        }
        write(line, &mut self.details);
        if self.known.len() < MOST {
            self.known.insert(self.price.clone(), self.details.clone());
        }
    }
}

fn write(line: &Line, json: &mut String) {
    for (key, column, form) in &ATTRIBUTES {
        let Some(value) = line.text(*column).and_then(|text| value(text, form)) else {
            continue;
        };
        json.push(if json.is_empty() { '{' } else { ',' });
        json.push('"');
        json.push_str(key);
        json.push_str("\":");
        json.push_str(&value);
    }
    if !json.is_empty() {
        json.push('}');
    }
}

/// As JSON. `NA` is how AWS says that an attribute does not apply; a number that is none is left
/// out, because FOCUS gives it a type.
fn value(text: &str, form: &Form) -> Option<String> {
    match form {
        _ if text == "NA" => None,
        Form::Text => serde_json::to_string(text).ok(),
        Form::Number => {
            let number: Decimal = text.split(' ').next()?.parse().ok()?;
            Some(number.to_string())
        }
    }
}
