use std::collections::BTreeMap;

use jiff::civil::date;
use outlay_testkit::bill::{Bill, Company};
use serde_json::{Value, json};

use crate::support::{
    CSV, answered, assert_completed, id, loaded, period, reported, sign_up, states, three_months,
};

#[test]
fn three_months_of_focus_are_counted_to_the_last_digit() {
    let account = sign_up("focus");
    let bill = three_months();
    let upload = account.upload("focus.csv", &bill.focus_csv(), CSV).unwrap();
    assert_completed(&upload);
    assert_eq!(states(&upload), ["active"; 3]);
    assert!(
        upload["format"].as_str().unwrap().starts_with("FOCUS"),
        "{upload:#}"
    );
    let rows: u64 = bill.expected().rows().values().sum();
    assert_eq!(upload["rows"], json!({ "read": rows, "written": rows }));
    for part in upload["bills"].as_array().unwrap() {
        let month = period(part["billingPeriod"].as_str().unwrap());
        assert_eq!(part["rows"], bill.expected().rows()[&month]);
    }
    let expected = bill.expected().by_period().unwrap();
    assert_eq!(reported(&upload), expected);
    assert_eq!(answered(&account), expected);
}

#[test]
fn several_payers_and_currencies_in_one_file_stay_apart() {
    let month = period("2026-10");
    let dollars = Company::sized(21, 5).closed(month, month).unwrap();
    let euros = Company::sized(22, 5)
        .billed_in("EUR")
        .closed(month, month)
        .unwrap();
    let both = Bill::joined(&[&dollars, &euros]).unwrap();
    let account = sign_up("currencies");
    let upload = account.upload("two.csv", &both.focus_csv(), CSV).unwrap();
    assert_completed(&upload);
    assert_eq!(states(&upload), ["active"; 2]);
    let expected = both.expected().by_period().unwrap();
    assert_eq!(reported(&upload), expected);
    assert_eq!(answered(&account), expected);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let (account, bill) = loaded("twice");
    let before = answered(&account);
    let again = account.upload("again.csv", &bill.focus_csv(), CSV).unwrap();
    assert_completed(&again);
    assert_eq!(states(&again), ["unchanged"; 3]);
    assert_eq!(answered(&account), before);
    assert_eq!(before, bill.expected().by_period().unwrap());
}

#[test]
fn deleting_takes_the_bill_out_of_every_total() {
    let (account, bill) = loaded("delete");
    let page = account.get("/v1/uploads").unwrap().json().unwrap();
    let uploads = page["items"].as_array().unwrap();
    assert_eq!(uploads.len(), 1);
    let path = format!("/v1/uploads/{}", id(&uploads[0]));
    assert_eq!(account.delete(&path).unwrap().status, 204);
    assert_eq!(answered(&account), BTreeMap::new());
    assert_eq!(account.get(&path).unwrap().status, 404);
    let page = account.get("/v1/uploads").unwrap().json().unwrap();
    assert_eq!(page["items"], json!([]));
    let back = account.upload("back.csv", &bill.focus_csv(), CSV).unwrap();
    assert_completed(&back);
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
}

#[test]
fn a_header_alone_is_a_bill_without_rows() {
    let account = sign_up("header");
    let bill = three_months().focus_csv();
    let end = bill.iter().position(|&b| b == b'\n').unwrap() + 1;
    let upload = account.upload("header.csv", &bill[..end], CSV).unwrap();
    assert_completed(&upload);
    assert_eq!(upload["rows"], json!({ "read": 0, "written": 0 }));
    assert_eq!(upload["bills"], json!([]));
}

#[test]
fn the_list_has_pages() {
    let account = sign_up("pages");
    let bill = Company::sized(12, 3)
        .bill(period("2026-10"), date(2026, 10, 3))
        .unwrap();
    for name in ["one.csv", "two.csv", "three.csv"] {
        assert_completed(&account.upload(name, &bill.focus_csv(), CSV).unwrap());
    }
    let first = account
        .get("/v1/uploads?limit=2")
        .unwrap()
        .expect(200)
        .unwrap()
        .json()
        .unwrap();
    let cursor = first["nextCursor"].as_str().expect("there is more");
    let second = account
        .get(&format!("/v1/uploads?limit=2&cursor={cursor}"))
        .unwrap();
    let second = second.expect(200).unwrap().json().unwrap();
    assert_eq!(second["nextCursor"], Value::Null);
    let names: Vec<&str> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|upload| upload["fileName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["three.csv", "two.csv", "one.csv"]);
}

#[test]
fn get_has_a_tag_of_its_state() {
    let (account, _) = loaded("etag");
    let page = account.get("/v1/uploads").unwrap().json().unwrap();
    let path = format!("/v1/uploads/{}", id(&page["items"][0]));
    let one = account.get(&path).unwrap();
    assert!(
        one.header("etag").is_some_and(|tag| tag.ends_with('"')),
        "{:?}",
        one.headers
    );
    assert_eq!(one.json().unwrap(), page["items"][0]);
}
