"""The bill by polars, streaming: polars_peer.py FILE OUT SERVICES.csv (threads: POLARS_MAX_THREADS)"""

import sys
from pathlib import Path

import polars as pl
from polars import col, lit, when

from columns import COLUMNS, COSTS, DAILY, KEY, REPORT_TAGS, ROWS, TAG_KEYS, TAGS

DECIMAL = pl.Decimal(38, 18)
ZERO = lit(0, DECIMAL)
NULL = lit(None)

AMOUNTS = {
    "unblended": "lineItem/UnblendedCost",
    "net": "lineItem/NetUnblendedCost",
    "discount": "discount/TotalDiscount",
    "amount": "lineItem/UsageAmount",
    "normalized_amount": "lineItem/NormalizedUsageAmount",
    "rate": "lineItem/UnblendedRate",
    "net_rate": "lineItem/NetUnblendedRate",
    "public_cost": "pricing/publicOnDemandCost",
    "public_rate": "pricing/publicOnDemandRate",
    "plan_cost": "savingsPlan/SavingsPlanEffectiveCost",
    "net_plan_cost": "savingsPlan/NetSavingsPlanEffectiveCost",
    "commitment_to_date": "savingsPlan/TotalCommitmentToDate",
    "used_commitment": "savingsPlan/UsedCommitment",
    "reserved_cost": "reservation/EffectiveCost",
    "net_reserved_cost": "reservation/NetEffectiveCost",
    "reserved_units": "reservation/TotalReservedUnits",
    "reserved_normalized": "reservation/TotalReservedNormalizedUnits",
    "unused_quantity": "reservation/UnusedQuantity",
    "unused_normalized": "reservation/UnusedNormalizedUnitQuantity",
    "unused_upfront": "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    "net_unused_upfront": "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
    "unused_recurring": "reservation/UnusedRecurringFee",
    "net_unused_recurring": "reservation/NetUnusedRecurringFee",
}


def choose(cases, otherwise=NULL):
    """The value of the first condition that holds."""
    chain = None
    for condition, value in cases:
        chain = (when(condition) if chain is None else chain.when(condition)).then(value)
    return chain.otherwise(otherwise)


def said(column):
    return col(column).fill_null("")


def is_type(*types):
    return col("type").is_in(types)


def instant(column):
    return (
        col(column)
        .str.strptime(pl.Datetime("us"), "%Y-%m-%dT%H:%M:%S%.fZ")
        .dt.replace_time_zone("UTC")
    )


def not_zero(column):
    return when(col(column) != 0).then(col(column))


def lines(file):
    support = ["AWSDeveloperSupport", "AWSEnterpriseOnRamp", "AWSPremiumSupport", "OCBPremiumSupport"]
    code = said("lineItem/ProductCode")
    return (
        pl.scan_csv(file, infer_schema=False)
        .filter(
            col("splitLineItem/ParentResourceId").is_null(),
            ~said("lineItem/Operation").is_in(["EKSPod-EC2", "ECSTask-EC2"]),
            col("lineItem/LineItemType") != "SavingsPlanNegation",
        )
        .rename({"lineItem/LineItemType": "type", "lineItem/CurrencyCode": "currency"})
        .with_columns(
            **{name: col(column).str.to_decimal(scale=18) for name, column in AMOUNTS.items()},
            is_discount=col("type").str.ends_with("Discount"),
            is_usage=is_type("Usage", "SavingsPlanCoveredUsage", "DiscountedUsage"),
            of_plan=is_type("SavingsPlanCoveredUsage", "SavingsPlanUpfrontFee", "SavingsPlanRecurringFee"),
            period_start=instant("bill/BillingPeriodStartDate"),
            period_end=instant("bill/BillingPeriodEndDate"),
            charge_start=instant("lineItem/UsageStartDate"),
            charge_end=instant("lineItem/UsageEndDate"),
            plan_start=instant("savingsPlan/StartTime"),
            foreign=(col("pricing/currency") != col("currency")).fill_null(False),
            code=pl.coalesce("lineItem/ProductCode", "product/servicecode", lit("")),
            usage_type=said("lineItem/UsageType"),
            description=said("lineItem/LineItemDescription"),
            is_support=code.str.starts_with("AWSSupport") | code.is_in(support),
        )
        .with_columns(
            discount=not_zero("discount"),
            unused_normalized=not_zero("unused_normalized"),
            public_cost=when(~col("foreign")).then(col("public_cost")),
            reservation=when(~col("of_plan")).then(col("reservation/ReservationARN")),
        )
        .with_columns(plan=when(col("reservation").is_null()).then(col("savingsPlan/SavingsPlanARN")))
        .with_columns(commitment=pl.coalesce("reservation", "plan"))
    )


def returned():
    text, usage_type = col("description"), col("usage_type")
    named = text.str.starts_with("Refund for ") & text.str.contains("fee for Savings Plan", literal=True)
    of_plan = (
        col("plan").is_not_null()
        & (said("lineItem/ProductCode").str.ends_with("SavingsPlans") | usage_type.str.contains("SP:", literal=True))
        & ~text.str.contains("iscount|EDP")
        & (pl.coalesce("charge_end", "charge_start") >= col("plan_start")).fill_null(True)
    )
    of_reservation = col("reservation").is_not_null() & (
        ~usage_type.str.contains("BoxUsage|InstanceUsage|NodeUsage|ESInstance")
        | text.str.contains("eserv|ign up|pfront|ne-time|ubscription|RI ")
    )
    return is_type("Refund") & (named | of_plan | of_reservation)


def paid(frame):
    of_charge = ~col("is_discount")
    has_net = col("net").is_not_null() & (
        (col("net") != 0) | (col("unblended") == 0) | col("discount").is_not_null()
    )
    no_list = col("is_discount") | is_type("Credit", "Tax")
    public = (col("is_usage") & col("public_cost").is_not_null()) | (col("public_cost") != 0).fill_null(False)
    return frame.with_columns(
        paid=choose(
            [(col("is_discount"), col("net").fill_null(ZERO)), (has_net, col("net"))],
            col("unblended") + col("discount").fill_null(ZERO),
        ),
        paid_basis=when(col("is_discount") | has_net).then(lit("net")).otherwise(lit("gross")),
        list=choose(
            [
                (col("is_discount"), ZERO),
                (is_type("Credit", "Tax"), col("unblended")),
                (public, col("public_cost")),
                (~is_type("DiscountedUsage"), col("unblended")),
            ]
        ),
        list_note=when(~no_list & ~public & ~is_type("DiscountedUsage")).then(lit("list-from-unblended")),
        returned=returned(),
    ).with_columns(
        paid_note=when(col("paid") != col("unblended")).then(
            when(of_charge).then(lit("discount-folded")).otherwise(lit("discount-in-charges"))
        )
    )


def net_or_gross(column):
    return when(col(column).is_null()).then(lit("gross")).otherwise(lit("net"))


def charges(frame):
    committed, taxed = col("commitment").is_not_null(), col("lineItem/TaxType").is_not_null()
    fee = is_type("SavingsPlanUpfrontFee", "SavingsPlanRecurringFee", "RIFee")
    purchase = fee | (is_type("Fee") & committed)
    covered, reserved = is_type("SavingsPlanCoveredUsage"), is_type("DiscountedUsage")
    normalized = choose(
        [(reserved, not_zero("normalized_amount")), (is_type("RIFee"), not_zero("reserved_normalized"))]
    )
    return frame.with_columns(
        category=choose(
            [
                (fee | is_type("Fee"), lit("Purchase")),
                (is_type("Credit", "Tax"), col("type")),
                (is_type("Refund") & taxed, lit("Tax")),
                (is_type("Refund") & (col("returned") | col("is_support")), lit("Purchase")),
            ],
            lit("Usage"),
        ),
        frequency=choose(
            [
                (is_type("SavingsPlanRecurringFee", "RIFee"), lit("Recurring")),
                (is_type("SavingsPlanUpfrontFee", "Fee", "Refund", "Credit", "Tax"), lit("One-Time")),
            ],
            lit("Usage-Based"),
        ),
        pricing=choose(
            [
                (is_type("Tax") | (is_type("Refund") & taxed), NULL),
                (covered | reserved | (is_type("Usage") & committed), lit("Committed")),
                (is_type("Usage") & col("usage_type").str.contains("SpotUsage", literal=True), lit("Dynamic")),
            ],
            lit("Standard"),
        ),
        kind=choose(
            [
                (col("is_discount"), lit("discount")),
                (purchase, lit("purchase")),
                (is_type("Fee", "Usage") & col("is_support"), lit("support")),
                (is_type("Fee", "Refund", "Credit", "Tax"), col("type").str.to_lowercase()),
            ],
            lit("usage"),
        ),
        correction=choose(
            [
                (is_type("Refund") & (col("bill/BillType") == "Refund"), lit("Correction")),
                (
                    (col("charge_start") < col("period_start"))
                    & (col("is_usage") | col("is_discount") | is_type("Refund")),
                    lit("Correction"),
                ),
            ]
        ),
        billed=when(covered).then(ZERO).otherwise(col("paid")),
        effective=choose(
            [
                (covered, pl.coalesce("net_plan_cost", "plan_cost", ZERO)),
                (reserved, pl.coalesce("net_reserved_cost", "reserved_cost", ZERO)),
                (purchase | col("returned"), ZERO),
            ],
            col("paid"),
        ),
        contracted=when(reserved).then(col("list")).otherwise(col("paid")),
        quantity=choose([(col("is_usage"), col("amount")), (col("is_discount"), ZERO)]),
        basis=choose(
            [
                (covered, net_or_gross("net_plan_cost")),
                (reserved, net_or_gross("net_reserved_cost")),
                (is_type("SavingsPlanRecurringFee"), lit("gross")),
                (is_type("RIFee"), net_or_gross("net_unused_upfront")),
            ],
            col("paid_basis"),
        ),
        notes=pl.concat_str(
            "paid_note",
            "list_note",
            when(col("returned")).then(lit("commitment-return")),
            separator=" ",
            ignore_nulls=True,
        ).replace("", None),
        normalized=normalized,
        measure=choose(
            [
                (covered, col("plan_cost")),
                (is_type("SavingsPlanRecurringFee"), col("commitment_to_date")),
                (reserved, pl.coalesce(normalized, "amount")),
                (is_type("RIFee"), pl.coalesce(normalized, "reserved_units")),
            ]
        ),
        unused=choose(
            [
                (
                    is_type("SavingsPlanRecurringFee"),
                    col("commitment_to_date").fill_null(ZERO) - col("used_commitment").fill_null(ZERO),
                ),
                (
                    is_type("RIFee"),
                    pl.coalesce("net_unused_upfront", "unused_upfront", ZERO)
                    + pl.coalesce("net_unused_recurring", "unused_recurring", ZERO),
                ),
            ]
        ),
    )


def with_unused(frame):
    """A fee whose commitment was not used up is two rows."""
    rows = when((col("unused") != 0).fill_null(False)).then(lit([False, True])).otherwise(lit([False]))
    return frame.with_columns(is_unused=rows).explode("is_unused")


def tags():
    entries = []
    for key in REPORT_TAGS:
        value = col(f"resourceTags/{key}")
        entry = pl.struct(lit(key).alias("key"), value.alias("value"))
        entries.append(when(value.is_not_null()).then(entry))
    return pl.concat_list(entries).list.drop_nulls().cast(pl.Map(pl.String, pl.String))


def resource_type():
    resource, product = col("lineItem/ResourceId"), said("lineItem/ProductCode")
    prefixes = {
        "i-": "instance",
        "vol-": "volume",
        "snap-": "snapshot",
        "nat-": "natgateway",
        "eni-": "network-interface",
        "vpce-": "vpc-endpoint",
    }
    of_arn = pl.coalesce(
        resource.str.extract("^arn:[^:]*:[^:]*:[^:]*:[^:]*:([^/:]+)[/:]", 1),
        when(resource.str.contains(":s3:", literal=True)).then(lit("bucket")),
    )
    return choose(
        [
            (resource.str.starts_with("arn:"), of_arn),
            ((product == "AmazonS3") & resource.is_not_null(), lit("bucket")),
        ]
        + [(resource.str.starts_with(prefix), lit(kind)) for prefix, kind in prefixes.items()]
    )


def provider():
    seller = col("lineItem/LegalEntity")
    makers = {"aws|amazon": "AWS", "microsoft|azure": "Microsoft", "google|gcp": "Google Cloud", "oracle|oci": "Oracle"}
    known = [
        (seller.str.to_lowercase().str.contains(f"^({names})([^a-z0-9]|$)"), lit(maker))
        for names, maker in makers.items()
    ]
    return choose([(seller.is_null(), lit("AWS"))] + known, seller)


def unused_or(unused, other):
    return when(col("is_unused")).then(unused).otherwise(other)


def focus(frame):
    unit, currency = col("pricing/unit"), col("currency")
    region = pl.coalesce("product/regionCode", "product/region")
    committed, prices = col("commitment").is_not_null(), col("is_usage")
    reserved, planned = col("reservation").is_not_null(), col("plan").is_not_null()
    unused_fee = col("is_unused") & is_type("RIFee")
    effective = unused_or(col("unused"), col("effective"))
    contracted_price = when(prices & ~committed).then(
        when(said("paid_note") == "discount-folded").then(col("net_rate")).otherwise(col("rate"))
    )
    in_billing_currency = ~col("foreign")
    account, payer = col("lineItem/UsageAccountId"), col("bill/PayerAccountId")
    values = {
        "BillingPeriodStart": col("period_start"),
        "BillingPeriodEnd": col("period_end"),
        "ChargePeriodStart": col("charge_start"),
        "ChargePeriodEnd": col("charge_end"),
        "AvailabilityZone": col("lineItem/AvailabilityZone"),
        "BillingAccountId": payer,
        "BillingAccountType": lit("Management Account"),
        "BillingCurrency": currency,
        "ChargeCategory": unused_or(lit("Usage"), col("category")),
        "ChargeClass": col("correction"),
        "ChargeDescription": col("lineItem/LineItemDescription"),
        "ChargeFrequency": unused_or(lit("Usage-Based"), col("frequency")),
        "CommitmentDiscountCategory": choose([(reserved, lit("Usage")), (planned, lit("Spend"))]),
        "CommitmentDiscountId": col("commitment"),
        "CommitmentDiscountStatus": choose([(col("is_unused"), lit("Unused")), (prices & committed, lit("Used"))]),
        "CommitmentDiscountType": choose([(reserved, lit("Reserved Instance")), (planned, lit("Savings Plan"))]),
        "CommitmentDiscountUnit": choose(
            [
                (unused_fee & col("unused_normalized").is_not_null(), lit("Normalized Hours")),
                (unused_fee & col("unused_quantity").is_not_null(), unit),
                (unused_fee | ~committed | col("measure").is_null(), NULL),
                (col("of_plan"), currency),
                (col("normalized").is_not_null(), lit("Normalized Hours")),
            ],
            unit,
        ),
        "ConsumedUnit": when(prices).then(unit),
        "HostProviderName": lit("AWS"),
        "InvoiceId": col("bill/InvoiceId"),
        "InvoiceIssuerName": col("bill/InvoicingEntity"),
        "PricingCategory": unused_or(lit("Committed"), col("pricing")),
        "PricingCurrency": pl.coalesce("pricing/currency", currency),
        "PricingUnit": unit,
        "RegionId": region,
        "RegionName": when(region.is_not_null()).then(col("product/location")),
        "ResourceId": col("lineItem/ResourceId"),
        "ResourceType": resource_type(),
        "ServiceCategory": col("service_category").fill_null("Other"),
        "ServiceName": pl.coalesce("product/ProductName", "product/servicename", "code"),
        "ServiceProviderName": provider(),
        "ServiceSubcategory": col("service_subcategory").fill_null("Other (Other)"),
        "SkuId": col("product/sku"),
        "SkuMeter": when(col("product/sku").is_not_null()).then(col("lineItem/UsageType")),
        "SkuPriceId": col("pricing/RateCode"),
        "SubAccountId": account,
        "SubAccountType": choose(
            [(account == payer, lit("Management Account")), (account.is_not_null(), lit("Member Account"))]
        ),
        "x_Payer": payer,
        "x_Provider": lit("AWS"),
        "x_SourceLineId": col("identity/LineItemId"),
        "x_SourceLineType": col("type"),
        "x_ChargeKind": unused_or(lit("usage"), col("kind")),
        "x_CostBasis": col("basis"),
        "x_ServiceCode": col("code").replace("", None),
        "x_Operation": col("lineItem/Operation"),
        "x_UsageType": col("lineItem/UsageType"),
        "x_Notes": unused_or(lit("unused-commitment"), col("notes")),
        "BilledCost": unused_or(ZERO, col("billed")),
        "EffectiveCost": effective,
        "ListCost": unused_or(ZERO, col("list")),
        "ContractedCost": unused_or(ZERO, col("contracted")),
        "CommitmentDiscountQuantity": choose(
            [
                (unused_fee, pl.coalesce("unused_normalized", "unused_quantity")),
                (col("is_unused"), col("unused")),
                (committed, col("measure")),
            ]
        ),
        "ConsumedQuantity": when(prices).then(col("quantity")),
        "ContractedUnitPrice": contracted_price,
        "ListUnitPrice": when(prices & in_billing_currency).then(col("public_rate")),
        "PricingCurrencyContractedUnitPrice": when(in_billing_currency).then(contracted_price),
        "PricingCurrencyEffectiveCost": when(in_billing_currency).then(effective),
        "PricingCurrencyListUnitPrice": when(prices).then(col("public_rate")),
        "PricingQuantity": when(~col("is_unused")).then(col("quantity")),
        "Tags": tags(),
    }
    return frame.select(**{name: values[name] for name in COLUMNS})


def main(file, out, services):
    out = Path(out)
    service = pl.scan_csv(services, infer_schema=False).with_columns(pl.all().fill_null(""))
    charged = with_unused(charges(paid(lines(file)))).join(
        service, left_on=["code", "usage_type"], right_on=["of_code", "of_usage_type"], how="left"
    )
    focus(charged).sink_parquet(out / ROWS, compression="zstd", compression_level=1)
    costs = [col(cost).sum() for cost in COSTS]
    tag_values = {key: col("Tags").map.get(key) for key in TAG_KEYS}
    daily = (
        pl.scan_parquet(out / ROWS)
        .select(*KEY, *COSTS, Day=col("ChargePeriodStart").dt.date(), **tag_values)
        .group_by("Day", *KEY, *TAG_KEYS)
        .agg(*costs)
        .collect()
    )
    daily.write_csv(out / DAILY)
    by_tag = [
        daily.group_by("Day", lit(key).alias("TagKey"), "BillingCurrency", col(key).alias("TagValue")).agg(*costs)
        for key in TAG_KEYS
    ]
    pl.concat(by_tag).write_csv(out / TAGS)


if __name__ == "__main__":
    main(*sys.argv[1:])
