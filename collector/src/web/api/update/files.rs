//! `GET /api/v1/update/files/{name}`: one file that the released index names, and no other.

use crate::{
    app::App,
    ingest::identity,
    releases,
    web::{error::WebError, peer::Peer},
};
use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use std::io;
use tokio::{fs::File, io::AsyncReadExt};

const CHUNK_BYTES: usize = 64 * 1024;

pub(in crate::web::api) async fn file(
    State(app): State<App>,
    Peer(address): Peer,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let _entered = app.gate.enter(address, app.clock.now())?;
    identity::authenticate(&app, &headers).await?;
    let current = app.rollouts.current(&app).await?.ok_or_else(WebError::not_found)?;
    let package = current.release.package_in(&name).ok_or_else(WebError::not_found)?;
    let path = releases::folder(&app.config.server.state).join(&package.file);
    let file = File::open(&path).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WebError::not_found(),
        _ => WebError::internal(format!("{}: {error}", path.display())),
    })?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, package.bytes.to_string()),
    ];
    Ok((head, Body::from_stream(chunks(file))).into_response())
}

/// The file piece by piece: many agents may fetch it at once.
fn chunks(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
