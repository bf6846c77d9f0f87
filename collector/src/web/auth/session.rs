//! The session of a request: looked up once from the cookie, then taken by extractors.

use super::cookie;
use crate::{app::App, config::Sessions, random, web::error::WebError};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{Role, SessionRow, UserRow};

/// How much later a session must end before that is written down.
const EVERY: Millis = Millis::MINUTE;

/// A person who is signed in. As an extractor it refuses everybody else.
#[derive(Debug, Clone)]
pub struct Session {
    pub user: UserRow,
    /// Hash of the token in the cookie: what the store knows this session by.
    pub token_sha256: String,
}

impl Session {
    pub fn role(&self) -> Role {
        self.user.role
    }

    /// Whether this person may change things at clients.
    pub fn may_work(&self) -> bool {
        matches!(self.user.role, Role::Owner | Role::Technician)
    }

    pub fn is_owner(&self) -> bool {
        self.user.role == Role::Owner
    }
}

/// Puts the session of the cookie, where it is valid, into the request.
pub(crate) async fn load(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, WebError> {
    if let Some(token) = cookie::token(request.headers(), app.config.server.https) {
        let token_sha256 = random::sha256(token.as_bytes());
        if let Some(row) = app.store.session(&token_sha256, app.clock.now()).await? {
            keep_alive(&app, &token_sha256, &row).await?;
            request.extensions_mut().insert(Session { user: row.user, token_sha256 });
        }
    }
    Ok(next.run(request).await)
}

/// Moves the end of a session that is used: never beyond the longest life of a session, and not
/// at every request.
async fn keep_alive(app: &App, token_sha256: &str, row: &SessionRow) -> Result<(), WebError> {
    let expires_at = expiry(&app.config.sessions, row.started_at, app.clock.now());
    if expires_at.since(row.expires_at) > EVERY {
        app.store.extend_session(token_sha256, expires_at).await?;
    }
    Ok(())
}

/// When a session ends that began at `started_at` and is used at `now`.
pub(super) fn expiry(sessions: &Sessions, started_at: Timestamp, now: Timestamp) -> Timestamp {
    let idle = now.plus(Millis::minutes(i64::from(sessions.idle_minutes)));
    idle.min(started_at.plus(Millis::hours(i64::from(sessions.hours))))
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(WebError::sign_in)
    }
}

/// The session of an owner.
#[derive(Debug, Clone)]
pub struct RequireOwner(pub Session);

impl<S: Send + Sync> FromRequestParts<S> for RequireOwner {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let session = Session::from_request_parts(parts, state).await?;
        if session.is_owner() { Ok(Self(session)) } else { Err(WebError::forbidden()) }
    }
}

/// The session of a technician or an owner.
#[derive(Debug, Clone)]
pub struct RequireTechnician(pub Session);

impl<S: Send + Sync> FromRequestParts<S> for RequireTechnician {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let session = Session::from_request_parts(parts, state).await?;
        if session.may_work() { Ok(Self(session)) } else { Err(WebError::forbidden()) }
    }
}
