//! The first administrator: made through a link that the server prints, works once and for 15
//! minutes, and only while there is no user at all.

use super::{cookie::SessionCookie, login, password};
use crate::{
    app::App,
    random::{self, Secret},
    web::error::WebError,
};
use beforehand_shared::time::Millis;
use beforehand_store::{NewUser, Role};

const VALID: Millis = Millis::minutes(15);

/// A new link, while there is no user.
///
/// # Errors
/// When the store does not answer or the system has no randomness.
pub async fn link(app: &App) -> Result<Option<String>, WebError> {
    if !app.store.users().await?.is_empty() {
        return Ok(None);
    }
    let token = Secret::new().map_err(WebError::internal)?;
    app.store.insert_setup_token(&token.sha256, app.clock.now().plus(VALID)).await?;
    Ok(Some(format!("{}/setup/{}", app.config.server.base_url(), token.text)))
}

/// Passes only while there is no user; the page of the link does not exist afterwards.
///
/// # Errors
/// *Not found* once there is a user.
pub async fn must_be_open(app: &App) -> Result<(), WebError> {
    if app.store.users().await?.is_empty() { Ok(()) } else { Err(WebError::not_found()) }
}

/// Whether the link with `token` would still work.
///
/// # Errors
/// When the store does not answer.
pub async fn is_valid(app: &App, token: &str) -> Result<bool, WebError> {
    Ok(app.store.setup_token_valid(&random::sha256(token.as_bytes()), app.clock.now()).await?)
}

/// Who the first administrator is to be.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct FirstOwner {
    pub name: String,
    pub email: String,
    pub password: String,
}

/// Why there is no administrator yet; the text may be shown.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("This link is not valid any more. Start the collector again, or run admin-link, for a new one.")]
    Link,
    #[error("Write the address as name@example.net.")]
    Email,
    #[error(transparent)]
    Weak(#[from] password::WeakPassword),
    #[error("The collector could not do it. Its log says why.")]
    Web(WebError),
}

impl From<WebError> for SetupError {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

/// Makes the first owner and signs him in. A wrong form does not use the link up.
///
/// # Errors
/// See [`SetupError`]; *not found* once there is a user.
pub async fn create_owner(app: &App, token: &str, owner: &FirstOwner) -> Result<SessionCookie, SetupError> {
    must_be_open(app).await?;
    let email = owner.email.trim().to_lowercase();
    if email.parse::<lettre::Address>().is_err() {
        return Err(SetupError::Email);
    }
    password::check(&owner.password)?;
    let password_phc = app.passwords.hash(&owner.password).await?;
    let now = app.clock.now();
    if !app.store.take_setup_token(&random::sha256(token.as_bytes()), now).await.map_err(WebError::from)? {
        return Err(SetupError::Link);
    }
    let name = beforehand_shared::text::clean(&owner.name, 100);
    let new = NewUser { email, name, role: Role::Owner, password_phc, made_at: now };
    let user = app.store.insert_user(&new).await.map_err(WebError::from)?;
    Ok(login::begin(app, user).await?)
}
