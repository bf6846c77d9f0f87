//! `GET /api/v1/update/files/{name}`: one file that the released index names, and no other.

use crate::{
    app::App,
    ingest::{gate::Downloader, identity},
    releases,
    web::{download, error::WebError, peer::Peer},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

pub(in crate::web::api) async fn file(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let entered = app.gate.enter(address, app.clock.now())?;
    identity::authenticate(&app, &headers).await?;
    let current = app.rollouts.current(&app).await?.ok_or_else(WebError::not_found)?;
    let package = current.release.package_in(&name).ok_or_else(WebError::not_found)?;
    drop(entered);
    let path = releases::folder(&app.config.server.state).join(&package.file);
    download::file(&app, Downloader::Agent(address), path).await
}
