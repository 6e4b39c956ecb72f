//! Effect measures of a whole flow, as CloudWatch gets them.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use sigill_aws::metrics::Metrics;
use sigill_core::measure::NAMES;
use sigill_core::sign_request::Stage;
use sigill_tests::pdf::one_page;
use sigill_tests::world::World;

const SIGNERS: [(&str, &str); 2] = [("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")];

/// The lines that hold `name`, without the header.
fn lines<'a>(written: &'a [Value], name: &str) -> Vec<&'a Value> {
    written.iter().filter(|line| line.get(name).is_some()).collect()
}

#[tokio::test]
async fn what_a_municipality_wants_to_know_is_written_once_and_names_nobody() {
    let metrics = Metrics::start("Sigill/test".to_owned()).unwrap();
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &SIGNERS).await;
    for signer in 0..SIGNERS.len() {
        world.clock.advance(jiff::SignedDuration::from_mins(30));
        world.sign(&id, signer).await;
    }
    let mut written = Vec::new();
    metrics.write(&mut written).unwrap();
    let text = String::from_utf8(written).unwrap();
    let written: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let [created] = lines(&written, "RequestsCreated")[..] else { panic!("{text}") };
    let service = created["EService"].clone();
    assert_eq!(created["RequestsCreated"], json!(1));
    assert_eq!(created["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Sigill/test");
    assert_eq!(created["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["EService"]]));
    let [ended] = lines(&written, "RequestsEnded")[..] else { panic!("{text}") };
    assert_eq!((&ended["Outcome"], &ended["EService"], &ended["RequestsEnded"]), (&json!("completed"), &service, &json!(1)));
    let [lead] = lines(&written, "LeadTime")[..] else { panic!("{text}") };
    let request = world.request(&id).await;
    let Stage::Closed { at, .. } = request.stage else { panic!("not closed") };
    assert_eq!(lead["LeadTime"], json!([at.duration_since(request.created).as_secs_f64()]));
    assert!(lead["LeadTime"][0].as_f64().unwrap() > 3_600.0);
    let [signatures] = lines(&written, "Signatures")[..] else { panic!("{text}") };
    assert_eq!(signatures["Signatures"], json!(2));
    let [level] = lines(&written, "LevelReached")[..] else { panic!("{text}") };
    assert_eq!((&level["Level"], &level["LevelReached"]), (&json!("B-T"), &json!(2)), "two documents");

    for line in &written {
        let declared = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap();
        assert!(declared.iter().all(|metric| NAMES.contains(&metric["Name"].as_str().unwrap())), "{line}");
    }
    for personal in ["1890", "Åsa", "Öberg", "Björn", ".pdf", id.as_str()] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    let mut again = Vec::new();
    metrics.write(&mut again).unwrap();
    assert!(again.is_empty(), "nothing is counted twice");
}
