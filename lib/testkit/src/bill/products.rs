//! What is bought rather than used, and what others sell.

use super::catalog::{BASE, Offer};

const PLAN: Offer = Offer {
    service: "Savings Plans for AWS Compute usage",
    code: "ComputeSavingsPlans",
    category: ("Compute", "Other (Compute)"),
    family: "ComputeSavingsPlans",
    usage_type: "ComputeSP:1yr",
    operation: "SavingsPlan",
    unit: "Hours",
    ..BASE
};

/// A savings plan for any compute usage.
pub(super) static COMPUTE_PLAN: Offer = PLAN;

/// A savings plan for one instance family in one region.
pub(super) static INSTANCE_PLAN: Offer = Offer {
    family: "EC2InstanceSavingsPlans",
    usage_type: "EC2SP:m6i.1yr",
    ..PLAN
};

/// The monthly support purchase.
pub(super) static SUPPORT: Offer = Offer {
    service: "AWS Support (Business)",
    code: "AWSSupportBusiness",
    category: ("Other", "Other (Other)"),
    family: "Support",
    usage_type: "Dollar",
    operation: "Support",
    unit: "Dollar",
    ..BASE
};

/// A subscription on the marketplace.
pub(super) static SUBSCRIPTION: Offer = Offer {
    service: "Harbor Scan Enterprise",
    code: "2f8b1c6y7d3kq9wz5xm4rjt0n",
    category: ("Security", "Other (Security)"),
    usage_type: "MP:Subscription",
    operation: "Contract",
    unit: "Units",
    seller: Some("Harbor Security, Inc."),
    ..BASE
};

/// What the marketplace meters.
pub(super) static METERED: Offer = Offer {
    service: "Nimbus Log Insight",
    code: "7kq2zw0v9h3m8r1d5t6xj4bcn",
    category: ("Management and Governance", "Observability"),
    usage_type: "MP:GB-ingested",
    operation: "Hourly",
    unit: "Units",
    price: 12_000_000,
    daily: 31_400_000,
    arn: "arn:aws:aws-marketplace:{region}:{account}:nimbus-{id}",
    fleet: [0, 0, 1, 1],
    discounted: false,
    seller: Some("Nimbus Software GmbH"),
    ..BASE
};
