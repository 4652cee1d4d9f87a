//! Columns that hold JSON: key-value objects, and the objects that FOCUS 1.3 and 1.4 define.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use outlay_core::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use super::facts::Fact;

/// `SkuPriceDetails`: a key-value object, whose keys FOCUS defines or begin with `x_`.
pub(super) fn sku_price_details(text: &str) -> u64 {
    match serde_json::from_str::<Properties>(text) {
        Ok(properties) => properties.facts,
        Err(_) => Fact::DetailsNoObject.bit(),
    }
}

/// `AllocatedTags`: a key-value object.
pub(super) fn allocated_tags(text: &str) -> u64 {
    let good = serde_json::from_str::<Properties>(text).is_ok();
    Fact::AllocatedTagsOddShape.when(!good)
}

/// `AllocatedMethodDetails`: the shares in which a charge was split.
pub(super) fn allocated_method_details(text: &str) -> u64 {
    let good = list_of(text, "Elements", |element| {
        let known = ["AllocatedRatio", "UsageUnit", "UsageQuantity"];
        let ratio = element.get("AllocatedRatio").and_then(Value::as_f64);
        let quantity = element.get("UsageQuantity").unwrap_or(&Value::Null);
        let unit = element.get("UsageUnit").unwrap_or(&Value::Null);
        has_only(element, &known)
            && ratio.is_some_and(|ratio| (0.0..=1.0).contains(&ratio))
            && (quantity.is_null() && (unit.is_null() || unit.is_string())
                || quantity.is_number() && unit.is_string())
    });
    Fact::AllocationOddShape.when(!good)
}

/// `ContractApplied`: the contract commitments that the charge counts for, by cost or quantity.
pub(super) fn contract_applied(text: &str) -> u64 {
    let good = list_of(text, "Elements", |element| {
        let known = [
            "ContractId",
            "ContractCommitmentId",
            "ContractCommitmentAppliedCost",
            "ContractCommitmentAppliedQuantity",
            "ContractCommitmentAppliedUnit",
        ];
        let [contract, commitment, cost, quantity, unit] =
            known.map(|key| element.get(key).unwrap_or(&Value::Null));
        has_only(element, &known)
            && contract.is_string()
            && commitment.is_string()
            && (cost.is_number() && quantity.is_null() && unit.is_null()
                || cost.is_null() && quantity.is_number() && unit.is_string())
    });
    Fact::ContractOddShape.when(!good)
}

/// `CommitmentProgramEligibilityDetails`: the programs that could have covered the charge.
pub(super) fn program_eligibility(text: &str) -> u64 {
    let good = list_of(text, "CommitmentPrograms", |program| {
        has_only(program, &["ProgramType"])
            && program.get("ProgramType").is_some_and(Value::is_string)
    });
    Fact::ProgramOddShape.when(!good)
}

/// An object with one property, a list of at least one object, each of them good.
fn list_of(text: &str, name: &str, is_good: impl Fn(&Map<String, Value>) -> bool) -> bool {
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return false;
    };
    let items = object.get(name).and_then(Value::as_array);
    has_only(&object, &[name])
        && items.is_some_and(|items| {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| item.as_object().is_some_and(&is_good))
        })
}

/// Beside what FOCUS defines, only `x_PascalCase`.
fn has_only(object: &Map<String, Value>, known: &[&str]) -> bool {
    let is_custom = |key: &str| {
        key.strip_prefix("x_").is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    };
    object
        .keys()
        .all(|key| known.contains(&key.as_str()) || is_custom(key))
}

/// The properties of a SKU price that FOCUS defines.
const PROPERTIES: [(&str, Kind); 13] = [
    ("CoreCount", Kind::Number),
    ("DiskMaxIops", Kind::Number),
    ("DiskSpace", Kind::Number),
    ("DiskType", Kind::Text),
    ("GpuCount", Kind::Number),
    ("InstanceSeries", Kind::Text),
    ("InstanceType", Kind::Text),
    ("MemorySize", Kind::Number),
    ("NetworkMaxIops", Kind::Number),
    ("NetworkMaxThroughput", Kind::Number),
    ("OperatingSystem", Kind::Text),
    ("Redundancy", Kind::Text),
    ("StorageClass", Kind::Text),
];

/// A key-value object that could be read, with what is odd about its properties.
struct Properties {
    facts: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Bool,
    Number,
    Text,
    /// A text that is a number.
    Digits,
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Properties;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut keys = BTreeSet::new();
                let mut facts = 0;
                while let Some((Key(key), kind)) = map.next_entry::<Key, Kind>()? {
                    facts |= property(&key, kind);
                    if !keys.insert(key) {
                        return Err(A::Error::custom("a key stands twice"));
                    }
                }
                Ok(Properties { facts })
            }
        }
        deserializer.deserialize_map(Object)
    }
}

fn property(key: &str, kind: Kind) -> u64 {
    match PROPERTIES.iter().find(|(known, _)| *known == key) {
        Some((_, defined)) if kind == *defined || kind == Kind::Null => 0,
        // In the maps of Parquet every value is a text.
        Some((_, Kind::Number | Kind::Text)) if kind == Kind::Digits => 0,
        Some(_) => Fact::DetailsOddType.bit(),
        None if key.starts_with("x_") => 0,
        None => Fact::DetailsOddKey.bit(),
    }
}

/// A key, borrowed from the cell unless it has escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Key-value objects hold no objects and no lists.
impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;
        impl Visitor<'_> for Scalar {
            type Value = Kind;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number, a text, true, false or null")
            }
            fn visit_bool<E>(self, _: bool) -> Result<Kind, E> {
                Ok(Kind::Bool)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Kind, E> {
                Ok(Kind::Number)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Kind, E> {
                Ok(Kind::Number)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Kind, E> {
                Ok(Kind::Number)
            }
            fn visit_str<E>(self, text: &str) -> Result<Kind, E> {
                let number = Decimal::parse(text.as_bytes()).is_ok();
                Ok(if number { Kind::Digits } else { Kind::Text })
            }
            fn visit_unit<E>(self) -> Result<Kind, E> {
                Ok(Kind::Null)
            }
        }
        deserializer.deserialize_any(Scalar)
    }
}
