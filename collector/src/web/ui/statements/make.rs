//! Makes a statement now, or anew; nothing is sent.

use super::href;
use crate::{
    app::App,
    tasks::statements,
    web::{
        error::WebError,
        ui::page::{Answer, done},
    },
};
use axum::extract::{Path, State};
use beforehand_core::month::Month;
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(State(app): State<App>, Path((id, month)): Path<(ClientId, Month)>) -> Answer {
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    statements::make(&app, &client, month).await?;
    done(&href(id, month), "made")
}
