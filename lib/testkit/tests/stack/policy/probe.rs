//! The probe as a function of the stack: created under an execution role, invoked, removed.

use outlay_testkit::Stack;
use serde_json::{Value, json};

use crate::deployed::{Deployed, profile};

/// A function that runs the probe under one execution role, until it is dropped.
pub(super) struct Probe<'a> {
    stack: &'a Stack,
    function: Deployed<'a>,
}

impl<'a> Probe<'a> {
    pub(super) fn under(stack: &'a Stack, role: &str) -> Self {
        // Cargo puts examples beside the folder of the test binaries.
        let binary = profile().join("examples").join("isolation-probe");
        let function = Deployed::new(stack, role, &binary, &json!({}));
        Self { stack, function }
    }

    /// What the session's opening and each call gave: `allowed`, `denied`, or what else went wrong.
    pub(super) fn ask(&self, session: &Value, calls: &[Value]) -> (String, Vec<String>) {
        let event = json!({
            "table": self.stack.table_name, "bucket": self.stack.bucket,
            "session": session, "calls": calls,
        });
        let found = self.function.invoke(&event);
        let calls = serde_json::from_value(found["calls"].clone()).unwrap();
        (found["session"].as_str().unwrap().to_owned(), calls)
    }
}
