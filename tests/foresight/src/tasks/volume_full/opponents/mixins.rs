//! Published rule sets on top of `predict_linear`: node-mixin of the node exporter
//! (`docs/node-mixin/alerts`), kubernetes-mixin (`alerts/storage_alerts.libsonnet`) and
//! awesome-prometheus-alerts (host out of disk space, prediction).

use super::{
    super::usage::Usage,
    Opponent,
    prometheus::{held, predict_linear},
};
use beforehand_shared::time::{Millis, Timestamp};

/// Warning: under 40 % and gone in 24 h by the last 6 h, for 1 h. Critical: under 20 % and gone in
/// 4 h. Almost out: under 5 % for 30 min.
pub(super) struct Node;

impl Opponent for Node {
    fn name(&self) -> String {
        "Prometheus node-mixin".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let gone = |pct, ahead| {
            held(Millis::HOUR, at, |at| free_pct(usage, at) < pct && gone(usage, Millis::hours(6), ahead, at))
        };
        gone(40.0, Millis::hours(24))
            || gone(20.0, Millis::hours(4))
            || held(Millis::minutes(30), at, |at| free_pct(usage, at) < 5.0)
    }
}

/// Warning: under 15 % and gone in 4 d by the last 6 h, for 1 h. Critical: under 3 % for 1 min.
pub(super) struct Kubernetes;

impl Opponent for Kubernetes {
    fn name(&self) -> String {
        "Prometheus kubernetes-mixin".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let filling = |at| {
            free_pct(usage, at) < 15.0
                && gone(usage, Millis::hours(6), Millis::days(4), at)
                && usage.latest(at).is_some_and(|point| point.used > 0.0)
        };
        held(Millis::HOUR, at, filling) || held(Millis::MINUTE, at, |at| free_pct(usage, at) < 3.0)
    }
}

/// Gone in 24 h by the last 3 h, while something is left.
pub(super) struct Awesome;

impl Opponent for Awesome {
    fn name(&self) -> String {
        "awesome-prometheus-alerts".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let predicted = predict_linear(usage, Millis::hours(3), Millis::DAY, at);
        free_pct(usage, at) > 0.0 && predicted.is_some_and(|free| free <= 0.0)
    }
}

fn free_pct(usage: &Usage, at: Timestamp) -> f64 {
    usage.latest(at).map_or(f64::INFINITY, |point| 100.0 * usage.free(point) / usage.size)
}

fn gone(usage: &Usage, window: Millis, ahead: Millis, at: Timestamp) -> bool {
    predict_linear(usage, window, ahead, at).is_some_and(|free| free < 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    /// From 700 used, 1 a minute: the rest is gone in 5 hours.
    fn filling() -> Usage {
        usage(&(0..=240).map(|m| (m, 700.0 + m as f64)).collect::<Vec<_>>())
    }

    #[test]
    fn node_mixin_warns_once_less_than_forty_per_cent_is_left_for_an_hour() {
        assert!(!Node.alarms(&filling(), minute_of(59)), "there were no two samples an hour ago");
        assert!(Node.alarms(&filling(), minute_of(62)));
    }

    #[test]
    fn kubernetes_mixin_waits_for_fifteen_per_cent() {
        // Free is 149 at minute 151, and an hour later it has been so for an hour.
        assert!(!Kubernetes.alarms(&filling(), minute_of(210)));
        assert!(Kubernetes.alarms(&filling(), minute_of(211)));
    }

    #[test]
    fn the_three_hour_line_fires_at_once() {
        assert!(Awesome.alarms(&filling(), minute_of(2)));
    }
}
