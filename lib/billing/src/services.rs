//! AWS product codes in FOCUS terms.

/// A service by name, with its ServiceCategory and ServiceSubcategory.
pub(crate) type Known = (&'static str, &'static str, &'static str);

/// Looks a name up in a table that is sorted by name.
pub(crate) fn find(table: &[Known], name: &str) -> Option<(&'static str, &'static str)> {
    let at = table
        .binary_search_by(|(known, ..)| (*known).cmp(name))
        .ok()?;
    table.get(at).map(|&(_, category, sub)| (category, sub))
}

/// The FOCUS ServiceCategory of an AWS product code; `Other` for what we do not know.
pub(crate) fn category(product_code: &str) -> &'static str {
    match product_code {
        "AmazonEC2"
        | "AWSLambda"
        | "AmazonECS"
        | "AmazonEKS"
        | "AmazonECR"
        | "AmazonECRPublic"
        | "AmazonLightsail"
        | "AWSAppRunner"
        | "AWSBatch"
        | "AWSElasticBeanstalk"
        | "AWSOutposts"
        | "ComputeSavingsPlans"
        | "AmazonWorkSpaces"
        | "AmazonAppStream" => "Compute",
        "AmazonS3"
        | "AmazonS3GlacierDeepArchive"
        | "AmazonGlacier"
        | "AmazonEFS"
        | "AmazonFSx"
        | "AmazonEBS"
        | "AWSBackup"
        | "AWSStorageGateway" => "Storage",
        "AmazonRDS" | "AmazonDynamoDB" | "AmazonElastiCache" | "AmazonRedshift" | "AmazonDocDB"
        | "AmazonNeptune" | "AmazonMemoryDB" | "AmazonTimestream" | "AmazonMCS" => "Databases",
        "AmazonVPC"
        | "AmazonCloudFront"
        | "AmazonRoute53"
        | "AWSELB"
        | "AmazonApiGateway"
        | "AWSDataTransfer"
        | "AWSDirectConnect"
        | "AWSGlobalAccelerator"
        | "AWSNetworkFirewall"
        | "AWSCloudMap" => "Networking",
        "AWSGlue"
        | "AmazonAthena"
        | "ElasticMapReduce"
        | "AmazonKinesis"
        | "AmazonKinesisFirehose"
        | "AmazonKinesisAnalytics"
        | "AmazonMSK"
        | "AmazonES"
        | "AmazonQuickSight"
        | "AWSLakeFormation" => "Analytics",
        "AWSQueueService" | "AmazonSNS" | "AmazonMQ" | "AmazonStates" | "AWSEvents"
        | "AmazonMWAA" | "AppFlow" => "Integration",
        "AmazonCloudWatch"
        | "AWSCloudTrail"
        | "AWSConfig"
        | "AWSSystemsManager"
        | "AWSCostExplorer"
        | "AWSBudgets"
        | "AWSCloudFormation"
        | "AWSServiceCatalog"
        | "AmazonGrafana"
        | "AmazonPrometheus"
        | "AWSXRay"
        | "AWSMigrationHubRefactorSpaces" => "Management and Governance",
        "awskms"
        | "AWSSecretsManager"
        | "AmazonGuardDuty"
        | "awswaf"
        | "AWSShield"
        | "AWSSecurityHub"
        | "AmazonInspector"
        | "AmazonInspectorV2"
        | "AmazonMacie"
        | "AWSCertificateManager"
        | "AmazonDetective"
        | "CloudHSM" => "Security",
        "AmazonCognito" | "AWSDirectoryService" => "Identity",
        "AmazonBedrock" | "AmazonSageMaker" | "AmazonRekognition" | "AmazonTextract"
        | "comprehend" | "transcribe" | "translate" | "AmazonPolly" | "AmazonLex"
        | "AmazonKendra" | "AmazonPersonalize" => "AI and Machine Learning",
        "CodeBuild" | "AWSCodePipeline" | "AWSCodeCommit" | "AWSCodeDeploy" | "AWSCodeArtifact"
        | "AWSAmplify" | "AWSAppSync" => "Developer Tools",
        "AWSDatabaseMigrationSvc"
        | "AWSDataSync"
        | "AWSTransfer"
        | "AWSApplicationMigrationSvc" => "Migration",
        "AWSIoT" | "AWSGreengrass" | "IoTDeviceManagement" => "Internet of Things",
        "AWSElementalMediaConvert" | "AWSElementalMediaLive" | "AmazonIVS" => "Media",
        "AmazonSES" | "AmazonPinpoint" | "AmazonChime" | "AmazonConnect" | "AmazonWorkMail" => {
            "Business Applications"
        }
        _ => "Other",
    }
}

/// Whether a product code is a support plan.
pub(crate) fn is_support(product_code: &str) -> bool {
    product_code.starts_with("AWSSupport")
        || matches!(
            product_code,
            "AWSDeveloperSupport" | "AWSPremiumSupport" | "OCBPremiumSupport"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn product_codes_have_a_category_and_the_unknown_is_other() {
        for (code, expected) in [
            ("AmazonEC2", "Compute"),
            ("AmazonS3", "Storage"),
            ("AWSQueueService", "Integration"),
            ("awskms", "Security"),
            ("AWSSupportBusiness", "Other"),
            ("8wbzq2yo3t8kxk7g", "Other"),
            ("", "Other"),
        ] {
            assert_eq!(category(code), expected, "{code}");
        }
        assert!(is_support("AWSSupportEnterprise") && !is_support("AmazonEC2"));
    }
}
