//! Encoding of a report: JSON compressed with zstd, every limit checked before memory is spent.

use crate::{
    PROTOCOL_VERSION, drive::Verdict, limits, observation::Observation, printer::Printer,
    printer_details::PrinterDetails, report::Report,
};
use std::io::Read;

/// Why bytes are not a report. The text may be shown to the sender.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("the report is {got} bytes compressed; the limit is {limit}")]
    BodyTooLarge { got: usize, limit: usize },
    #[error("the report expands to more than {limit} bytes")]
    ExpandsTooFar { limit: usize },
    #[error("the report is not valid zstd: {0}")]
    NotZstd(std::io::Error),
    #[error("the report is not valid JSON of the expected shape: {0}")]
    NotAReport(serde_json::Error),
    #[error("the report has protocol version {got}; this collector reads up to {known}. Update the collector")]
    NewerProtocol { got: u32, known: u32 },
    #[error("the report has {got} {what}; the limit is {limit}")]
    TooMany { what: &'static str, got: usize, limit: usize },
    #[error("{what} is longer than {limit} characters")]
    TextTooLong { what: &'static str, limit: usize },
    #[error("the sequence number 0 is not used; reports count from 1")]
    SeqZero,
}

impl WireError {
    /// Stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::ExpandsTooFar { .. } => "expands_too_far",
            Self::NotZstd(_) => "not_zstd",
            Self::NotAReport(_) => "not_a_report",
            Self::NewerProtocol { .. } => "newer_protocol",
            Self::TooMany { .. } => "too_many",
            Self::TextTooLong { .. } => "text_too_long",
            Self::SeqZero => "seq_zero",
        }
    }
}

/// The report as it travels and as it lies in spool and frame.
pub fn encode(report: &Report) -> Result<Vec<u8>, WireError> {
    let json = serde_json::to_vec(report).map_err(WireError::NotAReport)?;
    zstd::bulk::compress(&json, 3).map_err(WireError::NotZstd)
}

/// Reads and checks a report.
///
/// # Errors
/// Every way in which `body` can fail to be a report within the limits, each by its own variant.
pub fn decode(body: &[u8]) -> Result<Report, WireError> {
    let json = expand(body)?;
    check_texts(&json)?;
    let report: Report = serde_json::from_slice(&json).map_err(WireError::NotAReport)?;
    check(&report)?;
    Ok(report)
}

/// The JSON inside `body`.
pub fn expand(body: &[u8]) -> Result<Vec<u8>, WireError> {
    if body.len() > limits::BODY_BYTES {
        return Err(WireError::BodyTooLarge { got: body.len(), limit: limits::BODY_BYTES });
    }
    let by_ratio = body.len().saturating_mul(limits::EXPANSION_RATIO);
    let limit = by_ratio.clamp(limits::EXPANDED_FREE, limits::EXPANDED_BYTES);
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(WireError::NotZstd)?;
    decoder.window_log_max(limits::WINDOW_LOG).map_err(WireError::NotZstd)?;
    let mut json = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut json).map_err(WireError::NotZstd)?;
    if json.len() > limit {
        return Err(WireError::ExpandsTooFar { limit });
    }
    Ok(json)
}

fn check(report: &Report) -> Result<(), WireError> {
    if report.protocol > PROTOCOL_VERSION {
        return Err(WireError::NewerProtocol { got: report.protocol, known: PROTOCOL_VERSION });
    }
    if report.seq == 0 {
        return Err(WireError::SeqZero);
    }
    at_most("probe runs", report.runs.len(), limits::RUNS)?;
    at_most("gaps", report.gaps.len(), limits::GAPS)?;
    let observations = report.runs.iter().map(|run| run.outcome.observations().len()).sum();
    at_most("observations", observations, limits::OBSERVATIONS)?;
    report.runs.iter().flat_map(|run| run.outcome.observations()).try_for_each(check_lists)
}

fn check_lists(observation: &Observation) -> Result<(), WireError> {
    match observation {
        Observation::Printer(Printer { reasons, alerts, supplies, details, .. }) => {
            at_most("state reasons of one printer", reasons.len(), limits::PRINTER_LIST)?;
            at_most("alerts of one printer", alerts.len(), limits::PRINTER_LIST)?;
            at_most("supplies of one printer", supplies.len(), limits::PRINTER_LIST)?;
            let details = details.as_deref().map(PrinterDetails::list_lengths).unwrap_or_default();
            details.into_iter().try_for_each(|len| at_most("details of one printer", len, limits::PRINTER_LIST))
        }
        Observation::Queue(queue) => at_most("state reasons of one queue", queue.reasons.len(), limits::PRINTER_LIST),
        Observation::Drive(drive) => match &drive.verdict {
            Verdict::Failing { reasons } => at_most("reasons of one drive", reasons.len(), limits::DRIVE_LIST),
            _ => Ok(()),
        },
        Observation::Route(route) => at_most("routers of one route", route.hops.len(), limits::HOPS),
        Observation::Array(array) => at_most("members of one array", array.members.len(), limits::ARRAY_LIST),
        Observation::Host(_)
        | Observation::Volume(_)
        | Observation::Link(_)
        | Observation::Hop(_)
        | Observation::Neighbour(_)
        | Observation::Interface(_)
        | Observation::Resolver(_)
        | Observation::Endpoint(_)
        | Observation::BlockDevice(_)
        | Observation::SilentPrinter(_)
        | Observation::FoundPrinter(_)
        | Observation::Unknown => Ok(()),
    }
}

/// Refuses a string token (RFC 8259, section 7) longer than [`limits::TEXT_CHARS`] wherever it
/// stands, also in fields that this build does not know. Works on tokens, so that a new text field
/// cannot be forgotten here.
fn check_texts(json: &[u8]) -> Result<(), WireError> {
    let mut rest = json;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        let (chars, len) = string_token(&rest[start + 1..]);
        if chars > limits::TEXT_CHARS {
            return Err(WireError::TextTooLong { what: "a string of the report", limit: limits::TEXT_CHARS });
        }
        rest = &rest[start + 1 + len..];
    }
    Ok(())
}

/// Characters of the string that `bytes` begin with, and its bytes with the closing quote.
fn string_token(bytes: &[u8]) -> (usize, usize) {
    let (mut chars, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (chars, at + 1),
            b'\\' => {
                // The second half of a surrogate pair belongs to the character before it.
                let second_half =
                    matches!(bytes.get(at + 1..at + 4), Some([b'u', b'd' | b'D', b'c'..=b'f' | b'C'..=b'F']));
                chars += usize::from(!second_half);
                at += if bytes.get(at + 1) == Some(&b'u') { 6 } else { 2 };
            }
            // Continuation bytes of UTF-8 are not characters.
            0x80..=0xBF => at += 1,
            _ => (chars, at) = (chars + 1, at + 1),
        }
    }
    (chars, bytes.len())
}

fn at_most(what: &'static str, got: usize, limit: usize) -> Result<(), WireError> {
    if got > limit { Err(WireError::TooMany { what, got, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(json: &str) -> usize {
        string_token(json.as_bytes()).0
    }

    #[test]
    fn a_character_is_one_however_it_is_written() {
        assert_eq!(chars(r#"abc" "rest"#), 3);
        assert_eq!(chars("ä€😀\""), 3);
        assert_eq!(chars(r#"\u00e4\n\"\\""#), 4);
        assert_eq!(chars(r#"\ud83d\ude00""#), 1);
    }

    #[test]
    fn a_cut_string_ends_where_the_bytes_end() {
        assert_eq!(string_token(b"ab\\"), (3, 3));
        assert_eq!(string_token(br"\u12"), (1, 4));
    }
}
