//! Dependencies point one way, and nothing is linked that is not needed.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::process::Command;

use sigill_tests::template::root;

/// The crates that a build of `package` alone compiles, but for its tests.
fn compiled(package: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{lib}", "--package", package])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).unwrap().lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

fn beginning_with<'a>(crates: &'a BTreeSet<String>, prefixes: &[&str]) -> Vec<&'a str> {
    crates.iter().map(String::as_str).filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix))).collect()
}

#[test]
fn the_all_in_one_compiles_nothing_of_the_cloud() {
    let crates = compiled("sigill");
    assert!(crates.contains("sigill_core"), "{crates:?}");
    assert_eq!(beginning_with(&crates, &["aws", "lambda", "sigill_aws"]), Vec::<&str>::new());
}

#[test]
fn the_engine_and_the_core_have_no_network_no_runtime_and_no_adapter() {
    let foreign = ["aws", "hyper", "lambda", "mio", "reqwest", "rusqlite", "sigill_", "tokio"];
    assert_eq!(beginning_with(&compiled("pades"), &foreign), Vec::<&str>::new());
    assert_eq!(beginning_with(&compiled("sigill-core"), &foreign), ["sigill_core"]);
}

#[test]
fn each_function_links_the_clients_that_it_needs_and_no_other() {
    for (function, clients) in [
        ("sign-request-intake", &["dynamodb", "s3"][..]),
        ("eid-callback", &["dynamodb", "lambda", "s3", "secretsmanager", "sqs"]),
        ("sign-document-hash", &["dynamodb", "kms"]),
        ("assemble-pades", &["s3"]),
        ("validate-document", &["dynamodb"]),
        ("finish-sign-requests", &["dynamodb", "lambda", "s3", "secretsmanager", "sqs"]),
    ] {
        let crates = compiled(function);
        let expected: Vec<_> = clients.iter().map(|client| format!("aws_sdk_{client}")).collect();
        assert_eq!(beginning_with(&crates, &["aws_sdk_"]), expected, "{function}");
        // Of randomness and cryptography there is one; the other costs 60 ms before its first number.
        let unwanted = ["aws_lc", "native_tls", "openssl_sys", "rusqlite", "sigill_local"];
        assert_eq!(beginning_with(&crates, &unwanted), Vec::<&str>::new(), "{function}");
        let main = std::fs::read_to_string(root().join("functions").join(function).join("src/main.rs")).unwrap();
        assert!(main.lines().count() <= 40, "{function}: main.rs wires and nothing else");
    }
}
