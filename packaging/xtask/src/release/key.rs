//! Makes a key pair for signing releases, and reads the private one.

use crate::tool::root;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use minisign::{KeyPair, SecretKey, SecretKeyBox};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub(crate) struct ReleaseKey {
    /// A folder outside of the repository; it gets release.key and release.pub.
    folder: PathBuf,
    /// Do not protect the private key by a password. For tests.
    #[arg(long)]
    without_password: bool,
}

impl ReleaseKey {
    pub(crate) fn run(self) -> Result<()> {
        let folder = std::path::absolute(&self.folder)?;
        // Its parents that exist, with their links followed.
        let real = folder.ancestors().find_map(|part| part.canonicalize().ok()).unwrap_or_default();
        ensure!(!real.starts_with(root().canonicalize()?), "keep the key outside of the repository");
        let files = ["release.key", "release.pub"].map(|name| folder.join(name));
        if let Some(file) = files.iter().find(|file| file.exists()) {
            bail!("{} is not written over", file.display());
        }
        let pair = if self.without_password {
            KeyPair::generate_unencrypted_keypair()?
        } else {
            KeyPair::generate_encrypted_keypair(None)?
        };
        let public = pair.pk.to_base64();
        fs::create_dir_all(&folder)?;
        let [private_file, public_file] = files;
        create(&private_file, 0o600, &pair.sk.to_box(None)?.to_bytes())?;
        create(&public_file, 0o644, format!("{public}\n").as_bytes())?;
        println!("{public}");
        eprintln!("Build agent and collector with BEFOREHAND_UPDATE_KEY={public}");
        Ok(())
    }
}

/// Reads a private key; asks for its password if it has one.
pub(super) fn read(path: &Path) -> Result<SecretKey> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let boxed = || SecretKeyBox::from_string(&text).with_context(|| format!("{} is no private key", path.display()));
    match boxed()?.into_unencrypted_secret_key() {
        Ok(key) => Ok(key),
        Err(_) => boxed()?.into_secret_key(None).context("the private key cannot be opened"),
    }
}

fn create(path: &Path, mode: u32, bytes: &[u8]) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(mode).open(path) {
        Ok(mut file) => Ok(file.write_all(bytes)?),
        Err(error) => bail!("{} is not written over: {error}", path.display()),
    }
}
