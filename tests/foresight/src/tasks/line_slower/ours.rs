//! The collector's own detector behind the interface of all.

use crate::{
    online::{Detector, Method},
    report::By,
};
use beforehand_core::path::slow::{Gate, Pace, Watch};
use beforehand_shared::time::Timestamp;

struct Slow(Watch);

pub(super) fn method() -> Method {
    Method::new(By::Ours, "three slow rounds in a row", || Slow(Watch::new(Gate::INTERNET)))
}

impl Detector for Slow {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        matches!(self.0.add(at, value), Pace::Slow { .. })
    }
}
