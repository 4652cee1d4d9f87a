use std::{borrow::Cow, fmt, str::FromStr};

use outlay_billing::{Rollup, TextColumn, rollup::Column};
use serde::{Deserialize, Serialize};

/// What costs can be grouped and filtered by: a FOCUS column, a billing period or a tag.
///
/// In JSON a string: the FOCUS name, or `tag:` and the key, verbatim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Dimension {
    /// Who is invoiced.
    BillingAccountId,
    /// The account that used the service.
    SubAccountId,
    /// The service.
    ServiceName,
    /// The category of the service.
    ServiceCategory,
    /// The region.
    RegionId,
    /// Usage, Purchase, Tax, Credit or Adjustment.
    ChargeCategory,
    /// Correction, or null.
    ChargeClass,
    /// Our finer kind of charge: usage, purchase, refund, support, tax, ...
    ChargeKind,
    /// One-Time, Recurring or Usage-Based.
    ChargeFrequency,
    /// Standard, Dynamic, Committed or Other.
    PricingCategory,
    /// Used or Unused.
    CommitmentDiscountStatus,
    /// Who made the service available.
    ServiceProviderName,
    /// The billing period, as `2026-11`.
    BillingPeriod,
    /// A tag, by its verbatim key of 1 to 256 bytes.
    Tag(String),
}

/// A text that names no dimension.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a dimension such as ServiceName, or tag: and a key of 1 to 256 bytes")]
pub struct UnknownDimension;

const MAX_TAG_KEY: usize = 256;

impl Dimension {
    /// Every dimension but the tags.
    pub const FIXED: [Self; 13] = [
        Self::BillingAccountId,
        Self::SubAccountId,
        Self::ServiceName,
        Self::ServiceCategory,
        Self::RegionId,
        Self::ChargeCategory,
        Self::ChargeClass,
        Self::ChargeKind,
        Self::ChargeFrequency,
        Self::PricingCategory,
        Self::CommitmentDiscountStatus,
        Self::ServiceProviderName,
        Self::BillingPeriod,
    ];

    /// The name: as FOCUS spells it, or `tag:` and the key.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::BillingPeriod => Cow::Borrowed("BillingPeriod"),
            Self::Tag(key) => Cow::Owned(format!("tag:{key}")),
            fixed => Cow::Borrowed(fixed.column().map_or("", TextColumn::name)),
        }
    }

    /// A name for people.
    pub fn label(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::BillingAccountId => "Billing account",
            Self::SubAccountId => "Account",
            Self::ServiceName => "Service",
            Self::ServiceCategory => "Service category",
            Self::RegionId => "Region",
            Self::ChargeCategory => "Charge category",
            Self::ChargeClass => "Charge class",
            Self::ChargeKind => "Charge kind",
            Self::ChargeFrequency => "Charge frequency",
            Self::PricingCategory => "Pricing category",
            Self::CommitmentDiscountStatus => "Commitment discount status",
            Self::ServiceProviderName => "Provider",
            Self::BillingPeriod => "Billing period",
            Self::Tag(key) => key,
        })
    }

    /// Its column in a roll-up; the billing period is the version's, not a column.
    pub(crate) fn column_in<'r>(&self, rollup: &'r Rollup) -> Option<&'r Column> {
        match self {
            Self::Tag(key) => rollup.tag_column(key),
            fixed => rollup.column(fixed.column()?),
        }
    }

    /// The text column that holds it, where one does.
    pub const fn column(&self) -> Option<TextColumn> {
        Some(match self {
            Self::BillingAccountId => TextColumn::BillingAccountId,
            Self::SubAccountId => TextColumn::SubAccountId,
            Self::ServiceName => TextColumn::ServiceName,
            Self::ServiceCategory => TextColumn::ServiceCategory,
            Self::RegionId => TextColumn::RegionId,
            Self::ChargeCategory => TextColumn::ChargeCategory,
            Self::ChargeClass => TextColumn::ChargeClass,
            Self::ChargeKind => TextColumn::XChargeKind,
            Self::ChargeFrequency => TextColumn::ChargeFrequency,
            Self::PricingCategory => TextColumn::PricingCategory,
            Self::CommitmentDiscountStatus => TextColumn::CommitmentDiscountStatus,
            Self::ServiceProviderName => TextColumn::ServiceProviderName,
            Self::BillingPeriod | Self::Tag(_) => return None,
        })
    }
}

impl FromStr for Dimension {
    type Err = UnknownDimension;
    fn from_str(text: &str) -> Result<Self, UnknownDimension> {
        if let Some(key) = text.strip_prefix("tag:") {
            let fits = (1..=MAX_TAG_KEY).contains(&key.len());
            return if fits {
                Ok(Self::Tag(key.to_owned()))
            } else {
                Err(UnknownDimension)
            };
        }
        Self::FIXED
            .into_iter()
            .find(|fixed| fixed.name() == text)
            .ok_or(UnknownDimension)
    }
}

impl TryFrom<String> for Dimension {
    type Error = UnknownDimension;
    fn try_from(text: String) -> Result<Self, UnknownDimension> {
        text.parse()
    }
}

impl From<Dimension> for String {
    fn from(dimension: Dimension) -> Self {
        dimension.name().into_owned()
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
