use jiff::civil::date;
use outlay_testkit::demo;
use serde_json::json;

use crate::support::{answered, sign_up};

#[test]
fn thirteen_months_are_loaded_once_and_another_day_replaces_what_changed() {
    let account = sign_up("demo");
    let uploads = || {
        let page = account.get("/v1/uploads").unwrap().json().unwrap();
        page["items"].as_array().unwrap().len()
    };
    demo::load_into(&account, date(2026, 11, 20)).unwrap();
    let bill = demo::company().thirteen_months(date(2026, 11, 20)).unwrap();
    let expected = bill.expected().by_period().unwrap();
    assert_eq!(expected.len(), 13);
    assert_eq!(answered(&account), expected);

    demo::load_into(&account, date(2026, 11, 20)).unwrap();
    assert_eq!(uploads(), 1, "loaded once");

    demo::load_into(&account, date(2026, 11, 21)).unwrap();
    let later = demo::company().thirteen_months(date(2026, 11, 21)).unwrap();
    assert_eq!(answered(&account), later.expected().by_period().unwrap());
    let page = account.get("/v1/uploads?limit=1").unwrap().json().unwrap();
    let bills = page["items"][0]["bills"].as_array().unwrap();
    let unchanged = bills
        .iter()
        .filter(|b| b["state"] == json!("unchanged"))
        .count();
    assert_eq!((bills.len(), unchanged), (13, 12), "only November changed");
}
