//! The one place that makes an HTTP client: loopback only, no redirects followed, a limit on time.

use anyhow::Result;
use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};
use std::time::Duration;

/// # Errors
/// When no TLS provider can be installed.
pub fn client() -> Result<Client> {
    Ok(builder().build()?)
}

/// A client that trusts this authority, given as PEM, and no other.
///
/// # Errors
/// When it is not a certificate.
pub fn client_trusting(authority: &[u8]) -> Result<Client> {
    Ok(builder().tls_certs_only([Certificate::from_pem(authority)?]).build()?)
}

#[expect(clippy::disallowed_methods, reason = "the one making of a client")]
fn builder() -> ClientBuilder {
    // A second installation finds the first: the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(Duration::from_secs(30)).redirect(Policy::none()).no_proxy()
}
