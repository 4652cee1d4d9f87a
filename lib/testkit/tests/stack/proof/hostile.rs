//! Promise 20 on the stack: hostile tokens are 401 for an operation of every class. That nothing is called for them is
//! shown in one process, in `lib/contract`.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use outlay_core::now;
use outlay_testkit::{
    Answer,
    proof::{
        Attacker, Case, Who, cases,
        hostile::{LONG, Material, corpus, jwk, raw_signature},
        measured, operations,
    },
};
use serde_json::json;

use super::{
    actors::Call,
    forge::{Forge, parts},
    parties::Tenant,
    root::Root,
};
use crate::support::{problem, stack};

#[test]
fn hostile_tokens_are_refused_by_an_operation_of_every_class() {
    let stack = stack();
    let root = Root::of(&stack);
    let forge = Forge::of(&root);
    let own = Tenant::found(&root, &forge, "own");
    let stranger = root.call(
        "kms",
        "TrentService.CreateKey",
        &json!({ "KeyUsage": "SIGN_VERIFY", "KeySpec": "ECC_NIST_P256" }),
    );
    // A key of this account that the configuration does not name: so is one that was retired.
    let stranger = stranger["KeyMetadata"]["KeyId"].as_str().unwrap();
    let other_point = root.public_point(stranger);
    let shown = json!({ "keys": [jwk(&other_point)] });
    let attacker = Attacker::listen(shown.to_string()).unwrap();
    let jwks = stack
        .request("GET", "/.well-known/jwks.json")
        .send()
        .unwrap()
        .json()
        .unwrap();
    let coordinate = |name: &str| {
        BASE64URL
            .decode(jwks["keys"][0][name].as_str().unwrap())
            .unwrap()
    };
    let (header, claims) = parts(&own.owner.token);
    let sign = |message: &[u8]| forge.sign(message);
    let sign_otherwise = |message: &[u8]| {
        raw_signature(&root.sign(stranger, message))
            .unwrap()
            .to_vec()
    };
    let corpus = corpus(&Material {
        header,
        claims,
        sign: &sign,
        sign_otherwise: &sign_otherwise,
        other_point,
        attacker: attacker.url.clone(),
        public_point: [vec![4], coordinate("x"), coordinate("y")].concat(),
        refresh: own.owner.refresh.clone(),
        now: now().as_second(),
    });
    let tokens: usize = corpus.iter().map(|(_, tokens)| tokens.len()).sum();
    let all = operations().unwrap();
    let (mut calls, mut faults, mut dead) = (0, Vec::new(), BTreeSet::new());
    let classes = classes();
    for case in classes.values() {
        let operation = all.iter().find(|o| o.id == case.operation).unwrap();
        let call = Call::of(operation, case, &own);
        // What ends the tenant is called by the matrix, in a tenant of its own.
        if !matches!(case.who, Who::GlobalOwner) && !case.ends_tenant {
            let good = forge.token(&own.owner.token, |_| ());
            assert_ne!(
                call.make(&stack, Some(&good)).status,
                401,
                "{}: the forge's own tokens are good",
                operation.id
            );
        }
        for (name, tokens) in &corpus {
            for token in tokens {
                let answer = call.request(&stack).bearer(token).send();
                calls += 1;
                match answer {
                    Ok(answer) if is_refused(token, &answer) => {
                        dead.insert(*name);
                    }
                    // A gateway that hangs up on such a header while a body is on its way lets nothing through.
                    Err(_) if token.len() > LONG => {
                        dead.insert(*name);
                    }
                    Ok(answer) => faults.push(format!("{name} at {}: {answer}", operation.id)),
                    Err(error) => faults.push(format!("{name} at {}: {error:#}", operation.id)),
                }
            }
        }
    }
    measured(
        "20",
        "hostile tokens do nothing, on the stack",
        "25/25 -> 401 for every class of operations",
        format!(
            "{}/25 families, {tokens} tokens x {} classes = {calls} calls, {} accepted, {} asked the attacker for a key",
            dead.len(),
            classes.len(),
            faults.len(),
            attacker.asked()
        ),
    );
    assert_eq!(attacker.asked(), 0);
    assert!(
        faults.is_empty(),
        "{} of {calls}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// 401; or, where no gateway lets such a header through, what it says of that.
fn is_refused(token: &str, answer: &Answer) -> bool {
    if token.len() > LONG {
        return [400, 401, 413, 431].contains(&answer.status);
    }
    if answer.status == 401 {
        problem(answer, 401);
    }
    answer.status == 401
}

/// One operation for each permission: operations of one permission share the code that lets a caller in.
fn classes() -> BTreeMap<&'static str, Case> {
    let needs_token = cases().into_iter().filter(|case| case.who != Who::Public);
    needs_token.map(|case| (case.permission, case)).collect()
}
