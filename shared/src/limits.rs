//! Every limit of the protocol, as a number with its reason. A limit that is passed is an error
//! that names the limit; nothing is cut silently.

use crate::time::Millis;

/// A compressed report. A typical one is under 1 KiB; a backlog is many reports, never a large one.
pub const BODY_BYTES: usize = 256 * 1024;
/// A report after decompression.
pub const EXPANDED_BYTES: usize = 4 * 1024 * 1024;
/// Expanded over compressed size. JSON of real reports reaches 25; a bomb passes 1,000.
pub const EXPANSION_RATIO: usize = 200;
/// What any report may expand to, whatever its ratio: the same failure of many probes repeats the
/// same words and compresses better than [`EXPANSION_RATIO`].
pub const EXPANDED_FREE: usize = 256 * 1024;
/// zstd window (as a power of two) that the decoder will allocate.
pub const WINDOW_LOG: u32 = 22;
/// Probe runs in one report.
pub const RUNS: usize = 256;
/// Observations in one report.
pub const OBSERVATIONS: usize = 2_000;
/// Gaps in one report.
pub const GAPS: usize = 256;
/// Characters of one string (names, messages, reasons).
pub const TEXT_CHARS: usize = 1_024;
/// State reasons, supplies or alerts of one printer.
pub const PRINTER_LIST: usize = 64;
/// Printers that one agent is handed to ask: one after another, within the quarter of an hour that a
/// sleeping printer is left alone.
pub const PRINTERS_TO_ASK: usize = 64;
/// Reasons for which one drive says that it fails.
pub const DRIVE_LIST: usize = 64;
/// Members of one array.
pub const ARRAY_LIST: usize = 256;
/// Routers of one trace: farther than most places of the internet are.
pub const HOPS: usize = 32;
/// Machines of its own office that one agent is handed to ping.
pub const NEIGHBOURS: usize = 4;
/// Series the collector keeps for one host; observations of further assets are refused by name.
pub const SERIES_PER_HOST: usize = 4_000;
/// How far in the future a measurement may lie before the collector replaces its time by the
/// time of receipt (the original stays in the frame).
pub const FUTURE: Millis = Millis::minutes(10);
/// How long an agent keeps acknowledged reports, so that a collector restored from an older
/// backup can ask for them again.
pub const KEEP_ACKED: Millis = Millis::hours(72);
/// The index of packages for updates. One entry is about 200 bytes.
pub const INDEX_BYTES: usize = 64 * 1024;
/// The signature of that index; minisign writes about 350 bytes.
pub const SIGNATURE_BYTES: usize = 4 * 1024;
/// A package as it is fetched. The agent is about 3 MiB compressed.
pub const PACKAGE_BYTES: u64 = 32 * 1024 * 1024;
/// A package after decompression: a program.
pub const PROGRAM_BYTES: u64 = 64 * 1024 * 1024;
/// zstd window (as a power of two) that unpacking a program may allocate.
pub const PROGRAM_WINDOW_LOG: u32 = 24;
