//! `GET /install/{name}`: one package of the agent. It is no secret; who asks is not known yet.

use crate::{
    app::App,
    ingest::gate::Downloader,
    installers,
    web::{download, error::WebError, peer::Peer},
};
use axum::{
    extract::{Path, State},
    response::Response,
};

pub(in crate::web::api) async fn file(
    State(app): State<App>,
    Peer(address): Peer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    if !installers::is_package(&name) {
        return Err(WebError::not_found());
    }
    download::file(&app, Downloader::Anybody(address), app.config.server.packages.join(&name)).await
}
