//! Asks the collector what it offers, and fetches one file within the limits that the signed index
//! gives.

use crate::{
    http::{self, HttpError},
    identity::Identity,
};
use beforehand_shared::{
    limits,
    update::{FILES_PATH, OFFER_PATH, Offer, Package},
};
use reqwest::{Client, Response, StatusCode, Url, header};
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::{io, path::Path, time::Duration};
use tokio::{fs::File, io::AsyncWriteExt};

/// A package over a slow line: 32 MiB at 300 kbit/s.
const DOWNLOAD: Duration = Duration::from_secs(900);
/// Index and signature, as text inside JSON.
const OFFER_BYTES: usize = 2 * (limits::INDEX_BYTES + limits::SIGNATURE_BYTES);

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("the collector cannot be reached: {0}")]
    Unreachable(String),
    #[error("the collector answered {0}")]
    Status(StatusCode),
    #[error("the answer does not come from a collector")]
    NotAnOffer,
    #[error("the download ended after {got} of {wanted} bytes")]
    Short { got: u64, wanted: u64 },
    #[error("the download is longer than the {wanted} bytes that the index names")]
    Long { wanted: u64 },
    #[error("the download is not the file that the index names: its checksum differs")]
    Checksum,
    #[error("the package cannot be written: {0}")]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// The collector, as far as updates go.
#[derive(Debug, Clone)]
pub struct Source {
    client: Client,
    server: Url,
    authorization: header::HeaderValue,
}

impl Source {
    pub fn new(identity: &Identity) -> Result<Self, HttpError> {
        let ca = identity.ca.as_deref().and_then(|ca| hex::decode(ca).ok()).map(CertificateDer::from);
        let (client, server) = http::collector(&identity.server, ca, http::EXCHANGE)?;
        let authorization = header::HeaderValue::from_str(&format!("Bearer {}", identity.secret));
        let mut authorization = authorization.map_err(|_| HttpError::Address(identity.server.clone()))?;
        authorization.set_sensitive(true);
        Ok(Self { client, server, authorization })
    }

    /// What there is for this host; nothing also at a collector that knows of no updates.
    pub async fn offer(&self) -> Result<Option<Offer>, FetchError> {
        let response = self.get(OFFER_PATH, http::EXCHANGE).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => return Ok(None),
            other => return Err(FetchError::Status(other)),
        }
        let body = http::body(response, OFFER_BYTES).await?;
        serde_json::from_slice(&body).map(Some).map_err(|_| FetchError::NotAnOffer)
    }

    /// Writes the file of `package` to `to`.
    ///
    /// # Errors
    /// When it is not, byte for byte, what the index names; what `to` holds then is of no use.
    pub async fn file(&self, package: &Package, to: &Path) -> Result<(), FetchError> {
        let mut response = self.get(&format!("{FILES_PATH}{}", package.file), DOWNLOAD).await?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let mut file = File::create(to).await?;
        let (mut got, mut hash) = (0, Sha256::new());
        let wanted = package.bytes;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) if got == 0 => return Err(FetchError::Unreachable(http::cause(&error))),
                Err(_) => return Err(FetchError::Short { got, wanted }),
            };
            got += chunk.len() as u64;
            if got > wanted {
                return Err(FetchError::Long { wanted });
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        if got < wanted {
            return Err(FetchError::Short { got, wanted });
        }
        if hex::encode(hash.finalize()) != package.sha256 {
            return Err(FetchError::Checksum);
        }
        Ok(file.sync_all().await?)
    }

    async fn get(&self, path: &str, limit: Duration) -> Result<Response, FetchError> {
        let address = || HttpError::Address(self.server.to_string());
        let url = self.server.join(path).map_err(|_| address())?;
        let request = self.client.get(url).header(header::AUTHORIZATION, self.authorization.clone()).timeout(limit);
        request.send().await.map_err(|error| FetchError::Unreachable(http::cause(&error)))
    }
}
