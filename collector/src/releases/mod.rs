//! Releases of the agent: one signed index with its files, in a folder of the collector's state. The
//! collector hands them on; it cannot make one.

mod add;
mod rollouts;

pub use add::{Added, add};
pub use rollouts::{Current, RolloutError, Rollouts, Told};

use crate::config::platform;
use beforehand_shared::{
    limits,
    update::{Index, IndexError, KeyError, Offer, Package},
};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Index and signature in one file, so that one never lies beside another's.
const OFFER_FILE: &str = "offer.json";
const OFFER_BYTES: u64 = 2 * (limits::INDEX_BYTES + limits::SIGNATURE_BYTES) as u64;

#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("{} is longer than {limit} bytes", path.display())]
    TooLong { path: PathBuf, limit: u64 },
    #[error("{} is not what the index says: it has other bytes", path.display())]
    OtherFile { path: PathBuf },
    #[error("the release in {} is damaged: {error}. Add it again", path.display())]
    Damaged { path: PathBuf, error: serde_json::Error },
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the index expired already")]
    Expired,
    #[error("the index has the serial number {serial}, and {present} is released already")]
    Older { serial: u64, present: u64 },
}

/// The release that is offered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub offer: Offer,
    pub index: Index,
}

/// The folder of releases in the collector's state.
pub fn folder(state: &Path) -> PathBuf {
    state.join("updates")
}

impl Release {
    /// What lies in `folder`, if anything does.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(folder: &Path) -> Result<Option<Self>, ReleaseError> {
        let path = folder.join(OFFER_FILE);
        let Some(text) = read(&path, OFFER_BYTES)? else { return Ok(None) };
        let offer: Offer = serde_json::from_slice(&text).map_err(|error| ReleaseError::Damaged { path, error })?;
        let index = Index::read_unverified(&offer.index)?;
        Ok(Some(Self { offer, index }))
    }

    /// The package whose file has this name. Only such names reach the file system.
    pub fn package_in(&self, file: &str) -> Option<&Package> {
        self.index.packages.iter().find(|package| package.file == file)
    }
}

/// The content of a file of at most `limit` bytes; nothing where there is none.
fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, ReleaseError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(at(path))?;
    if bytes.len() as u64 > limit {
        return Err(ReleaseError::TooLong { path: path.to_owned(), limit });
    }
    Ok(Some(bytes))
}

/// Writes a file whole or not at all.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), ReleaseError> {
    let part = folder.join(format!("{name}.part"));
    let write = || {
        let mut file = platform::create_private(&part)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        fs::rename(&part, folder.join(name))
    };
    write().map_err(at(&part))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ReleaseError {
    let path = path.to_owned();
    move |error| ReleaseError::File { path, error }
}
