//! Sign requests, each one item that is replaced only at the version that was read.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use sigill_core::ports::{Created, Idempotency, SignRequestStore, StoreError, Versioned};
use sigill_core::{SignRequest, SignRequestId};

use super::DynamoRequests;
use super::index::{CREATED, DUE, REQUESTER, WAKE, WAKE_AT, creation};
use super::item::{Item, WrongItem, key, number, number_of, packed, text, text_of, unpacked};
use crate::error::{is, reason};

pub(super) const STATE: &str = "state";
const VERSION: &str = "version";
/// On a request, so that both are forgotten together; on the key's own item, the body's hash and the request.
const IDEMPOTENCY: &str = "idempotencyKey";
const BODY: &str = "bodyHash";
const REQUEST: &str = "request";

const SET_WAKING: &str = "SET #version = :version, #state = :state, #wake = :wake, #wakeAt = :wakeAt";
const SET_SLEEPING: &str = "SET #version = :version, #state = :state REMOVE #wake, #wakeAt";
/// Nothing is there.
const ABSENT: &str = "attribute_not_exists(pk)";

pub(super) fn request_key(id: &SignRequestId) -> Item {
    key(format!("REQUEST#{id}"), "STATE")
}

fn idempotency_key(key_of_service: &str) -> Item {
    key(format!("IDEMPOTENCY#{key_of_service}"), "KEY")
}

pub(super) fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

impl DynamoRequests {
    fn item(&self, request: &SignRequest, version: u64) -> Result<Item, WrongItem> {
        let mut item = request_key(&request.id);
        item.insert(VERSION.to_owned(), number(version));
        item.insert(STATE.to_owned(), packed(request)?);
        item.insert(REQUESTER.to_owned(), text(&request.requester));
        item.insert(CREATED.to_owned(), text(creation(request)));
        if let Some(at) = request.wake_at(self.clock.now()) {
            item.insert(WAKE.to_owned(), text(DUE));
            item.insert(WAKE_AT.to_owned(), number(at.as_millisecond()));
        }
        Ok(item)
    }

    fn put(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).condition_expression(ABSENT);
        let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(TransactWriteItem::builder().put(put.build().map_err(unavailable)?).build())
    }

    fn delete(&self, key: Item) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder().table_name(&self.table).set_key(Some(key)).build().map_err(unavailable)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}

/// The idempotency item that stood in the way of the transaction's second write.
fn existing(error: &TransactWriteItemsError) -> Option<&Item> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return None };
    cancelled.cancellation_reasons().get(1)?.item.as_ref()
}

#[async_trait]
impl SignRequestStore for DynamoRequests {
    async fn create(&self, request: &SignRequest, idempotency: Option<&Idempotency>) -> Result<Created, StoreError> {
        let mut item = self.item(request, 1).map_err(unavailable)?;
        let mut write = self.client.transact_write_items();
        match idempotency {
            None => write = write.transact_items(self.put(item)?),
            Some(idempotency) => {
                item.insert(IDEMPOTENCY.to_owned(), text(&idempotency.key));
                let mut known = idempotency_key(&idempotency.key);
                known.insert(BODY.to_owned(), text(&idempotency.body));
                known.insert(REQUEST.to_owned(), text(idempotency.id.as_str()));
                write = write.transact_items(self.put(item)?).transact_items(self.put(known)?);
            }
        }
        let Err(error) = write.send().await else { return Ok(Created::New) };
        match (idempotency, error.as_service_error().and_then(existing)) {
            (Some(idempotency), Some(item)) => {
                let body = text_of(item, BODY).map_err(unavailable)?.to_owned();
                let id = SignRequestId::try_from(text_of(item, REQUEST).map_err(unavailable)?.to_owned()).map_err(unavailable)?;
                Ok(Created::Existing(Idempotency { key: idempotency.key.clone(), body, id }))
            }
            _ => Err(unavailable(reason(&error))),
        }
    }

    async fn load(&self, id: &SignRequestId) -> Result<Option<Versioned<SignRequest>>, StoreError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(request_key(id))).consistent_read(true);
        let Some(item) = get.send().await.map_err(|error| unavailable(reason(&error)))?.item else { return Ok(None) };
        let value = unpacked(&item, STATE).map_err(unavailable)?;
        Ok(Some(Versioned { value, version: number_of(&item, VERSION).map_err(unavailable)? }))
    }

    async fn save(&self, request: &Versioned<SignRequest>) -> Result<(), StoreError> {
        // An update keeps the idempotency key, which only the item knows.
        let item = self.item(&request.value, request.version + 1).map_err(unavailable)?;
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(request_key(&request.value.id)))
            .condition_expression("#version = :read")
            .update_expression(if item.contains_key(WAKE) { SET_WAKING } else { SET_SLEEPING })
            .expression_attribute_values(":read", number(request.version));
        for (name, attribute) in [("version", VERSION), ("state", STATE), ("wake", WAKE), ("wakeAt", WAKE_AT)] {
            update = update.expression_attribute_names(format!("#{name}"), attribute);
            if let Some(value) = item.get(attribute) {
                update = update.expression_attribute_values(format!(":{name}"), value.clone());
            }
        }
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) if is(&error, "ConditionalCheckFailedException") => Err(StoreError::Conflict),
            Err(error) => Err(unavailable(reason(&error))),
        }
    }

    async fn forget(&self, id: &SignRequestId) -> Result<(), StoreError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(request_key(id))).projection_expression(IDEMPOTENCY);
        let item = get.send().await.map_err(|error| unavailable(reason(&error)))?.item.unwrap_or_default();
        let mut write = self.client.transact_write_items().transact_items(self.delete(request_key(id))?);
        if let Ok(known) = text_of(&item, IDEMPOTENCY) {
            write = write.transact_items(self.delete(idempotency_key(known))?);
        }
        write.send().await.map(|_| ()).map_err(|error| unavailable(reason(&error)))
    }
}
