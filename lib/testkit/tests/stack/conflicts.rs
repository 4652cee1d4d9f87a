//! A month that is there already, and comes again with other rows.

use jiff::civil::date;
use outlay_testkit::{Account, bill::Bill};
use serde_json::{Value, json};

use crate::support::{
    CSV, answered, assert_completed, company, id, period, reported, sign_up, slug, states, totals,
};

/// October as it stood on the 20th, and closed.
fn october() -> (Bill, Bill) {
    let month = period("2026-10");
    let open = company().bill(month, date(2026, 10, 20)).unwrap();
    (open, company().closed(month, month).unwrap())
}

fn confirm(account: &Account, upload: &Value, decision: &str) -> Value {
    let path = format!("/v1/uploads/{}/confirm", id(upload));
    let answer = account
        .post(&path, &json!({ "decision": decision }))
        .unwrap();
    assert_eq!(answer.status, 202, "{answer}");
    account.settled(id(upload)).unwrap()
}

/// A tenant with the open month, and the closed one waiting for a decision.
fn waiting(name: &str) -> (Account, Bill, Bill, Value) {
    let account = sign_up(name);
    let (open, closed) = october();
    assert_completed(&account.upload("open.csv", &open.focus_csv(), CSV).unwrap());
    let upload = account
        .upload("closed.csv", &closed.focus_csv(), CSV)
        .unwrap();
    assert_eq!(upload["stage"], "needs-confirmation", "{upload:#}");
    assert_eq!(
        answered(&account),
        open.expected().by_period().unwrap(),
        "nothing changed yet"
    );
    (account, open, closed, upload)
}

#[test]
fn a_person_replaces_the_month() {
    let (account, open, closed, upload) = waiting("replace");
    let old = &open.expected().by_period().unwrap()[&("USD".to_owned(), period("2026-10"))];
    let bill = &upload["bills"][0];
    assert_eq!(&totals(&bill["replaces"]["totals"][0]), old);
    assert_eq!(reported(&upload), closed.expected().by_period().unwrap());
    let done = confirm(&account, &upload, "replace");
    assert_completed(&done);
    assert_eq!(states(&done), ["active"]);
    assert_eq!(answered(&account), closed.expected().by_period().unwrap());
}

#[test]
fn kept_separate_it_is_never_added() {
    let (account, open, closed, upload) = waiting("separate");
    let done = confirm(&account, &upload, "separate");
    assert_completed(&done);
    assert_eq!(states(&done), ["cross-check"]);
    assert_eq!(reported(&done), closed.expected().by_period().unwrap());
    assert_eq!(answered(&account), open.expected().by_period().unwrap());
}

#[test]
fn a_decision_beforehand_is_not_asked_for() {
    let account = sign_up("beforehand");
    let (open, closed) = october();
    assert_completed(&account.upload("open.csv", &open.focus_csv(), CSV).unwrap());
    let more = json!({ "onConflict": "replace" });
    let upload = account
        .upload_with("closed.csv", &closed.focus_csv(), CSV, &more)
        .unwrap();
    assert_completed(&upload);
    assert_eq!(answered(&account), closed.expected().by_period().unwrap());
    let path = format!("/v1/uploads/{}/confirm", id(&upload));
    let late = account
        .post(&path, &json!({ "decision": "separate" }))
        .unwrap();
    assert_eq!(slug(&late, 409), "nothing-to-confirm");
}

#[test]
fn deleting_what_waits_leaves_the_old_month() {
    let (account, open, _, upload) = waiting("abandon");
    let path = format!("/v1/uploads/{}", id(&upload));
    assert_eq!(account.delete(&path).unwrap().status, 204);
    assert_eq!(answered(&account), open.expected().by_period().unwrap());
}
