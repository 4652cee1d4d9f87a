//! Oracle Cloud services in FOCUS terms.

use crate::services::{Known, find};

/// ServiceCategory and ServiceSubcategory of a service by its code.
pub(super) fn of_service(code: &str) -> (&'static str, &'static str) {
    find(&SERVICES, code).unwrap_or(("Other", "Other (Other)"))
}

/// Sorted by name.
pub(crate) const SERVICES: [Known; 43] = [
    ("ADM", "Security", "Security Posture Management"),
    ("ANALYTICS", "Analytics", "Business Intelligence"),
    ("API_GATEWAY", "Integration", "API Management"),
    ("BASTION", "Security", "Other (Security)"),
    ("BIGDATA", "Analytics", "Data Processing"),
    ("BLOCK_STORAGE", "Storage", "Block Storage"),
    ("COMPUTE", "Compute", "Virtual Machines"),
    ("CONTAINER_ENGINE_FOR_KUBERNETES", "Compute", "Containers"),
    ("CONTAINER_INSTANCES", "Compute", "Containers"),
    ("DATABASE", "Databases", "Relational Databases"),
    ("DATAFLOW", "Analytics", "Data Processing"),
    ("DATAINTEGRATION", "Analytics", "Data Processing"),
    ("DATASCIENCE", "AI and Machine Learning", "Machine Learning"),
    (
        "DEVOPS",
        "Developer Tools",
        "Continuous Integration and Deployment",
    ),
    ("DNS", "Networking", "Network Routing"),
    (
        "EMAIL_DELIVERY",
        "Business Applications",
        "Productivity and Collaboration",
    ),
    ("EVENTS", "Integration", "Messaging"),
    ("FASTCONNECT", "Networking", "Network Connectivity"),
    ("FILE_STORAGE", "Storage", "File Storage"),
    ("FUNCTIONS", "Compute", "Serverless Compute"),
    ("GENERATIVE_AI", "AI and Machine Learning", "Generative AI"),
    ("GOLDENGATE", "Databases", "Other (Databases)"),
    ("IDENTITY", "Identity", "Identity and Access Management"),
    ("KMS", "Security", "Secret Management"),
    ("LOAD_BALANCER", "Networking", "Application Networking"),
    ("LOGGING", "Management and Governance", "Observability"),
    (
        "LOG_ANALYTICS",
        "Management and Governance",
        "Observability",
    ),
    ("MYSQL", "Databases", "Relational Databases"),
    ("NETWORK", "Networking", "Network Infrastructure"),
    ("NETWORK_FIREWALL", "Networking", "Network Security"),
    ("NOSQL", "Databases", "NoSQL Databases"),
    ("OBJECTSTORE", "Storage", "Object Storage"),
    ("OPENSEARCH", "Analytics", "Search"),
    ("ORACLE_ANALYTICS", "Analytics", "Business Intelligence"),
    ("ORACLE_NOTIFICATION_SERVICE", "Integration", "Messaging"),
    ("POSTGRESQL", "Databases", "Relational Databases"),
    ("QUEUE", "Integration", "Messaging"),
    ("REDIS", "Databases", "Caching"),
    ("STREAMING", "Analytics", "Streaming Analytics"),
    ("TELEMETRY", "Management and Governance", "Observability"),
    ("VAULT", "Security", "Secret Management"),
    ("VMWARE", "Compute", "Virtual Machines"),
    ("WAF", "Networking", "Network Security"),
];
