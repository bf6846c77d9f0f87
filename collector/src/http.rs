//! The only place that builds HTTP clients. They trust what the machine trusts, follow no redirect, and have a time limit.

use reqwest::{Client, redirect::Policy};
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;
use std::{sync::Arc, time::Duration};

/// One exchange, all of it.
const EXCHANGE: Duration = Duration::from_secs(15);

#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("the machine's trusted certificates cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the client cannot be built: {0}")]
    Build(reqwest::Error),
}

/// A client for addresses that the provider configured.
///
/// # Errors
/// When the machine has no trusted certificates that can be used.
#[expect(clippy::disallowed_methods, reason = "this is the one place that builds clients")]
pub fn client() -> Result<Client, HttpError> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Client::builder()
        .user_agent(concat!("beforehand-collector/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(EXCHANGE)
        .timeout(EXCHANGE)
        .pool_max_idle_per_host(0)
        .referer(false)
        .http1_only()
        .build()
        .map_err(HttpError::Build)
}
