//! TLS settings: one CA for the collector, and a verifier that only records, for looking at what
//! strangers show.

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Trusts `ca` and nothing else: neither the system's certificate store nor an inspecting proxy.
pub fn only(ca: CertificateDer<'static>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(ca)?;
    Ok(builder()?.with_root_certificates(roots).with_no_client_auth())
}

/// Accepts whatever is shown. For reading public facts from printers and web servers, to which
/// nothing secret is ever sent.
pub fn anyone() -> Result<ClientConfig, Error> {
    Ok(recording()?.0)
}

/// Certificates as a server showed them, its own first.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<Mutex<Vec<CertificateDer<'static>>>>);

impl Shown {
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// As [`anyone`], and keeps what was shown.
pub fn recording() -> Result<(ClientConfig, Shown), Error> {
    let shown = Shown::default();
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Recorder { shown: shown.clone(), provider });
    let config = builder()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    Ok((config, shown))
}

/// Encrypts `plain` to the server called `host`, and keeps what it shows.
pub async fn shake(plain: TcpStream, host: String) -> io::Result<(TlsStream<TcpStream>, Shown)> {
    let (config, shown) = recording().map_err(io::Error::other)?;
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    Ok((TlsConnector::from(Arc::new(config)).connect(name, plain).await?, shown))
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()
}

#[derive(Debug)]
struct Recorder {
    shown: Shown,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|cert| cert.clone().into_owned()).collect();
        *self.shown.0.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
