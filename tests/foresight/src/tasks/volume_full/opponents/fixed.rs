//! A fixed share used, the oldest rule of all.

use super::{super::usage::Usage, Opponent};
use beforehand_shared::time::Timestamp;

/// Per cent used from which it alarms.
pub(super) struct Used(pub f64);

impl Opponent for Used {
    fn name(&self) -> String {
        format!("fixed {:.0} %", self.0)
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        usage.latest(at).is_some_and(|point| 100.0 * point.used / usage.size >= self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    #[test]
    fn it_alarms_from_its_share_on() {
        let usage = usage(&[(0, 799.0), (1, 800.0)]);
        assert!(!Used(80.0).alarms(&usage, minute_of(0)));
        assert!(Used(80.0).alarms(&usage, minute_of(1)));
    }
}
