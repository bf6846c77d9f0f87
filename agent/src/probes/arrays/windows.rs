//! Windows: nothing but the tools of RAID controllers yet.

use super::ask::Present;
use crate::probe::ProbeError;
use beforehand_shared::array::Array;

#[expect(clippy::unnecessary_wraps, reason = "as on every system")]
pub(super) fn arrays() -> Result<(Vec<Array>, Present), ProbeError> {
    Ok((Vec::new(), Present::default()))
}
