//! What other tools say of the same volume at the same instant, each as its source defines it.
//!
//! All see the volume as if it ended at the level in question. Where a rule looks at the present
//! value, the latest measured one holds however old it is, which is in its favour.

mod checkmk;
mod fixed;
mod mixins;
mod netdata;
mod prometheus;
mod zabbix;

use super::usage::Usage;
use beforehand_shared::time::{Millis, Timestamp};

pub trait Opponent: Sync {
    fn name(&self) -> String;

    /// Whether it would be alarming at `at`, given what was measured until then.
    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool;
}

/// Every opponent.
pub fn all() -> Vec<Box<dyn Opponent>> {
    let windows = [Millis::hours(6), Millis::days(1), Millis::days(3), Millis::days(7)];
    let holds = [Millis(0), Millis::HOUR];
    let linear = holds.into_iter().flat_map(|hold| windows.map(|window| prometheus::Linear::new(window, hold)));
    let mut all: Vec<Box<dyn Opponent>> = linear.map(|linear| -> Box<dyn Opponent> { Box::new(linear) }).collect();
    all.push(Box::new(mixins::Node));
    all.push(Box::new(mixins::Kubernetes));
    all.push(Box::new(mixins::Awesome));
    all.push(Box::new(zabbix::Stock));
    all.push(Box::new(zabbix::TimeLeft));
    all.push(Box::new(netdata::OutOfSpace));
    all.push(Box::new(checkmk::Trend));
    all.push(Box::new(fixed::Used(80.0)));
    all.push(Box::new(fixed::Used(90.0)));
    all
}

#[cfg(test)]
pub(super) mod tests {
    use crate::tasks::volume_full::usage::{Point, Usage};
    use beforehand_shared::time::Timestamp;

    /// A volume of 1000 with `(minute, used)`.
    pub(in crate::tasks::volume_full) fn usage(points: &[(i64, f64)]) -> Usage {
        let points = points.iter().map(|(minute, used)| Point { at: minute_of(*minute), used: *used }).collect();
        Usage::of("test".to_owned(), 1000.0, points)
    }

    pub(in crate::tasks::volume_full) const fn minute_of(minute: i64) -> Timestamp {
        Timestamp(minute * 60_000)
    }
}
