//! Values that FOCUS allows in a column, and values that stand for none.

use super::facts::Fact;
use crate::{columns::TextColumn as T, row::FocusRow};

/// A column with a list of allowed values.
#[derive(Debug)]
pub(crate) struct Allowed {
    pub(crate) column: T,
    /// As the specification spells them, and what each says about its row.
    pub(crate) values: &'static [(&'static str, Option<Fact>)],
    other: Fact,
}

/// The columns with short lists of allowed values.
pub(crate) const ALLOWED: [Allowed; 7] = [
    Allowed {
        column: T::ChargeCategory,
        values: &[
            ("Usage", Some(Fact::Usage)),
            ("Purchase", Some(Fact::Purchase)),
            ("Tax", Some(Fact::Tax)),
            ("Credit", Some(Fact::Credit)),
            ("Adjustment", Some(Fact::Adjustment)),
        ],
        other: Fact::UnknownCategory,
    },
    Allowed {
        column: T::ChargeClass,
        values: &[("Correction", Some(Fact::Correction))],
        other: Fact::UnknownClass,
    },
    Allowed {
        column: T::ChargeFrequency,
        values: &[
            ("Usage-Based", Some(Fact::UsageBased)),
            ("One-Time", None),
            ("Recurring", None),
        ],
        other: Fact::UnknownFrequency,
    },
    Allowed {
        column: T::PricingCategory,
        values: &[
            ("Standard", Some(Fact::Uncommitted)),
            ("Dynamic", Some(Fact::Uncommitted)),
            ("Committed", Some(Fact::Committed)),
            ("Other", Some(Fact::Uncommitted)),
        ],
        other: Fact::UnknownPricing,
    },
    Allowed {
        column: T::CommitmentDiscountCategory,
        values: &[("Spend", None), ("Usage", None)],
        other: Fact::UnknownCommitmentCategory,
    },
    Allowed {
        column: T::CommitmentDiscountStatus,
        values: &[("Used", None), ("Unused", Some(Fact::Unused))],
        other: Fact::UnknownStatus,
    },
    Allowed {
        column: T::CapacityReservationStatus,
        values: &[("Used", None), ("Unused", Some(Fact::CapacityUnused))],
        other: Fact::UnknownCapacityStatus,
    },
];

/// What a value of one of the columns in [`ALLOWED`] says.
pub(super) fn allowed(column: T, value: &str) -> u64 {
    let Some(list) = ALLOWED.iter().find(|list| list.column == column) else {
        return 0;
    };
    match list.values.iter().find(|(allowed, _)| *allowed == value) {
        Some((_, fact)) => fact.map_or(0, Fact::bit),
        None => list.other.bit(),
    }
}

pub(super) fn currency(code: &str) -> u64 {
    Fact::UnknownCurrency.when(!is_national_currency(code))
}

/// Whether this is a currency code of ISO 4217, in capitals; codes that were withdrawn while bills
/// were written in them (BGN, HRK, SLL, ZWL) count.
pub(crate) fn is_national_currency(code: &str) -> bool {
    const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND \
        BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE \
        CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK \
        HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP \
        LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO \
        NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
        SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD \
        USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD \
        XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL";
    code.len() == 3 && CODES.split(' ').any(|known| known == code)
}

/// Texts of spaces, and words that exporters write where they have no value.
pub(super) fn no_value(text: &str, blank: Fact, placeholder: Fact) -> u64 {
    const PLACEHOLDERS: [&str; 8] = [
        "n/a",
        "na",
        "not applicable",
        "none",
        "null",
        "nil",
        "undefined",
        "-",
    ];
    let text = text.trim();
    if text.is_empty() {
        blank.bit()
    } else if PLACEHOLDERS.iter().any(|p| p.eq_ignore_ascii_case(text)) {
        placeholder.bit()
    } else {
        0
    }
}

/// Service categories and their subcategories; `Other (<category>)` is one of each.
const SERVICES: [(&str, &[&str]); 19] = [
    (
        "AI and Machine Learning",
        &[
            "AI Platforms",
            "Bots",
            "Generative AI",
            "Machine Learning",
            "Natural Language Processing",
        ],
    ),
    (
        "Analytics",
        &[
            "Analytics Platforms",
            "Business Intelligence",
            "Data Processing",
            "Search",
            "Streaming Analytics",
        ],
    ),
    ("Business Applications", &["Productivity and Collaboration"]),
    (
        "Compute",
        &[
            "Virtual Machines",
            "Serverless Compute",
            "Containers",
            "End User Computing",
            "Quantum Compute",
        ],
    ),
    (
        "Databases",
        &[
            "Relational Databases",
            "NoSQL Databases",
            "Caching",
            "Data Warehouses",
            "Ledger Databases",
            "Time Series Databases",
        ],
    ),
    (
        "Developer Tools",
        &[
            "Developer Platforms",
            "Continuous Integration and Deployment",
            "Development Environments",
            "Source Code Management",
            "Quality Assurance",
        ],
    ),
    ("Identity", &["Identity and Access Management"]),
    (
        "Integration",
        &["API Management", "Messaging", "Workflow Orchestration"],
    ),
    ("Internet of Things", &["IoT Analytics", "IoT Platforms"]),
    (
        "Management and Governance",
        &[
            "Observability",
            "Cost Management",
            "Support",
            "Architecture",
            "Compliance",
            "Data Governance",
            "Disaster Recovery",
            "Endpoint Management",
        ],
    ),
    (
        "Media",
        &[
            "Content Creation",
            "Gaming",
            "Media Streaming",
            "Mixed Reality",
        ],
    ),
    ("Migration", &["Data Migration", "Resource Migration"]),
    ("Mobile", &[]),
    ("Multicloud", &["Multicloud Integration"]),
    (
        "Networking",
        &[
            "Network Infrastructure",
            "Network Connectivity",
            "Content Delivery",
            "Application Networking",
            "Network Routing",
            "Network Security",
        ],
    ),
    (
        "Security",
        &[
            "Secret Management",
            "Security Posture Management",
            "Threat Detection and Response",
        ],
    ),
    (
        "Storage",
        &[
            "Object Storage",
            "Block Storage",
            "File Storage",
            "Backup Storage",
            "Storage Platforms",
        ],
    ),
    ("Web", &["Application Platforms"]),
    ("Other", &[]),
];

/// The service category and subcategory of the previous row, and what they say.
#[derive(Debug, Default)]
pub(super) struct Services {
    category: String,
    subcategory: String,
    facts: u64,
}

impl Services {
    pub(super) fn look(&mut self, row: &FocusRow) -> u64 {
        let category = row.text(T::ServiceCategory).unwrap_or_default();
        let subcategory = row.text(T::ServiceSubcategory).unwrap_or_default();
        if self.category != category || self.subcategory != subcategory {
            category.clone_into(&mut self.category);
            subcategory.clone_into(&mut self.subcategory);
            self.facts = services(category, subcategory);
        }
        self.facts
    }
}

fn services(category: &str, subcategory: &str) -> u64 {
    let own = SERVICES.iter().find(|(name, _)| *name == category);
    let facts = Fact::UnknownServiceCategory.when(own.is_none() && !category.is_empty());
    if subcategory.is_empty() || own.is_some_and(|own| has(own, subcategory)) {
        return facts;
    }
    let known = SERVICES.iter().any(|other| has(other, subcategory));
    facts
        | Fact::UnknownSubcategory.when(!known)
        | Fact::SubcategoryElsewhere.when(known && own.is_some())
}

/// Whether this is a subcategory of this category.
#[cfg(test)]
pub(crate) fn fits(category: &str, subcategory: &str) -> bool {
    services(category, subcategory) == 0
}

fn has((category, subcategories): &(&str, &[&str]), subcategory: &str) -> bool {
    let other = || {
        let inner = subcategory.strip_prefix("Other (")?;
        inner.strip_suffix(')')
    };
    subcategories.contains(&subcategory) || other() == Some(category)
}
