//! A CSV file out of any bytes: a known header, somewhat changed, over cells that are plausible,
//! hostile, or any text at all.

/// Bytes, taken one after the other; zeros behind the end.
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::from(self.byte()) % from.len()]
    }

    fn text(&mut self) -> String {
        let length = usize::from(self.byte() % 16).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}

/// Named columns and rows of text.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// How the file is written: CRLF, byte order mark, all cells quoted.
    style: u8,
}

/// Most rows of a table.
const ROWS: u8 = 7;

impl Table {
    /// A table with most of these columns.
    pub fn new(bytes: &mut Bytes, columns: &[&str]) -> Self {
        let style = bytes.byte();
        let changes = bytes.byte();
        let mut header: Vec<String> = Vec::new();
        for &column in columns {
            // One in eight is left out, where any is.
            if changes & 1 == 0 || bytes.byte() >= 32 {
                header.push(column.to_owned());
            }
        }
        if changes & 2 != 0 && !header.is_empty() {
            let by = usize::from(bytes.byte()) % header.len();
            header.rotate_left(by);
        }
        if changes & 4 != 0 {
            header.push(bytes.text());
        }
        if changes & 8 != 0 {
            for name in &mut header {
                name.make_ascii_lowercase();
            }
        }
        let mut rows: Vec<Vec<String>> = Vec::new();
        for _ in 0..bytes.byte() % ROWS {
            let above = rows.last();
            let row = header.iter().enumerate();
            let row = row.map(|(at, name)| cell(bytes, name, above.map(|row| &*row[at])));
            rows.push(row.collect());
        }
        Self {
            header,
            rows,
            style,
        }
    }

    /// The file.
    pub fn csv(&self) -> String {
        let end = if self.style & 1 == 0 { "\n" } else { "\r\n" };
        let mark = if self.style & 2 == 0 { "" } else { "\u{feff}" };
        let mut out = mark.to_owned();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                let plain = self.style & 4 == 0 && !cell.contains([',', '"', '\n', '\r']);
                if plain && row.len() > 1 {
                    out.push_str(cell);
                } else {
                    out.push('"');
                    out.push_str(&cell.replace('"', "\"\""));
                    out.push('"');
                }
            }
            out.push_str(end);
        }
        out
    }

    /// The cells of a column, by the name without case and punctuation.
    pub fn column(&self, name: &str) -> impl Iterator<Item = &str> {
        let at = self.header.iter().position(|header| bare(header) == name);
        let cells = at.map(|at| self.rows.iter().map(move |row| &*row[at]));
        cells.into_iter().flatten()
    }
}

/// A name without case and punctuation.
fn bare(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn cell(bytes: &mut Bytes, column: &str, above: Option<&str>) -> String {
    match bytes.byte() {
        how @ 0..160 => {
            let usual = usual(&bare(column));
            usual[usize::from(how) % usual.len()].to_owned()
        }
        160..208 => above.unwrap_or_default().to_owned(),
        208..240 => bytes.pick(HOSTILE).to_owned(),
        240.. => bytes.text(),
    }
}

/// Values that the column of this name usually has. The first is what an empty input gives.
fn usual(name: &str) -> &'static [&'static str] {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    match name {
        "lineitemlineitemtype" => LINE_ITEM_TYPES,
        "chargecategory" => &["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
        "chargeclass" => &["", "Correction"],
        "chargefrequency" => &["Usage-Based", "One-Time", "Recurring", "Usage-based"],
        "pricingcategory" => &["Standard", "Committed", "Dynamic", "Other", ""],
        "chargetype" => &["Usage", "Purchase", "Refund", "UnusedReservation", "Tax"],
        "costtype" => &["regular", "tax", "adjustment", "rounding_error"],
        "providername" | "publishername" | "serviceprovidername" => {
            &["AWS", "Microsoft", "Oracle Corporation", "Google Cloud", ""]
        }
        "credits" => CREDITS,
        "invoicemonth" => &["202610", "202611", "202613", ""],
        _ if has(&["currency"]) => &["USD", "EUR", "usd", "JPY", ""],
        _ if has(&["arn"]) => &[
            "",
            "arn:aws:savingsplans::000000000042:savingsplan/a",
            "arn:aws:ec2:us-east-1:000000000042:reserved-instances/b",
        ],
        _ if has(&["tags", "labels"])
            || matches!(name, "product" | "discount" | "costcategory") =>
        {
            &[
                "",
                "{}",
                r#"{"team":"a"}"#,
                r#"{"Team":"b","team":"c"}"#,
                r#"{"n":1,"z":null}"#,
            ]
        }
        _ if ends(&["date", "start", "end", "starttime", "endtime", "month"]) => DATES,
        _ if ends(&[
            "cost",
            "rate",
            "quantity",
            "amount",
            "fee",
            "price",
            "todate",
            "commitment",
            "credit",
            "period",
        ]) =>
        {
            AMOUNTS
        }
        _ if ends(&["accountid", "subscriptionid", "tenantid", "id"]) => {
            &["000000000042", "000000000043", "01A2B3-C4D5E6", ""]
        }
        _ => &[
            "",
            "Queue",
            "us-east-1",
            "Linux, On Demand",
            "Größe",
            "NULL",
        ],
    }
}

const CREDITS: &[&str] = &[
    "[]",
    "",
    r#"[{"name":"c","amount":-0.5,"type":"PROMOTION"}]"#,
    r#"[{"name":"c","amount":"-0.1","type":"COMMITTED_USAGE_DISCOUNT"},{"amount":1e-20}]"#,
    "[{'name': 'c', 'amount': -0.25, 'type': 'SUSTAINED_USAGE_DISCOUNT'}]",
    "-0.3",
];

const LINE_ITEM_TYPES: &[&str] = &[
    "Usage",
    "SavingsPlanCoveredUsage",
    "SavingsPlanNegation",
    "SavingsPlanUpfrontFee",
    "SavingsPlanRecurringFee",
    "DiscountedUsage",
    "RIFee",
    "Fee",
    "EdpDiscount",
    "PrivateRateDiscount",
    "BundledDiscount",
    "SppDiscount",
    "Discount",
    "Credit",
    "Refund",
    "Tax",
    "Anything",
];

const DATES: &[&str] = &[
    "2026-10-01T00:00:00Z",
    "2026-11-01T00:00:00Z",
    "2026-10-01 00:00:00",
    "2026-10-02T07:00:00.000Z",
    "2026-10-03",
    "2026-10-31T23:00:00+02:00",
    "2026-12-01T00:00:00Z",
];

const AMOUNTS: &[&str] = &[
    "1",
    "0",
    "-1",
    "0.0000000001",
    "1.0E-10",
    "12.345678901234567890123456789",
    "-0.5000000000000000005",
    "99999999999999999999.999999999999999999",
    "0.00",
    "",
    "3.1",
];

const HOSTILE: &[&str] = &[
    "",
    "NULL",
    "null",
    "NaN",
    "Infinity",
    "1e-40",
    "1e99",
    "1E+11",
    "1.23E+11",
    "1,234.56",
    "(5)",
    "\u{2212}5",
    "$5",
    "-",
    ".",
    "0x10",
    "99999999999999999999999999999999999999999",
    "-99999999999999999999.999999999999999999",
    "100000000000000000000",
    "0.1234567890123456785",
    "0.123456789012345678901234567890123456",
    "9999-12-31",
    "0000-01-01",
    "1969-12-31T23:59:59Z",
    "2026-02-30",
    "2026-05-01T24:00:00Z",
    "2026-05-01T00:00:00+99:00",
    "10/01/2026",
    "46000",
    "\"",
    "\"\"",
    "a\nb",
    "a\r\nb",
    ",",
    ";",
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    "\u{feff}",
    "\u{202e}abc",
    "e\u{301}",
    "\u{1f600}",
    "\u{0}",
    " 1",
    "1 ",
    "{",
    "{}",
    "[]",
    "{\"a\":{\"b\":1}}",
    "{\"a\":\"1\",\"a\":\"2\"}",
    "{\"\":\"\"}",
    "{\"k\":\"\\u0000\"}",
    "EKSPod-EC2",
    "ECSTask-EC2",
    "SavingsPlanNegation",
    "AwsDataTransfer",
];
