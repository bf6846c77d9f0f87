//! Sends one report and says what became of it. Decides nothing about when to try again.

use crate::{
    http::{self, HttpError},
    identity::Identity,
    spool::Waiting,
    time::Reading,
};
use beforehand_shared::{
    ack::{Ack, Refusal},
    enrol::REPORTS_PATH,
    ids::BootId,
    report::{SENT_AT_HEADER, SENT_BOOT_HEADER, SENT_MONO_HEADER},
    settings::{HandedSettings, SETTINGS_PATH},
};
use reqwest::{Client, Response, StatusCode, Url, header};
use rustls::pki_types::CertificateDer;
use std::time::Duration;

/// Bytes of the collector's answer that are read.
const ANSWER_BYTES: usize = 16 * 1024;
/// What is handed to an agent: [`beforehand_shared::limits::PRINTERS_TO_ASK`] printers of some 300 bytes.
const SETTINGS_BYTES: usize = 64 * 1024;

/// What became of a report that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is durable at the collector.
    Stored(Ack),
    /// Its content will never be taken.
    Refused(Refusal),
    /// The collector does not know this agent (any more).
    Unknown(String),
    /// Try again, if given not before so long.
    Later { why: String, not_before: Option<Duration> },
}

pub struct Transport {
    client: Client,
    reports: Url,
    settings: Url,
    authorization: header::HeaderValue,
    boot: BootId,
}

impl Transport {
    /// A transport that gives one exchange the time `limit`.
    pub fn new(identity: &Identity, boot: BootId, limit: Duration) -> Result<Self, HttpError> {
        let ca = identity.ca.as_deref().and_then(|ca| hex::decode(ca).ok()).map(CertificateDer::from);
        let (client, server) = http::collector(&identity.server, ca, limit)?;
        let address = || HttpError::Address(identity.server.clone());
        let [reports, settings] = [REPORTS_PATH, SETTINGS_PATH].map(|path| server.join(path).map_err(|_| address()));
        let mut authorization =
            header::HeaderValue::from_str(&format!("Bearer {}", identity.secret)).map_err(|_| address())?;
        authorization.set_sensitive(true);
        Ok(Self { client, reports: reports?, settings: settings?, authorization, boot })
    }

    /// Sends `report`, whose clock reads `now`.
    pub async fn send(&self, report: &Waiting, now: Reading) -> Answer {
        let request = self
            .client
            .post(self.reports.clone())
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "zstd")
            .header(SENT_AT_HEADER, now.wall.0)
            .header(SENT_MONO_HEADER, now.mono_ms)
            .header(SENT_BOOT_HEADER, self.boot.to_string())
            .body(report.body.clone());
        match request.send().await {
            Ok(response) => judge(response, report).await,
            Err(error) => later(format!("the collector cannot be reached: {}", http::cause(&error))),
        }
    }

    /// Fetches what the collector hands this agent.
    ///
    /// # Errors
    /// When it does not come, or is not what it should be.
    pub async fn settings(&self) -> Result<HandedSettings, HttpError> {
        let request = self.client.get(self.settings.clone()).header(header::AUTHORIZATION, self.authorization.clone());
        let response = request.send().await.map_err(|error| HttpError::Exchange(http::cause(&error)))?;
        if response.status() != StatusCode::OK {
            return Err(HttpError::Exchange(format!("the collector answered {}", response.status())));
        }
        let body = http::body(response, SETTINGS_BYTES).await?;
        let settings: HandedSettings =
            serde_json::from_slice(&body).map_err(|error| HttpError::Exchange(error.to_string()))?;
        settings.check().map_err(|error| HttpError::Exchange(error.to_string()))?;
        Ok(settings)
    }
}

async fn judge(response: Response, report: &Waiting) -> Answer {
    let (status, not_before) = (response.status(), retry_after(&response));
    let body = http::body(response, ANSWER_BYTES).await.unwrap_or_default();
    if status.is_success() {
        return stored(&body, report);
    }
    let refusal = serde_json::from_slice::<Refusal>(&body).ok();
    let said = refusal.as_ref().map_or_else(|| status.to_string(), |refusal| format!("{status}: {}", refusal.message));
    match (status, refusal) {
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => Answer::Unknown(said),
        // A later collector will take what this one is too old for.
        (_, Some(refusal)) if is_about_content(status) && refusal.code != "newer_protocol" => Answer::Refused(refusal),
        _ => Answer::Later { why: format!("the collector answered {said}"), not_before },
    }
}

/// Only an acknowledgement of this very report counts: a captive portal also answers 200.
fn stored(body: &[u8], report: &Waiting) -> Answer {
    match serde_json::from_slice::<Ack>(body) {
        Ok(ack) if (ack.incarnation, ack.seq) == (report.incarnation, report.seq) => Answer::Stored(ack),
        Ok(_) => later("the answer acknowledges another report".to_owned()),
        Err(_) => {
            later("the answer does not come from a collector; is there a sign-in page or a proxy between?".to_owned())
        }
    }
}

const fn is_about_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

const fn later(why: String) -> Answer {
    Answer::Later { why, not_before: None }
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3); its other form, a date, would trust the clock.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
