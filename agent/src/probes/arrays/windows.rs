//! Windows.

use crate::probe::ProbeError;
use beforehand_shared::array::Array;

/// Nothing is read here yet.
pub(super) fn arrays() -> Result<Vec<Array>, ProbeError> {
    Err(ProbeError::Unsupported("arrays are not read on Windows yet".to_owned()))
}
