//! An emulator on loopback with what the template makes: the table as the template has it, a bucket, a queue, a key.

use std::sync::Arc;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use aws_sdk_kms::types::{KeySpec, KeyState, KeyUsageType};
use aws_sdk_s3::types::CreateBucketConfiguration;
use aws_types::SdkConfig;
use serde_yaml_ng::Value;
use sigill_aws::config::{Access, sdk_config};
use sigill_aws::dynamodb::{DynamoJournal, DynamoRequests, DynamoRoot};
use sigill_aws::kms::{KmsKey, KmsOneTimeKeys, SigningRole};
use sigill_aws::s3::S3Documents;
use sigill_aws::sqs::SqsQueue;
use sigill_core::ports::Clock;
use sigill_tests::emulator::Emulator;
use sigill_tests::template::{Template, text};
use sigill_tests::world::Custody;

const REGION: &str = "eu-north-1";
const TABLE: &str = "sigill-table";
pub const BUCKET: &str = "sigill-documents";

pub struct Cloud {
    _emulator: Emulator,
    config: SdkConfig,
    ca_key: String,
    queue: String,
}

impl Cloud {
    /// `None` after saying that the emulator is missing.
    pub async fn start() -> Option<Self> {
        let emulator = Emulator::start().await?;
        let access = Access {
            region: REGION.to_owned(),
            key: "test".to_owned(),
            secret: "test".to_owned(),
            session: None,
            endpoint: Some(emulator.base.clone()),
        };
        let mut cloud = Self { _emulator: emulator, config: sdk_config(access).unwrap(), ca_key: String::new(), queue: String::new() };
        cloud.create_table().await;
        let s3 = aws_sdk_s3::config::Builder::from(&cloud.config).force_path_style(true).build();
        let place = CreateBucketConfiguration::builder().location_constraint(REGION.into()).build();
        aws_sdk_s3::Client::from_conf(s3).create_bucket().bucket(BUCKET).create_bucket_configuration(place).send().await.unwrap();
        cloud.queue = aws_sdk_sqs::Client::new(&cloud.config).create_queue().queue_name("work").send().await.unwrap().queue_url.unwrap();
        let key = cloud.kms().create_key().key_spec(KeySpec::EccNistP256).key_usage(KeyUsageType::SignVerify).send().await.unwrap();
        cloud.ca_key = key.key_metadata.unwrap().arn.unwrap();
        Some(cloud)
    }

    /// Keys and indexes as `template.yaml` has them.
    async fn create_table(&self) {
        let template = Template::parse(&text());
        let properties = &template.resources("AWS::DynamoDB::Table")[0].1["Properties"];
        let word = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
        let schema = |value: &Value| {
            let element = |part: &Value| {
                let kind = KeyType::from(word(part, "KeyType").as_str());
                KeySchemaElement::builder().attribute_name(word(part, "AttributeName")).key_type(kind).build().unwrap()
            };
            value.as_sequence().unwrap().iter().map(element).collect::<Vec<_>>()
        };
        let attributes = properties["AttributeDefinitions"].as_sequence().unwrap().iter().map(|attribute| {
            let kind = ScalarAttributeType::from(word(attribute, "AttributeType").as_str());
            AttributeDefinition::builder().attribute_name(word(attribute, "AttributeName")).attribute_type(kind).build().unwrap()
        });
        let indexes = properties["GlobalSecondaryIndexes"].as_sequence().unwrap().iter().map(|index| {
            let projection = ProjectionType::from(word(&index["Projection"], "ProjectionType").as_str());
            GlobalSecondaryIndex::builder()
                .index_name(word(index, "IndexName"))
                .set_key_schema(Some(schema(&index["KeySchema"])))
                .projection(Projection::builder().projection_type(projection).build())
                .build()
                .unwrap()
        });
        let create = aws_sdk_dynamodb::Client::new(&self.config).create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
        let create = create.set_attribute_definitions(Some(attributes.collect())).set_key_schema(Some(schema(&properties["KeySchema"])));
        create.set_global_secondary_indexes(Some(indexes.collect())).send().await.unwrap();
    }

    /// Of all clients.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    fn kms(&self) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config)
    }

    /// The adapters, as the functions wire them.
    pub fn custody(&self, clock: Arc<dyn Clock>) -> Custody {
        let role = SigningRole::parse("arn:aws:iam::000000000000:role/sign").unwrap();
        let documents = Arc::new(S3Documents::new(&self.config, BUCKET.to_owned()));
        let requests = Arc::new(DynamoRequests::new(&self.config, TABLE.to_owned(), clock));
        Custody {
            store: requests.clone(),
            index: requests,
            documents: documents.clone(),
            transfers: documents,
            journal: Arc::new(DynamoJournal::new(&self.config, TABLE.to_owned(), jiff::SignedDuration::from_hours(24 * 90))),
            root: Arc::new(DynamoRoot::new(&self.config, TABLE.to_owned())),
            ca_key: Arc::new(KmsKey::new(&self.config, self.ca_key.clone())),
            one_time_keys: Arc::new(KmsOneTimeKeys::new(&self.config, "sigill-test".to_owned(), role)),
            queue: Arc::new(SqsQueue::new(&self.config, self.queue.clone())),
        }
    }

    /// The states of all keys but the CA's.
    pub async fn one_time_keys(&self) -> Vec<KeyState> {
        let mut states = Vec::new();
        for key in self.kms().list_keys().send().await.unwrap().keys.unwrap_or_default() {
            let known = self.kms().describe_key().key_id(key.key_arn.unwrap()).send().await.unwrap().key_metadata.unwrap();
            if known.arn.as_ref() != Some(&self.ca_key) {
                states.push(known.key_state.unwrap());
            }
        }
        states
    }

    /// Messages in the queue that are delayed or visible.
    pub async fn messages(&self) -> usize {
        use aws_sdk_sqs::types::QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed};
        let sqs = aws_sdk_sqs::Client::new(&self.config);
        let names = [ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed];
        let asked = sqs.get_queue_attributes().queue_url(&self.queue).set_attribute_names(Some(names.to_vec())).send().await.unwrap();
        asked.attributes.unwrap().values().map(|count| count.parse::<usize>().unwrap()).sum()
    }
}
