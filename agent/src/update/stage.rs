//! Where the agent lays ready what it fetched, for the privileged step to take.

use super::{fetch::FetchError, fetch::Source};
use crate::files;
use beforehand_shared::update::{INDEX_FILE, Offer, Package, SIGNATURE_FILE};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folder in the agent's state.
pub(super) const FOLDER: &str = "update";
pub(super) const PACKAGE_FILE: &str = "package";
/// Written last: while it is there, the privileged step has something to do.
pub const READY_FILE: &str = "ready";

#[derive(Debug, Clone)]
pub struct Stage(PathBuf);

impl Stage {
    pub fn new(state: &Path) -> Self {
        Self(state.join(FOLDER))
    }

    /// Whether something waits for the privileged step.
    pub fn is_ready(&self) -> bool {
        self.0.join(READY_FILE).exists()
    }

    /// Fetches `package` out of `offer` and lays both ready.
    ///
    /// # Errors
    /// Nothing is ready then.
    pub async fn fill(&self, source: &Source, offer: &Offer, package: &Package) -> Result<(), FetchError> {
        fs::create_dir_all(&self.0)?;
        let part = self.0.join("package.part");
        let fetched = source.file(package, &part).await;
        if fetched.is_err() {
            // What is left of it is of no use; the error that counts is the first.
            drop(files::remove(&part));
        }
        fetched?;
        fs::rename(&part, self.0.join(PACKAGE_FILE))?;
        self.complete(offer)?;
        Ok(())
    }

    fn complete(&self, offer: &Offer) -> io::Result<()> {
        for (name, text) in [(INDEX_FILE, &offer.index), (SIGNATURE_FILE, &offer.signature)] {
            files::write(&self.0, name, text.as_bytes(), files::Readers::Owner)?;
        }
        files::write(&self.0, READY_FILE, b"", files::Readers::Owner)
    }
}
