"""What every program of the benchmark writes, named once.

Rows: COLUMNS, as zstd Parquet. Roll-ups: two CSV files, by day and KEY and the tags TAG_KEYS, and by
day, tag key, currency and tag value; both with the sums of COSTS.
"""

COSTS = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]

TIMES = ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"]

TEXTS = [
    "AvailabilityZone",
    "BillingAccountId",
    "BillingAccountType",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
    "ConsumedUnit",
    "HostProviderName",
    "InvoiceId",
    "InvoiceIssuerName",
    "PricingCategory",
    "PricingCurrency",
    "PricingUnit",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceProviderName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountType",
    "x_Payer",
    "x_Provider",
    "x_SourceLineId",
    "x_SourceLineType",
    "x_ChargeKind",
    "x_CostBasis",
    "x_ServiceCode",
    "x_Operation",
    "x_UsageType",
    "x_Notes",
]

AMOUNTS = COSTS + [
    "CommitmentDiscountQuantity",
    "ConsumedQuantity",
    "ContractedUnitPrice",
    "ListUnitPrice",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
]

COLUMNS = TIMES + TEXTS + AMOUNTS + ["Tags"]

# The roll-up's dimensions besides the day and the tags.
KEY = [
    "BillingAccountId",
    "SubAccountId",
    "ServiceName",
    "ServiceCategory",
    "RegionId",
    "ChargeCategory",
    "ChargeClass",
    "x_ChargeKind",
    "ChargeFrequency",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "ServiceProviderName",
    "BillingCurrency",
]

TAG_KEYS = ["user:Environment", "user:Team"]

# The tag columns of the report, sorted by key, as they are stored.
REPORT_TAGS = [
    "aws:autoscaling:groupName",
    "aws:cloudformation:logical-id",
    "aws:cloudformation:stack-name",
    "aws:createdBy",
    "aws:ecs:clusterName",
    "user:Application",
    "user:Component",
    "user:CostCenter",
    "user:DataClass",
    "user:Environment",
    "user:ManagedBy",
    "user:Name",
    "user:Owner",
    "user:Project",
    "user:Team",
]

# Where each program puts what it writes, below its folder.
ROWS, DAILY, TAGS = "rows.parquet", "daily.csv", "tags.csv"
