//! What exporters call the columns of FOCUS.

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A cost or a price.
    Number,
    /// A day or an instant.
    Date,
    /// A currency code or the name of a virtual currency.
    Currency,
    /// An identifier: digits, a GUID, a path.
    Id,
    /// Any text.
    Text,
    /// A JSON object.
    Json,
}

/// A target, what its cells hold, and other names for it, canonical, the likeliest first.
pub(super) type Words = (&'static str, Kind, &'static [&'static str]);

/// How many of [`WORDS`] are among the required ones: their values may speak without their name.
pub(super) const REQUIRED: usize = 6;

/// The required targets first.
pub(super) const WORDS: [Words; 29] = [
    (
        "BilledCost",
        Kind::Number,
        &[
            "cost",
            "totalcost",
            "amount",
            "netamount",
            "totalamount",
            "invoiceamount",
            "lineamount",
            "charge",
            "charges",
            "spend",
            "subtotal",
            "total",
            "extendedprice",
            "net",
        ],
    ),
    (
        "BillingCurrency",
        Kind::Currency,
        &["currency", "currencycode", "invoicecurrency", "ccy"],
    ),
    (
        "ChargePeriodStart",
        Kind::Date,
        &[
            "usagedate",
            "usagestart",
            "usagestartdate",
            "usagestarttime",
            "startdate",
            "date",
            "day",
            "servicedate",
            "transactiondate",
            "timestamp",
        ],
    ),
    (
        "BillingPeriodStart",
        Kind::Date,
        &[
            "billingperiod",
            "billingmonth",
            "invoicemonth",
            "invoicedate",
            "month",
            "period",
        ],
    ),
    (
        "ServiceProviderName",
        Kind::Text,
        &[
            "providername",
            "provider",
            "vendor",
            "vendorname",
            "supplier",
            "publisher",
            "publishername",
        ],
    ),
    (
        "BillingAccountId",
        Kind::Id,
        &[
            "payeraccountid",
            "accountid",
            "accountnumber",
            "account",
            "customerid",
            "customernumber",
            "accountno",
            "customerno",
            "organizationid",
            "organisationid",
            "orgid",
        ],
    ),
    (
        "BillingAccountName",
        Kind::Text,
        &["accountname", "customername", "customer", "organization"],
    ),
    (
        "EffectiveCost",
        Kind::Number,
        &["amortizedcost", "amortisedcost", "netcost"],
    ),
    (
        "ListCost",
        Kind::Number,
        &["costatlist", "retailcost", "grossamount", "grosscost"],
    ),
    ("ContractedCost", Kind::Number, &["negotiatedcost"]),
    (
        "ChargePeriodEnd",
        Kind::Date,
        &[
            "usageend",
            "usageenddate",
            "usageendtime",
            "enddate",
            "until",
        ],
    ),
    ("BillingPeriodEnd", Kind::Date, &["invoiceperiodend"]),
    (
        "SubAccountId",
        Kind::Id,
        &[
            "subscriptionid",
            "projectid",
            "workspaceid",
            "linkedaccountid",
            "usageaccountid",
            "tenantid",
        ],
    ),
    (
        "SubAccountName",
        Kind::Text,
        &[
            "subscriptionname",
            "subscription",
            "projectname",
            "project",
            "workspace",
            "workspacename",
        ],
    ),
    (
        "ServiceName",
        Kind::Text,
        &[
            "service",
            "productname",
            "product",
            "itemname",
            "item",
            "plan",
        ],
    ),
    ("ServiceCategory", Kind::Text, &["productcategory"]),
    (
        "ChargeDescription",
        Kind::Text,
        &["description", "itemdescription", "details", "memo"],
    ),
    ("ChargeCategory", Kind::Text, &["chargetype", "linetype"]),
    (
        "InvoiceId",
        Kind::Id,
        &["invoicenumber", "invoiceno", "invoice"],
    ),
    ("ResourceId", Kind::Id, &["resource", "instanceid"]),
    ("ResourceName", Kind::Text, &["instancename", "hostname"]),
    ("RegionId", Kind::Text, &["region", "location"]),
    (
        "PricingQuantity",
        Kind::Number,
        &["quantity", "qty", "usagequantity", "usageamount", "units"],
    ),
    (
        "PricingUnit",
        Kind::Text,
        &["unit", "unitofmeasure", "uom", "usageunit"],
    ),
    (
        "ContractedUnitPrice",
        Kind::Number,
        &["unitprice", "unitcost", "rate"],
    ),
    ("ListUnitPrice", Kind::Number, &["listprice", "retailprice"]),
    ("SkuId", Kind::Id, &["sku", "productcode", "partnumber"]),
    (
        "x_UsageType",
        Kind::Text,
        &["usagetype", "metername", "meter"],
    ),
    ("Tags", Kind::Json, &["labels", "resourcetags"]),
];
