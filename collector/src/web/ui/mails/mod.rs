//! Every mail that the collector sends, with its delivery.

pub(crate) mod get;
pub(crate) mod html;
pub(crate) mod list;

use super::show::{Mark, Present, encode};
use beforehand_core::finding::Severity;
use beforehand_store::{OutboxId, OutboxRow};

/// Stands for the client in the address of the provider's own mails.
const OWN: &str = "own";

pub(crate) fn href(id: &OutboxId) -> String {
    let client = id.client.map_or_else(|| OWN.to_owned(), |client| client.to_string());
    format!("/mails/{client}/{}", encode(&id.key))
}

/// The row that an address names.
pub(crate) fn id(client: &str, key: String) -> Option<OutboxId> {
    let client = if client == OWN { None } else { Some(client.parse().ok()?) };
    Some(OutboxId { client, key })
}

pub(crate) fn mark(row: &OutboxRow) -> Mark {
    match (row.delivered_at, &row.last_error) {
        (Some(_), _) => Mark::named(Severity::Quiet, "delivered"),
        (None, Some(_)) => Mark::named(Severity::Soon, "failed, will be tried again"),
        (None, None) => Mark::named(Severity::Watch, "waiting"),
    }
}

pub(crate) fn delivery(row: &OutboxRow, present: &Present) -> String {
    match (row.delivered_at, &row.last_error) {
        (Some(at), _) => format!("delivered {}", present.at(at)),
        (None, Some(why)) => format!("failed {} times, next try {}: {why}", row.attempts, present.at(row.next_try)),
        (None, None) => "waiting".to_owned(),
    }
}
