//! `sigill budget` and `sigill report`: their figures against the use cases, the template and a running service.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use serde_json::Value;
use sigill_core::budget::{Calls, Usage};
use sigill_core::measure;
use sigill_tests::browser::{AtEid, Browser};
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};
use sigill_tests::signing::sigill;
use sigill_tests::template::{Template, text};
use sigill_tests::world::World;

/// Measures of an e-service, an e-ID or a level, and not one for a whole stack.
const WITH_DIMENSIONS: [&str; 6] = [
    measure::REQUESTS_CREATED,
    measure::REQUESTS_ENDED,
    measure::LEAD_TIME,
    measure::SIGNATURES,
    measure::LEVEL_REACHED,
    measure::LEVEL_MISSED,
];
const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");

fn said(at: &std::path::Path, arguments: &[&str]) -> String {
    let output = sigill(at, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(at: &std::path::Path, arguments: &[&str]) -> String {
    let output = sigill(at, arguments);
    assert_eq!((output.status.success(), output.stdout.len()), (false, 0), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_counts_what_the_use_cases_do() {
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &[ASA]).await;
    world.fuse.arm(None);
    world.sign(&id, 0).await;
    let calls = world.fuse.calls();
    let documents = u32::try_from(world.request(&id).await.documents.len()).unwrap();
    let count = |name: &str| u32::try_from(calls.iter().filter(|call| **call == name).count()).unwrap();
    let found = Calls {
        loads: count("load request"),
        saves: count("save request"),
        puts: (count("put document") + count("append to document")) / documents,
        gets: (count("get document") + count("open document")) / documents,
        journal_reads: count("read journal"),
        journal_writes: count("intend") + count("settle"),
        messages: count("put into queue"),
    };
    assert_eq!(found, Usage::shipped().unwrap().signing, "{calls:?}");
    // What the arithmetic of keys rests on, a public key of the new key apart.
    let keys = ["create key", "sign", "sign with one-time key", "destroy key"].map(count);
    assert_eq!(keys, [1, 1, documents, 1]);
}

#[test]
fn the_budget_counts_what_the_template_has() {
    let (template, usage) = (Template::parse(&text()), Usage::shipped().unwrap());
    let count = |kind: &str| u32::try_from(template.resources(kind).len()).unwrap();
    assert_eq!(template.0["Globals"]["Function"]["MemorySize"].as_u64(), Some(u64::from(usage.memory_mb)));
    assert_eq!(count("AWS::CloudWatch::Alarm"), usage.month.alarms);
    assert_eq!(count("AWS::CloudWatch::Dashboard"), usage.month.dashboards);
    assert_eq!(count("AWS::KMS::Key"), usage.month.ca_keys);
    let functions = template.resources("AWS::Serverless::Function");
    let events =
        |function: &Value| function.as_object().map_or(0, |events| events.values().filter(|event| event["Type"] == "HttpApi").count());
    let routes: usize =
        functions.iter().map(|(_, function)| events(&serde_json::to_value(&function["Properties"]["Events"]).unwrap())).sum();
    let own = template.resources("AWS::Logs::MetricFilter").len();
    let measures: Vec<_> = measure::NAMES.into_iter().filter(|name| !WITH_DIMENSIONS.contains(name)).collect();
    assert_eq!(measures.len() + WITH_DIMENSIONS.len(), measure::NAMES.len());
    assert_eq!(usage.month.metrics as usize, 6 * routes + own + measures.len() + 2 * 2, "of routes, of logs, without dimensions, by level");
}

#[test]
fn a_budget_is_answered_in_two_languages_and_three_forms() {
    let at = folder();
    let english = said(&at, &["budget", "--language", "en"]);
    for line in
        ["What Sigill costs in AWS in a month, in USD", "Prices: AWS, eu-north-1", "1,000      10,000     100,000   1,000,000  10,000,000"]
    {
        assert!(english.contains(line), "{line} in {english}");
    }
    assert!(
        english.contains("no price was given: Timestamps, e-ID.") && english.contains("11 of 21 prices were read for eu-north-1"),
        "{english}"
    );
    assert!(english.contains("KMS can't bear 1,000,000 and 10,000,000 signatures a month"), "{english}");
    let swedish =
        said(&at, &["budget", "--language", "sv", "--custody", "memory", "--sek", "10", "--eid-price", "0.12", "--timestamp-price", "1"]);
    assert!(swedish.contains("i SEK\n") && swedish.contains("10,00 SEK för 1 USD"), "{swedish}");
    assert!(!swedish.contains("okänt") && !swedish.contains("KMS klarar inte") && swedish.contains("1 200 000,00"), "{swedish}");

    let json: Value = serde_json::from_str(&said(&at, &["budget", "--format", "json", "--signatures", "7,70"])).unwrap();
    assert_eq!((&json["months"][1]["signatures"], json["months"][0]["costs"].as_array().unwrap().len()), (&70.into(), 12));
    assert_eq!(json["prices"]["prices"]["kms-key-month"]["source"], "https://aws.amazon.com/kms/pricing/");
    let sums = |month: &Value| month["fixed"].as_f64().unwrap() + month["variable"].as_f64().unwrap() - month["total"].as_f64().unwrap();
    assert!(sums(&json["months"][0]).abs() < 1e-9);
    let csv = said(&at, &["budget", "--format", "csv", "--signatures", "7"]);
    assert_eq!(csv.lines().count(), 13);
    assert!(csv.contains("7,eid,,,,,USD\r\n"), "{csv}");
}

#[test]
fn a_budget_follows_the_files_that_it_is_given_and_refuses_wrong_ones() {
    let at = folder();
    let prices = include_str!("../../common/core/src/budget/prices.toml");
    std::fs::write(
        at.join("dear.toml"),
        prices.replace("region = \"eu-north-1\"", "region = \"elsewhere\"").replace("{ amount = ", "{ amount = 1"),
    )
    .unwrap();
    std::fs::write(at.join("gap.toml"), prices.replace("s3-get", "#")).unwrap();
    let total = |arguments: &[&str]| {
        let json: Value =
            serde_json::from_str(&said(&at, &[&["budget", "--format", "json", "--signatures", "1000"], arguments].concat())).unwrap();
        json["months"][0]["total"].as_f64().unwrap()
    };
    assert!(total(&["--prices", "dear.toml"]) > 10.0 * total(&[]));
    assert!(total(&["--documents-mb", "100"]) > total(&[]));
    assert!(said(&at, &["budget", "--prices", "dear.toml", "--language", "en"]).contains("AWS, elsewhere"));
    assert_eq!(refused(&at, &["budget", "--prices", "gap.toml"]), "sigill: gap.toml: there is no price of s3-get\n");
    let timra = concat!(env!("CARGO_MANIFEST_DIR"), "/../common/config/timra.toml");
    let configured: Value = serde_json::from_str(&said(&at, &["budget", "--format", "json", "--config", timra])).unwrap();
    assert_eq!((&configured["level"], &configured["keptDays"], &configured["custody"]), (&"B-T".into(), &90.into(), &"kms".into()));
    assert_eq!(
        configured["months"][0]["costs"][9],
        serde_json::json!({ "part": "secrets", "kind": "known", "fixed": 0.8, "variable": 0.0 })
    );
    assert!(refused(&at, &["budget", "--prices", "none.toml"]).starts_with("sigill: none.toml: "));
    assert!(refused(&at, &["budget", "--usage", "gap.toml"]).contains("unknown field"));
    for wrong in [["--eid-price", "-1"], ["--eid-price", "free"], ["--sek", "0"], ["--documents-mb", "NaN"], ["--signatures", "-1"]] {
        assert_eq!(sigill(&at, &[&["budget"], &wrong[..]].concat()).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_report_tells_what_came_of_requests_and_names_nobody() {
    let server = Server::start();
    let data = server.data.to_str().unwrap();
    let report = |options: &[&str]| said(&folder(), &[&["report", "--data", data], options].concat());
    assert!(report(&["--language", "en"]).contains("There are no requests."));
    let pdf = one_page("", "");
    let signed = server.create(&server.body(&pdf, &[ASA]));
    assert_eq!(Browser::default().sign(signed["signers"][0]["signingUrl"].as_str().unwrap(), AtEid::Approve).heading(), "Underskrivet");
    let withdrawn = server.create(&server.body(&pdf, &[ASA]));
    assert_eq!(server.api("DELETE", &format!("/v1/sign-requests/{}", withdrawn["id"].as_str().unwrap()), None, &[]).status, 204);
    server.create(&server.body(&pdf, &[ASA]));

    let json: Value = serde_json::from_str(&report(&["--format", "json"])).unwrap();
    for measures in [&json["total"], &json["eServices"]["arvodesrakning"]] {
        let counts = ["created", "open", "completed", "withdrawn", "declined", "expired", "failed", "signatures"]
            .map(|name| measures[name].as_u64().unwrap());
        assert_eq!(counts, [3, 1, 1, 1, 0, 0, 0, 1]);
        assert_eq!(measures["eids"]["test-eid"], 1);
        assert_eq!(measures["levels"], serde_json::json!([{ "requested": "B-LTA", "achieved": "B-LTA", "documents": 1 }]));
        assert!((0..60).contains(&measures["createdToCompleted"]["medianSeconds"].as_i64().unwrap()));
    }
    assert_eq!((&json["retentionDays"], json["oldest"].is_string()), (&90.into(), true));

    let all = [report(&["--language", "sv"]), report(&["--language", "en"]), report(&["--format", "csv"]), json.to_string()];
    for personal in [ASA.0, ASA.1, "Öberg", "arvode.pdf", "för januari", "ref-1", "signer-0", signed["id"].as_str().unwrap()] {
        assert!(all.iter().all(|text| !text.contains(personal)), "{personal} is told");
    }
    assert!(all[0].contains("varav med Test-e-legitimation") && all[0].contains("En begäran raderas 90 dagar efter avslut."), "{}", all[0]);
    assert!(all[1].contains("Signed documents at B-LTA, B-LTA asked for") && all[1].contains("\nArvodesräkning\n"), "{}", all[1]);
    assert!(all[2].contains("arvodesrakning,signaturesByEid,test-eid,1\r\n") && all[2].contains(",completed,,1\r\n"), "{}", all[2]);

    let created = |options: &[&str]| -> u64 {
        let json: Value = serde_json::from_str(&report(&[options, &["--format", "json"]].concat())).unwrap();
        json["total"]["created"].as_u64().unwrap()
    };
    assert_eq!((created(&["--to", "2020-01-01"]), created(&["--from", "2020-01-01", "--to", "2999-01-01"])), (0, 3));
    assert!(refused(&folder(), &["report", "--data", data, "--from", "2026-02-01", "--to", "2026-01-01"]).contains("--from is after --to"));
    assert!(refused(&folder(), &["report"]).contains("data: there is no data folder of Sigill"));
    let empty = folder();
    assert!(refused(&empty, &["report", "--data", "."]).contains("no data folder"));
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0, "a report leaves nothing behind");
}
