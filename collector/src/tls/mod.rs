//! HTTPS with a certificate authority of the collector's own. Agents trust this authority and
//! nothing else, by the fingerprint that travels with the install command.

mod ca;
mod files;
mod leaf;

use beforehand_shared::time::{Millis, Timestamp};
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot use {}: {why}", file.display())]
    File { file: PathBuf, why: io::Error },
    #[error("a certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("a key cannot be used: {0}")]
    Key(#[from] rustls::Error),
    #[error("{} holds no certificate; restore it from a backup, or remove the whole folder and enrol every machine again", file.display())]
    NoCertificate { file: PathBuf },
    #[error(transparent)]
    NoRandomness(#[from] crate::random::NoRandomness),
}

/// The collector's authority and its present certificate.
pub struct Tls {
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the authority's certificate, lower-case hexadecimal.
    pub ca_sha256: String,
    /// When the certificate is to be replaced.
    pub renew_at: Timestamp,
}

/// Part of a certificate's life after which it is replaced.
const RENEW_BEFORE_END: Millis = Millis::days(30);

/// Reads authority and certificate from `folder`, making what is missing, too old, or made for
/// other names.
///
/// # Errors
/// When the folder cannot be used or what is in it is damaged.
pub fn open(folder: &Path, names: &[String], now: Timestamp) -> Result<Tls, TlsError> {
    let ca = ca::open(folder, now)?;
    let leaf = leaf::open(folder, &ca, names, now)?;
    let chain = vec![leaf.certificate, ca.certificate.clone()];
    Ok(Tls {
        config: Arc::new(server(chain, leaf.key)?),
        ca_sha256: crate::random::sha256(&ca.certificate),
        renew_at: leaf.ends_at.minus(RENEW_BEFORE_END),
    })
}

/// Fingerprint of the authority in `folder`, without making one.
///
/// # Errors
/// When there is none yet.
pub fn fingerprint(folder: &Path) -> Result<String, TlsError> {
    Ok(crate::random::sha256(&files::certificate(&folder.join(ca::CERTIFICATE))?))
}

fn server(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<ServerConfig, TlsError> {
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn names() -> Vec<String> {
        vec!["watch.example.net".to_owned(), "192.0.2.7".to_owned()]
    }

    #[test]
    fn the_authority_stays_the_same_while_certificates_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), &names(), NOW).unwrap();
        let again = open(folder.path(), &names(), NOW.plus(Millis::days(1))).unwrap();
        assert_eq!((&again.ca_sha256, again.renew_at), (&first.ca_sha256, first.renew_at));
        let later = open(folder.path(), &names(), first.renew_at).unwrap();
        assert_eq!(later.ca_sha256, first.ca_sha256);
        assert!(later.renew_at > first.renew_at, "a certificate near its end is replaced");
        let renamed = open(folder.path(), &["other.example.net".to_owned()], NOW.plus(Millis::days(2))).unwrap();
        assert!(renamed.renew_at > first.renew_at, "a certificate for other names is replaced");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_collector_may_read_its_keys() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        open(folder.path(), &names(), NOW).unwrap();
        let modes = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
        for file in modes {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
    }

    #[test]
    fn a_damaged_authority_is_not_silently_replaced() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path(), &names(), NOW).unwrap();
        std::fs::write(folder.path().join(ca::CERTIFICATE), "nonsense").unwrap();
        assert!(matches!(open(folder.path(), &names(), NOW), Err(TlsError::NoCertificate { .. })));
    }
}
