-- A wide legacy CUR in FOCUS 1.4: the rules of lib/billing for the line item types of the file.
-- $FILE, $SERVICES and $TAGS are filled in by duckdb_peer.py.
WITH report AS (
    SELECT * FROM read_csv($FILE, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')
    WHERE "splitLineItem/ParentResourceId" IS NULL
      AND coalesce("lineItem/Operation", '') NOT IN ('EKSPod-EC2', 'ECSTask-EC2')
      AND "lineItem/LineItemType" <> 'SavingsPlanNegation'
),
lines AS (
    SELECT
        *,
        "lineItem/LineItemType" AS type,
        type LIKE '%Discount' AS is_discount,
        type IN ('SavingsPlanCoveredUsage', 'SavingsPlanUpfrontFee', 'SavingsPlanRecurringFee') AS of_plan,
        "bill/BillingPeriodStartDate"::TIMESTAMPTZ AS period_start,
        "bill/BillingPeriodEndDate"::TIMESTAMPTZ AS period_end,
        "lineItem/UsageStartDate"::TIMESTAMPTZ AS charge_start,
        "lineItem/UsageEndDate"::TIMESTAMPTZ AS charge_end,
        "lineItem/UnblendedCost"::DECIMAL(38, 18) AS unblended,
        "lineItem/NetUnblendedCost"::DECIMAL(38, 18) AS net,
        nullif("discount/TotalDiscount"::DECIMAL(38, 18), 0) AS discount,
        "lineItem/UsageAmount"::DECIMAL(38, 18) AS amount,
        coalesce("pricing/currency" <> "lineItem/CurrencyCode", false) AS foreign_prices,
        CASE WHEN NOT foreign_prices THEN "pricing/publicOnDemandCost"::DECIMAL(38, 18) END AS public_cost,
        coalesce("lineItem/ProductCode", "product/servicecode", '') AS code,
        coalesce(
            "lineItem/ProductCode" LIKE 'AWSSupport%'
            OR "lineItem/ProductCode" IN (
                'AWSDeveloperSupport', 'AWSEnterpriseOnRamp', 'AWSPremiumSupport', 'OCBPremiumSupport'
            ),
            false
        ) AS is_support,
        coalesce("lineItem/UsageType", '') AS usage_type,
        coalesce("lineItem/LineItemDescription", '') AS description,
        CASE WHEN of_plan THEN NULL ELSE "reservation/ReservationARN" END AS reservation,
        CASE WHEN reservation IS NULL THEN "savingsPlan/SavingsPlanARN" END AS plan,
        coalesce(reservation, plan) AS commitment
    FROM report
),
paid AS (
    SELECT
        *,
        -- A net cost of 0 that no discount explains was never filled in.
        net IS NOT NULL AND (net <> 0 OR unblended = 0 OR discount IS NOT NULL) AS has_net,
        CASE
            WHEN is_discount THEN coalesce(net, 0)
            WHEN has_net THEN net
            ELSE unblended + coalesce(discount, 0)
        END AS paid,
        CASE WHEN is_discount OR has_net THEN 'net' ELSE 'gross' END AS paid_basis,
        CASE
            WHEN paid = unblended THEN NULL
            WHEN is_discount THEN 'discount-in-charges'
            ELSE 'discount-folded'
        END AS paid_note,
        type IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage') AS is_usage,
        CASE
            WHEN is_discount THEN 0::DECIMAL(38, 18)
            WHEN type IN ('Credit', 'Tax') THEN unblended
            WHEN is_usage AND public_cost IS NOT NULL THEN public_cost
            WHEN public_cost <> 0 THEN public_cost
            WHEN type <> 'DiscountedUsage' THEN unblended
        END AS list,
        CASE
            WHEN is_discount OR type IN ('Credit', 'Tax', 'DiscountedUsage') THEN NULL
            WHEN is_usage AND public_cost IS NOT NULL THEN NULL
            WHEN public_cost <> 0 THEN NULL
            ELSE 'list-from-unblended'
        END AS list_note,
        type = 'Refund' AND (
            (description LIKE 'Refund for %' AND description LIKE '%fee for Savings Plan%')
            OR (
                plan IS NOT NULL
                AND ("lineItem/ProductCode" LIKE '%SavingsPlans' OR usage_type LIKE '%SP:%')
                AND NOT (description LIKE '%iscount%' OR description LIKE '%EDP%')
                AND coalesce(
                    coalesce(charge_end, charge_start) >= "savingsPlan/StartTime"::TIMESTAMPTZ, true
                )
            )
            OR (
                reservation IS NOT NULL
                AND (
                    NOT regexp_matches(usage_type, 'BoxUsage|InstanceUsage|NodeUsage|ESInstance')
                    OR regexp_matches(
                        description, 'eserv|ign up|pfront|ne-time|ubscription|RI '
                    )
                )
            )
        ) AS returned
    FROM lines
),
charges AS (
    SELECT
        *,
        CASE type
            WHEN 'SavingsPlanUpfrontFee' THEN 'Purchase'
            WHEN 'SavingsPlanRecurringFee' THEN 'Purchase'
            WHEN 'RIFee' THEN 'Purchase'
            WHEN 'Fee' THEN 'Purchase'
            WHEN 'Credit' THEN 'Credit'
            WHEN 'Tax' THEN 'Tax'
            WHEN 'Refund' THEN CASE
                WHEN "lineItem/TaxType" IS NOT NULL THEN 'Tax'
                WHEN returned OR is_support THEN 'Purchase'
                ELSE 'Usage'
            END
            ELSE 'Usage'
        END AS category,
        CASE
            WHEN type IN ('SavingsPlanRecurringFee', 'RIFee') THEN 'Recurring'
            WHEN type IN ('SavingsPlanUpfrontFee', 'Fee', 'Refund', 'Credit', 'Tax') THEN 'One-Time'
            ELSE 'Usage-Based'
        END AS frequency,
        CASE
            WHEN type = 'Tax' OR (type = 'Refund' AND "lineItem/TaxType" IS NOT NULL) THEN NULL
            WHEN type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage') THEN 'Committed'
            WHEN type = 'Usage' AND commitment IS NOT NULL THEN 'Committed'
            WHEN type = 'Usage' AND usage_type LIKE '%SpotUsage%' THEN 'Dynamic'
            ELSE 'Standard'
        END AS pricing,
        CASE
            WHEN is_discount THEN 'discount'
            WHEN type IN ('SavingsPlanUpfrontFee', 'SavingsPlanRecurringFee', 'RIFee') THEN 'purchase'
            WHEN type = 'Fee' AND commitment IS NOT NULL THEN 'purchase'
            WHEN type IN ('Fee', 'Usage') AND is_support THEN 'support'
            WHEN type IN ('Fee', 'Refund', 'Credit', 'Tax') THEN lower(type)
            ELSE 'usage'
        END AS kind,
        CASE
            WHEN type = 'Refund' AND "bill/BillType" = 'Refund' THEN 'Correction'
            WHEN charge_start < period_start AND (is_usage OR is_discount OR type = 'Refund')
                THEN 'Correction'
        END AS class,
        CASE type
            WHEN 'SavingsPlanCoveredUsage' THEN 0::DECIMAL(38, 18)
            ELSE paid
        END AS billed,
        CASE
            WHEN type = 'SavingsPlanCoveredUsage' THEN coalesce(
                "savingsPlan/NetSavingsPlanEffectiveCost"::DECIMAL(38, 18),
                "savingsPlan/SavingsPlanEffectiveCost"::DECIMAL(38, 18), 0
            )
            WHEN type = 'DiscountedUsage' THEN coalesce(
                "reservation/NetEffectiveCost"::DECIMAL(38, 18), "reservation/EffectiveCost"::DECIMAL(38, 18), 0
            )
            WHEN kind = 'purchase' OR returned THEN 0
            ELSE paid
        END AS effective,
        CASE type WHEN 'DiscountedUsage' THEN list ELSE paid END AS contracted,
        CASE WHEN is_usage THEN amount WHEN is_discount THEN 0 END AS quantity,
        CASE type
            WHEN 'SavingsPlanCoveredUsage'
                THEN CASE WHEN "savingsPlan/NetSavingsPlanEffectiveCost" IS NULL THEN 'gross' ELSE 'net' END
            WHEN 'DiscountedUsage'
                THEN CASE WHEN "reservation/NetEffectiveCost" IS NULL THEN 'gross' ELSE 'net' END
            WHEN 'SavingsPlanRecurringFee' THEN 'gross'
            WHEN 'RIFee' THEN CASE
                WHEN "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod" IS NULL THEN 'gross' ELSE 'net'
            END
            ELSE paid_basis
        END AS basis,
        nullif(
            concat_ws(' ', paid_note, list_note, CASE WHEN returned THEN 'commitment-return' END), ''
        ) AS notes,
        CASE type
            WHEN 'DiscountedUsage' THEN nullif("lineItem/NormalizedUsageAmount"::DECIMAL(38, 18), 0)
            WHEN 'RIFee' THEN nullif("reservation/TotalReservedNormalizedUnits"::DECIMAL(38, 18), 0)
        END AS normalized,
        CASE type
            WHEN 'SavingsPlanCoveredUsage' THEN "savingsPlan/SavingsPlanEffectiveCost"::DECIMAL(38, 18)
            WHEN 'SavingsPlanRecurringFee' THEN "savingsPlan/TotalCommitmentToDate"::DECIMAL(38, 18)
            WHEN 'DiscountedUsage' THEN coalesce(normalized, amount)
            WHEN 'RIFee' THEN coalesce(normalized, "reservation/TotalReservedUnits"::DECIMAL(38, 18))
        END AS measure,
        CASE type
            WHEN 'SavingsPlanRecurringFee'
                THEN coalesce("savingsPlan/TotalCommitmentToDate"::DECIMAL(38, 18), 0)
                - coalesce("savingsPlan/UsedCommitment"::DECIMAL(38, 18), 0)
            WHEN 'RIFee'
                THEN coalesce(
                    "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod"::DECIMAL(38, 18),
                    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"::DECIMAL(38, 18), 0
                )
                + coalesce(
                    "reservation/NetUnusedRecurringFee"::DECIMAL(38, 18),
                    "reservation/UnusedRecurringFee"::DECIMAL(38, 18), 0
                )
        END AS unused,
        nullif("reservation/UnusedNormalizedUnitQuantity"::DECIMAL(38, 18), 0) AS unused_normalized,
        is_usage AS has_prices
    FROM paid
),
-- A fee whose commitment was not used up is two rows.
all_rows AS (
    SELECT *, unnest(CASE WHEN unused <> 0 THEN [false, true] ELSE [false] END) AS is_unused FROM charges
),
focus AS (
    SELECT
        period_start AS BillingPeriodStart,
        period_end AS BillingPeriodEnd,
        charge_start AS ChargePeriodStart,
        charge_end AS ChargePeriodEnd,
        "lineItem/AvailabilityZone" AS AvailabilityZone,
        "bill/PayerAccountId" AS BillingAccountId,
        'Management Account' AS BillingAccountType,
        "lineItem/CurrencyCode" AS BillingCurrency,
        CASE WHEN is_unused THEN 'Usage' ELSE category END AS ChargeCategory,
        class AS ChargeClass,
        "lineItem/LineItemDescription" AS ChargeDescription,
        CASE WHEN is_unused THEN 'Usage-Based' ELSE frequency END AS ChargeFrequency,
        CASE WHEN reservation IS NOT NULL THEN 'Usage' WHEN plan IS NOT NULL THEN 'Spend' END
            AS CommitmentDiscountCategory,
        commitment AS CommitmentDiscountId,
        CASE WHEN is_unused THEN 'Unused' WHEN is_usage AND commitment IS NOT NULL THEN 'Used' END
            AS CommitmentDiscountStatus,
        CASE WHEN reservation IS NOT NULL THEN 'Reserved Instance' WHEN plan IS NOT NULL THEN 'Savings Plan' END
            AS CommitmentDiscountType,
        CASE
            WHEN type = 'RIFee' AND is_unused THEN CASE
                WHEN unused_normalized IS NOT NULL THEN 'Normalized Hours'
                WHEN "reservation/UnusedQuantity" IS NOT NULL THEN "pricing/unit"
            END
            WHEN commitment IS NULL OR measure IS NULL THEN NULL
            WHEN of_plan THEN "lineItem/CurrencyCode"
            WHEN normalized IS NOT NULL THEN 'Normalized Hours'
            ELSE "pricing/unit"
        END AS CommitmentDiscountUnit,
        CASE WHEN has_prices THEN "pricing/unit" END AS ConsumedUnit,
        'AWS' AS HostProviderName,
        "bill/InvoiceId" AS InvoiceId,
        "bill/InvoicingEntity" AS InvoiceIssuerName,
        CASE WHEN is_unused THEN 'Committed' ELSE pricing END AS PricingCategory,
        coalesce("pricing/currency", "lineItem/CurrencyCode") AS PricingCurrency,
        "pricing/unit" AS PricingUnit,
        coalesce("product/regionCode", "product/region") AS RegionId,
        CASE WHEN RegionId IS NOT NULL THEN "product/location" END AS RegionName,
        "lineItem/ResourceId" AS ResourceId,
        CASE
            WHEN "lineItem/ResourceId" LIKE 'arn:%' THEN nullif(coalesce(
                nullif(
                    regexp_extract("lineItem/ResourceId", '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([^/:]+)[/:]', 1), ''
                ),
                CASE WHEN contains("lineItem/ResourceId", ':s3:') THEN 'bucket' END
            ), '')
            WHEN "lineItem/ProductCode" = 'AmazonS3' AND "lineItem/ResourceId" IS NOT NULL THEN 'bucket'
            WHEN "lineItem/ResourceId" LIKE 'i-%' THEN 'instance'
            WHEN "lineItem/ResourceId" LIKE 'vol-%' THEN 'volume'
            WHEN "lineItem/ResourceId" LIKE 'snap-%' THEN 'snapshot'
            WHEN "lineItem/ResourceId" LIKE 'nat-%' THEN 'natgateway'
            WHEN "lineItem/ResourceId" LIKE 'eni-%' THEN 'network-interface'
            WHEN "lineItem/ResourceId" LIKE 'vpce-%' THEN 'vpc-endpoint'
        END AS ResourceType,
        coalesce(services.service_category, 'Other') AS ServiceCategory,
        coalesce("product/ProductName", "product/servicename", code) AS ServiceName,
        CASE
            WHEN "lineItem/LegalEntity" IS NULL THEN 'AWS'
            WHEN regexp_matches(lower("lineItem/LegalEntity"), '^(aws|amazon)([^a-z0-9]|$)') THEN 'AWS'
            WHEN regexp_matches(lower("lineItem/LegalEntity"), '^(microsoft|azure)([^a-z0-9]|$)') THEN 'Microsoft'
            WHEN regexp_matches(lower("lineItem/LegalEntity"), '^(google|gcp)([^a-z0-9]|$)') THEN 'Google Cloud'
            WHEN regexp_matches(lower("lineItem/LegalEntity"), '^(oracle|oci)([^a-z0-9]|$)') THEN 'Oracle'
            ELSE "lineItem/LegalEntity"
        END AS ServiceProviderName,
        coalesce(services.service_subcategory, 'Other (Other)') AS ServiceSubcategory,
        "product/sku" AS SkuId,
        CASE WHEN "product/sku" IS NOT NULL THEN "lineItem/UsageType" END AS SkuMeter,
        "pricing/RateCode" AS SkuPriceId,
        "lineItem/UsageAccountId" AS SubAccountId,
        CASE
            WHEN "lineItem/UsageAccountId" = "bill/PayerAccountId" THEN 'Management Account'
            WHEN "lineItem/UsageAccountId" IS NOT NULL THEN 'Member Account'
        END AS SubAccountType,
        "bill/PayerAccountId" AS x_Payer,
        'AWS' AS x_Provider,
        "identity/LineItemId" AS x_SourceLineId,
        type AS x_SourceLineType,
        CASE WHEN is_unused THEN 'usage' ELSE kind END AS x_ChargeKind,
        basis AS x_CostBasis,
        nullif(code, '') AS x_ServiceCode,
        "lineItem/Operation" AS x_Operation,
        "lineItem/UsageType" AS x_UsageType,
        CASE WHEN is_unused THEN 'unused-commitment' ELSE notes END AS x_Notes,
        CASE WHEN is_unused THEN 0 ELSE billed END AS BilledCost,
        CASE WHEN is_unused THEN unused ELSE effective END AS EffectiveCost,
        CASE WHEN is_unused THEN 0 ELSE list END AS ListCost,
        CASE WHEN is_unused THEN 0 ELSE contracted END AS ContractedCost,
        CASE
            WHEN NOT is_unused THEN CASE WHEN commitment IS NOT NULL THEN measure END
            WHEN type = 'RIFee'
                THEN coalesce(unused_normalized, "reservation/UnusedQuantity"::DECIMAL(38, 18))
            ELSE unused
        END AS CommitmentDiscountQuantity,
        CASE WHEN has_prices THEN quantity END AS ConsumedQuantity,
        CASE
            WHEN has_prices AND commitment IS NULL THEN CASE paid_note
                WHEN 'discount-folded' THEN "lineItem/NetUnblendedRate"::DECIMAL(38, 18)
                ELSE "lineItem/UnblendedRate"::DECIMAL(38, 18)
            END
        END AS ContractedUnitPrice,
        CASE WHEN has_prices AND NOT foreign_prices THEN "pricing/publicOnDemandRate"::DECIMAL(38, 18) END
            AS ListUnitPrice,
        CASE WHEN NOT foreign_prices THEN ContractedUnitPrice END AS PricingCurrencyContractedUnitPrice,
        CASE WHEN NOT foreign_prices THEN EffectiveCost END AS PricingCurrencyEffectiveCost,
        CASE WHEN has_prices THEN "pricing/publicOnDemandRate"::DECIMAL(38, 18) END
            AS PricingCurrencyListUnitPrice,
        CASE WHEN NOT is_unused THEN quantity END AS PricingQuantity,
        $TAGS AS Tags
    FROM all_rows
    LEFT JOIN (
        SELECT * REPLACE (coalesce(of_code, '') AS of_code, coalesce(of_usage_type, '') AS of_usage_type)
        FROM read_csv($SERVICES, header = true, all_varchar = true)
    ) AS services
        ON services.of_code = all_rows.code AND services.of_usage_type = all_rows.usage_type
)
