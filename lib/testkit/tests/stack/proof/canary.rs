//! Promise 3: no byte of one tenant appears for another, nor in what functions log.

use outlay_core::now;
use outlay_testkit::{
    Stack,
    proof::{Own, cases, measured, operations},
};

use super::{actors::Call, forge::Forge, parties::Tenant, root::Root, things::Noting};
use crate::support::{CSV, assert_completed, stack, three_months};

/// Text columns of the bill that take any text.
const TEXTS: [&str; 9] = [
    "BillingAccountName",
    "ChargeDescription",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ServiceName",
    "SkuId",
    "SubAccountName",
    "InvoiceIssuer",
];

/// Everything a sweep was answered, as text.
struct Sweep {
    calls: usize,
    answers: Vec<(String, String)>,
}

impl Sweep {
    fn hits(&self, canary: &str) -> Vec<&String> {
        let hit = self
            .answers
            .iter()
            .filter(|(_, text)| text.contains(canary));
        hit.map(|(call, _)| call).collect()
    }
}

#[test]
fn no_byte_of_one_tenant_appears_for_another_or_in_the_logs() {
    let stack = stack();
    let root = Root::of(&stack);
    let forge = Forge::of(&root);
    let start = now().as_millisecond();
    let (own, other) = (
        Tenant::found(&root, &forge, "own"),
        Tenant::found(&root, &forge, "other"),
    );
    let bill = canaries_in(&three_months().focus_csv(), &own.canary);
    assert_completed(
        &own.owner
            .upload(&format!("{}.csv", own.canary), &bill, CSV)
            .unwrap(),
    );

    let control = sweep(&stack, &own, &own.tokens["owner"], &own);
    let seen = control.hits(&own.canary);
    for operation in [
        "auth-me",
        "uploads-list",
        "uploads-get",
        "costs-dimensions",
        "costs-dashboard",
    ] {
        assert!(
            seen.iter().any(|call| call.starts_with(operation)),
            "{operation} does not show its own canary: {seen:?}"
        );
    }

    let (mut calls, mut hits) = (0, Vec::new());
    for (role, token) in &other.tokens {
        for things in [&other, &own] {
            let sweep = sweep(&stack, things, token, &own);
            calls += sweep.calls;
            let found = sweep.hits(&own.canary).into_iter();
            hits.extend(found.map(|call| format!("{call} as the other tenant's {role}")));
        }
    }
    let lines = root.logs_since(start);
    let logged: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains(&own.canary))
        .collect();
    measured(
        "3",
        "no byte of A appears for B or in a log",
        "0 hits",
        format!(
            "{calls} answers as B and {} log lines, {} hits ({} of {} of A's own answers show it)",
            lines.len(),
            hits.len() + logged.len(),
            seen.len(),
            control.calls
        ),
    );
    assert!(hits.is_empty(), "{hits:#?}");
    assert!(logged.is_empty(), "{logged:#?}");
    assert!(lines.len() > 100, "functions log: {} lines", lines.len());
}

/// Every GET as this caller, naming these things, and asking for what only `own` has.
fn sweep(stack: &Stack, things: &dyn Own, token: &str, own: &Tenant) -> Sweep {
    let mut sweep = Sweep {
        calls: 0,
        answers: Vec::new(),
    };
    let entries = cases();
    for operation in operations().unwrap().iter().filter(|o| o.method == "GET") {
        let case = entries
            .iter()
            .find(|c| c.operation == operation.id)
            .unwrap();
        let noting = Noting::of(things);
        let call = Call::of(operation, case, &noting);
        sweep.note(&operation.id, &call.make(stack, Some(token)));
    }
    let ask = |path: &str| stack.request("GET", path).bearer(token).send().unwrap();
    // An answer may repeat what was asked: so the canary itself is never asked for, but the id of its tenant is.
    for path in [
        format!("/v1/uploads?tenantId={}", own.id()),
        format!("/v1/uploads/{}", own.id()),
        format!("/v1/costs/dashboard?tenant={}", own.id()),
        "/v1/costs/query?metrics=EffectiveCost&start=2026-08-01&end=2026-11-01&groupBy=SubAccountName,ServiceName".to_owned(),
        "/v1/costs/dimensions?dimension=SubAccountName".to_owned(),
        "/v1/nowhere".to_owned(),
    ] {
        sweep.note(&path, &ask(&path));
    }
    let tagged = stack
        .request("GET", "/v1/uploads")
        .bearer(token)
        .header("x-tenant-id", own.id());
    sweep.note("x-tenant-id", &tagged.send().unwrap());
    sweep
}

impl Sweep {
    fn note(&mut self, call: &str, answer: &outlay_testkit::Answer) {
        assert!(answer.status < 500, "{call}: {answer}");
        self.calls += 1;
        self.answers
            .push((call.to_owned(), format!("{:?} {answer}", answer.headers)));
    }
}

/// The bill with the canary behind each text of [`TEXTS`].
fn canaries_in(csv: &[u8], canary: &str) -> Vec<u8> {
    let text = std::str::from_utf8(csv).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let columns: Vec<String> = cells(header);
    let marked: Vec<bool> = columns
        .iter()
        .map(|c| TEXTS.contains(&c.as_str()))
        .collect();
    assert!(marked.iter().filter(|m| **m).count() >= 6, "{columns:?}");
    let mut out = format!("{header}\n");
    for line in lines {
        let cells = cells(line);
        assert_eq!(cells.len(), columns.len(), "{line}");
        let row: Vec<String> = cells
            .into_iter()
            .zip(&marked)
            .map(|(cell, marked)| {
                let cell = if *marked && !cell.is_empty() {
                    format!("{cell} {canary}")
                } else {
                    cell
                };
                format!("\"{}\"", cell.replace('"', "\"\""))
            })
            .collect();
        out += &row.join(",");
        out.push('\n');
    }
    out.into_bytes()
}

/// The cells of a line; the generator writes no line breaks into them.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            // A doubled quote is one quote: it closes and opens again, and the letter is lost otherwise.
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            '"' => {
                cell.push('"');
                quoted = true;
            }
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}
