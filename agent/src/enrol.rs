//! Makes this machine known to a collector: one token, one secret that never leaves in the clear, and
//! one certificate authority that is trusted from then on.

use crate::{
    VERSION, http, http::HttpError, identity::Identity, identity::IdentityError, platform, probes::host, random, tls,
};
use beforehand_shared::{
    ack::Refusal,
    enrol::{ENROL_PATH, EnrolReply, EnrolRequest},
};
use reqwest::{Url, header};
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::{path::Path, time::Duration};
use tokio::net::TcpStream;

const HANDSHAKE: Duration = Duration::from_secs(20);
const ANSWER_BYTES: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error("an https:// address needs --fingerprint sha256:…, which stands in the install command of the console")]
    NoFingerprint,
    #[error("the fingerprint {0} cannot be read; it looks like sha256: and 64 hexadecimal digits")]
    Fingerprint(String),
    #[error("{server} cannot be reached: {why}")]
    Unreachable { server: String, why: String },
    #[error(
        "{server} shows no certificate with this fingerprint. Either the fingerprint is of another collector, or \
         something between here and there answers in its place. Nothing was sent. Shown: {shown}"
    )]
    OtherAuthority { server: String, shown: String },
    #[error("the collector refuses: {0}")]
    Refused(String),
    #[error("the answer does not come from a collector: {0}")]
    NotACollector(String),
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error(transparent)]
    Random(#[from] random::RandomError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Enrols this machine at `server` and writes its identity into `state`.
///
/// # Errors
/// Nothing is sent before the authority with `fingerprint` was shown, and nothing is written before
/// the collector has agreed.
pub async fn enrol(
    server: &str,
    token: &str,
    fingerprint: Option<&str>,
    state: &Path,
) -> Result<EnrolReply, EnrolError> {
    let ca = match fingerprint {
        Some(fingerprint) => Some(authority(server, fingerprint).await?),
        None if server.starts_with("https:") => return Err(EnrolError::NoFingerprint),
        None => None,
    };
    let secret = hex::encode(random::secret()?);
    let request = EnrolRequest {
        token: token.to_owned(),
        host_name: platform::host_name(),
        os: host::os_name(),
        agent: VERSION.to_owned(),
        secret_sha256: hex::encode(Sha256::digest(&secret)),
        machine: platform::machine(),
    };
    let reply = ask(server, ca.clone(), &request).await?;
    let identity = Identity {
        server: server.to_owned(),
        ca: ca.map(hex::encode),
        client: reply.client,
        site: reply.site,
        host: reply.host,
        incarnation: reply.incarnation,
        secret,
    };
    identity.save(state)?;
    Ok(reply)
}

async fn ask(
    server: &str,
    ca: Option<CertificateDer<'static>>,
    request: &EnrolRequest,
) -> Result<EnrolReply, EnrolError> {
    let (client, url) = http::collector(server, ca, http::EXCHANGE)?;
    let url = url.join(ENROL_PATH).map_err(|_| HttpError::Address(server.to_owned()))?;
    let body = serde_json::to_vec(request).map_err(|error| EnrolError::NotACollector(error.to_string()))?;
    let sent = client.post(url).header(header::CONTENT_TYPE, "application/json").body(body).send().await;
    let response =
        sent.map_err(|error| EnrolError::Unreachable { server: server.to_owned(), why: http::cause(&error) })?;
    let status = response.status();
    let body = http::body(response, ANSWER_BYTES).await?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|error| EnrolError::NotACollector(error.to_string()));
    }
    match serde_json::from_slice::<Refusal>(&body) {
        Ok(refusal) => Err(EnrolError::Refused(refusal.message)),
        Err(_) => Err(EnrolError::NotACollector(format!("status {status}"))),
    }
}

/// The certificate with `fingerprint` among those that `server` shows. Only a TLS handshake is made.
async fn authority(server: &str, fingerprint: &str) -> Result<CertificateDer<'static>, EnrolError> {
    let wanted = parse_fingerprint(fingerprint)?;
    let shown = shown_by(server).await?;
    let print = |cert: &CertificateDer<'_>| <[u8; 32]>::from(Sha256::digest(cert));
    if let Some(ca) = shown.iter().find(|cert| print(cert) == wanted) {
        return Ok(ca.clone());
    }
    let shown: Vec<String> = shown.iter().map(|cert| format!("sha256:{}", hex::encode(print(cert)))).collect();
    Err(EnrolError::OtherAuthority { server: server.to_owned(), shown: shown.join(", ") })
}

async fn shown_by(server: &str) -> Result<Vec<CertificateDer<'static>>, EnrolError> {
    let address = || EnrolError::from(HttpError::Address(server.to_owned()));
    let unreachable = |why: String| EnrolError::Unreachable { server: server.to_owned(), why };
    let url = Url::parse(server).map_err(|_| address())?;
    let (Some(host), Some(port), "https") = (url.host_str(), url.port_or_known_default(), url.scheme()) else {
        return Err(address());
    };
    let host = host.trim_matches(['[', ']']).to_owned();
    let handshake = async { tls::shake(TcpStream::connect((host.as_str(), port)).await?, host.clone()).await };
    match tokio::time::timeout(HANDSHAKE, handshake).await {
        Ok(Ok((_, shown))) => Ok(shown.chain()),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!("no answer after {HANDSHAKE:?}"))),
    }
}

fn parse_fingerprint(text: &str) -> Result<[u8; 32], EnrolError> {
    let digits: String = text.trim().strip_prefix("sha256:").unwrap_or(text).chars().filter(|c| *c != ':').collect();
    let bytes = hex::decode(digits.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| EnrolError::Fingerprint(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_with_or_without_prefix_and_colons() {
        let plain = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        for text in [plain.clone(), format!("sha256:{plain}"), format!("sha256:{colons}")] {
            assert_eq!(parse_fingerprint(&text).unwrap(), [0xab; 32]);
        }
        assert!(parse_fingerprint("sha256:abcd").is_err());
    }
}
