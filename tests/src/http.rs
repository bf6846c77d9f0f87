//! The one place that makes an HTTP client: loopback only, no redirects followed, a limit on time.

use anyhow::Result;
use std::time::Duration;

/// # Errors
/// When no TLS provider can be installed.
#[expect(clippy::disallowed_methods, reason = "the one making of a client")]
pub fn client() -> Result<reqwest::Client> {
    // A second installation finds the first: the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?)
}
