//! How prevention is counted, as PREVENTION defines it: a folder per case, and what must hold for
//! every case and every ledger.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

#[path = "accounting/build.rs"]
mod build;
#[path = "accounting/cases.rs"]
mod cases;
#[path = "accounting/corrections.rs"]
mod corrections;
#[path = "accounting/laws.rs"]
mod laws;
#[path = "accounting/months.rs"]
mod months;
#[path = "accounting/records.rs"]
mod records;
#[path = "accounting/reports.rs"]
mod reports;
