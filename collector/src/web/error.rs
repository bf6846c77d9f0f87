//! Two messages per error: what the caller may know and do, and what the log holds. Logged once,
//! here.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use beforehand_shared::ack::Refusal;
use beforehand_store::StoreError;

/// An answer that is not what was asked for.
#[derive(Debug)]
pub struct WebError {
    shown: Shown,
    retry_after_s: Option<u32>,
    /// For the log only.
    internal: Option<String>,
}

/// What the caller is told. Pages turn it into HTML; see [`super::pages`].
#[derive(Debug, Clone)]
pub struct Shown {
    pub status: StatusCode,
    /// Stable word for programs.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
}

impl WebError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { shown: Shown { status, code, message: message.into() }, retry_after_s: None, internal: None }
    }

    /// Nothing is there, or nothing that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
    }

    /// The request says something that cannot be right; `message` says what and how to do better.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// Nobody is signed in. A browser that asked for a page is sent to sign in.
    pub fn sign_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign_in", "Sign in to see this.")
    }

    /// Signed in, but not with a role that may do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Your role does not include this. Ask an owner.")
    }

    pub fn too_many(message: impl Into<String>, retry_after_s: u32) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message);
        error.retry_after_s = Some(retry_after_s);
        error
    }

    /// The store does not answer: nothing was kept, and the caller should come again.
    pub fn unavailable(internal: impl Into<String>) -> Self {
        let message = "The collector cannot store anything at the moment. Try again in a minute.";
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        error.retry_after_s = Some(30);
        error.internal = Some(internal.into());
        error
    }

    /// Our own fault.
    pub fn internal(internal: impl std::fmt::Display) -> Self {
        let message = "Something went wrong in the collector. Its log says what.";
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message);
        error.internal = Some(internal.to_string());
        error
    }

    pub fn status(&self) -> StatusCode {
        self.shown.status
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_) => Self::not_found(),
            StoreError::Conflict(what) => Self::new(StatusCode::CONFLICT, "conflict", what),
            StoreError::Unavailable(why) => Self::unavailable(why),
            other => Self::internal(other),
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        if let Some(internal) = &self.internal {
            tracing::error!(code = self.shown.code, "{internal}");
        } else {
            tracing::debug!(code = self.shown.code, "{}", self.shown.message);
        }
        let refusal = Refusal { code: self.shown.code.to_owned(), message: self.shown.message.clone() };
        let mut response = (self.shown.status, Json(refusal)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self.shown);
        response
    }
}
