//! The PDF of a statement.

use crate::{
    app::App,
    web::{error::WebError, ui::page::Answer},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use beforehand_core::month::Month;
use beforehand_shared::ids::ClientId;

pub(crate) async fn get(State(app): State<App>, Path((client, month)): Path<(ClientId, Month)>) -> Answer {
    let row = app.store.statement(client, month).await?.ok_or_else(WebError::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"statement-{month}.pdf\"")),
    ];
    Ok((headers, row.pdf).into_response())
}
