//! The kinds of service of FOCUS 1.4: each ServiceSubcategory with its one ServiceCategory.

/// FOCUS ServiceCategory and ServiceSubcategory of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
}

impl Service {
    /// A service that we do not know.
    pub(crate) const OTHER: Self = kind("Other", "Other (Other)");
}

const fn kind(category: &'static str, subcategory: &'static str) -> Service {
    Service {
        category,
        subcategory,
    }
}

pub(super) const VM: Service = kind("Compute", "Virtual Machines");
pub(super) const SERVERLESS: Service = kind("Compute", "Serverless Compute");
pub(super) const CONTAINERS: Service = kind("Compute", "Containers");
pub(super) const END_USER: Service = kind("Compute", "End User Computing");
pub(super) const QUANTUM: Service = kind("Compute", "Quantum Compute");
pub(super) const COMPUTE: Service = kind("Compute", "Other (Compute)");

pub(super) const OBJECT: Service = kind("Storage", "Object Storage");
pub(super) const BLOCK: Service = kind("Storage", "Block Storage");
pub(super) const FILES: Service = kind("Storage", "File Storage");
pub(super) const BACKUP: Service = kind("Storage", "Backup Storage");
pub(super) const STORAGE: Service = kind("Storage", "Other (Storage)");

pub(super) const RELATIONAL: Service = kind("Databases", "Relational Databases");
pub(super) const NOSQL: Service = kind("Databases", "NoSQL Databases");
pub(super) const CACHE: Service = kind("Databases", "Caching");
pub(super) const TIME_SERIES: Service = kind("Databases", "Time Series Databases");
pub(super) const LEDGER: Service = kind("Databases", "Ledger Databases");
pub(super) const WAREHOUSE: Service = kind("Databases", "Data Warehouses");
pub(super) const DATABASES: Service = kind("Databases", "Other (Databases)");

pub(super) const NET_INFRA: Service = kind("Networking", "Network Infrastructure");
pub(super) const NET_CONNECT: Service = kind("Networking", "Network Connectivity");
pub(super) const NET_ROUTE: Service = kind("Networking", "Network Routing");
pub(super) const NET_APP: Service = kind("Networking", "Application Networking");
pub(super) const NET_SECURITY: Service = kind("Networking", "Network Security");
pub(super) const CDN: Service = kind("Networking", "Content Delivery");

pub(super) const API: Service = kind("Integration", "API Management");
pub(super) const MESSAGES: Service = kind("Integration", "Messaging");
pub(super) const WORKFLOW: Service = kind("Integration", "Workflow Orchestration");
pub(super) const INTEGRATION: Service = kind("Integration", "Other (Integration)");

pub(super) const PROCESSING: Service = kind("Analytics", "Data Processing");
pub(super) const ANALYTICS_PLATFORM: Service = kind("Analytics", "Analytics Platforms");
pub(super) const STREAMS: Service = kind("Analytics", "Streaming Analytics");
pub(super) const BI: Service = kind("Analytics", "Business Intelligence");
pub(super) const SEARCH: Service = kind("Analytics", "Search");
pub(super) const ANALYTICS: Service = kind("Analytics", "Other (Analytics)");

pub(super) const DATA_GOVERNANCE: Service = kind("Management and Governance", "Data Governance");
pub(super) const OBSERVABILITY: Service = kind("Management and Governance", "Observability");
pub(super) const COMPLIANCE: Service = kind("Management and Governance", "Compliance");
pub(super) const COST: Service = kind("Management and Governance", "Cost Management");
pub(super) const RESILIENCE: Service = kind("Management and Governance", "Disaster Recovery");
pub(super) const ARCHITECTURE: Service = kind("Management and Governance", "Architecture");
pub(super) const SUPPORT: Service = kind("Management and Governance", "Support");
pub(super) const ENDPOINTS: Service = kind("Management and Governance", "Endpoint Management");
pub(super) const MANAGEMENT: Service = kind(
    "Management and Governance",
    "Other (Management and Governance)",
);

pub(super) const SECRETS: Service = kind("Security", "Secret Management");
pub(super) const THREATS: Service = kind("Security", "Threat Detection and Response");
pub(super) const POSTURE: Service = kind("Security", "Security Posture Management");

pub(super) const IAM: Service = kind("Identity", "Identity and Access Management");

pub(super) const GEN_AI: Service = kind("AI and Machine Learning", "Generative AI");
pub(super) const AI_PLATFORM: Service = kind("AI and Machine Learning", "AI Platforms");
pub(super) const MACHINE_LEARNING: Service = kind("AI and Machine Learning", "Machine Learning");
pub(super) const LANGUAGE: Service = kind("AI and Machine Learning", "Natural Language Processing");
pub(super) const BOTS: Service = kind("AI and Machine Learning", "Bots");

pub(super) const CI_CD: Service = kind("Developer Tools", "Continuous Integration and Deployment");
pub(super) const SOURCES: Service = kind("Developer Tools", "Source Code Management");
pub(super) const DEV_ENV: Service = kind("Developer Tools", "Development Environments");
pub(super) const DEV_PLATFORM: Service = kind("Developer Tools", "Developer Platforms");
pub(super) const QUALITY: Service = kind("Developer Tools", "Quality Assurance");

pub(super) const WEB: Service = kind("Web", "Application Platforms");

pub(super) const MOBILE: Service = kind("Mobile", "Other (Mobile)");

pub(super) const LOCATION: Service = kind("Web", "Other (Web)");

pub(super) const DATA_MIGRATION: Service = kind("Migration", "Data Migration");
pub(super) const RESOURCE_MIGRATION: Service = kind("Migration", "Resource Migration");

pub(super) const IOT: Service = kind("Internet of Things", "IoT Platforms");
pub(super) const IOT_ANALYTICS: Service = kind("Internet of Things", "IoT Analytics");
pub(super) const ROBOTS: Service = kind("Internet of Things", "Other (Internet of Things)");

pub(super) const STREAMING_MEDIA: Service = kind("Media", "Media Streaming");
pub(super) const CONTENT: Service = kind("Media", "Content Creation");
pub(super) const GAMES: Service = kind("Media", "Gaming");
pub(super) const MIXED_REALITY: Service = kind("Media", "Mixed Reality");

pub(super) const PRODUCTIVITY: Service =
    kind("Business Applications", "Productivity and Collaboration");
pub(super) const BUSINESS: Service = kind("Business Applications", "Other (Business Applications)");
