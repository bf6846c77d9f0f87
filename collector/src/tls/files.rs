//! Keys and certificates as PEM files that only the collector may read.

use super::TlsError;
use crate::config::platform;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

pub(super) fn certificate(file: &Path) -> Result<CertificateDer<'static>, TlsError> {
    let text = read(file)?;
    CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| TlsError::NoCertificate { file: file.to_owned() })
}

pub(super) fn key_der(pem: &str, file: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| TlsError::NoCertificate { file: file.to_owned() })
}

pub(super) fn read(file: &Path) -> Result<String, TlsError> {
    fs::read_to_string(file).map_err(|why| TlsError::File { file: file.to_owned(), why })
}

/// Writes a file for the collector alone; whoever reads it meanwhile sees the old or the new one.
pub(super) fn write(file: &Path, text: &str) -> Result<(), TlsError> {
    try_write(file, text).map_err(|why| TlsError::File { file: file.to_owned(), why })
}

fn try_write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        platform::make_private(folder)?;
    }
    let new = file.with_extension("new");
    let mut out = private(&new)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    fs::rename(&new, file)
}

#[cfg(unix)]
fn private(file: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)
}

/// On Windows the folder's own access list, made by the installer, keeps others out.
#[cfg(not(unix))]
fn private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(file)
}
