//! What users reported, and whether a case covers it.

use crate::{case::Case, ledger::Draft, ticket::UserReport};
use beforehand_shared::time::Timestamp;

/// Whether `case` is about what `report` tells of.
pub fn covers(_case: &Case, _report: &UserReport) -> bool {
    false
}

/// The entry of a report that no ticket covers: missed, or out of scope. `covering` is the case
/// that [`covers`] it, if any. None when that case has or may still get a ticket: its own outcome
/// then tells of the report; ask again once it has closed.
pub fn judge_user_report(
    _report: &UserReport,
    _covering: Option<&Case>,
    _asset_name: &str,
    _written_at: Timestamp,
) -> Option<Draft> {
    None
}
