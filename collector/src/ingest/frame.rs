//! One report: read within its limits, checked against the host that sends it, dated, and turned
//! into a frame.

use crate::web::error::WebError;
use axum::http::{HeaderMap, StatusCode, header};
use beforehand_core::unpack::Receipt;
use beforehand_shared::{
    report::{Report, SENT_AT_HEADER, SENT_BOOT_HEADER, SENT_MONO_HEADER},
    time::Timestamp,
    wire::{self, WireError},
};
use beforehand_store::{HostKey, NewFrame};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, str::FromStr};

/// Media types under which a report may come.
const MEDIA_TYPES: [&str; 3] = ["application/json", "application/zstd", "application/octet-stream"];

/// # Errors
/// 415 when the headers say that the body is something else than zstd.
pub fn check_media_type(headers: &HeaderMap) -> Result<(), WebError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media = text(header::CONTENT_TYPE).map(|value| value.split(';').next().unwrap_or(value).trim());
    let encoding = text(header::CONTENT_ENCODING).map_or("zstd", str::trim);
    if media.is_none_or(|media| MEDIA_TYPES.contains(&media)) && encoding == "zstd" {
        return Ok(());
    }
    let message = "A report is JSON compressed with zstd.";
    Err(WebError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message))
}

/// The frame of `body`, sent by `key` from `peer` and received at `now`.
///
/// # Errors
/// 400 or 413 when the bytes are not a report within the limits, 403 when it is another host's.
pub fn frame(
    (key, peer): (HostKey, IpAddr),
    headers: &HeaderMap,
    body: Vec<u8>,
    now: Timestamp,
) -> Result<NewFrame, WebError> {
    let report = wire::decode(&body).map_err(refuse)?;
    if report.host != key.host {
        let message = "The report names another host than the one that this secret belongs to.";
        return Err(WebError::new(StatusCode::FORBIDDEN, "wrong_host", message));
    }
    Ok(NewFrame {
        client: key.client,
        host: key.host,
        incarnation: report.incarnation,
        seq: report.seq,
        receipt: receipt(&report, headers, now)?,
        peer: Some(peer),
        body_sha256: Sha256::digest(&body).into(),
        body,
    })
}

/// When it was sent by the host's clocks; without the headers, when it was made.
fn receipt(report: &Report, headers: &HeaderMap, now: Timestamp) -> Result<Receipt, WebError> {
    Ok(Receipt {
        received_at: now,
        sent_at: number(headers, SENT_AT_HEADER)?.map_or(report.made_at, Timestamp),
        sent_mono_ms: number(headers, SENT_MONO_HEADER)?.unwrap_or(report.mono_ms),
        sent_boot: number(headers, SENT_BOOT_HEADER)?.unwrap_or(report.boot),
    })
}

fn number<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<Option<T>, WebError> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let parsed = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    parsed.map(Some).ok_or_else(|| WebError::bad_request(format!("The header {name} cannot be read.")))
}

fn refuse(error: WireError) -> WebError {
    let status = match error {
        WireError::BodyTooLarge { .. } | WireError::ExpandsTooFar { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    WebError::new(status, error.code(), sentence(&error.to_string()))
}

/// An error's text as a sentence.
fn sentence(text: &str) -> String {
    let text = beforehand_shared::text::clean(text, 300);
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
