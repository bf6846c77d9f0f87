//! `GET /install/{name}`: one package of the agent. It is no secret; who asks is not known yet.

use crate::{
    app::App,
    installers,
    web::{error::WebError, peer::Peer},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use std::io;

pub(in crate::web::api) async fn file(
    State(app): State<App>,
    Peer(address): Peer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let _entered = app.gate.enter(address, app.clock.now())?;
    if !installers::is_package(&name) {
        return Err(WebError::not_found());
    }
    let path = app.config.server.packages.join(&name);
    let bytes = tokio::fs::read(&path).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WebError::not_found(),
        _ => WebError::internal(format!("{}: {error}", path.display())),
    })?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
