//! What is commonly done: a line through the last week, and fixed thresholds.

use beforehand_core::series::{Hour, Series};
use beforehand_shared::time::{Millis, Timestamp};

pub(super) trait Opponent {
    fn name(&self) -> String;
    /// Whether it would call for a new cartridge.
    fn alarms(&self, level: &Series, now: Timestamp) -> bool;
}

/// Linear regression on the hours of the last 7 days, until it reaches nothing.
pub(super) struct LastWeek;

/// Days in which ours wants an order out: three working days of delivery and a margin of two.
const LEAD_DAYS: f64 = 7.0;

impl LastWeek {
    /// Days left; nothing where it does not fall.
    pub(super) fn days(level: &Series, now: Timestamp) -> Option<f64> {
        let hours = level.hours_since(now.minus(Millis::days(7)));
        let x = |hour: &Hour| hour.at.since(now).as_days();
        let n = hours.len() as f64;
        if n < 2.0 {
            return None;
        }
        let (mx, my) = hours.iter().fold((0.0, 0.0), |(sx, sy), it| (sx + x(it) / n, sy + it.last / n));
        let (sxy, sxx) = hours
            .iter()
            .fold((0.0, 0.0), |(sxy, sxx), it| (sxy + (x(it) - mx) * (it.last - my), sxx + (x(it) - mx).powi(2)));
        let slope = sxy / sxx;
        let at_now = my - slope * mx;
        (slope < 0.0).then(|| (at_now / -slope).max(0.0))
    }
}

impl Opponent for LastWeek {
    fn name(&self) -> String {
        "line through the last 7 days".to_owned()
    }

    fn alarms(&self, level: &Series, now: Timestamp) -> bool {
        Self::days(level, now).is_some_and(|days| days <= LEAD_DAYS)
    }
}

/// As rules of LibreNMS and others have it.
pub(super) struct Below(pub(super) f64);

impl Opponent for Below {
    fn name(&self) -> String {
        format!("below {:.0} %", self.0)
    }

    fn alarms(&self, level: &Series, _: Timestamp) -> bool {
        level.hours.last().is_some_and(|hour| hour.last < self.0)
    }
}
