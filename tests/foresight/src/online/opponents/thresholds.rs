//! Fixed limits on round trips and what surrounds them: Zabbix's template "ICMP Ping", `check_ping`
//! of the monitoring plugins, Netdata's `ping.conf`, SmokePing's patterns, Icinga's flapping.

use super::Detector;
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

/// Zabbix: the average of five minutes above 150 ms.
#[derive(Default)]
pub struct Zabbix(VecDeque<(Timestamp, f64)>);

impl Detector for Zabbix {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        self.0.push_back((at, value));
        while self.0.front().is_some_and(|(old, _)| at.since(*old) > Millis::minutes(5)) {
            self.0.pop_front();
        }
        self.0.iter().map(|(_, value)| value).sum::<f64>() / self.0.len() as f64 > 150.0
    }
}

/// `check_ping -w 100,20%` with three attempts until the state is hard; one good one ends it.
#[derive(Default)]
pub struct CheckPing {
    bad: u32,
    on: bool,
}

impl Detector for CheckPing {
    fn add(&mut self, _: Timestamp, value: f64) -> bool {
        self.bad = if value > 100.0 { self.bad + 1 } else { 0 };
        self.on = self.bad >= 3 || (self.on && self.bad > 0);
        self.on
    }
}

/// Netdata 1.37: above 500 ms on average or 1000 ms at most in 10 s, which is one sample here; the
/// end is held back by 30 minutes, half as long again each time up to two hours.
#[derive(Default)]
pub struct Netdata {
    since: Option<Timestamp>,
    held: Option<Millis>,
}

impl Detector for Netdata {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        if value > 500.0 {
            let again = self.since.is_none().then_some(self.held).flatten();
            self.held =
                Some(again.map_or(Millis::minutes(30), |held| Millis((held.0 * 3 / 2).min(Millis::hours(2).0))));
            self.since = Some(at);
        } else if self.since.zip(self.held).is_some_and(|(since, held)| at.since(since) > held) {
            self.since = None;
        }
        self.since.is_some()
    }
}

/// SmokePing `rttdetect`: `<10,<10,<10,<10,<10,<100,>100,>100,>100`, milliseconds round by round.
#[derive(Default)]
pub struct RttDetect(VecDeque<f64>);

impl Detector for RttDetect {
    fn add(&mut self, _: Timestamp, value: f64) -> bool {
        self.0.push_back(value);
        if self.0.len() > 9 {
            self.0.pop_front();
        }
        let limits = [10.0, 10.0, 10.0, 10.0, 10.0, 100.0];
        let low = self.0.iter().zip(limits).all(|(value, limit)| *value < limit);
        self.0.len() == 9 && low && self.0.iter().skip(6).all(|value| *value > 100.0)
    }
}

/// Icinga 2 (`checkable-flapping.cpp`) on whether a round is above 100 ms: of the last 20 states a
/// weighted share that changed, from 0.8 for the oldest by 0.02; above 30 % until 25 %.
#[derive(Default)]
pub struct Flapping {
    last: Option<bool>,
    changed: VecDeque<bool>,
    on: bool,
}

impl Detector for Flapping {
    fn add(&mut self, _: Timestamp, value: f64) -> bool {
        let state = value > 100.0;
        self.changed.push_back(self.last.is_some_and(|last| last != state));
        self.last = Some(state);
        if self.changed.len() > 20 {
            self.changed.pop_front();
        }
        let missing = 20 - self.changed.len();
        let weight = |(place, _): (usize, &bool)| 0.8 + 0.02 * (missing + place) as f64;
        let share = self.changed.iter().enumerate().filter(|(_, changed)| **changed).map(weight).sum::<f64>() / 20.0;
        self.on = share > if self.on { 0.25 } else { 0.30 };
        self.on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarms(mut detector: impl Detector, values: &[f64]) -> Vec<bool> {
        (0..).zip(values).map(|(minute, value)| detector.add(Timestamp(minute * 60_000), *value)).collect()
    }

    #[test]
    fn smokeping_wants_a_fast_line_that_turns_slow() {
        let fast = [9.0, 9.0, 9.0, 9.0, 9.0, 50.0, 120.0, 120.0, 120.0];
        assert!(alarms(RttDetect::default(), &fast)[8]);
        assert!(!alarms(RttDetect::default(), &[120.0; 20]).contains(&true));
    }

    #[test]
    fn a_state_that_changes_every_time_flaps_and_one_that_changes_once_does_not() {
        let swings: Vec<f64> = (0..30).map(|n| if n % 2 == 0 { 50.0 } else { 200.0 }).collect();
        assert!(alarms(Flapping::default(), &swings)[29]);
        assert!(!alarms(Flapping::default(), &[[50.0; 10], [200.0; 10]].concat()).contains(&true));
    }

    #[test]
    fn check_ping_is_hard_at_the_third_attempt() {
        assert_eq!(alarms(CheckPing::default(), &[120.0, 120.0, 120.0, 90.0]), [false, false, true, false]);
    }
}
