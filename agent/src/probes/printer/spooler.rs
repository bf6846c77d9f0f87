//! Queues and what waits in them, from the numbers of the Windows print spooler. Pure.
//!
//! Source: winspool.h, `PRINTER_INFO_2` and `JOB_INFO_2`.

use beforehand_shared::{
    limits,
    printer::{OldestJob, PrinterState, Queue},
    text,
    time::Timestamp,
};
use serde::Deserialize;
use std::net::IpAddr;

/// A printer of the spooler, which is a queue in our words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RawQueue {
    pub name: String,
    pub port: String,
    /// Host name or address behind a port of the kind "Standard TCP/IP".
    #[serde(default)]
    pub host: Option<String>,
    /// `PRINTER_ATTRIBUTE_…`.
    pub attributes: u32,
    /// `PRINTER_STATUS_…`.
    pub status: u32,
    pub jobs: Vec<RawJob>,
}

/// A job. Neither its title nor the name of its user is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RawJob {
    pub id: u32,
    /// `JOB_STATUS_…`.
    pub status: u32,
    pub submitted: Timestamp,
    pub pages_done: u32,
}

const WORK_OFFLINE: u32 = 0x400;
const PENDING_DELETION: u32 = 0x4;
const PAUSED: u32 = 0x1;
/// Input or output is active, busy, printing, processing.
const AT_WORK: u32 = 0x100 | 0x200 | 0x400 | 0x4000;

/// Bits of a printer's status with the keyword of IPP (RFC 8011, section 5.4.12) that means the same.
const REASONS: [(u32, &str); 17] = [
    (PAUSED, "paused"),
    (0x2, "other-error"),
    (0x8, "media-jam-error"),
    (0x10, "media-empty-error"),
    (0x20, "media-needed"),
    (0x40, "media-needed-error"),
    (0x80, "offline"),
    (0x800, "output-area-full-error"),
    (0x1000, "offline"),
    (0x1_0000, "warming-up"),
    (0x2_0000, "toner-low-warning"),
    (0x4_0000, "toner-empty-error"),
    (0x10_0000, "other-error"),
    (0x20_0000, "spool-area-full-error"),
    (0x40_0000, "door-open-error"),
    (0x100_0000, "standby"),
    (0x200_0000, "offline"),
];

/// What the bits that have no keyword of their own mean, for people.
const WORDS: [(u32, &str); 4] = [
    (0x2, "The printer reports an error"),
    (0x1000, "The printer is not available"),
    (0x10_0000, "The printer needs attention"),
    (0x200_0000, "The print server is offline"),
];

const JOB_PAUSED: u32 = 0x1;
const JOB_PRINTING: u32 = 0x10;
/// Printed, deleted, complete, kept after printing. One that is being deleted still holds up the rest.
const JOB_DONE: u32 = 0x80 | 0x100 | 0x1000 | 0x2000;
/// The driver cannot print the job, and nothing behind it prints.
const JOB_BLOCKED: u32 = 0x200;

/// Ports that lead to a file, a fax or another program, not to a printer.
const NO_PRINTER: [&str; 6] = ["FILE:", "NUL:", "PORTPROMPT:", "SHRFAX:", "XPSPORT:", "MICROSOFT.OFFICE.ONENOTE"];

/// The queues that lead to a printer, in the words of IPP; `now` is when the spooler was asked.
pub fn queues(raw: &[RawQueue], now: Timestamp) -> Vec<Queue> {
    let leads_to_printer = |queue: &&RawQueue| {
        let port = queue.port.to_uppercase();
        !NO_PRINTER.iter().any(|start| port.starts_with(start))
    };
    raw.iter().filter(leads_to_printer).map(|raw| queue(raw, now)).collect()
}

fn queue(raw: &RawQueue, now: Timestamp) -> Queue {
    let clean = |raw: &str| text::clean(raw, limits::TEXT_CHARS);
    let waiting: Vec<&RawJob> = raw.jobs.iter().filter(|job| job.status & (JOB_PAUSED | JOB_DONE) == 0).collect();
    let is_printing = raw.status & AT_WORK != 0 || waiting.iter().any(|job| job.status & JOB_PRINTING != 0);
    let state = match (raw.status & PAUSED != 0, is_printing) {
        (true, _) => PrinterState::Stopped,
        (false, true) => PrinterState::Processing,
        (false, false) => PrinterState::Idle,
    };
    Queue {
        name: clean(&raw.name),
        device_uri: Some(clean(&device(raw))).filter(|device| !device.is_empty()),
        state,
        reasons: reasons(raw),
        message: message(raw, &waiting),
        accepting: raw.status & PENDING_DELETION == 0,
        jobs: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
        oldest: waiting.iter().min_by_key(|job| (job.submitted, job.id)).map(|job| oldest(job, now)),
    }
}

/// The clock may have been set back since the job came; no job waits from the future.
fn oldest(job: &RawJob, now: Timestamp) -> OldestJob {
    OldestJob { id: job.id.cast_signed(), since: job.submitted.min(now), pages_done: Some(job.pages_done) }
}

fn reasons(raw: &RawQueue) -> Vec<String> {
    let offline = if raw.attributes & WORK_OFFLINE == 0 { 0 } else { 0x80 };
    let status = raw.status | offline;
    let mut reasons: Vec<String> =
        REASONS.iter().filter(|(bit, _)| status & bit != 0).map(|(_, keyword)| (*keyword).to_owned()).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn message(raw: &RawQueue, waiting: &[&RawJob]) -> Option<String> {
    let offline = (raw.attributes & WORK_OFFLINE != 0).then_some("\"Use printer offline\" is switched on");
    let blocked = waiting.iter().any(|job| job.status & JOB_BLOCKED != 0);
    let blocked = blocked.then_some("The driver cannot print a job, and those behind it wait");
    let words = WORDS.iter().filter(|(bit, _)| raw.status & bit != 0).map(|(_, words)| *words);
    let words: Vec<&str> = offline.into_iter().chain(blocked).chain(words).collect();
    (!words.is_empty()).then(|| words.join(". "))
}

/// Where the queue leads: an address where the port has one, else the port's own name.
fn device(raw: &RawQueue) -> String {
    let port = raw.port.trim();
    let named = port.strip_prefix("IP_").unwrap_or(port);
    let named = named.split_once('_').map_or(named, |(address, _)| address);
    let host = raw.host.as_deref().map(str::trim).filter(|host| !host.is_empty());
    match (host, named.parse::<IpAddr>(), port.strip_prefix(r"\\")) {
        (Some(host), _, _) if host.contains(':') => format!("socket://[{host}]"),
        (Some(host), _, _) => format!("socket://{host}"),
        (None, Ok(IpAddr::V4(address)), _) => format!("socket://{address}"),
        (None, Ok(IpAddr::V6(address)), _) => format!("socket://[{address}]"),
        (None, Err(_), Some(share)) => format!("smb://{}", share.replace('\\', "/")),
        (None, Err(_), None) => port.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(port: &str, host: Option<&str>) -> String {
        let (port, host) = (port.to_owned(), host.map(str::to_owned));
        device(&RawQueue { name: String::new(), port, host, attributes: 0, status: 0, jobs: Vec::new() })
    }

    #[test]
    fn a_port_is_an_address_where_it_has_one() {
        assert_eq!(to("IP_192.0.2.9", None), "socket://192.0.2.9");
        assert_eq!(to("192.0.2.9_1", None), "socket://192.0.2.9");
        assert_eq!(to("Front desk", Some("printer.example")), "socket://printer.example");
        assert_eq!(to("Front desk", Some("2001:db8::9")), "socket://[2001:db8::9]");
        assert_eq!(to(r"\\server\back", None), "smb://server/back");
        assert_eq!(to("USB001", None), "USB001");
    }
}
