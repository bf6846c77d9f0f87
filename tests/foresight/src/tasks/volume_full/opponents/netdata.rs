//! Netdata's `disk_fill_rate` and `out_of_disk_space_time` (`health/health.d/disks.conf`), with their
//! hysteresis: a warning under 8 hours stays until 48, a critical one under 2 until 24.

use super::{super::usage::Usage, Opponent};
use beforehand_shared::time::{Millis, Timestamp};

/// How far back a standing alarm is followed.
const MEMORY: Millis = Millis::days(7);

pub(super) struct OutOfSpace;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Clear,
    Warning,
    Critical,
}

impl Opponent for OutOfSpace {
    fn name(&self) -> String {
        "Netdata out_of_disk_space_time".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let points = usage.window(MEMORY, at);
        let status = points.iter().fold(Status::Clear, |status, point| next(status, hours_left(usage, point.at)));
        status > Status::Clear
    }
}

/// The status that follows; without data there is none.
fn next(status: Status, hours: Option<f64>) -> Status {
    let Some(hours) = hours.filter(|hours| *hours > 0.0) else { return Status::Clear };
    let warn = hours < if status >= Status::Warning { 48.0 } else { 8.0 };
    let critical = hours < if status == Status::Critical { 24.0 } else { 2.0 };
    match (critical, warn) {
        (true, _) => Status::Critical,
        (false, true) => Status::Warning,
        (false, false) => Status::Clear,
    }
}

/// `avail / rate`, where the rate is what went since the lowest level of 60 to 50 minutes ago.
fn hours_left(usage: &Usage, at: Timestamp) -> Option<f64> {
    let now = usage.free(usage.latest(at)?);
    let before = usage.between(at.minus(Millis::minutes(60)), at.minus(Millis::minutes(50)));
    let lowest = before.iter().map(|point| usage.free(*point)).min_by(f64::total_cmp)?;
    let per_hour = lowest - now;
    Some(if per_hour > 0.0 { now / per_hour } else { f64::INFINITY })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    #[test]
    fn the_rate_is_taken_from_an_hour_ago() {
        // Free 200 at minute 5, 100 at minute 60: 100 an hour, so one hour is left.
        let usage = usage(&[(0, 790.0), (5, 800.0), (60, 900.0)]);
        assert_eq!(hours_left(&usage, minute_of(60)), Some(1.0));
        assert!(OutOfSpace.alarms(&usage, minute_of(60)));
    }

    #[test]
    fn a_warning_stays_until_48_hours_are_left() {
        assert!(next(Status::Clear, Some(20.0)) == Status::Clear);
        assert!(next(Status::Warning, Some(20.0)) == Status::Warning);
        assert!(next(Status::Warning, Some(50.0)) == Status::Clear);
        assert!(next(Status::Critical, Some(23.0)) == Status::Critical);
        assert!(next(Status::Warning, None) == Status::Clear);
    }
}
