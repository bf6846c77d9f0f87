//! Asks printers and print services over HTTP.

use super::{ipp, ipp::IppError, parse};
use crate::{http, probe::ProbeError};
use ::ipp::prelude::Operation;
use beforehand_shared::printer::Printer;
use reqwest::{Client, StatusCode, header};

/// The longest answers of real printers are about 100 KiB.
const ANSWER_BYTES: usize = 1024 * 1024;

/// The printer at `uri`.
pub(super) async fn printer(client: &Client, uri: &str) -> Result<Printer, ProbeError> {
    let question = ipp::question(Operation::GetPrinterAttributes, uri, &parse::WANTED);
    let answer = exchange(client, uri, question).await?;
    parse::printer(&answer, uri).map_err(|error| failed(uri, &error))
}

/// Posts `question` to `uri` and returns the answer's body.
pub(super) async fn exchange(client: &Client, uri: &str, question: Option<Vec<u8>>) -> Result<Vec<u8>, ProbeError> {
    let question = question.ok_or_else(|| ProbeError::Failed(format!("{uri} is too long an address")))?;
    let url = http_url(uri);
    let sent = client.post(url).header(header::CONTENT_TYPE, "application/ipp").body(question).send().await;
    let response = sent.map_err(|error| unreachable(uri, &error))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(failed(uri, &IppError::Denied)),
        status => return Err(ProbeError::Failed(format!("{uri} answers with status {status}"))),
    }
    http::body(response, ANSWER_BYTES).await.map_err(|error| ProbeError::Failed(format!("{uri}: {error}")))
}

/// The address that IPP is spoken at (RFC 3510, RFC 7472): port 631 unless it says otherwise.
fn http_url(uri: &str) -> String {
    let (scheme, rest) = match uri.split_once("://") {
        Some(("ipp", rest)) => ("http", rest),
        Some(("ipps", rest)) => ("https", rest),
        _ => return uri.to_owned(),
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if has_port { "" } else { ":631" };
    format!("{scheme}://{authority}{port}{path}")
}

fn unreachable(uri: &str, error: &reqwest::Error) -> ProbeError {
    match error.is_timeout() {
        true => ProbeError::Failed(format!("{uri} does not answer in time; it may be off or asleep")),
        false => ProbeError::Failed(format!("{uri} cannot be reached: {}", http::cause(error))),
    }
}

pub(super) fn failed(uri: &str, error: &IppError) -> ProbeError {
    let why = format!("{uri}: {error}");
    if *error == IppError::Denied { ProbeError::Denied(why) } else { ProbeError::Failed(why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipp_address_is_port_631_unless_it_says_otherwise() {
        assert_eq!(http_url("ipp://192.0.2.9/ipp/print"), "http://192.0.2.9:631/ipp/print");
        assert_eq!(http_url("ipps://printer.example"), "https://printer.example:631");
        assert_eq!(http_url("ipp://[2001:db8::9]/ipp"), "http://[2001:db8::9]:631/ipp");
        assert_eq!(http_url("ipp://127.0.0.1:18631/ipp/print"), "http://127.0.0.1:18631/ipp/print");
        assert_eq!(http_url("http://192.0.2.9:80/ipp"), "http://192.0.2.9:80/ipp");
    }
}
