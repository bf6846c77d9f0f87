//! The mail of a statement, for the frame of its preview: nothing in it may run or load.

use crate::{
    app::App,
    web::{
        error::WebError,
        ui::{mails::html::framed, page::Answer},
    },
};
use axum::extract::{Path, State};
use beforehand_core::month::Month;
use beforehand_shared::ids::ClientId;

pub(crate) async fn get(State(app): State<App>, Path((client, month)): Path<(ClientId, Month)>) -> Answer {
    let row = app.store.statement(client, month).await?.ok_or_else(WebError::not_found)?;
    framed(row.html)
}
