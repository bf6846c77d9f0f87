//! Reading a request's body within a number of bytes and of seconds.

use crate::{app::App, web::error::WebError};
use axum::{
    body::{self, Body},
    http::{HeaderMap, StatusCode, header},
};
use std::time::Duration;

/// The whole body.
///
/// # Errors
/// 413 when it is, or says it is, longer than `limit` bytes; 408 when it does not come in time.
pub(super) async fn read(app: &App, headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, WebError> {
    if announced(headers).is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let within = Duration::from_secs(u64::from(app.config.limits.body_seconds));
    let read = tokio::time::timeout(within, body::to_bytes(body, limit));
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) if error.to_string().contains("length limit") => Err(too_large(limit)),
        Ok(Err(error)) => Err(WebError::bad_request(format!("The body did not arrive whole: {error}."))),
        Err(_) => {
            let message = format!("The body did not arrive within {} seconds.", within.as_secs());
            Err(WebError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message))
        }
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(limit: usize) -> WebError {
    let message = format!("The body is longer than the limit of {limit} bytes.");
    WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
}
