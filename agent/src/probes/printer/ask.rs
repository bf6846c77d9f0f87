//! Asks printers by IPP over HTTP and by SNMP, and print services by IPP.

use super::{
    ipp,
    ipp::IppError,
    parse, snmp,
    snmp::{Access, SnmpError},
    target::Target,
};
use crate::{
    http::{self, HttpError},
    probe::ProbeError,
};
use ::ipp::prelude::Operation;
use beforehand_shared::{printer::Printer, time::Timestamp};
use reqwest::{Client, StatusCode, header};
use std::time::Duration;

/// The longest answers of real printers are about 100 KiB.
const ANSWER_BYTES: usize = 1024 * 1024;

/// One printer, asked in every way that is known, may take this long. A healthy one takes a second.
pub(super) const PRINTER: Duration = Duration::from_secs(60);
/// Of the time that a printer may take to answer, one question by SNMP takes a third, as it is asked twice.
const SNMP_SHARE: u32 = 3;

/// Why a way of asking shows no printer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// There is no answer: it may sleep, be off, or be gone.
    #[error("{0}")]
    Silent(String),
    #[error(transparent)]
    Told(#[from] ProbeError),
}

impl From<AskError> for ProbeError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Silent(why) => Self::Failed(why),
            AskError::Told(error) => error,
        }
    }
}

/// Who asks.
pub(super) struct Asker {
    pub client: Client,
    /// How long one printer may take to answer.
    pub timeout: Duration,
}

impl Asker {
    /// Asks `target` in all its ways, one after another, and returns what came of each.
    pub(super) async fn target(&self, target: &Target, now: Timestamp) -> (Vec<Printer>, Vec<AskError>) {
        let (mut seen, mut errors) = (Vec::new(), Vec::new());
        let mut note = |answer: Result<Printer, AskError>| match answer {
            Ok(printer) => seen.push(printer),
            Err(error) => errors.push(error),
        };
        let all = async {
            for uri in &target.uris {
                note(self.by_ipp(uri).await);
            }
            for (address, access) in &target.snmp {
                note(self.by_snmp(address, access, now).await);
            }
        };
        if tokio::time::timeout(PRINTER, all).await.is_err() {
            errors.push(AskError::Silent("answers too slowly to be read".to_owned()));
        }
        (seen, errors)
    }

    async fn by_ipp(&self, uri: &str) -> Result<Printer, AskError> {
        let question = ipp::question(Operation::GetPrinterAttributes, uri, &parse::WANTED);
        let answer = exchange(&self.client, uri, question).await?;
        Ok(parse::printer(&answer, uri).map_err(|error| failed(uri, &error))?)
    }

    async fn by_snmp(&self, address: &str, access: &Access, now: Timestamp) -> Result<Printer, AskError> {
        let table = snmp::ask(address, access, self.timeout / SNMP_SHARE).await.map_err(|error| {
            let why = format!("{address} {error}");
            match error {
                SnmpError::Silent | SnmpError::Unreachable(_) => AskError::Silent(why),
                SnmpError::Denied(_) => ProbeError::Denied(why).into(),
                SnmpError::Refused { .. } | SnmpError::Failed(_) => ProbeError::Failed(why).into(),
            }
        })?;
        if !snmp::parse::is_printer(&table) {
            return Err(ProbeError::Failed(format!("{address} answers SNMP and is no printer")).into());
        }
        Ok(snmp::parse::printer(&table, address, now))
    }
}

/// Posts `question` to `uri` and returns the answer's body.
pub(super) async fn exchange(client: &Client, uri: &str, question: Option<Vec<u8>>) -> Result<Vec<u8>, AskError> {
    let question = question.ok_or_else(|| ProbeError::Failed(format!("{uri} is too long an address")))?;
    let url = http_url(uri);
    let sent = client.post(url).header(header::CONTENT_TYPE, "application/ipp").body(question).send().await;
    let response = sent.map_err(|error| unreachable(uri, &error))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(failed(uri, &IppError::Denied).into()),
        status => return Err(ProbeError::Failed(format!("{uri} answers with status {status}")).into()),
    }
    http::body(response, ANSWER_BYTES).await.map_err(|error| {
        let why = format!("{uri}: {error}");
        match error {
            // It began, and fell silent.
            HttpError::Exchange(_) => AskError::Silent(why),
            _ => ProbeError::Failed(why).into(),
        }
    })
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

fn unreachable(uri: &str, error: &reqwest::Error) -> AskError {
    match error.is_timeout() {
        true => AskError::Silent(format!("{uri} does not answer in time; it may be off or asleep")),
        false => AskError::Silent(format!("{uri} cannot be reached: {}", http::cause(error))),
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
