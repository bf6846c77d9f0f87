//! Queues and what waits in them, from CUPS-Get-Printers and Get-Jobs. Pure.

use super::{
    ipp::{self, Attributes, IppError},
    parse,
};
use ::ipp::prelude::DelimiterTag;
use beforehand_shared::{
    printer::{OldestJob, Queue},
    time::{Millis, Timestamp},
};

pub const WANTED: [&str; 8] = [
    "device-uri",
    "printer-is-accepting-jobs",
    "printer-name",
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-type",
    "printer-up-time",
];

/// Neither titles nor names of users are asked for.
pub const WANTED_OF_JOBS: [&str; 6] =
    ["job-id", "job-impressions-completed", "job-printer-uri", "job-printer-up-time", "job-state", "time-at-creation"];

/// The queues of a print service with their jobs; `now` is when it was asked.
///
/// # Errors
/// [`IppError`] of either answer. That there are no queues is no error: the service then says "not
/// found".
pub fn queues(printers: &[u8], jobs: &[u8], now: Timestamp) -> Result<Vec<Queue>, IppError> {
    let found = |answer, tag| match ipp::groups(answer, tag) {
        Err(IppError::Status(0x0406)) => Ok(Vec::new()),
        other => other,
    };
    let jobs: Vec<Job> = found(jobs, DelimiterTag::JobAttributes)?.iter().filter_map(job).collect();
    let printers = found(printers, DelimiterTag::PrinterAttributes)?;
    Ok(printers.iter().filter_map(|printer| queue(printer, &jobs, now)).collect())
}

struct Job {
    queue: String,
    id: i32,
    created: Option<i32>,
    up_time: Option<i32>,
    pages_done: Option<u32>,
}

/// A job that waits or prints: `job-state` 3 (pending), 5 (processing) or 6 (stopped by its printer).
/// One that is held (4) waits on purpose.
fn job(attributes: &Attributes) -> Option<Job> {
    let waits = matches!(attributes.number("job-state")?, 3 | 5 | 6);
    let uri = attributes.text("job-printer-uri")?;
    waits.then_some(Job {
        queue: uri.rsplit('/').next().unwrap_or_default().to_owned(),
        id: attributes.number("job-id")?,
        created: attributes.number("time-at-creation"),
        up_time: attributes.number("job-printer-up-time"),
        pages_done: attributes.count("job-impressions-completed"),
    })
}

fn queue(attributes: &Attributes, jobs: &[Job], now: Timestamp) -> Option<Queue> {
    let name = attributes.text("printer-name")?;
    let own: Vec<&Job> = jobs.iter().filter(|job| job.queue == escaped(&name)).collect();
    let up_time = attributes.number("printer-up-time");
    Some(Queue {
        device_uri: attributes.text("device-uri").map(|uri| without_password(&uri)),
        state: parse::state(attributes).ok()?,
        reasons: parse::reasons(attributes),
        message: attributes.text("printer-state-message"),
        accepting: attributes.flag("printer-is-accepting-jobs").unwrap_or(true),
        jobs: u32::try_from(own.len()).unwrap_or(u32::MAX),
        oldest: own.iter().min_by_key(|job| (job.created, job.id)).and_then(|job| oldest(job, up_time, now)),
        name,
    })
}

/// The age is the difference of two times by the print service's own clock.
fn oldest(job: &Job, up_time: Option<i32>, now: Timestamp) -> Option<OldestJob> {
    let age = i64::from(job.up_time.or(up_time)?) - i64::from(job.created?);
    Some(OldestJob { id: job.id, since: now.minus(Millis::seconds(age.max(0))), pages_done: job.pages_done })
}

/// A name as it stands in the address of its queue (RFC 3986, section 2.1).
fn escaped(name: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    name.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Addresses of printers may carry `user:password@`, which is nobody else's business.
fn without_password(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_stays_here() {
        assert_eq!(without_password("smb://me:secret@server/share"), "smb://server/share");
        assert_eq!(without_password("ipp://192.0.2.9/ipp/print"), "ipp://192.0.2.9/ipp/print");
        assert_eq!(without_password("usb:HP"), "usb:HP");
    }

    #[test]
    fn names_are_matched_as_they_stand_in_addresses() {
        assert_eq!(escaped("Büro 2"), "B%C3%BCro%202");
    }
}
