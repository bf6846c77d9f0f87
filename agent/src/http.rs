//! The only place that builds HTTP clients. None follows redirects, none has no time limit, and none
//! reads more of an answer than its limit.

use crate::{
    VERSION,
    tls::{self, Shown},
};
use reqwest::{Client, Response, Url, redirect::Policy};
use rustls::pki_types::CertificateDer;
use std::{net::IpAddr, time::Duration};

/// Waits longer than the 10 s that some systems take to look up revocation of certificates.
const CONNECT: Duration = Duration::from_secs(15);
/// One exchange with the collector.
pub const EXCHANGE: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("the address {0} cannot be read; it looks like https://collector.example:8443")]
    Address(String),
    #[error("the address {0} is not encrypted. Plain http:// is for this machine itself only; use https://")]
    Plain(String),
    #[error("the address {0} needs the collector's certificate authority. Enrol with --fingerprint")]
    NoCa(String),
    #[error("the TLS settings do not hold: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the client cannot be built: {0}")]
    Build(reqwest::Error),
    #[error("{0}")]
    Exchange(String),
    #[error("the answer is longer than {limit} bytes")]
    TooLong { limit: usize },
}

/// A client for the collector at `server`, trusting only `ca`, with `limit` for one exchange.
///
/// # Errors
/// Plain `http://` to anything but loopback is refused: the secret would be readable on the way.
pub fn collector(
    server: &str,
    ca: Option<CertificateDer<'static>>,
    limit: Duration,
) -> Result<(Client, Url), HttpError> {
    let url = Url::parse(server).map_err(|_| HttpError::Address(server.to_owned()))?;
    let tls = match (url.scheme(), ca) {
        ("https", Some(ca)) => tls::only(ca)?,
        ("https", None) => return Err(HttpError::NoCa(server.to_owned())),
        ("http", _) if is_loopback(&url) => tls::anyone()?,
        ("http", _) => return Err(HttpError::Plain(server.to_owned())),
        _ => return Err(HttpError::Address(server.to_owned())),
    };
    Ok((build(tls, limit)?, url))
}

/// A client for looking at devices and web addresses. It accepts any certificate, and so must never
/// be given a secret.
pub fn looking(limit: Duration) -> Result<Client, HttpError> {
    build(tls::anyone()?, limit)
}

/// As [`looking`], for one address, and keeps the certificates that are shown there.
pub fn looking_closely(limit: Duration) -> Result<(Client, Shown), HttpError> {
    let (tls, shown) = tls::recording()?;
    Ok((build(tls, limit)?, shown))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that builds clients")]
fn build(tls: rustls::ClientConfig, limit: Duration) -> Result<Client, HttpError> {
    Client::builder()
        .user_agent(format!("beforehand-agent/{VERSION}"))
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT.min(limit))
        .timeout(limit)
        .pool_max_idle_per_host(1)
        .referer(false)
        .http1_only()
        .build()
        .map_err(HttpError::Build)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The whole body of `response`, if it is at most `limit` bytes.
pub async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > limit {
            return Err(HttpError::TooLong { limit });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: reqwest::Error) -> HttpError {
    HttpError::Exchange(if error.is_timeout() { "the answer does not come in time".to_owned() } else { cause(&error) })
}

/// The innermost reason of an error: "connection refused" says more than "error sending request".
pub fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for near in ["http://127.0.0.1:8480", "http://[::1]:8480/", "http://localhost:8480"] {
            assert!(collector(near, None, EXCHANGE).is_ok(), "{near}");
        }
        for far in ["http://192.0.2.1", "http://collector.example", "http://127.0.0.1.example"] {
            assert!(matches!(collector(far, None, EXCHANGE), Err(HttpError::Plain(_))), "{far}");
        }
    }

    #[test]
    fn https_without_a_known_authority_is_refused() {
        assert!(matches!(collector("https://collector.example", None, EXCHANGE), Err(HttpError::NoCa(_))));
        assert!(matches!(collector("ftp://collector.example", None, EXCHANGE), Err(HttpError::Address(_))));
    }
}
