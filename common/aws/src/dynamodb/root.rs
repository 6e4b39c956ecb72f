use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use sigill_core::ports::{RootCertificate, RootError};
use tokio::sync::OnceCell;

use super::item::{Item, key};
use crate::error::{is, reason};

const CERTIFICATE: &str = "certificate";

/// The root certificate in the table, read once a process.
pub struct DynamoRoot {
    client: Client,
    table: String,
    known: OnceCell<Vec<u8>>,
}

impl DynamoRoot {
    /// The root in `table`.
    pub fn new(config: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(config), table, known: OnceCell::new() }
    }

    async fn read(&self) -> Result<Option<Vec<u8>>, RootError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(root_key())).consistent_read(true);
        let Some(item) = get.send().await.map_err(|error| RootError(reason(&error)))?.item else { return Ok(None) };
        match item.get(CERTIFICATE) {
            Some(AttributeValue::B(certificate)) => Ok(Some(certificate.as_ref().to_vec())),
            _ => Err(RootError("the item holds no certificate".to_owned())),
        }
    }
}

fn root_key() -> Item {
    key("AUTHORITY", "ROOT")
}

#[async_trait]
impl RootCertificate for DynamoRoot {
    async fn root(&self) -> Result<Option<Vec<u8>>, RootError> {
        if let Some(root) = self.known.get() {
            return Ok(Some(root.clone()));
        }
        let Some(root) = self.read().await? else { return Ok(None) };
        Ok(Some(self.known.get_or_init(async || root).await.clone()))
    }

    async fn keep(&self, certificate: &[u8]) -> Result<Vec<u8>, RootError> {
        let mut item = root_key();
        item.insert(CERTIFICATE.to_owned(), AttributeValue::B(Blob::new(certificate)));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Err(error) if !is(&error, "ConditionalCheckFailedException") => Err(RootError(reason(&error))),
            _ => self.root().await?.ok_or_else(|| RootError("the certificate is not there".to_owned())),
        }
    }
}
