//! The outcome of a closed case.

use crate::{
    ledger::{ClosedCase, Draft},
    record::RuleRecord,
};
use beforehand_shared::time::Timestamp;

/// None for what is never counted: a case without a ticket, or one that a wider cause explains.
pub fn judge(_closed: &ClosedCase, _record: &RuleRecord, _written_at: Timestamp) -> Option<Draft> {
    None
}
