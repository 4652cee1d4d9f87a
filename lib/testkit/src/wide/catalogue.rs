//! What can be bought: 60 services in 8 regions, four priced usage types each.

use super::{
    columns::{PRODUCT, attribute},
    line::{Tiny, UNIT, cell, cells},
};
use crate::bill::random::Random;

/// A service and how it is measured.
pub(super) struct Service {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// What a service mostly sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Machines by the hour.
    Instance,
    /// Bytes kept.
    Storage,
    /// Calls.
    Request,
}

pub(super) struct Region {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Of usage types.
    pub(super) prefix: &'static str,
}

/// A priced usage type of a service in a region, with all that every line of it says alike.
pub(super) struct Meter {
    pub(super) service: &'static Service,
    /// The product columns of a line, written out.
    pub(super) product: String,
    pub(super) usage_type: String,
    pub(super) operation: &'static str,
    pub(super) description: String,
    pub(super) unit: &'static str,
    pub(super) rate: Tiny,
    pub(super) rate_code: String,
    pub(super) rate_id: String,
    pub(super) measure: Measure,
}

/// What amounts of a meter look like. Amount times rate never has more than 10 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Hours,
    Calls,
    Gigabytes,
}

const fn service(code: &'static str, name: &'static str, kind: Kind) -> Service {
    Service { code, name, kind }
}

const fn region(id: &'static str, name: &'static str, prefix: &'static str) -> Region {
    Region { id, name, prefix }
}

pub(super) static REGIONS: [Region; 8] = [
    region("us-east-1", "US East (N. Virginia)", ""),
    region("eu-west-1", "EU (Ireland)", "EU-"),
    region("us-west-2", "US West (Oregon)", "USW2-"),
    region("eu-central-1", "EU (Frankfurt)", "EUC1-"),
    region("ca-central-1", "Canada (Central)", "CAN1-"),
    region("ap-southeast-2", "Asia Pacific (Sydney)", "APS2-"),
    region("ap-northeast-1", "Asia Pacific (Tokyo)", "APN1-"),
    region("sa-east-1", "South America (Sao Paulo)", "SAE1-"),
];

use Kind::{Instance, Request, Storage};

pub(super) static SERVICES: [Service; 60] = [
    service("AmazonEC2", "Amazon Elastic Compute Cloud", Instance),
    service("AmazonRDS", "Amazon Relational Database Service", Instance),
    service("AmazonS3", "Amazon Simple Storage Service", Storage),
    service("AWSLambda", "AWS Lambda", Request),
    service("AmazonCloudWatch", "AmazonCloudWatch", Request),
    service("AWSELB", "Elastic Load Balancing", Instance),
    service("AmazonDynamoDB", "Amazon DynamoDB", Request),
    service("AmazonVPC", "Amazon Virtual Private Cloud", Instance),
    service("awskms", "AWS Key Management Service", Request),
    service("AWSQueueService", "Amazon Simple Queue Service", Request),
    service("AmazonSNS", "Amazon Simple Notification Service", Request),
    service("AmazonECS", "Amazon Elastic Container Service", Instance),
    service(
        "AmazonEKS",
        "Amazon Elastic Container Service for Kubernetes",
        Instance,
    ),
    service("AmazonECR", "Amazon EC2 Container Registry (ECR)", Storage),
    service("AmazonElastiCache", "Amazon ElastiCache", Instance),
    service("AmazonEFS", "Amazon Elastic File System", Storage),
    service("AWSGlue", "AWS Glue", Request),
    service("AmazonAthena", "Amazon Athena", Storage),
    service("AmazonKinesis", "Amazon Kinesis", Request),
    service("AmazonKinesisFirehose", "Amazon Kinesis Firehose", Storage),
    service("AmazonES", "Amazon OpenSearch Service", Instance),
    service(
        "AmazonMSK",
        "Amazon Managed Streaming for Apache Kafka",
        Instance,
    ),
    service("AmazonRedshift", "Amazon Redshift", Instance),
    service("AmazonCloudFront", "Amazon CloudFront", Request),
    service("AmazonRoute53", "Amazon Route 53", Request),
    service("AmazonApiGateway", "Amazon API Gateway", Request),
    service("AWSDataTransfer", "AWS Data Transfer", Storage),
    service("AWSSecretsManager", "AWS Secrets Manager", Request),
    service("AWSCloudTrail", "AWS CloudTrail", Request),
    service("AWSConfig", "AWS Config", Request),
    service("AmazonGuardDuty", "Amazon GuardDuty", Request),
    service("awswaf", "AWS WAF", Request),
    service("AWSBackup", "AWS Backup", Storage),
    service("AmazonStates", "AWS Step Functions", Request),
    service("AWSEvents", "CloudWatch Events", Request),
    service("AmazonSageMaker", "Amazon SageMaker", Instance),
    service("AmazonBedrock", "Amazon Bedrock", Request),
    service("AmazonCognito", "Amazon Cognito", Request),
    service("CodeBuild", "CodeBuild", Instance),
    service("AWSCodePipeline", "AWS CodePipeline", Request),
    service("AmazonFSx", "Amazon FSx", Storage),
    service("AmazonGlacier", "Amazon Glacier", Storage),
    service("AmazonLightsail", "Amazon Lightsail", Instance),
    service("AmazonWorkSpaces", "Amazon WorkSpaces", Instance),
    service("AmazonQuickSight", "Amazon QuickSight", Request),
    service(
        "AmazonDocDB",
        "Amazon DocumentDB (with MongoDB compatibility)",
        Instance,
    ),
    service("AmazonNeptune", "Amazon Neptune", Instance),
    service("AmazonMQ", "Amazon MQ", Instance),
    service("AWSDirectConnect", "AWS Direct Connect", Instance),
    service("AWSGlobalAccelerator", "AWS Global Accelerator", Instance),
    service("AWSNetworkFirewall", "AWS Network Firewall", Instance),
    service("AWSTransfer", "AWS Transfer Family", Instance),
    service("AWSDataSync", "AWS DataSync", Storage),
    service("AmazonInspectorV2", "Amazon Inspector", Request),
    service("AWSSecurityHub", "AWS Security Hub", Request),
    service(
        "AmazonMWAA",
        "Amazon Managed Workflows for Apache Airflow",
        Instance,
    ),
    service("ElasticMapReduce", "Amazon Elastic MapReduce", Instance),
    service("AWSXRay", "AWS X-Ray", Request),
    service("AmazonSES", "Amazon Simple Email Service", Request),
    service(
        "6uzs3ngu9ah1lr5qzb1wcd3rj",
        "Lantern Observability, Inc. (SaaS)",
        Request,
    ),
];

/// Usage types of a service in a region.
pub(super) const METERS_EACH: usize = 4;

/// Sizes of machines with vCPUs, memory, normalisation factor and price in 10^-10.
const SIZES: [(&str, &str, &str, Tiny, Tiny); 3] = [
    ("m6i.large", "2", "8 GiB", 4, 960_000_000),
    ("m6i.2xlarge", "8", "32 GiB", 16, 3_840_000_000),
    ("c7g.xlarge", "4", "8 GiB", 8, 1_450_000_000),
];

/// All meters: those of a service and region stand together.
pub(super) fn meters(random: &mut Random) -> Vec<Meter> {
    let mut meters = Vec::new();
    for service in &SERVICES {
        for region in &REGIONS {
            for n in 0..METERS_EACH {
                meters.push(match (n, service.kind) {
                    (3, _) => transfer(service, region, random),
                    (n, Instance) => instance(service, region, n, random),
                    (2, _) | (_, Storage) => storage(service, region, n, random),
                    (n, Request) => request(service, region, n, random),
                });
            }
        }
    }
    meters
}

/// The normalisation factor of a machine's meter.
pub(super) fn factor(n: usize) -> Tiny {
    SIZES.get(n).map_or(0, |size| size.3)
}

fn instance(
    service: &'static Service,
    region: &'static Region,
    n: usize,
    random: &mut Random,
) -> Meter {
    let (size, vcpu, memory, factor, price) = SIZES[n];
    let usage_type = if service.code == "AmazonEC2" {
        format!("{}BoxUsage:{size}", region.prefix)
    } else {
        format!("{}InstanceUsage:{size}", region.prefix)
    };
    let rate = price + Tiny::from(random.between(0, 40)) * 1_000_000;
    let factor = factor.to_string();
    let description = format!(
        "${} per On Demand Linux {size} Instance Hour, {}",
        dollars(rate),
        region.name
    );
    let attributes = [
        ("capacitystatus", "Used"),
        ("classicnetworkingsupport", "false"),
        ("clockSpeed", "3.5 GHz"),
        ("currentGeneration", "Yes"),
        ("dedicatedEbsThroughput", "Up to 10000 Mbps"),
        ("ecu", "NA"),
        ("enhancedNetworkingSupported", "Yes"),
        ("instanceFamily", "General purpose"),
        ("instanceType", size),
        ("instanceTypeFamily", "m6i"),
        ("licenseModel", "No License required"),
        ("marketoption", "OnDemand"),
        ("memory", memory),
        ("networkPerformance", "Up to 12.5 Gigabit"),
        ("normalizationSizeFactor", factor.as_str()),
        ("operatingSystem", "Linux"),
        ("physicalProcessor", "Intel Xeon 8375C (Ice Lake)"),
        ("preInstalledSw", "NA"),
        ("processorArchitecture", "64-bit"),
        ("processorFeatures", "Intel AVX; Intel AVX2; Intel AVX512"),
        ("productFamily", "Compute Instance"),
        ("storage", "EBS only"),
        ("tenancy", "Shared"),
        ("vcpu", vcpu),
    ];
    let meter = Sold {
        service,
        region,
        operation: "RunInstances",
        unit: "Hrs",
        measure: Measure::Hours,
    };
    meter.at(usage_type, rate, &description, &attributes, random)
}

fn storage(
    service: &'static Service,
    region: &'static Region,
    n: usize,
    random: &mut Random,
) -> Meter {
    let class = ["Standard", "Infrequent Access", "Archive"][n];
    let usage_type = format!("{}TimedStorage-{}", region.prefix, class.replace(' ', ""));
    let rate = Tiny::from(random.between(20, 400)) * 1_000_000;
    let description = format!("${} per GB - first 50 TB / month of {class}", dollars(rate));
    let attributes = [
        ("availability", "99.99%"),
        ("durability", "99.999999999%"),
        ("productFamily", "Storage"),
        ("storageClass", class),
        ("storageMedia", "Amazon S3"),
        ("volumeType", class),
    ];
    let meter = Sold {
        service,
        region,
        operation: "StandardStorage",
        unit: "GB-Mo",
        measure: Measure::Gigabytes,
    };
    meter.at(usage_type, rate, &description, &attributes, random)
}

fn request(
    service: &'static Service,
    region: &'static Region,
    n: usize,
    random: &mut Random,
) -> Meter {
    let usage_type = format!("{}Requests-Tier{}", region.prefix, n + 1);
    let rate = Tiny::from(random.between(2, 90)) * 1000;
    let description = format!(
        "${} per 10,000 GET and all other requests, tier {}",
        dollars(rate * 10_000),
        n + 1
    );
    let group = format!("{}-Requests-Tier{}", service.code, n + 1);
    let attributes = [
        ("group", group.as_str()),
        ("groupDescription", "GET and all other requests"),
        ("messageDeliveryFrequency", "At Least Once"),
        ("messageDeliveryOrder", "Not Guaranteed"),
        ("productFamily", "API Request"),
        ("queueType", "Standard"),
        ("requestType", "API"),
    ];
    let meter = Sold {
        service,
        region,
        operation: ["GetObject", "PutObject"][n % 2],
        unit: "Requests",
        measure: Measure::Calls,
    };
    meter.at(usage_type, rate, &description, &attributes, random)
}

fn transfer(service: &'static Service, region: &'static Region, random: &mut Random) -> Meter {
    let to = random.pick(&REGIONS);
    let usage_type = format!("{}{}AWS-Out-Bytes", region.prefix, to.prefix);
    let rate = Tiny::from(random.between(100, 900)) * 1_000_000;
    let description = format!(
        "${} per GB - {} data transfer to {}",
        dollars(rate),
        region.name,
        to.name
    );
    let attributes = [
        ("fromLocation", region.name),
        ("fromLocationType", "AWS Region"),
        ("fromRegionCode", region.id),
        ("productFamily", "Data Transfer"),
        ("toLocation", to.name),
        ("toLocationType", "AWS Region"),
        ("toRegionCode", to.id),
        ("transferType", "InterRegion Outbound"),
    ];
    let meter = Sold {
        service,
        region,
        operation: "InterZone-Out",
        unit: "GB",
        measure: Measure::Gigabytes,
    };
    meter.at(usage_type, rate, &description, &attributes, random)
}

/// What the meters of one function have in common.
struct Sold {
    service: &'static Service,
    region: &'static Region,
    operation: &'static str,
    unit: &'static str,
    measure: Measure,
}

impl Sold {
    fn at(
        self,
        usage_type: String,
        rate: Tiny,
        description: &str,
        attributes: &[(&str, &str)],
        random: &mut Random,
    ) -> Meter {
        let sku = code(random, 16);
        let common = [
            ("ProductName", self.service.name),
            ("location", self.region.name),
            ("locationType", "AWS Region"),
            ("operation", self.operation),
            ("region", self.region.id),
            ("regionCode", self.region.id),
            ("servicecode", self.service.code),
            ("servicename", self.service.name),
            ("sku", &sku),
            ("usagetype", &usage_type),
        ];
        let mut product = vec![String::new(); PRODUCT.len()];
        for (name, value) in common.iter().chain(attributes) {
            if let Some(at) = attribute(name) {
                (*value).clone_into(&mut product[at]);
            }
        }
        Meter {
            service: self.service,
            product: cells(&product),
            usage_type,
            operation: self.operation,
            description: cell(description),
            unit: self.unit,
            rate,
            rate_code: format!("{sku}.JRTCKXETXF.6YS6EN2CT7"),
            rate_id: random.between(100_000_000, 999_999_999).to_string(),
            measure: self.measure,
        }
    }
}

/// Capital letters and digits, as SKUs are.
fn code(random: &mut Random, length: usize) -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    (0..length)
        .map(|_| char::from(*random.pick(LETTERS)))
        .collect()
}

fn dollars(rate: Tiny) -> String {
    let text = format!("{rate:011}");
    let (whole, fraction) = text.split_at(text.len() - UNIT.ilog10() as usize);
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}
