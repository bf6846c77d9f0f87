//! Printers and print queues in the words of IPP (RFC 8011, PWG 5100.9 for alerts and supplies), whichever way
//! they were seen.

use crate::{printer_details::PrinterDetails, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// `printer-state` of RFC 8011, section 5.4.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    Idle,
    Processing,
    Stopped,
}

/// A physical printer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Printer {
    /// What identifies the device: its serial number, else its UUID, else its MAC address, else where it was
    /// asked.
    pub key: String,
    /// Where it was asked.
    pub uri: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    pub state: PrinterState,
    /// `printer-state-reasons`, as sent but for the literal `none`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// `printer-state-message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `printer-alert`, parsed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Alert>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supplies: Vec<Supply>,
    /// `queued-job-count` of the device itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<u32>,
    /// Pages printed in its life, where it counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
    /// What only some ways of looking tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<PrinterDetails>>,
}

impl Printer {
    /// Whether it was asked at this address.
    pub fn is_at(&self, address: IpAddr) -> bool {
        let is_it = |host: &str| host.parse() == Ok(address);
        let others = self.details.iter().flat_map(|details| &details.addresses);
        host_of(&self.uri).is_some_and(is_it) || others.map(String::as_str).any(is_it)
    }
}

/// The host in a URI such as `ipp://192.0.2.9:631/ipp/print` (RFC 3986, section 3.2).
pub fn host_of(uri: &str) -> Option<&str> {
    let rest = uri.split_once("://")?.1;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.strip_prefix('[').and_then(|host| host.split(']').next()).or_else(|| host.split(':').next())?;
    (!host.is_empty()).then_some(host)
}

/// One entry of `printer-alert` (PWG 5100.9): keyword values of the Printer MIB (RFC 3805).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// `printer-alert-description` or `prtAlertDescription`, where there is one for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it began, to the minute, where the printer tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// A consumable or a waste receptacle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Supply {
    pub name: String,
    /// `marker-types` keyword: `toner`, `ink`, `waste-toner`, …
    pub kind: String,
    /// Name of the colour or `#rrggbb`, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    pub level: SupplyLevel,
}

/// How full a supply is. Sentinels of RFC 8011 and RFC 3805 are never shown as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyLevel {
    /// Per cent left; of a receptacle: per cent of space left, whichever way round it was sent.
    Left(f32),
    /// Not empty, but no number (`-3`).
    Some,
    /// Not known (`-2`).
    Unknown,
    /// No restriction (`-1`).
    Unlimited,
}

/// A print queue on a host (CUPS or the Windows spooler).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Name of the queue; the key of the asset within its host.
    pub name: String,
    /// Where it sends its jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_uri: Option<String>,
    pub state: PrinterState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether new jobs are taken.
    pub accepting: bool,
    /// Jobs that wait or print, without those held on purpose.
    pub jobs: u32,
    /// The job that has waited longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<OldestJob>,
}

/// The head of a queue. Titles and user names are left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldestJob {
    pub id: i32,
    pub since: Timestamp,
    /// `job-impressions-completed`: grows while the job makes progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages_done: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_in_a_uri_is_found() {
        assert_eq!(host_of("ipp://192.0.2.9:631/ipp/print"), Some("192.0.2.9"));
        assert_eq!(host_of("socket://192.0.2.9"), Some("192.0.2.9"));
        assert_eq!(host_of("snmp://user@[fd00::9]:161/"), Some("fd00::9"));
        assert_eq!(host_of("ipp://printer.local/"), Some("printer.local"));
        assert_eq!(host_of("192.0.2.9"), None);
        assert_eq!(host_of("ipp:///print"), None);
    }
}
