use jiff::SignedDuration;
use serde_json::json;
use sigill_aws::sqs::SqsQueue;
use sigill_core::SignRequestId;
use sigill_core::ports::WorkQueue;

use crate::replay::{error, json as answer, replay};

const ID: &str = "0123456789abcdef0123456789abcdef";
const URL: &str = "https://sqs.eu-north-1.amazonaws.com/111122223333/work";

#[tokio::test]
async fn a_message_is_the_id_with_a_delay_that_sqs_takes() {
    let replay = replay(vec![answer(json!({})), answer(json!({})), error("QueueDoesNotExist")]);
    let queue = SqsQueue::new(&replay.config, URL.to_owned());
    let id = SignRequestId::try_from(ID.to_owned()).unwrap();
    queue.finish_later(&id, SignedDuration::from_secs(20)).await.unwrap();
    queue.finish_later(&id, SignedDuration::from_hours(2)).await.unwrap();
    assert_eq!(queue.finish_later(&id, SignedDuration::ZERO).await.unwrap_err().0, "QueueDoesNotExist");
    let asked = replay.asked();
    assert_eq!(asked[0].json(), json!({ "QueueUrl": URL, "MessageBody": ID, "DelaySeconds": 20 }));
    assert_eq!(asked[1].json()["DelaySeconds"], 900);
}
