//! Rules on lost pings: Zabbix's template "ICMP Ping", Netdata's `ping.conf`, SmokePing's someloss.

use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

/// Fed with one round after the other; tells whether it is alarming.
pub(super) trait Rule {
    fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> bool;
}

/// The shares lost of the latest rounds, per cent.
#[derive(Default)]
struct Rounds(VecDeque<(Timestamp, f64)>);

impl Rounds {
    fn push(&mut self, at: Timestamp, sent: u32, lost: u32, keep: Millis) {
        self.0.push_back((at, 100.0 * f64::from(lost) / f64::from(sent.max(1))));
        while self.0.front().is_some_and(|(old, _)| at.since(*old) >= keep) {
            self.0.pop_front();
        }
    }

    fn latest(&self, rounds: usize) -> impl Iterator<Item = f64> {
        self.0.iter().rev().take(rounds).map(|(_, pct)| *pct)
    }
}

/// `min(loss, 5m) > 20` and below 100, where the loss of a check is of its own pings, or
/// `max(icmpping, #3) = 0`.
#[derive(Default)]
pub(super) struct Zabbix(Rounds);

impl Rule for Zabbix {
    fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> bool {
        self.0.push(at, sent, lost, Millis::minutes(5));
        let least = self.0.latest(5).fold(100.0, f64::min);
        let lossy = self.0.0.len() >= 5 && least > 20.0 && least < 100.0;
        let down = self.0.0.len() >= 3 && self.0.latest(3).all(|pct| pct >= 100.0);
        lossy || down
    }
}

/// More than 5 % lost over ten minutes, or no answer in 30 seconds; the end is held back for half an
/// hour, half as long again each time up to two hours.
#[derive(Default)]
pub(super) struct Netdata {
    rounds: Rounds,
    raised: Option<Timestamp>,
    held: Option<Millis>,
}

impl Rule for Netdata {
    fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> bool {
        self.rounds.push(at, sent, lost, Millis::minutes(10));
        let mean = self.rounds.latest(10).sum::<f64>() / self.rounds.0.len() as f64;
        if mean > 5.0 || lost >= sent {
            let longer = |held: Millis| Millis((held.0 * 3 / 2).min(Millis::hours(2).0));
            if self.raised.is_none() {
                self.held = Some(self.held.map_or(Millis::minutes(30), longer));
            }
            self.raised = Some(at);
        } else if self.raised.zip(self.held).is_some_and(|(raised, held)| at.since(raised) > held) {
            self.raised = None;
        }
        self.raised.is_some()
    }
}

/// `>0%,*12*,>0%,*12*,>0%`: the latest round and two before it lost something, each at most twelve
/// rounds after the one before.
#[derive(Default)]
pub(super) struct SomeLoss(Rounds);

impl Rule for SomeLoss {
    fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> bool {
        self.0.push(at, sent, lost, Millis::minutes(60));
        let lossy: Vec<usize> =
            self.0.latest(30).enumerate().filter(|(_, pct)| *pct > 0.0).map(|(age, _)| age).take(3).collect();
        matches!(lossy[..], [0, second, third] if second <= 13 && third - second <= 13)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarms(mut rule: impl Rule, lost: &[u32]) -> Vec<bool> {
        (0..).zip(lost).map(|(minute, lost)| rule.add(Timestamp(minute * 60_000), 5, *lost)).collect()
    }

    #[test]
    fn zabbix_wants_five_lossy_rounds_or_three_without_answer() {
        assert_eq!(alarms(Zabbix::default(), &[2, 2, 2, 2, 2])[3..], [false, true]);
        assert_eq!(alarms(Zabbix::default(), &[0, 5, 5, 5])[2..], [false, true]);
        assert!(!alarms(Zabbix::default(), &[1; 30]).contains(&true), "20 % is not above 20 %");
    }

    #[test]
    fn smokeping_wants_three_lossy_rounds_near_each_other() {
        assert_eq!(alarms(SomeLoss::default(), &[1, 0, 0, 1, 0, 1, 0])[4..], [false, true, false]);
        let mut far = vec![0; 40];
        (far[0], far[20], far[39]) = (1, 1, 1);
        assert!(!alarms(SomeLoss::default(), &far).contains(&true));
    }
}
