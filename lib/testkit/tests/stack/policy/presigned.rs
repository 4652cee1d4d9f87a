//! What somebody makes of the address that a file is put to.

use serde_json::json;

use crate::support::sign_up;

#[test]
fn a_presigned_put_is_for_one_object_once_and_of_one_size() {
    let account = sign_up("presigned");
    let declaration = json!({ "fileName": "a.csv", "sizeBytes": 10, "contentType": "text/csv" });
    let created = account.create_upload(&declaration).unwrap();
    let url = created["put"]["url"].as_str().unwrap();
    assert!(
        url.contains(&account.tenant_id),
        "the key is in the tenant's prefix"
    );
    let mut elsewhere = created.clone();
    let other = sign_up("other").tenant_id;
    elsewhere["put"]["url"] = json!(url.replace(&account.tenant_id, &other));
    assert_eq!(account.put(&elsewhere, b"0123456789").unwrap().status, 403);
    assert_eq!(
        account.put(&created, b"01234567890").unwrap().status,
        403,
        "one byte too many"
    );
}
