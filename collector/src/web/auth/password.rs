//! Passwords: argon2id, a few at a time, never on the threads that answer requests.

use super::session::Session;
use crate::{app::App, random, web::error::WebError};
use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{self, phc::PasswordHash},
};
use std::sync::Arc;
use tokio::{sync::Semaphore, task};

/// Shortest password. Length counts for more than kinds of characters (NIST SP 800-63B).
pub const SHORTEST: usize = 12;
/// Longest password, so that hashing one cannot be made costly.
pub const LONGEST: usize = 256;

/// Hashes and compares passwords with a bound on how many at one time.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

/// Why a new password is refused; the text may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("The password has fewer than {SHORTEST} characters.")]
    TooShort,
    #[error("The password has more than {LONGEST} characters.")]
    TooLong,
}

/// # Errors
/// When `password` is shorter or longer than what is allowed.
pub fn check(password: &str) -> Result<(), WeakPassword> {
    match password.chars().count() {
        ..SHORTEST => Err(WeakPassword::TooShort),
        n if n > LONGEST => Err(WeakPassword::TooLong),
        _ => Ok(()),
    }
}

impl Passwords {
    pub fn new(at_one_time: u32) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_one_time.max(1) as usize)) }
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// When the system has no randomness or memory to give.
    pub async fn hash(&self, password: &str) -> Result<String, WebError> {
        let salt: [u8; 16] = random::bytes().map_err(WebError::internal)?;
        let password = password.to_owned();
        let hashed: Result<PasswordHash, password_hash::Error> =
            self.run(move || Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)).await?;
        Ok(hashed.map_err(WebError::internal)?.to_string())
    }

    /// Whether `password` is the one of `phc`. Without a `phc` (nobody has that name) the same
    /// work is done for nothing, so that the time taken tells nothing.
    ///
    /// # Errors
    /// When the work could not be done.
    pub async fn matches(&self, password: &str, phc: Option<String>) -> Result<bool, WebError> {
        if password.len() > LONGEST * 4 {
            return Ok(false);
        }
        let Some(phc) = phc else {
            self.hash(password).await?;
            return Ok(false);
        };
        let password = password.to_owned();
        self.run(move || Argon2::default().verify_password(password.as_bytes(), phc.as_str()).is_ok()).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WebError> {
        let _turn = self.turns.acquire().await.map_err(WebError::internal)?;
        task::spawn_blocking(work).await.map_err(WebError::internal)
    }
}

/// Why a password was not changed; the text may be shown.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("The present password is not right.")]
    WrongPassword,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error("The collector could not change it. Its log says why.")]
    Web(WebError),
}

impl From<WebError> for ChangeError {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

/// Changes the password of who is signed in and ends all of his sessions, this one too.
///
/// # Errors
/// When the present password is wrong, or the new one is too short or too long.
pub async fn change(app: &App, session: &Session, present: &str, new: &str) -> Result<(), ChangeError> {
    check(new)?;
    let user = app.store.user_by_email(&session.user.email).await.map_err(WebError::from)?;
    if !app.passwords.matches(present, user.map(|user| user.password_phc)).await? {
        return Err(ChangeError::WrongPassword);
    }
    let phc = app.passwords.hash(new).await?;
    app.store.set_password(session.user.id, &phc).await.map_err(WebError::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_itself_and_nothing_else() {
        let passwords = Passwords::new(1);
        let phc = passwords.hash("correct horse battery").await.unwrap();
        assert!(phc.starts_with("$argon2id$"), "{phc}");
        assert!(passwords.matches("correct horse battery", Some(phc.clone())).await.unwrap());
        assert!(!passwords.matches("correct horse batterx", Some(phc)).await.unwrap());
        assert!(!passwords.matches("correct horse battery", None).await.unwrap());
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(check("elevenchars"), Err(WeakPassword::TooShort));
        assert_eq!(check("twelve chars"), Ok(()));
        assert_eq!(check(&"x".repeat(257)), Err(WeakPassword::TooLong));
    }
}
