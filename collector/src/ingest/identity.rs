//! Which host a secret belongs to, remembered for a moment so that not every report asks the
//! store.

use crate::{app::App, random, web::error::WebError};
use axum::http::{HeaderMap, StatusCode, header};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::KnownHost;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A retired host is refused at the latest after this, and one that is handed something is told of it.
const REMEMBER: Millis = Millis::seconds(30);
/// Hosts remembered at most.
const HOSTS: usize = 100_000;

type Known = BTreeMap<String, (KnownHost, Timestamp)>;

#[derive(Debug, Clone, Default)]
pub struct Identities {
    known: Arc<Mutex<Known>>,
}

impl Identities {
    pub fn new() -> Self {
        Self::default()
    }

    fn recall(&self, sha256: &str, now: Timestamp) -> Option<KnownHost> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(sha256).filter(|(_, at)| now.since(*at) < REMEMBER).map(|(host, _)| *host)
    }

    fn remember(&self, sha256: String, host: KnownHost, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= HOSTS {
            known.retain(|_, (_, at)| now.since(*at) < REMEMBER);
        }
        if known.len() < HOSTS {
            known.insert(sha256, (host, now));
        }
    }
}

/// The host whose secret the request carries.
///
/// # Errors
/// 401 without a secret or with one that no host has; 503 when the store cannot tell.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<KnownHost, WebError> {
    let sha256 = random::sha256(bearer(headers).ok_or_else(|| refuse("the request carries no secret"))?.as_bytes());
    let now = app.clock.now();
    if let Some(host) = app.identities.recall(&sha256, now) {
        return Ok(host);
    }
    let Some(host) = app.store.host_by_secret(&sha256).await? else {
        return Err(refuse("no host has this secret; enrol the machine again"));
    };
    app.identities.remember(sha256, host, now);
    Ok(host)
}

/// The token of `Authorization: Bearer` (RFC 6750).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512).then_some(token)
}

fn refuse(message: &str) -> WebError {
    WebError::new(StatusCode::UNAUTHORIZED, "unknown_secret", format!("Not accepted: {message}."))
}
