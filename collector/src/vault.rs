//! Seals what is secret before it is stored: with a key that lies beside the database, not in it.

use crate::random::{self, NoRandomness};
use beforehand_shared::ids::ClientId;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// In the folder of the collector's state.
const FILE: &str = "vault.key";
const KEY_BYTES: usize = 32;

/// ChaCha20-Poly1305 (RFC 8439) under a random nonce, bound to the client it belongs to. Several
/// collectors on one database need the same key.
#[derive(Clone)]
pub struct Vault {
    path: PathBuf,
    key: Arc<OnceLock<LessSafeKey>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("path", &self.path).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("{path}: {error}")]
    File { path: String, error: io::Error },
    #[error(
        "{path} does not hold a key of {KEY_BYTES} bytes in hexadecimal. Restore it from a backup; what was sealed with it cannot be read without"
    )]
    NotAKey { path: String },
    #[error("it was sealed with another key than the one in {FILE}, or for another client. Enter it again")]
    Sealed,
    #[error(transparent)]
    Random(#[from] NoRandomness),
    #[error("it cannot be written or read as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Vault {
    /// With the key in the folder `state`, which is read when it is first needed and made by the first
    /// [`Vault::seal`].
    pub fn in_folder(state: &Path) -> Self {
        Self { path: state.join(FILE), key: Arc::default() }
    }

    fn key(&self, absent: Absent) -> Result<&LessSafeKey, VaultError> {
        if let Some(key) = self.key.get() {
            return Ok(key);
        }
        let path = self.path.display().to_string();
        let text = match (fs::read_to_string(&self.path), absent) {
            (Ok(text), _) => text,
            (Err(error), Absent::Make) if error.kind() == io::ErrorKind::NotFound => make(&self.path)?,
            (Err(error), _) => return Err(VaultError::File { path, error }),
        };
        let bytes = hex::decode(text.trim()).ok();
        let key = bytes.and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok());
        let key = key.ok_or(VaultError::NotAKey { path })?;
        Ok(self.key.get_or_init(|| LessSafeKey::new(key)))
    }

    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, client: ClientId, secret: &impl Serialize) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = random::bytes()?;
        let mut text = serde_json::to_vec(secret)?;
        let aad = Aad::from(client.to_string());
        let key = self.key(Absent::Make)?;
        let sealed = key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text);
        sealed.map_err(|_| VaultError::Sealed)?;
        Ok([&nonce[..], &text].concat())
    }

    /// # Errors
    /// When it was not sealed by this key for this client.
    pub fn open<T: DeserializeOwned>(&self, client: ClientId, sealed: &[u8]) -> Result<T, VaultError> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::Sealed)?;
        let (nonce, mut text) = (Nonce::assume_unique_for_key(*nonce), text.to_vec());
        let key = self.key(Absent::Refuse)?;
        let plain =
            key.open_in_place(nonce, Aad::from(client.to_string()), &mut text).map_err(|_| VaultError::Sealed)?;
        Ok(serde_json::from_slice(plain)?)
    }
}

/// What to do where there is no key.
#[derive(Clone, Copy)]
enum Absent {
    Make,
    Refuse,
}

/// A new key, readable by this user alone. Of two collectors that start together one makes it.
fn make(path: &Path) -> Result<String, VaultError> {
    let key = hex::encode(random::bytes::<KEY_BYTES>()?);
    let made = write(path, &key).map(|()| key).or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => fs::read_to_string(path),
        _ => Err(error),
    });
    made.map_err(|error| VaultError::File { path: path.display().to_string(), error })
}

fn write(path: &Path, key: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ONE: ClientId = ClientId(Uuid::from_u128(1));
    const TWO: ClientId = ClientId(Uuid::from_u128(2));

    #[test]
    fn what_is_sealed_can_be_read_with_its_key_for_its_client_and_no_other() {
        let (here, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::in_folder(here.path());
        let sealed = vault.seal(ONE, &"s3cr3t").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"s3cr3t"));
        assert_ne!(sealed, vault.seal(ONE, &"s3cr3t").unwrap(), "the same secret twice does not look the same");
        let again = Vault::in_folder(here.path());
        assert_eq!(again.open::<String>(ONE, &sealed).unwrap(), "s3cr3t");
        assert!(matches!(again.open::<String>(TWO, &sealed), Err(VaultError::Sealed)));
        let other = Vault::in_folder(elsewhere.path());
        assert!(matches!(other.open::<String>(ONE, &sealed), Err(VaultError::File { .. })), "there is no key yet");
        other.seal(ONE, &"of its own").unwrap();
        assert!(matches!(other.open::<String>(ONE, &sealed), Err(VaultError::Sealed)));
        assert!(matches!(vault.open::<String>(ONE, b"short"), Err(VaultError::Sealed)));
    }

    #[test]
    fn a_damaged_key_is_named_and_not_replaced() {
        let state = tempfile::tempdir().unwrap();
        fs::write(state.path().join(FILE), "rubbish").unwrap();
        assert!(matches!(Vault::in_folder(state.path()).seal(ONE, &1), Err(VaultError::NotAKey { .. })));
        assert_eq!(fs::read_to_string(state.path().join(FILE)).unwrap(), "rubbish");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_for_the_collectors_own_user() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        Vault::in_folder(state.path()).seal(ONE, &1).unwrap();
        assert_eq!(fs::metadata(state.path().join(FILE)).unwrap().permissions().mode() & 0o077, 0);
    }
}
