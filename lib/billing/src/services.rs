//! AWS product codes in FOCUS terms.

mod kinds;
mod table;

pub(crate) use kinds::Service;
use table::SERVICES;

/// A service by name, with its ServiceCategory and ServiceSubcategory.
pub(crate) type Known = (&'static str, &'static str, &'static str);

/// Looks a name up in a table that is sorted by name.
pub(crate) fn find(table: &[Known], name: &str) -> Option<(&'static str, &'static str)> {
    let at = table
        .binary_search_by(|(known, ..)| (*known).cmp(name))
        .ok()?;
    table.get(at).map(|&(_, category, sub)| (category, sub))
}

/// The kind of service behind a product code and, where one code covers several, a usage type;
/// [`Service::OTHER`] for what we do not know.
pub(crate) fn service(product_code: &str, usage_type: &str) -> Service {
    if product_code == "AmazonEC2" {
        return ec2(usage_type);
    }
    match SERVICES.binary_search_by(|(code, _)| (*code).cmp(product_code)) {
        Ok(at) => SERVICES[at].1,
        Err(_) => Service::OTHER,
    }
}

/// Volumes, snapshots, load balancers, gateways, addresses and traffic are billed under the product
/// code of the instances they serve; people look for them under storage and networking.
fn ec2(usage_type: &str) -> Service {
    const KINDS: [(&str, Service); 15] = [
        ("Snapshot", kinds::BACKUP),
        ("EBSOptimized", kinds::VM),
        ("EBS:", kinds::BLOCK),
        ("NatGateway", kinds::NET_INFRA),
        ("TransitGateway", kinds::NET_INFRA),
        ("VpcEndpoint", kinds::NET_INFRA),
        ("ElasticIP", kinds::NET_INFRA),
        ("PublicIPv4", kinds::NET_INFRA),
        ("LoadBalancerUsage", kinds::NET_APP),
        ("LCUUsage", kinds::NET_APP),
        ("LBCapacity", kinds::NET_APP),
        ("VPN", kinds::NET_CONNECT),
        ("Vpn", kinds::NET_CONNECT),
        ("DataTransfer", kinds::NET_CONNECT),
        ("-Bytes", kinds::NET_CONNECT),
    ];
    KINDS
        .into_iter()
        .find(|(part, _)| usage_type.contains(part))
        .map_or(kinds::VM, |(_, service)| service)
}

/// Whether a product code is a support plan.
pub(crate) fn is_support(product_code: &str) -> bool {
    product_code.starts_with("AWSSupport")
        || matches!(
            product_code,
            "AWSDeveloperSupport"
                | "AWSEnterpriseOnRamp"
                | "AWSPremiumSupport"
                | "OCBPremiumSupport"
        )
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::PathBuf};

    use super::*;

    fn shared(name: &str) -> Option<String> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data")
            .join(name);
        let text = fs::read_to_string(&path).ok();
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        if text.is_none() {
            eprintln!("skipped: {} is not here", path.display());
        }
        text
    }

    #[test]
    fn tables_are_sorted_and_each_name_leads_to_its_row() {
        for table in [
            &crate::azure::METERS[..],
            &crate::gcp::SERVICES,
            &crate::oci::SERVICES,
        ] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
            for &(name, category, sub) in table {
                assert_eq!(find(table, name), Some((category, sub)));
            }
            assert_eq!(find(table, "?"), None);
        }
    }

    #[test]
    fn codes_are_sorted_and_name_enough_services() {
        assert!(SERVICES.is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(SERVICES.len() >= 213, "{}", SERVICES.len());
    }

    #[test]
    fn product_codes_have_a_kind_and_the_unknown_is_other() {
        for (code, category, subcategory) in [
            ("AmazonEC2", "Compute", "Virtual Machines"),
            ("AmazonS3", "Storage", "Object Storage"),
            ("AWSQueueService", "Integration", "Messaging"),
            ("awskms", "Security", "Secret Management"),
            ("AWSSupportBusiness", "Management and Governance", "Support"),
            ("8wbzq2yo3t8kxk7g", "Other", "Other (Other)"),
            ("", "Other", "Other (Other)"),
        ] {
            let found = service(code, "BoxUsage:m5.large");
            assert_eq!(
                (found.category, found.subcategory),
                (category, subcategory),
                "{code}"
            );
        }
        assert!(is_support("AWSSupportEnterprise") && !is_support("AmazonEC2"));
    }

    #[test]
    fn what_is_billed_under_ec2_is_not_all_compute() {
        for (usage_type, subcategory) in [
            ("BoxUsage:m6i.large", "Virtual Machines"),
            ("EUW1-SpotUsage:c7g.xlarge", "Virtual Machines"),
            ("EBSOptimized:m4.large", "Virtual Machines"),
            ("", "Virtual Machines"),
            ("USE2-EBS:VolumeUsage.gp3", "Block Storage"),
            ("EBS:VolumeIOUsage", "Block Storage"),
            ("EBS:SnapshotUsage", "Backup Storage"),
            ("EUC1-NatGateway-Bytes", "Network Infrastructure"),
            ("ElasticIP:IdleAddress", "Network Infrastructure"),
            ("LoadBalancerUsage", "Application Networking"),
            ("DataTransfer-Out-Bytes", "Network Connectivity"),
            ("USE1-USW2-AWS-Out-Bytes", "Network Connectivity"),
        ] {
            assert_eq!(
                service("AmazonEC2", usage_type).subcategory,
                subcategory,
                "{usage_type}"
            );
        }
    }

    /// FOCUS gives each subcategory one category.
    #[test]
    fn subcategories_stand_under_their_category() {
        let Some(parents) = shared("focus-model/focus_1_4_servicesubcategory.json") else {
            return;
        };
        let parents: BTreeMap<String, String> = serde_json::from_str(&parents).unwrap();
        for (code, service) in SERVICES {
            let parent = parents.get(service.subcategory).map(String::as_str);
            assert_eq!(parent, Some(service.category), "{code}");
        }
    }

    /// Entries with a blank are names of services that have no product code of their own.
    #[test]
    fn we_name_every_code_that_another_list_names() {
        let Some(list) = shared("mapping/aws_category_mapping.csv") else {
            return;
        };
        let codes = list
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next());
        let unknown: Vec<&str> = codes
            .filter(|code| !code.contains(' '))
            .filter(|code| service(code, "") == Service::OTHER)
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
