//! Takes a release in: nothing changes before all of it was verified.

use super::{Release, ReleaseError, at, read, write};
use crate::{config::platform, random};
use beforehand_shared::{
    limits,
    time::Timestamp,
    update::{INDEX_FILE, Index, Offer, Package, SIGNATURE_FILE, UpdateKey},
};
use std::{fs, io, path::Path};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    Released(Index),
    /// The same index is released already.
    Known,
}

/// Releases what lies in `from`, by copies in `folder`.
///
/// # Errors
/// When it is not signed with `key`, not whole, expired or older than what is released.
pub fn add(from: &Path, folder: &Path, key: &UpdateKey, now: Timestamp) -> Result<Added, ReleaseError> {
    let offer = Offer {
        index: text(&from.join(INDEX_FILE), limits::INDEX_BYTES)?,
        signature: text(&from.join(SIGNATURE_FILE), limits::SIGNATURE_BYTES)?,
    };
    let index = key.open(&offer.index, &offer.signature)?;
    if now >= index.expires_at {
        return Err(ReleaseError::Expired);
    }
    let present = match Release::load(folder) {
        // What cannot be read is replaced.
        Err(ReleaseError::Damaged { .. }) => None,
        other => other?,
    };
    let is_known = present.as_ref().is_some_and(|present| present.offer == offer);
    match present.as_ref().map(|present| present.index.serial) {
        Some(present) if !is_known && index.serial <= present => {
            return Err(ReleaseError::Older { serial: index.serial, present });
        }
        _ => {}
    }
    platform::make_private_as_above(folder).map_err(at(folder))?;
    let files = index.packages.iter().map(|package| Ok((package, file(from, package)?)));
    for (package, bytes) in files.collect::<Result<Vec<_>, ReleaseError>>()? {
        write(folder, &package.file, &bytes)?;
    }
    // Its files are whole again, whatever became of them.
    if is_known {
        return Ok(Added::Known);
    }
    // From here on it is offered.
    let json = serde_json::to_vec(&offer).map_err(|error| at(folder)(io::Error::other(error)))?;
    write(folder, super::OFFER_FILE, &json)?;
    forget(folder, present.as_ref(), &index);
    Ok(Added::Released(index))
}

/// The file of `package`, which is what the index says.
fn file(from: &Path, package: &Package) -> Result<Vec<u8>, ReleaseError> {
    let path = from.join(&package.file);
    let bytes = needed(&path, limits::PACKAGE_BYTES)?;
    if bytes.len() as u64 != package.bytes || random::sha256(&bytes) != package.sha256 {
        return Err(ReleaseError::OtherFile { path });
    }
    Ok(bytes)
}

fn text(path: &Path, limit: usize) -> Result<String, ReleaseError> {
    String::from_utf8(needed(path, limit as u64)?).map_err(|error| at(path)(io::Error::other(error)))
}

fn needed(path: &Path, limit: u64) -> Result<Vec<u8>, ReleaseError> {
    read(path, limit)?.ok_or_else(|| at(path)(io::ErrorKind::NotFound.into()))
}

/// Files of the release before. Whoever fetches one at this moment has it open.
fn forget(folder: &Path, present: Option<&Release>, index: &Index) {
    let old = present.into_iter().flat_map(|release| &release.index.packages);
    for package in old.filter(|old| index.packages.iter().all(|new| new.file != old.file)) {
        if let Err(error) = fs::remove_file(folder.join(&package.file)) {
            tracing::warn!(file = package.file, %error, "a file of the release before stays");
        }
    }
}
