//! The monthly letters to clients.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod mail;
pub(crate) mod make;
pub(crate) mod pdf;
pub(crate) mod send;

use beforehand_core::month::Month;
use beforehand_shared::ids::ClientId;
use beforehand_store::StatementState;

pub(crate) fn href(client: ClientId, month: Month) -> String {
    format!("/statements/{client}/{month}")
}

pub(crate) const fn state_words(state: StatementState) -> &'static str {
    match state {
        StatementState::Draft => "draft",
        StatementState::Held => "waits for a person to look at it",
        StatementState::Queued => "on its way",
        StatementState::Sent => "sent",
    }
}
