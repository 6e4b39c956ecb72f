//! Lists over sign requests: keys from an index, the requests themselves from the table.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use jiff::Timestamp;
use sigill_core::ports::{Page, SignRequestIndex, StoreError};
use sigill_core::{SignRequest, SignRequestId};

use super::DynamoRequests;
use super::item::{Item, PARTITION, SORT, number, text, text_of, unpacked};
use super::requests::{STATE, unavailable};
use crate::error::reason;

/// Newest first, an e-service's own.
pub(super) const BY_REQUESTER: &str = "by-requester";
pub(super) const REQUESTER: &str = "requester";
pub(super) const CREATED: &str = "created";
/// Only what has a wake-up time, in one partition: a municipality's volume is far below what one takes.
const BY_WAKE: &str = "due";
pub(super) const WAKE: &str = "wake";
pub(super) const DUE: &str = "DUE";
pub(super) const WAKE_AT: &str = "wakeAt";

/// Sorts by time of creation; the id tells those of one moment apart.
pub(super) fn creation(request: &SignRequest) -> String {
    format!("{:015}#{}", request.created.as_millisecond(), request.id)
}

impl DynamoRequests {
    fn query(&self, index: &str, partition: (&str, &str)) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.table).index_name(index).expression_attribute_names("#partition", partition.0);
        query.expression_attribute_values(":partition", text(partition.1))
    }

    /// Keys of all of an e-service's requests, newest first. A key has about 150 bytes and an answer 1 MB.
    async fn keys(&self, requester: &str) -> Result<Vec<Item>, StoreError> {
        let query =
            self.query(BY_REQUESTER, (REQUESTER, requester)).key_condition_expression("#partition = :partition").scan_index_forward(false);
        let mut keys = Vec::new();
        let mut from = None;
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await.map_err(|error| unavailable(reason(&error)))?;
            keys.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(keys);
            }
        }
    }

    /// The requests behind `keys`, in their order. One that was forgotten meanwhile is left out.
    async fn requests(&self, keys: &[Item]) -> Result<Vec<SignRequest>, StoreError> {
        let mut found = HashMap::new();
        let primary = |item: &Item| {
            item.iter().filter(|(name, _)| *name == PARTITION || *name == SORT).map(|(n, v)| (n.clone(), v.clone())).collect()
        };
        let mut wanted: Vec<Item> = keys.iter().map(primary).collect();
        while !wanted.is_empty() {
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).build().map_err(unavailable)?;
            let answer = self.client.batch_get_item().request_items(&self.table, keys).send().await;
            let mut answer = answer.map_err(|error| unavailable(reason(&error)))?;
            for item in answer.responses.as_mut().and_then(|tables| tables.remove(&self.table)).unwrap_or_default() {
                let request: SignRequest = unpacked(&item, STATE).map_err(unavailable)?;
                found.insert(text_of(&item, PARTITION).map_err(unavailable)?.to_owned(), request);
            }
            // 16 MB an answer: the rest is asked for again.
            let rest = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
            wanted = rest.map(|rest| rest.keys).unwrap_or_default();
        }
        Ok(keys.iter().filter_map(|key| found.remove(text_of(key, PARTITION).ok()?)).collect())
    }
}

#[async_trait]
impl SignRequestIndex for DynamoRequests {
    async fn page(&self, requester: &str, page: Page) -> Result<(Vec<SignRequest>, u64), StoreError> {
        let keys = self.keys(requester).await?;
        let limit = page.limit as usize;
        let start = (page.number as usize).saturating_sub(1).saturating_mul(limit).min(keys.len());
        let end = start.saturating_add(limit).min(keys.len());
        Ok((self.requests(&keys[start..end]).await?, keys.len() as u64))
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<SignRequestId>, StoreError> {
        let query = self
            .query(BY_WAKE, (WAKE, DUE))
            .key_condition_expression("#partition = :partition AND #wakeAt <= :now")
            .expression_attribute_names("#wakeAt", WAKE_AT)
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let found = query.send().await.map_err(|error| unavailable(reason(&error)))?.items.unwrap_or_default();
        let id = |item: &Item| {
            let key = text_of(item, PARTITION).map_err(unavailable)?;
            SignRequestId::try_from(key.trim_start_matches("REQUEST#").to_owned()).map_err(unavailable)
        };
        found.iter().map(id).collect()
    }
}
