//! Signing in and out. Who does not exist cannot be told from who mistyped.

use super::{Session, cookie::SessionCookie, session};
use crate::{app::App, random::Secret, web::error::WebError};
use beforehand_shared::time::Millis;

/// Failures within [`WITHIN`] after which a name has to wait.
const FAILURES: u32 = 10;
const WITHIN: Millis = Millis::minutes(15);

/// Why nobody was signed in; the text may be shown.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("That address and password do not belong together.")]
    Wrong,
    #[error("Too many attempts for this address. Try again in a quarter of an hour.")]
    TooMany,
    #[error("The collector could not check it. Its log says why.")]
    Web(WebError),
}

impl<E: Into<WebError>> From<E> for LoginError {
    fn from(error: E) -> Self {
        Self::Web(error.into())
    }
}

/// Checks a password and begins a session with a new token.
///
/// # Errors
/// See [`LoginError`].
pub async fn login(app: &App, email: &str, password: &str) -> Result<SessionCookie, LoginError> {
    let email = email.trim().to_lowercase();
    let now = app.clock.now();
    if app.store.recent_login_failures(&email, now.minus(WITHIN)).await? >= FAILURES {
        return Err(LoginError::TooMany);
    }
    let user = app.store.user_by_email(&email).await?;
    let phc = user.as_ref().map(|user| user.password_phc.clone());
    let matches = app.passwords.matches(password, phc).await?;
    let Some(user) = user.filter(|_| matches) else {
        app.store.record_login_failure(&email, now).await?;
        tracing::warn!(email = %beforehand_shared::text::clean(&email, 80), "a sign-in failed");
        return Err(LoginError::Wrong);
    };
    Ok(begin(app, user.id).await?)
}

/// Begins a session for somebody whose identity is proven.
pub(super) async fn begin(app: &App, user: i64) -> Result<SessionCookie, WebError> {
    let token = Secret::new().map_err(WebError::internal)?;
    let now = app.clock.now();
    let expires = session::expiry(&app.config.sessions, now, now);
    app.store.insert_session(&token.sha256, user, now, expires).await?;
    Ok(SessionCookie::new(app, &token.text))
}

/// Ends the session.
///
/// # Errors
/// When the store does not answer.
pub async fn logout(app: &App, session: &Session) -> Result<SessionCookie, WebError> {
    app.store.end_session(&session.token_sha256).await?;
    Ok(SessionCookie::removed(app))
}
