//! What all pages share: the session, protection against forged requests, and errors as HTML.

use super::{
    auth::session,
    error::{Shown, WebError},
    ui,
};
use crate::app::App;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Redirect, Response},
};
use std::time::Duration;
use tower_http::{csrf::CsrfLayer, timeout::TimeoutLayer};

/// The largest form: a work log entry is text.
const FORM_BYTES: usize = 64 * 1024;
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Pages with their session and guards around them.
pub(super) fn wrap(pages: Router<App>, app: &App) -> Router<App> {
    pages
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(app.clone(), session::load))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(csrf(&app.config.server.base_url()).with_rejection_response(|_| cross_site().into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN))
}

fn csrf(base_url: &str) -> CsrfLayer {
    CsrfLayer::new().add_trusted_origin(base_url).unwrap_or_default()
}

fn cross_site() -> WebError {
    let message = "The form was sent from another site. Open the page here and try again.";
    WebError::new(StatusCode::FORBIDDEN, "cross_site", message)
}

pub(super) async fn wrong_method(method: Method) -> WebError {
    let message = format!("{method} is not possible at this address.");
    WebError::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", message)
}

/// The answer for every address that no route has.
pub(super) async fn nothing_here() -> WebError {
    WebError::not_found()
}

/// Errors as a page where the caller is a browser; as they are for everybody else.
pub(super) async fn explain(request: Request, next: Next) -> Response {
    let wants_page = wants_html(request.headers());
    let asked_for = (request.method() == Method::GET).then(|| request.uri().clone());
    let response = next.run(request).await;
    let Some(shown) = response.extensions().get::<Shown>().filter(|_| wants_page).cloned() else {
        return response;
    };
    if shown.code == "sign_in" {
        let next = asked_for.and_then(|uri| uri.path_and_query().map(ToString::to_string)).unwrap_or_default();
        return Redirect::to(&sign_in_address(&next)).into_response();
    }
    let mut page = (shown.status, Html(ui::error_page(&shown))).into_response();
    if let Some(seconds) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
    }
    page
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Where to sign in and then go on to `next`.
fn sign_in_address(next: &str) -> String {
    if next.is_empty() || next == "/" {
        return "/login".to_owned();
    }
    let escaped: String = next
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/login?next={escaped}")
}

/// `next` if it is an address of this collector, else the first page. A sign-in form must not
/// send people elsewhere.
pub fn local_address(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
            assert_eq!(local_address(elsewhere), "/");
        }
        assert_eq!(local_address("/tickets?state=new"), "/tickets?state=new");
    }

    #[test]
    fn the_page_asked_for_survives_signing_in() {
        assert_eq!(sign_in_address("/tickets?state=new&x=1"), "/login?next=/tickets%3Fstate%3Dnew%26x%3D1");
    }
}
