//! How a new version shows that it does its work: after its first acknowledged report it writes its
//! version beside its state.

use super::system::Folder;
use crate::files;
use beforehand_shared::update::Version;
use std::{io, path::Path};

const FILE: &str = "healthy";
const BYTES: u64 = 64;

/// Says that `version` reports.
pub(crate) fn write(state: &Path, version: &str) -> io::Result<()> {
    files::write(state, FILE, version.as_bytes(), files::Readers::Owner)
}

/// The version that said so last. Whatever else lies there says nothing.
pub(super) fn read(state: &Folder) -> Option<Version> {
    let bytes = files::bounded(state.file(FILE).ok()??, BYTES).ok()?;
    String::from_utf8(bytes).ok()?.trim().parse().ok()
}
