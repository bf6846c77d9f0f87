//! The one place that draws randomness: identifiers, tokens and salts.

use beforehand_shared::time::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The system's source of randomness failed. Nothing that needs it may go on.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no randomness: {0}")]
pub struct NoRandomness(getrandom::Error);

/// `N` random bytes.
///
/// # Errors
/// When the system has none to give.
#[expect(clippy::disallowed_methods, reason = "the one drawing of randomness")]
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// A version 7 UUID (RFC 9562) for something made at `now`: later ones sort later.
///
/// # Errors
/// When the system has no randomness to give.
pub fn uuid(now: Timestamp) -> Result<Uuid, NoRandomness> {
    let millis = u64::try_from(now.0).unwrap_or_default();
    Ok(Builder::from_unix_timestamp_millis(millis, &bytes()?).into_uuid())
}

/// A secret of 256 bits that is shown once, and the hash that is kept.
#[derive(Debug, Clone)]
pub struct Secret {
    pub text: String,
    pub sha256: String,
}

impl Secret {
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> Result<Self, NoRandomness> {
        let text = hex::encode(bytes::<32>()?);
        let sha256 = sha256(text.as_bytes());
        Ok(Self { text, sha256 })
    }
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
