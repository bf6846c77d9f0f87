//! HTTPS: agents trust the collector's own authority, by its fingerprint, and nothing else.

use crate::common::{NOW, TestApp};
use beforehand_collector::{
    random, supervisor,
    tls::{self, Tls},
    web::server,
};
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

fn made(folder: &Path) -> Tls {
    tls::open(folder, &["localhost".to_owned()], NOW).unwrap()
}

async fn serving() -> (TestApp, SocketAddr, String, oneshot::Sender<()>) {
    let app = TestApp::new().await;
    let tls = made(&app.folder.path().join("tls"));
    let fingerprint = tls.ca_sha256.clone();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = app.app.clone();
    tokio::spawn(async move {
        let stop = async move { drop(stopped.await) };
        server::serve_on(&serving, listener, Some(tls), stop).await.unwrap();
    });
    (app, address, fingerprint, stop)
}

async fn connect(address: SocketAddr, config: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, TcpStream::connect(address).await?).await
}

fn trusting(ca: CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(ca).unwrap();
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Accepts anything, to look at what is shown: what an agent does before it sends its token.
#[derive(Debug)]
struct Looking;

impl ServerCertVerifier for Looking {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

async fn authority_shown(address: SocketAddr) -> CertificateDer<'static> {
    let looking = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Looking))
        .with_no_client_auth();
    let stream = connect(address, looking).await.unwrap();
    let chain = stream.get_ref().1.peer_certificates().unwrap();
    chain.last().unwrap().clone().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_shown_has_the_fingerprint_of_the_install_command_and_can_be_trusted() {
    let (_app, address, fingerprint, _stop) = serving().await;
    let ca = authority_shown(address).await;
    assert_eq!(random::sha256(&ca), fingerprint);
    let mut stream = connect(address, trusting(ca)).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // A server that closes without a TLS farewell is an error here, after the whole answer.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_authority_is_refused() {
    let (_app, address, _, _stop) = serving().await;
    let elsewhere = tempfile::tempdir().unwrap();
    made(elsewhere.path());
    let pem = std::fs::read(elsewhere.path().join("ca.pem")).unwrap();
    let other = rustls::pki_types::pem::PemObject::from_pem_slice(&pem).unwrap();
    let error = connect(address, trusting(other)).await.unwrap_err().to_string();
    assert!(error.contains("UnknownIssuer") || error.contains("BadSignature"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_request_does_not_hold_a_connection_for_ever() {
    let app = TestApp::with(|config| {
        config.limits.header_seconds = 1;
        config.server.https = false;
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = app.app.clone();
    let (_stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        server::serve_on(&serving, listener, None, async move { drop(stopped.await) }).await.unwrap();
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: local").await.unwrap();
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok(), "the connection is still open");
}

#[tokio::test]
async fn the_service_manager_is_told_that_a_server_lives_without_any_certificate() {
    let (_app, address, _, _stop) = serving().await;
    assert!(supervisor::web_turns(address).await);
}
