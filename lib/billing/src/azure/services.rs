//! Azure meter categories in FOCUS terms.

use crate::services::Known;

/// ServiceCategory and ServiceSubcategory of a meter category; a sub-category tells apart what
/// Azure meters as one service. `None` for what we do not know.
pub(super) fn of_meter(category: &str, sub_category: &str) -> Option<(&'static str, &'static str)> {
    if category == "Storage" {
        return Some(storage(sub_category));
    }
    crate::services::find(&METERS, category)
}

fn storage(sub_category: &str) -> (&'static str, &'static str) {
    let has = |word: &str| sub_category.contains(word);
    let kind = if has("Disk") || has("Page Blob") {
        "Block Storage"
    } else if has("Files") {
        "File Storage"
    } else if has("Blob") || has("Data Lake") {
        "Object Storage"
    } else {
        "Storage Platforms"
    };
    ("Storage", kind)
}

/// The ServiceCategory of Azure's own `serviceFamily`; `Other` for what we do not know.
pub(super) fn of_family(family: &str) -> &'static str {
    match family {
        "Compute" | "Containers" | "Windows Virtual Desktop" | "Quantum Computing" => "Compute",
        "Storage" => "Storage",
        "Networking" => "Networking",
        "Databases" | "Data" => "Databases",
        "Analytics" => "Analytics",
        "AI + Machine Learning" => "AI and Machine Learning",
        "Developer Tools" => "Developer Tools",
        "Integration" => "Integration",
        "Internet of Things" => "Internet of Things",
        "Management and Governance" => "Management and Governance",
        "Security" => "Security",
        "Identity" => "Identity",
        "Web" => "Web",
        "Mobile" => "Mobile",
        "Media" => "Media",
        "Migrate" | "Migration" => "Migration",
        _ => "Other",
    }
}

/// Sorted by name.
pub(crate) const METERS: [Known; 117] = [
    ("API Management", "Integration", "API Management"),
    (
        "Advanced Data Security",
        "Security",
        "Security Posture Management",
    ),
    (
        "Advanced Threat Protection",
        "Security",
        "Threat Detection and Response",
    ),
    (
        "App Configuration",
        "Developer Tools",
        "Other (Developer Tools)",
    ),
    (
        "Application Gateway",
        "Networking",
        "Application Networking",
    ),
    (
        "Application Insights",
        "Management and Governance",
        "Observability",
    ),
    ("Azure AI Search", "Analytics", "Search"),
    (
        "Azure Active Directory",
        "Identity",
        "Identity and Access Management",
    ),
    (
        "Azure Active Directory B2C",
        "Identity",
        "Identity and Access Management",
    ),
    (
        "Azure Active Directory Domain Services",
        "Identity",
        "Identity and Access Management",
    ),
    ("Azure App Service", "Web", "Application Platforms"),
    ("Azure App Service - Linux", "Web", "Application Platforms"),
    (
        "Azure Applied AI Services",
        "AI and Machine Learning",
        "AI Platforms",
    ),
    ("Azure Bastion", "Networking", "Network Infrastructure"),
    ("Azure Bot Service", "AI and Machine Learning", "Bots"),
    ("Azure Cognitive Search", "Analytics", "Search"),
    ("Azure Container Apps", "Compute", "Serverless Compute"),
    ("Azure Cosmos DB", "Databases", "NoSQL Databases"),
    ("Azure DDOS Protection", "Networking", "Network Security"),
    ("Azure DNS", "Networking", "Network Routing"),
    ("Azure Data Explorer", "Analytics", "Analytics Platforms"),
    ("Azure Data Factory", "Analytics", "Data Processing"),
    ("Azure Data Factory v2", "Analytics", "Data Processing"),
    (
        "Azure Database for MariaDB",
        "Databases",
        "Relational Databases",
    ),
    (
        "Azure Database for MySQL",
        "Databases",
        "Relational Databases",
    ),
    (
        "Azure Database for PostgreSQL",
        "Databases",
        "Relational Databases",
    ),
    ("Azure Databricks", "Analytics", "Analytics Platforms"),
    ("Azure Defender", "Security", "Security Posture Management"),
    ("Azure DevOps", "Developer Tools", "Developer Platforms"),
    ("Azure Firewall", "Networking", "Network Security"),
    ("Azure Firewall Manager", "Networking", "Network Security"),
    ("Azure Front Door", "Networking", "Application Networking"),
    (
        "Azure Front Door Service",
        "Networking",
        "Application Networking",
    ),
    (
        "Azure Grafana Service",
        "Management and Governance",
        "Observability",
    ),
    ("Azure Kubernetes Service", "Compute", "Containers"),
    ("Azure Lab Services", "Compute", "End User Computing"),
    (
        "Azure Machine Learning",
        "AI and Machine Learning",
        "Machine Learning",
    ),
    ("Azure Managed Redis", "Databases", "Caching"),
    ("Azure Maps", "Web", "Other (Web)"),
    (
        "Azure Monitor",
        "Management and Governance",
        "Observability",
    ),
    ("Azure NetApp Files", "Storage", "File Storage"),
    ("Azure OpenAI", "AI and Machine Learning", "Generative AI"),
    (
        "Azure Purview",
        "Management and Governance",
        "Data Governance",
    ),
    ("Azure Red Hat OpenShift", "Compute", "Containers"),
    ("Azure Route Server", "Networking", "Network Connectivity"),
    ("Azure Search", "Analytics", "Search"),
    (
        "Azure Site Recovery",
        "Management and Governance",
        "Disaster Recovery",
    ),
    ("Azure Spot Virtual Machines", "Compute", "Virtual Machines"),
    ("Azure Spring Apps", "Compute", "Containers"),
    ("Azure Spring Cloud", "Compute", "Containers"),
    ("Azure Stack HCI", "Compute", "Other (Compute)"),
    ("Azure Stack Hub", "Compute", "Other (Compute)"),
    ("Azure Support", "Management and Governance", "Support"),
    ("Azure Synapse Analytics", "Databases", "Data Warehouses"),
    ("Azure VMware Solution", "Compute", "Virtual Machines"),
    ("Azure Virtual Desktop", "Compute", "End User Computing"),
    ("Backup", "Storage", "Backup Storage"),
    ("Bandwidth", "Networking", "Network Connectivity"),
    ("Batch", "Compute", "Other (Compute)"),
    ("Cloud Services", "Compute", "Virtual Machines"),
    (
        "Cognitive Services",
        "AI and Machine Learning",
        "AI Platforms",
    ),
    ("Container Instances", "Compute", "Serverless Compute"),
    ("Container Registry", "Compute", "Containers"),
    ("Content Delivery Network", "Networking", "Content Delivery"),
    ("Data Lake Analytics", "Analytics", "Analytics Platforms"),
    ("Dedicated Host", "Compute", "Virtual Machines"),
    ("Digital Twins", "Internet of Things", "IoT Platforms"),
    ("Event Grid", "Integration", "Messaging"),
    ("Event Hubs", "Analytics", "Streaming Analytics"),
    ("ExpressRoute", "Networking", "Network Connectivity"),
    ("Foundry Models", "AI and Machine Learning", "Generative AI"),
    ("Functions", "Compute", "Serverless Compute"),
    ("GitHub", "Developer Tools", "Developer Platforms"),
    ("HDInsight", "Analytics", "Analytics Platforms"),
    (
        "Insight and Analytics",
        "Management and Governance",
        "Observability",
    ),
    ("IoT Central", "Internet of Things", "IoT Platforms"),
    ("IoT Hub", "Internet of Things", "IoT Platforms"),
    ("Key Vault", "Security", "Secret Management"),
    ("Load Balancer", "Networking", "Application Networking"),
    (
        "Log Analytics",
        "Management and Governance",
        "Observability",
    ),
    ("Logic Apps", "Compute", "Serverless Compute"),
    (
        "Machine Learning Studio",
        "AI and Machine Learning",
        "Machine Learning",
    ),
    ("Media Services", "Media", "Media Streaming"),
    (
        "Microsoft Defender for Cloud",
        "Security",
        "Security Posture Management",
    ),
    (
        "Microsoft Entra Domain Services",
        "Identity",
        "Identity and Access Management",
    ),
    (
        "Microsoft Entra ID",
        "Identity",
        "Identity and Access Management",
    ),
    ("Microsoft Fabric", "Analytics", "Analytics Platforms"),
    (
        "Microsoft Purview",
        "Management and Governance",
        "Data Governance",
    ),
    (
        "Microsoft Sentinel",
        "Security",
        "Threat Detection and Response",
    ),
    ("NAT Gateway", "Networking", "Network Infrastructure"),
    ("Network Watcher", "Networking", "Other (Networking)"),
    ("Notification Hubs", "Integration", "Messaging"),
    ("Power BI", "Analytics", "Business Intelligence"),
    ("Power BI Embedded", "Analytics", "Business Intelligence"),
    ("Redis Cache", "Databases", "Caching"),
    ("SQL DB Edge", "Databases", "Relational Databases"),
    ("SQL Data Warehouse", "Databases", "Data Warehouses"),
    ("SQL Database", "Databases", "Relational Databases"),
    ("SQL Managed Instance", "Databases", "Relational Databases"),
    ("Security Center", "Security", "Security Posture Management"),
    ("Sentinel", "Security", "Threat Detection and Response"),
    ("Service Bus", "Integration", "Messaging"),
    ("Service Fabric Mesh", "Compute", "Containers"),
    ("SignalR", "Web", "Other (Web)"),
    ("Static Web Apps", "Web", "Application Platforms"),
    ("Stream Analytics", "Analytics", "Streaming Analytics"),
    ("Support", "Management and Governance", "Support"),
    ("Traffic Manager", "Networking", "Network Routing"),
    ("VPN Gateway", "Networking", "Network Connectivity"),
    ("Virtual Machines", "Compute", "Virtual Machines"),
    ("Virtual Machines Licenses", "Compute", "Virtual Machines"),
    ("Virtual Network", "Networking", "Network Infrastructure"),
    (
        "Virtual Network Private Link",
        "Networking",
        "Network Infrastructure",
    ),
    ("Virtual WAN", "Networking", "Network Infrastructure"),
    (
        "Visual Studio Subscription",
        "Developer Tools",
        "Developer Platforms",
    ),
    ("Web PubSub", "Web", "Other (Web)"),
    ("Windows Virtual Desktop", "Compute", "End User Computing"),
];
