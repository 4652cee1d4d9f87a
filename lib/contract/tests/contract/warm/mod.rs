//! Promises 7, 19, 20 and 23 in one warm process: handlers of every class of operation over [`aws::Aws`].

mod aws;
mod door;
mod hostile;
mod operations;
mod people;
mod strangers;
mod tenants;

use outlay_testkit::proof::measured;

use self::{
    aws::Aws,
    operations::{OPERATIONS, Operation},
    tenants::{Company, container},
};

/// Prime to the number of operations, so that each company makes each of them.
const COMPANIES: usize = 24;
const TASKS: usize = 64;
const REQUESTS: usize = 10_000;

fn in_one_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

async fn companies(aws: &Aws) -> Vec<Company> {
    let mut companies = Vec::with_capacity(COMPANIES);
    for number in 0..COMPANIES {
        companies.push(Company::found(aws, number).await);
    }
    companies
}

/// What went wrong with an answer to this company.
fn fault(
    operation: &Operation,
    own: &Company,
    all: &[Company],
    (status, text): &(u16, String),
) -> Option<String> {
    let others = all.iter().filter(|other| other.tenant != own.tenant);
    let leaked = others
        .flat_map(|other| {
            [
                other.canary.as_str(),
                other.tenant.as_str(),
                other.user.as_str(),
            ]
        })
        .find(|word| text.contains(word));
    if let Some(leaked) = leaked {
        return Some(format!(
            "{}: {leaked} of another tenant in {text}",
            operation.id
        ));
    }
    let right = (200..300).contains(status) && (!operation.shows || text.contains(&own.canary));
    (!right).then(|| format!("{}: {status} {text}", operation.id))
}

/// A number that looks like chance, and is the same in every run.
fn scattered(turn: usize) -> usize {
    turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33
}

#[test]
fn ten_thousand_interleaved_requests_in_one_process_mix_nothing() {
    let (faults, mixed, calls) = in_one_thread(async {
        let aws = Aws::new();
        let companies: &'static [Company] = companies(&aws).await.leak();
        let tokens: &'static [String] = companies
            .iter()
            .map(|c| c.token(&aws))
            .collect::<Vec<_>>()
            .leak();
        let app = container(&aws);
        let tasks = (0..TASKS).map(|task| {
            tokio::spawn(async move {
                let mut faults = Vec::new();
                for turn in (task..REQUESTS).step_by(TASKS) {
                    let operation = &OPERATIONS[scattered(turn) % OPERATIONS.len()];
                    let at = scattered(turn + REQUESTS) % companies.len();
                    let request = operation.request(&companies[at], &tokens[at]);
                    let answer = operation.call(app, request).await;
                    faults.extend(fault(operation, &companies[at], companies, &answer));
                }
                faults
            })
        });
        let mut faults = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            faults.extend(task.await.unwrap());
        }
        (faults, aws.mixed(), aws.calls())
    });
    measured(
        "7",
        "a warm container never mixes tenants",
        "10,000 requests, 0 mixes",
        format!(
            "{REQUESTS} requests of {TASKS} tasks for {COMPANIES} tenants, {} calls to AWS ({} sessions): {} mixes",
            calls.values().sum::<usize>(),
            calls["sts"],
            faults.len() + mixed.len()
        ),
    );
    assert!(
        mixed.is_empty(),
        "{}:\n{}",
        mixed.len(),
        mixed[..mixed.len().min(5)].join("\n")
    );
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults[..faults.len().min(5)].join("\n")
    );
}

#[test]
fn a_session_of_another_tenant_would_be_seen() {
    in_one_thread(async {
        let aws = Aws::new();
        let [own, other] = [Company::found(&aws, 1).await, Company::found(&aws, 2).await];
        assert_eq!(aws.mixed(), Vec::<String>::new());
        let operation = &OPERATIONS[1];
        let answer = operation
            .call(container(&aws), operation.request(&own, &own.token(&aws)))
            .await;
        assert_eq!(fault(operation, &own, &[], &answer), None);
        let all = [own, other];
        assert!(
            fault(operation, &all[1], &all, &answer).is_some(),
            "an answer to another is a fault"
        );
        aws.ask_as("ASIA.ten_other.none", &all[0].tenant).await;
        assert_eq!(aws.mixed().len(), 1);
    });
}
