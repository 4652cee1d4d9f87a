"""The bill by pandas, 200,000 rows at a time: pandas_peer.py FILE OUT SERVICES.csv

Amounts are Python decimals: pandas has no exact arithmetic of its own.
"""

import sys
from decimal import Decimal, getcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from columns import AMOUNTS, COLUMNS, COSTS, DAILY, KEY, REPORT_TAGS, ROWS, TAG_KEYS, TAGS, TEXTS, TIMES

CHUNK = 200_000
ZERO = Decimal(0)
TAG_COLUMNS = [f"resourceTags/{key}" for key in REPORT_TAGS]
READ = """identity/LineItemId bill/InvoiceId bill/InvoicingEntity bill/BillType bill/PayerAccountId
bill/BillingPeriodStartDate bill/BillingPeriodEndDate lineItem/UsageAccountId lineItem/LineItemType
lineItem/UsageStartDate lineItem/UsageEndDate lineItem/ProductCode lineItem/UsageType lineItem/Operation
lineItem/AvailabilityZone lineItem/ResourceId lineItem/UsageAmount lineItem/NormalizedUsageAmount
lineItem/CurrencyCode lineItem/UnblendedRate lineItem/UnblendedCost lineItem/NetUnblendedRate
lineItem/NetUnblendedCost lineItem/LineItemDescription lineItem/TaxType lineItem/LegalEntity
discount/TotalDiscount product/ProductName product/servicename product/servicecode product/location
product/region product/regionCode product/sku pricing/RateCode pricing/currency pricing/publicOnDemandCost
pricing/publicOnDemandRate pricing/unit reservation/ReservationARN reservation/EffectiveCost
reservation/NetEffectiveCost reservation/TotalReservedUnits reservation/TotalReservedNormalizedUnits
reservation/UnusedQuantity reservation/UnusedNormalizedUnitQuantity
reservation/UnusedAmortizedUpfrontFeeForBillingPeriod reservation/UnusedRecurringFee
reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod reservation/NetUnusedRecurringFee
savingsPlan/SavingsPlanARN savingsPlan/StartTime savingsPlan/SavingsPlanEffectiveCost
savingsPlan/NetSavingsPlanEffectiveCost savingsPlan/TotalCommitmentToDate savingsPlan/UsedCommitment
splitLineItem/ParentResourceId""".split()
SCHEMA = pa.schema(
    [(name, pa.timestamp("us", "UTC")) for name in TIMES]
    + [(name, pa.string()) for name in TEXTS]
    + [(name, pa.decimal128(38, 18)) for name in AMOUNTS]
    + [("Tags", pa.map_(pa.string(), pa.string()))]
)


def choose(cases, otherwise=None):
    """The value of the first condition that holds, row by row."""
    count = len(cases[0][0])
    chosen = np.full(count, otherwise, object) if np.ndim(otherwise) == 0 else otherwise.astype(object).copy()
    for condition, value in reversed(cases):
        chosen[condition] = value if np.ndim(value) == 0 else value[condition]
    return chosen


def is_set(values):
    return pd.notna(values)


def first(*values):
    """The first value that is there."""
    return choose([(is_set(value), value) for value in values[:-1]], values[-1])


def each(function, *values):
    """A function of decimals, where all of them are there."""
    out = np.full(len(values[0]), None, object)
    there = np.logical_and.reduce([is_set(value) for value in values])
    out[there] = [function(*row) for row in zip(*(value[there] for value in values))]
    return out


def or_zero(values):
    return choose([(is_set(values), values)], ZERO)


def differ(a, b):
    return is_set(a) & is_set(b) & (a != b)


def not_zero(values):
    return choose([(is_set(values) & (values != ZERO), values)])


class Lines:
    """The columns of a chunk, as arrays of objects; what is empty is None."""

    def __init__(self, chunk):
        operation = chunk["lineItem/Operation"].fillna("")
        keep = (
            chunk["splitLineItem/ParentResourceId"].isna()
            & ~operation.isin(["EKSPod-EC2", "ECSTask-EC2"])
            & (chunk["lineItem/LineItemType"] != "SavingsPlanNegation")
        )
        self.chunk = chunk[keep]
        self.type = self.chunk["lineItem/LineItemType"]

    def is_type(self, *types):
        return self.type.isin(types).to_numpy()

    def text(self, column):
        values = self.chunk[column].to_numpy(object)
        return np.where(pd.isna(values), None, values)

    def said(self, column):
        """For string functions: empty where there is nothing."""
        return self.chunk[column].fillna("").str

    def amount(self, column):
        return each(Decimal, self.text(column))

    def time(self, column):
        return pd.to_datetime(self.chunk[column], format="ISO8601", utc=True).dt.as_unit("us").to_numpy("M8[us]")


def is_returned(l, plan, reservation, charge_end):
    text, usage_type = l.said("lineItem/LineItemDescription"), l.said("lineItem/UsageType")
    named = text.startswith("Refund for ") & text.contains("fee for Savings Plan", regex=False)
    began = l.time("savingsPlan/StartTime")
    of_plan = (
        is_set(plan)
        & (l.said("lineItem/ProductCode").endswith("SavingsPlans") | usage_type.contains("SP:", regex=False))
        & ~text.contains("iscount|EDP")
        & (pd.isna(began) | ~(charge_end < began))
    )
    of_reservation = is_set(reservation) & (
        ~usage_type.contains("BoxUsage|InstanceUsage|NodeUsage|ESInstance")
        | text.contains("eserv|ign up|pfront|ne-time|ubscription|RI ")
    )
    return l.is_type("Refund") & (named | of_plan | of_reservation).to_numpy()


def net_or_gross(values):
    return choose([(is_set(values), "net")], "gross")


def resource_type(l):
    resource = l.chunk["lineItem/ResourceId"]
    of_arn = resource.str.extract("^arn:[^:]*:[^:]*:[^:]*:[^:]*:([^/:]+)[/:]", expand=False).to_numpy(object)
    said = resource.fillna("").str
    prefixes = {
        "i-": "instance",
        "vol-": "volume",
        "snap-": "snapshot",
        "nat-": "natgateway",
        "eni-": "network-interface",
        "vpce-": "vpc-endpoint",
    }
    is_arn = said.startswith("arn:").to_numpy()
    is_bucket = is_arn & said.contains(":s3:", regex=False).to_numpy()
    in_s3 = (l.chunk["lineItem/ProductCode"] == "AmazonS3").to_numpy() & resource.notna().to_numpy()
    cases = [(is_arn & is_set(of_arn), of_arn), (is_bucket, "bucket"), (is_arn, None), (in_s3, "bucket")]
    return choose(cases + [(said.startswith(prefix).to_numpy(), kind) for prefix, kind in prefixes.items()])


def provider(l):
    seller = l.said("lineItem/LegalEntity").lower().str
    makers = {"aws|amazon": "AWS", "microsoft|azure": "Microsoft", "google|gcp": "Google Cloud", "oracle|oci": "Oracle"}
    known = [
        (seller.contains(f"^(?:{names})(?:[^a-z0-9]|$)").to_numpy(), maker) for names, maker in makers.items()
    ]
    text = l.text("lineItem/LegalEntity")
    return choose([(~is_set(text), "AWS")] + known, text)


def focus(chunk, services):
    """The FOCUS columns of a chunk, each fee followed by what of its commitment was not used."""
    l = Lines(chunk)
    kind_of_line = l.type.to_numpy(object)
    is_discount = l.type.str.endswith("Discount").to_numpy()
    covered, reserved = l.is_type("SavingsPlanCoveredUsage"), l.is_type("DiscountedUsage")
    usage = l.is_type("Usage")
    is_usage = usage | covered | reserved
    refund, ri_fee, sp_fee = l.is_type("Refund"), l.is_type("RIFee"), l.is_type("SavingsPlanRecurringFee")
    fee = l.is_type("SavingsPlanUpfrontFee") | sp_fee | ri_fee
    credit_or_tax = l.is_type("Credit", "Tax")
    of_plan = covered | l.is_type("SavingsPlanUpfrontFee") | sp_fee

    reservation = choose([(~of_plan, l.text("reservation/ReservationARN"))])
    plan = choose([(~is_set(reservation), l.text("savingsPlan/SavingsPlanARN"))])
    commitment = first(reservation, plan)
    committed = is_set(commitment)
    period_start, charge_start = l.time("bill/BillingPeriodStartDate"), l.time("lineItem/UsageStartDate")
    charge_end = l.time("lineItem/UsageEndDate")
    returned = is_returned(l, plan, reservation, charge_end)
    product = l.said("lineItem/ProductCode")
    support = ["AWSDeveloperSupport", "AWSEnterpriseOnRamp", "AWSPremiumSupport", "OCBPremiumSupport"]
    is_support = (product.startswith("AWSSupport") | l.chunk["lineItem/ProductCode"].isin(support)).to_numpy()
    taxed = is_set(l.text("lineItem/TaxType"))
    currency = l.text("lineItem/CurrencyCode")
    pricing_currency = first(l.text("pricing/currency"), currency)
    foreign = pricing_currency != currency

    unblended, net = l.amount("lineItem/UnblendedCost"), l.amount("lineItem/NetUnblendedCost")
    discount = not_zero(l.amount("discount/TotalDiscount"))
    # A net cost of 0 that no discount explains was never filled in.
    has_net = is_set(net) & ((net != ZERO) | (unblended == ZERO) | is_set(discount))
    after_discount = each(lambda cost, less: cost + less, unblended, or_zero(discount))
    paid = choose([(is_discount, or_zero(net)), (has_net, net)], after_discount)
    folded = ~is_discount & differ(paid, unblended)
    paid_note = choose(
        [(folded, "discount-folded"), (is_discount & differ(paid, unblended), "discount-in-charges")]
    )
    public = choose([(~foreign, l.amount("pricing/publicOnDemandCost"))])
    has_list = is_set(public) & (is_usage | (public != ZERO))
    listed = choose(
        [(is_discount, ZERO), (credit_or_tax, unblended), (has_list, public), (~reserved, unblended)]
    )
    unlisted = ~is_discount & ~credit_or_tax & ~has_list & ~reserved
    notes = pd.Series(choose([(is_set(paid_note), paid_note)], ""))
    for condition, word in [(unlisted, "list-from-unblended"), (returned, "commitment-return")]:
        notes = (notes + np.where(condition, f" {word}", "")).str.strip()
    notes = choose([((notes != "").to_numpy(), notes.to_numpy(object))])

    amount = l.amount("lineItem/UsageAmount")
    plan_cost = l.amount("savingsPlan/SavingsPlanEffectiveCost")
    net_plan_cost = l.amount("savingsPlan/NetSavingsPlanEffectiveCost")
    reserved_cost = l.amount("reservation/EffectiveCost")
    net_reserved_cost = l.amount("reservation/NetEffectiveCost")
    purchase = fee | (l.is_type("Fee") & committed)
    effective = choose(
        [
            (covered, or_zero(first(net_plan_cost, plan_cost))),
            (reserved, or_zero(first(net_reserved_cost, reserved_cost))),
            (purchase | returned, ZERO),
        ],
        paid,
    )
    net_upfront = l.amount("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod")
    basis = choose(
        [
            (covered, net_or_gross(net_plan_cost)),
            (reserved, net_or_gross(net_reserved_cost)),
            (sp_fee, "gross"),
            (ri_fee, net_or_gross(net_upfront)),
        ],
        choose([(is_discount | has_net, "net")], "gross"),
    )
    normalized = not_zero(
        choose(
            [
                (reserved, l.amount("lineItem/NormalizedUsageAmount")),
                (ri_fee, l.amount("reservation/TotalReservedNormalizedUnits")),
            ]
        )
    )
    to_date = l.amount("savingsPlan/TotalCommitmentToDate")
    measure = choose(
        [
            (covered, plan_cost),
            (sp_fee, to_date),
            (reserved, first(normalized, amount)),
            (ri_fee, first(normalized, l.amount("reservation/TotalReservedUnits"))),
        ]
    )
    upfront = first(net_upfront, l.amount("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"))
    recurring = first(
        l.amount("reservation/NetUnusedRecurringFee"), l.amount("reservation/UnusedRecurringFee")
    )
    rest = each(lambda a, b: a - b, or_zero(to_date), or_zero(l.amount("savingsPlan/UsedCommitment")))
    unused = choose([(sp_fee, rest), (ri_fee, each(lambda a, b: a + b, or_zero(upfront), or_zero(recurring)))])
    unused_normalized = not_zero(l.amount("reservation/UnusedNormalizedUnitQuantity"))
    unused_quantity = l.amount("reservation/UnusedQuantity")

    unit, usage_type = l.text("pricing/unit"), l.text("lineItem/UsageType")
    code = first(l.text("lineItem/ProductCode"), l.text("product/servicecode"), np.full(len(unit), "", object))
    looked_up = pd.DataFrame({"of_code": code, "of_usage_type": choose([(is_set(usage_type), usage_type)], "")})
    service = looked_up.merge(services, how="left", on=["of_code", "of_usage_type"])
    region = first(l.text("product/regionCode"), l.text("product/region"))
    account, payer = l.text("lineItem/UsageAccountId"), l.text("bill/PayerAccountId")
    sku = l.text("product/sku")
    rate = choose([(folded, l.amount("lineItem/NetUnblendedRate"))], l.amount("lineItem/UnblendedRate"))
    contracted_price = choose([(is_usage & ~committed, rate)])
    public_rate = l.amount("pricing/publicOnDemandRate")
    quantity = choose([(is_usage, amount), (is_discount, ZERO)])
    spot = l.said("lineItem/UsageType").contains("SpotUsage", regex=False).to_numpy()
    earlier = (charge_start < period_start) & (is_usage | is_discount | refund)
    once = l.is_type("SavingsPlanUpfrontFee", "Fee", "Refund", "Credit", "Tax")
    rows = {
        "BillingPeriodStart": period_start,
        "BillingPeriodEnd": l.time("bill/BillingPeriodEndDate"),
        "ChargePeriodStart": charge_start,
        "ChargePeriodEnd": charge_end,
        "AvailabilityZone": l.text("lineItem/AvailabilityZone"),
        "BillingAccountId": payer,
        "BillingAccountType": np.full(len(unit), "Management Account", object),
        "BillingCurrency": currency,
        "ChargeCategory": choose(
            [
                (fee | l.is_type("Fee"), "Purchase"),
                (credit_or_tax, kind_of_line),
                (refund & taxed, "Tax"),
                (refund & (returned | is_support), "Purchase"),
            ],
            "Usage",
        ),
        "ChargeClass": choose([((refund & (l.text("bill/BillType") == "Refund")) | earlier, "Correction")]),
        "ChargeDescription": l.text("lineItem/LineItemDescription"),
        "ChargeFrequency": choose([(sp_fee | ri_fee, "Recurring"), (once, "One-Time")], "Usage-Based"),
        "CommitmentDiscountCategory": choose([(is_set(reservation), "Usage"), (is_set(plan), "Spend")]),
        "CommitmentDiscountId": commitment,
        "CommitmentDiscountStatus": choose([(is_usage & committed, "Used")]),
        "CommitmentDiscountType": choose(
            [(is_set(reservation), "Reserved Instance"), (is_set(plan), "Savings Plan")]
        ),
        "CommitmentDiscountUnit": choose(
            [
                (~committed | ~is_set(measure), None),
                (of_plan, currency),
                (is_set(normalized), "Normalized Hours"),
            ],
            unit,
        ),
        "ConsumedUnit": choose([(is_usage, unit)]),
        "HostProviderName": np.full(len(unit), "AWS", object),
        "InvoiceId": l.text("bill/InvoiceId"),
        "InvoiceIssuerName": l.text("bill/InvoicingEntity"),
        "PricingCategory": choose(
            [
                (l.is_type("Tax") | (refund & taxed), None),
                (covered | reserved | (usage & committed), "Committed"),
                (usage & spot, "Dynamic"),
            ],
            "Standard",
        ),
        "PricingCurrency": pricing_currency,
        "PricingUnit": unit,
        "RegionId": region,
        "RegionName": choose([(is_set(region), l.text("product/location"))]),
        "ResourceId": l.text("lineItem/ResourceId"),
        "ResourceType": resource_type(l),
        "ServiceCategory": service["service_category"].fillna("Other").to_numpy(object),
        "ServiceName": first(l.text("product/ProductName"), l.text("product/servicename"), code),
        "ServiceProviderName": provider(l),
        "ServiceSubcategory": service["service_subcategory"].fillna("Other (Other)").to_numpy(object),
        "SkuId": sku,
        "SkuMeter": choose([(is_set(sku), usage_type)]),
        "SkuPriceId": l.text("pricing/RateCode"),
        "SubAccountId": account,
        "SubAccountType": choose([(account == payer, "Management Account"), (is_set(account), "Member Account")]),
        "x_Payer": payer,
        "x_Provider": np.full(len(unit), "AWS", object),
        "x_SourceLineId": l.text("identity/LineItemId"),
        "x_SourceLineType": kind_of_line,
        "x_ChargeKind": choose(
            [
                (is_discount, "discount"),
                (purchase, "purchase"),
                (l.is_type("Fee", "Usage") & is_support, "support"),
                (l.is_type("Fee", "Refund", "Credit", "Tax"), l.type.str.lower().to_numpy(object)),
            ],
            "usage",
        ),
        "x_CostBasis": basis,
        "x_ServiceCode": choose([(code != "", code)]),
        "x_Operation": l.text("lineItem/Operation"),
        "x_UsageType": usage_type,
        "x_Notes": notes,
        "BilledCost": choose([(covered, ZERO)], paid),
        "EffectiveCost": effective,
        "ListCost": listed,
        "ContractedCost": choose([(reserved, listed)], paid),
        "CommitmentDiscountQuantity": choose([(committed, measure)]),
        "ConsumedQuantity": choose([(is_usage, quantity)]),
        "ContractedUnitPrice": contracted_price,
        "ListUnitPrice": choose([(is_usage & ~foreign, public_rate)]),
        "PricingCurrencyContractedUnitPrice": choose([(~foreign, contracted_price)]),
        "PricingCurrencyEffectiveCost": choose([(~foreign, effective)]),
        "PricingCurrencyListUnitPrice": choose([(is_usage, public_rate)]),
        "PricingQuantity": quantity,
    }
    rest_of = is_set(unused) & (unused != ZERO)
    more = {name: values[rest_of] for name, values in rows.items()}
    count = int(rest_of.sum())
    of_reservation = ri_fee[rest_of]
    said = {
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "PricingCategory": "Committed",
        "CommitmentDiscountStatus": "Unused",
        "x_ChargeKind": "usage",
        "x_Notes": "unused-commitment",
        "BilledCost": ZERO,
        "ListCost": ZERO,
        "ContractedCost": ZERO,
        "PricingQuantity": None,
    }
    more |= {name: np.full(count, value, object) for name, value in said.items()}
    more["EffectiveCost"] = unused[rest_of]
    more["PricingCurrencyEffectiveCost"] = choose([(~foreign[rest_of], unused[rest_of])])
    of_units = first(unused_normalized, unused_quantity)[rest_of]
    more["CommitmentDiscountQuantity"] = choose([(of_reservation, of_units)], unused[rest_of])
    more["CommitmentDiscountUnit"] = choose(
        [
            (of_reservation & is_set(unused_normalized[rest_of]), "Normalized Hours"),
            (of_reservation & is_set(unused_quantity[rest_of]), unit[rest_of]),
            (of_reservation, None),
        ],
        currency[rest_of],
    )
    tags = l.chunk[TAG_COLUMNS].to_numpy(object)
    whole = {name: np.concatenate([rows[name], more[name]]) for name in COLUMNS if name != "Tags"}
    return whole, np.concatenate([tags, tags[rest_of]])


def tag_maps(values):
    there = pd.notna(values)
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype("int32")
    keys = np.broadcast_to(np.array(REPORT_TAGS, object), values.shape)[there]
    return pa.MapArray.from_arrays(pa.array(offsets), pa.array(keys, pa.string()), pa.array(values[there], pa.string()))


def rollup(rows, tags):
    frame = pd.DataFrame({key: rows[key] for key in KEY})
    frame.insert(0, "Day", rows["ChargePeriodStart"].astype("M8[D]").astype(str))
    for key in TAG_KEYS:
        frame[key] = tags[:, REPORT_TAGS.index(key)]
    for cost in COSTS:
        frame[cost] = or_zero(rows[cost])
    return summed(frame, ["Day", *KEY, *TAG_KEYS])


def summed(frame, keys):
    return frame.groupby(keys, dropna=False, sort=False)[COSTS].sum().reset_index()


def main(file, out, services):
    getcontext().prec = 60
    out = Path(out)
    service = pd.read_csv(services, dtype=str, keep_default_na=False)
    chunks = pd.read_csv(
        file,
        dtype=str,
        chunksize=CHUNK,
        usecols=READ + TAG_COLUMNS,
        keep_default_na=False,
        na_values=[""],
    )
    parts = []
    with pq.ParquetWriter(out / ROWS, SCHEMA, compression="zstd", compression_level=1) as writer:
        for chunk in chunks:
            rows, tags = focus(chunk, service)
            columns = [pa.array(rows[field.name], field.type, from_pandas=True) for field in SCHEMA if field.name != "Tags"]
            writer.write_table(pa.Table.from_arrays(columns + [tag_maps(tags)], schema=SCHEMA))
            parts.append(rollup(rows, tags))
    keys = ["Day", *KEY, *TAG_KEYS]
    daily = summed(pd.concat(parts), keys)
    daily.to_csv(out / DAILY, index=False)
    by_tag = [
        summed(daily.assign(TagKey=key, TagValue=daily[key]), ["Day", "TagKey", "BillingCurrency", "TagValue"])
        for key in TAG_KEYS
    ]
    pd.concat(by_tag).to_csv(out / TAGS, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
