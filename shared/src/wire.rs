//! Encoding of a report: JSON compressed with zstd, every limit checked before memory is spent.

use crate::{PROTOCOL_VERSION, limits, report::Report};
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
    let report: Report = serde_json::from_slice(&json).map_err(WireError::NotAReport)?;
    check(&report)?;
    Ok(report)
}

/// The JSON inside `body`.
pub fn expand(body: &[u8]) -> Result<Vec<u8>, WireError> {
    if body.len() > limits::BODY_BYTES {
        return Err(WireError::BodyTooLarge { got: body.len(), limit: limits::BODY_BYTES });
    }
    let limit = limits::EXPANDED_BYTES.min(body.len().saturating_mul(limits::EXPANSION_RATIO));
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
    at_most("observations", observations, limits::OBSERVATIONS)
}

fn at_most(what: &'static str, got: usize, limit: usize) -> Result<(), WireError> {
    if got > limit { Err(WireError::TooMany { what, got, limit }) } else { Ok(()) }
}
