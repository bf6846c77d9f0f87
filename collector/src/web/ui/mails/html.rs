//! The HTML part of a mail, for a frame: nothing in it may run, load or send.

use super::id;
use crate::{
    app::App,
    web::{error::WebError, ui::page::Answer},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{Html, IntoResponse},
};

/// Mails carry their styles within; all else stays outside.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

pub(crate) async fn get(State(app): State<App>, Path((client, key)): Path<(String, String)>) -> Answer {
    let id = id(&client, key).ok_or_else(WebError::not_found)?;
    let row = app.store.outbox_row(&id).await?.ok_or_else(WebError::not_found)?;
    framed(row.item.html.ok_or_else(WebError::not_found)?)
}

pub(crate) fn framed(html: String) -> Answer {
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response())
}
