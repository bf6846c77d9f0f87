//! A test's own folder. It is kept, and named, when the test fails.

use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// A new folder whose name begins with `name`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(name: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix(&format!("beforehand-{name}-")).tempdir()?.keep();
        Ok(Self { folder })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what the programs wrote is kept in {}", self.folder.display());
        } else {
            // What cannot be removed now is in the system's folder for such things.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Where a test keeps what people may want to look at, such as screenshots.
pub fn output(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let folder = target.join("test-output").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
