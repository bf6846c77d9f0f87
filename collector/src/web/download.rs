//! Answers that are files: read piece by piece, to so many callers at one time, and to none that does
//! not take them.

use crate::{app::App, ingest::gate::Downloader, web::error::WebError};
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use futures::stream;
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    fs::File,
    io::AsyncReadExt,
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};

const CHUNK_BYTES: usize = 64 * 1024;
/// Pieces that wait for a caller.
const AHEAD: usize = 2;
/// A caller that takes no piece for so long is given up.
const STALLED: Duration = Duration::from_secs(30);

/// The file at `path`, for `of`.
///
/// # Errors
/// *Not found* where there is no such file; too many requests, or downloads, at one time.
pub(super) async fn file(app: &App, of: Downloader, path: PathBuf) -> Result<Response, WebError> {
    let entered = app.gate.download(&of, app.clock.now())?;
    let file = File::open(&path).await.map_err(|error| failed(&path, &error))?;
    let length = file.metadata().await.map_err(|error| failed(&path, &error))?.len();
    let (give, taken) = mpsc::channel(AHEAD);
    tokio::spawn(read(file, give, entered));
    let pieces = stream::unfold(taken, |mut taken| async move { Some((taken.recv().await?, taken)) });
    let head =
        [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    Ok((head, Body::from_stream(pieces)).into_response())
}

/// Runs apart from the answer: of a caller that stalls nothing is heard any more.
async fn read(mut file: File, give: mpsc::Sender<io::Result<Bytes>>, _entered: OwnedSemaphorePermit) {
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        let piece = match file.read(&mut chunk).await {
            Ok(0) => return,
            Ok(read) => {
                chunk.truncate(read);
                Ok(Bytes::from(chunk))
            }
            Err(error) => Err(error),
        };
        let failed = piece.is_err();
        if !matches!(timeout(STALLED, give.send(piece)).await, Ok(Ok(()))) || failed {
            return;
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> WebError {
    match error.kind() {
        io::ErrorKind::NotFound => WebError::not_found(),
        _ => WebError::internal(format!("{}: {error}", path.display())),
    }
}
