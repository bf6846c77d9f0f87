//! What each metric is called: one line each, and nowhere else.

use super::Metric::{self, *};

/// Word, title and evidence of a metric.
pub(super) type Names = (Metric, &'static str, &'static str, Evidence);
/// What it is, the unit in which the ledger keeps it, and what measured values are divided by for that.
pub(super) type Evidence = (&'static str, &'static str, f64);

/// The word is kept in the store and part of addresses: it never changes. The title is for pages; where values have a
/// unit, it stands in brackets.
pub(super) static ALL: [Names; 50] = [
    (Present, "present", "Reports", ("Reports", "1", 1.0)),
    (FreeBytes, "free_bytes", "Free space (bytes)", ("Free space", "GB", 1e9)),
    (TotalBytes, "total_bytes", "Size (bytes)", ("Size", "GB", 1e9)),
    (InodesFree, "inodes_free", "Free inodes", ("Free inodes", "thousands", 1e3)),
    (InodesTotal, "inodes_total", "Inodes", ("Inodes", "thousands", 1e3)),
    (LossPct, "loss_pct", "Packets lost (%)", ("Packets lost", "%", 1.0)),
    (RttMs, "rtt_ms", "Round trip (ms)", ("Round trip", "ms", 1.0)),
    (JitterMs, "jitter_ms", "Jitter (ms)", ("Jitter", "ms", 1.0)),
    (ReceivedKbit, "received_kbit", "Received (kbit/s)", ("Received", "kbit/s", 1.0)),
    (SentKbit, "sent_kbit", "Sent (kbit/s)", ("Sent", "kbit/s", 1.0)),
    (FrameErrors, "frame_errors", "Damaged frames", ("Damaged frames", "frames", 1.0)),
    (FramesGivenUp, "frames_given_up", "Given up by the radio", ("Given up by the radio", "frames", 1.0)),
    (FramesDropped, "frames_dropped", "Frames without room", ("Frames without room", "frames", 1.0)),
    (SignalDbm, "signal_dbm", "Strength of the signal (dBm)", ("Strength of the signal", "dBm", 1.0)),
    (AnswerMs, "answer_ms", "Time to answer (ms)", ("Time to answer", "ms", 1.0)),
    (Failed, "failed", "Answers that failed", ("Without an answer", "1 = none", 1.0)),
    (CertificateDays, "certificate_days", "Until the certificate ends (days)", ("Certificate valid", "days", 1.0)),
    (CertificateRefused, "certificate_refused", "Certificate refused (1: yes)", ("Certificate refused", "1: yes", 1.0)),
    (PrinterState, "printer_state", "State of the printer", ("State", "0 idle, 1 printing, 2 stopped", 1.0)),
    (Pages, "pages", "Pages printed", ("Pages printed", "pages", 1.0)),
    (Troubled, "troubled", "Jam or fault (1 = reported, 2 = both)", ("Jam or fault", "1 = reported, 2 = both", 1.0)),
    (Jobs, "jobs", "Jobs waiting", ("Waiting jobs", "jobs", 1.0)),
    (OldestJobMinutes, "oldest_job_minutes", "Wait of the oldest job (min)", ("Oldest job waits", "minutes", 1.0)),
    (TemperatureC, "temperature_c", "Temperature (°C)", ("Temperature", "°C", 1.0)),
    (WearPct, "wear_pct", "Wear, used of its life (%)", ("Wear", "%", 1.0)),
    (SparePct, "spare_pct", "Spare blocks left (%)", ("Spare blocks left", "%", 1.0)),
    (PowerOnHours, "power_on_hours", "Hours of running (h)", ("Running", "hours", 1.0)),
    (MediaErrors, "media_errors", "Data errors", ("Data errors", "errors", 1.0)),
    (ReallocatedSectors, "reallocated_sectors", "Sectors reallocated", ("Reallocated", "sectors", 1.0)),
    (PendingSectors, "pending_sectors", "Sectors pending", ("Pending", "sectors", 1.0)),
    (UncorrectableSectors, "uncorrectable_sectors", "Sectors unreadable", ("Unreadable", "sectors", 1.0)),
    (CrcErrors, "crc_errors", "Errors on the cable", ("On the cable", "errors", 1.0)),
    (ReallocationEvents, "reallocation_events", "Attempts to move a sector", ("Attempts to move", "sectors", 1.0)),
    (CommandTimeouts, "command_timeouts", "Commands that took too long", ("Took too long", "commands", 1.0)),
    (SpinRetries, "spin_retries", "Attempts to spin up again", ("Spun up again", "attempts", 1.0)),
    (EndToEndErrors, "end_to_end_errors", "Errors inside the drive", ("Inside the drive", "errors", 1.0)),
    (ProgramFailures, "program_failures", "Cells that could not be written", ("Not written", "cells", 1.0)),
    (EraseFailures, "erase_failures", "Blocks that could not be erased", ("Not erased", "blocks", 1.0)),
    (PowerCycles, "power_cycles", "Times switched on", ("Switched on", "times", 1.0)),
    (ErrorLogEntries, "error_log_entries", "Errors logged", ("Logged", "errors", 1.0)),
    (SelfTestFailed, "self_test_failed", "Last self-test found a fault", ("Last self-test", "1 = fault", 1.0)),
    (AwaitMs, "await_ms", "Time to answer (ms)", ("Time to answer", "ms", 1.0)),
    (WorstAwaitMs, "worst_await_ms", "Longest time to answer (ms)", ("Longest time to answer", "ms", 1.0)),
    (Requests, "requests", "Requests", ("Requests", "requests", 1.0)),
    (BusyPct, "busy_pct", "Busy (%)", ("Busy", "%", 1.0)),
    (Timeouts, "timeouts", "Not answered in time", ("Not answered in time", "requests", 1.0)),
    (FsErrors, "fs_errors", "Errors noted by the file system", ("Noted by the file system", "errors", 1.0)),
    (MembersMissing, "members_missing", "Members missing", ("Members missing", "drives", 1.0)),
    (RebuiltPct, "rebuilt_pct", "Rebuilt (%)", ("Rebuilt", "%", 1.0)),
    (ArrayErrors, "array_errors", "Errors counted", ("Errors counted", "errors", 1.0)),
];
