//! What the generated company buys. Prices are near AWS's public ones, with as many decimals.

use super::company::Role;

/// One priced usage type of a service.
#[derive(Debug)]
pub(super) struct Offer {
    /// FOCUS ServiceName and CUR `product/ProductName`.
    pub(super) service: &'static str,
    /// CUR product code.
    pub(super) code: &'static str,
    /// FOCUS ServiceCategory and ServiceSubcategory.
    pub(super) category: (&'static str, &'static str),
    /// CUR product family, and the kind of resource for FOCUS.
    pub(super) family: &'static str,
    pub(super) usage_type: &'static str,
    pub(super) operation: &'static str,
    pub(super) unit: &'static str,
    /// List price in 10^-8 of the currency, in a region of factor 100.
    pub(super) price: i128,
    /// What one resource uses on a working day, in millionths of the unit.
    pub(super) daily: i128,
    /// `{region}`, `{account}` and `{id}` are filled in.
    pub(super) arn: &'static str,
    /// Resources of this kind in a development, staging, data and production account.
    pub(super) fleet: [u32; 4],
    /// Falls at weekends.
    pub(super) weekly: bool,
    /// The enterprise discount covers it.
    pub(super) discounted: bool,
    /// A savings plan may cover it.
    pub(super) coverable: bool,
    /// Who sells it on the marketplace; AWS where nobody else does.
    pub(super) seller: Option<&'static str>,
}

impl Offer {
    pub(super) fn fleet_of(&self, role: Role) -> u32 {
        match role {
            Role::Development => self.fleet[0],
            Role::Staging => self.fleet[1],
            Role::Data => self.fleet[2],
            Role::Production => self.fleet[3],
            Role::Security | Role::Management => 0,
        }
    }
}

/// A region with the prefix of its usage types and its price level in percent.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) prefix: &'static str,
    pub(super) level: i128,
}

const fn region(id: &'static str, name: &'static str, prefix: &'static str, level: i128) -> Region {
    Region {
        id,
        name,
        prefix,
        level,
    }
}

pub(super) static REGIONS: [Region; 4] = [
    region("us-east-1", "US East (N. Virginia)", "", 100),
    region("us-west-2", "US West (Oregon)", "USW2-", 100),
    region("eu-central-1", "EU (Frankfurt)", "EUC1-", 119),
    region("ap-southeast-2", "Asia Pacific (Sydney)", "APS2-", 125),
];

const EC2: (&str, &str) = ("Compute", "Virtual Machines");
const RELATIONAL: (&str, &str) = ("Databases", "Relational Databases");

/// What most offers have in common.
pub(super) const BASE: Offer = Offer {
    service: "",
    code: "",
    category: ("Other", "Other (Other)"),
    family: "",
    usage_type: "",
    operation: "",
    unit: "",
    price: 0,
    daily: 0,
    arn: "",
    fleet: [0; 4],
    weekly: true,
    discounted: true,
    coverable: false,
    seller: None,
};

/// The usage whose runaway days are the spike.
pub(super) const SPIKE_USAGE_TYPE: &str = "DataTransfer-Out-Bytes";

pub(super) static OFFERS: [Offer; 16] = [
    Offer {
        service: "Amazon Elastic Compute Cloud",
        code: "AmazonEC2",
        category: EC2,
        family: "Compute Instance",
        usage_type: "BoxUsage:m6i.xlarge",
        operation: "RunInstances",
        unit: "Hrs",
        price: 19_200_000,
        daily: 24_000_000,
        arn: "arn:aws:ec2:{region}:{account}:instance/i-0{id}",
        fleet: [4, 4, 6, 12],
        coverable: true,
        ..BASE
    },
    Offer {
        service: "Amazon Elastic Compute Cloud",
        code: "AmazonEC2",
        category: EC2,
        family: "Compute Instance",
        usage_type: "BoxUsage:c7g.2xlarge",
        operation: "RunInstances",
        unit: "Hrs",
        price: 28_900_000,
        daily: 22_500_000,
        arn: "arn:aws:ec2:{region}:{account}:instance/i-0{id}",
        fleet: [1, 1, 3, 5],
        coverable: true,
        ..BASE
    },
    Offer {
        service: "Amazon Elastic Compute Cloud",
        code: "AmazonEC2",
        category: EC2,
        family: "Storage",
        usage_type: "EBS:VolumeUsage.gp3",
        operation: "CreateVolume-Gp3",
        unit: "GB-Mo",
        price: 8_000_000,
        daily: 16_666_667,
        arn: "arn:aws:ec2:{region}:{account}:volume/vol-0{id}",
        fleet: [4, 4, 6, 10],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Relational Database Service",
        code: "AmazonRDS",
        category: RELATIONAL,
        family: "Database Instance",
        usage_type: "InstanceUsage:db.r6g.xlarge",
        operation: "CreateDBInstance:0014",
        unit: "Hrs",
        price: 45_000_000,
        daily: 24_000_000,
        arn: "arn:aws:rds:{region}:{account}:db:db-{id}",
        fleet: [1, 2, 2, 4],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Relational Database Service",
        code: "AmazonRDS",
        category: RELATIONAL,
        family: "Database Storage",
        usage_type: "RDS:GP3-Storage",
        operation: "CreateDBInstance:0014",
        unit: "GB-Mo",
        price: 11_500_000,
        daily: 25_400_000,
        arn: "arn:aws:rds:{region}:{account}:db:db-{id}",
        fleet: [1, 1, 2, 3],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Simple Storage Service",
        code: "AmazonS3",
        category: ("Storage", "Object Storage"),
        family: "Storage",
        usage_type: "TimedStorage-ByteHrs",
        operation: "StandardStorage",
        unit: "GB-Mo",
        price: 2_300_000,
        daily: 410_333_219,
        arn: "arn:aws:s3:::data-{id}",
        fleet: [2, 2, 5, 5],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Simple Storage Service",
        code: "AmazonS3",
        category: ("Storage", "Object Storage"),
        family: "API Request",
        usage_type: "Requests-Tier1",
        operation: "PutObject",
        unit: "Requests",
        price: 500,
        daily: 184_220_000_000,
        arn: "arn:aws:s3:::data-{id}",
        fleet: [1, 1, 3, 4],
        ..BASE
    },
    Offer {
        service: "AWS Lambda",
        code: "AWSLambda",
        category: ("Compute", "Serverless Compute"),
        family: "Serverless",
        usage_type: "Lambda-GB-Second",
        operation: "Invoke",
        unit: "Lambda-GB-Second",
        price: 1_667,
        daily: 61_437_250_000,
        arn: "arn:aws:lambda:{region}:{account}:function:worker-{id}",
        fleet: [2, 2, 2, 6],
        coverable: false,
        ..BASE
    },
    Offer {
        service: "Amazon DynamoDB",
        code: "AmazonDynamoDB",
        category: ("Databases", "NoSQL Databases"),
        family: "Amazon DynamoDB PayPerRequest Throughput",
        usage_type: "WriteRequestUnits",
        operation: "PayPerRequestThroughput",
        unit: "WriteRequestUnits",
        price: 125,
        daily: 5_230_118_000_000,
        arn: "arn:aws:dynamodb:{region}:{account}:table/orders-{id}",
        fleet: [1, 1, 1, 3],
        ..BASE
    },
    Offer {
        service: "Amazon CloudFront",
        code: "AmazonCloudFront",
        category: ("Networking", "Content Delivery"),
        family: "Data Transfer",
        usage_type: "US-DataTransfer-Out-Bytes",
        operation: "GET",
        unit: "GB",
        price: 8_500_000,
        daily: 312_778_412,
        arn: "arn:aws:cloudfront::{account}:distribution/E{id}",
        fleet: [0, 1, 0, 3],
        discounted: false,
        ..BASE
    },
    Offer {
        service: "AWS Data Transfer",
        code: "AWSDataTransfer",
        category: ("Networking", "Network Infrastructure"),
        family: "Data Transfer",
        usage_type: SPIKE_USAGE_TYPE,
        operation: "RunInstances",
        unit: "GB",
        price: 9_000_000,
        daily: 87_310_465,
        arn: "arn:aws:ec2:{region}:{account}:natgateway/nat-0{id}",
        fleet: [1, 1, 2, 4],
        ..BASE
    },
    Offer {
        service: "Amazon ElastiCache",
        code: "AmazonElastiCache",
        category: ("Databases", "Caching"),
        family: "Cache Instance",
        usage_type: "NodeUsage:cache.r6g.large",
        operation: "CreateCacheCluster:0002",
        unit: "Hrs",
        price: 20_600_000,
        daily: 24_000_000,
        arn: "arn:aws:elasticache:{region}:{account}:cluster:cache-{id}",
        fleet: [0, 1, 1, 3],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Elastic Kubernetes Service",
        code: "AmazonEKS",
        category: ("Compute", "Containers"),
        family: "Compute",
        usage_type: "AmazonEKS-Hours:perCluster",
        operation: "CreateOperation",
        unit: "Hours",
        price: 10_000_000,
        daily: 24_000_000,
        arn: "arn:aws:eks:{region}:{account}:cluster/cluster-{id}",
        fleet: [1, 1, 1, 2],
        weekly: false,
        ..BASE
    },
    Offer {
        service: "Amazon Simple Queue Service",
        code: "AWSQueueService",
        category: ("Integration", "Messaging"),
        family: "API Request",
        usage_type: "Requests-Tier1",
        operation: "SendMessage",
        unit: "Requests",
        price: 40,
        daily: 3_104_771_000_000,
        arn: "arn:aws:sqs:{region}:{account}:events-{id}",
        fleet: [2, 2, 2, 4],
        ..BASE
    },
    Offer {
        service: "AmazonCloudWatch",
        code: "AmazonCloudWatch",
        category: ("Management and Governance", "Observability"),
        family: "Data Payload",
        usage_type: "DataProcessing-Bytes",
        operation: "PutLogEvents",
        unit: "GB",
        price: 50_000_000,
        daily: 14_209_113,
        arn: "arn:aws:logs:{region}:{account}:log-group:/app/{id}",
        fleet: [2, 2, 2, 4],
        ..BASE
    },
    Offer {
        service: "Amazon Redshift",
        code: "AmazonRedshift",
        category: ("Databases", "Data Warehouses"),
        family: "Compute Instance",
        usage_type: "Node:ra3.xlplus",
        operation: "RunComputeNode:0001",
        unit: "Hrs",
        price: 108_600_000,
        daily: 24_000_000,
        arn: "arn:aws:redshift:{region}:{account}:cluster:warehouse-{id}",
        fleet: [0, 0, 3, 0],
        ..BASE
    },
];
