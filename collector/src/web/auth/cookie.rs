//! The cookie that carries a session's token (RFC 6265bis).

use crate::app::App;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponseParts, ResponseParts},
};
use std::convert::Infallible;

/// Browsers refuse this name unless the cookie is `Secure`, for this host only and for `/`.
const OVER_HTTPS: &str = "__Host-beforehand";
/// On loopback without TLS.
const OVER_HTTP: &str = "beforehand";

/// A `Set-Cookie` header, to be put in front of a handler's answer: `(cookie, Redirect::to("/"))`.
#[derive(Debug, Clone)]
pub struct SessionCookie(Option<HeaderValue>);

impl SessionCookie {
    /// Carries `token` for the lifetime of a session.
    pub(super) fn new(app: &App, token: &str) -> Self {
        let seconds = u64::from(app.config.sessions.hours) * 3_600;
        Self::of(app, token, seconds)
    }

    /// Removes the cookie.
    pub(super) fn removed(app: &App) -> Self {
        Self::of(app, "", 0)
    }

    fn of(app: &App, token: &str, seconds: u64) -> Self {
        let https = app.config.server.https;
        let secure = if https { "; Secure" } else { "" };
        let text = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(https));
        Self(HeaderValue::from_str(&text).ok())
    }
}

impl IntoResponseParts for SessionCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(value) = self.0 {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(response)
    }
}

/// The token in a request's cookies, if there is one.
pub(super) fn token(headers: &HeaderMap, https: bool) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(https))
        .map(|(_, token)| token)
}

fn name(https: bool) -> &'static str {
    if https { OVER_HTTPS } else { OVER_HTTP }
}
