//! What storage management says of drives.

use super::super::reported::{Counter, PhysicalDisk, Reported};
use crate::platform::wmi::{self, words};

/// # Errors
/// Says why it says nothing.
pub(super) fn ask() -> Result<Reported, String> {
    wmi::ask(|wmi| {
        let disks: Vec<PhysicalDisk> = wmi.query().map_err(|error| words(&error))?;
        let counters: Result<Vec<Counter>, String> = wmi.query().map_err(|error| words(&error));
        Ok(Reported { disks, counters })
    })
}
