//! What other tools and textbooks make of a series, each as its source defines it.

pub mod bayes;
pub mod charts;
pub mod netdata_ml;
pub mod predictive;
pub mod robust;
pub mod thresholds;

use super::{Detector, Method};
use crate::report::By;
use beforehand_core::math::quantile::{median, median_and_spread};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

/// A rise that matters, as a share of what is usual and in the unit of the series.
#[derive(Debug, Clone, Copy)]
pub struct Effect {
    pub least: f64,
    pub share: f64,
}

impl Effect {
    pub const NONE: Self = Self { least: 0.0, share: 0.0 };
    /// 12 % and 4 ms.
    pub const OF_ROUND_TRIPS: Self = Self { least: 4.0, share: 0.12 };

    fn passes(self, value: f64, usual: f64) -> bool {
        value - usual >= (self.share * usual).max(self.least)
    }
}

/// Those that work on any series.
pub fn plain() -> Vec<Method> {
    vec![
        method("3-sigma moving 24 h", charts::ThreeSigma::default),
        method("EWMA chart l=.2 L=3", || charts::Ewma::new(3.0)),
        method("EWMA chart l=.2 L=5", || charts::Ewma::new(5.0)),
        method("CUSUM k=.5 h=5", || charts::Cusum::new(0.5, 5.0)),
        method("CUSUM k=1 h=12", || charts::Cusum::new(1.0, 12.0)),
        method("Page-Hinkley d=.5 l=20", charts::PageHinkley::default),
        method("BOCPD 1/500, P > 0.9", bayes::Bocpd::default),
        method("Netdata ML, k-means of 18 models", netdata_ml::Ml::default),
        method("Checkmk predictive levels, 2 sigma", || predictive::Predictive::new(2.0)),
        method("Checkmk predictive levels, 4 sigma", || predictive::Predictive::new(4.0)),
        method("robust z > 4, 3 of 5", || robust::OfLast::new(3, 5, Effect::NONE)),
    ]
}

/// The same where the rise must matter as well.
pub fn gated(effect: Effect) -> Vec<Method> {
    vec![
        method("EWMA chart l=.2 L=5, gated", move || Gated::new(effect, charts::Ewma::new(5.0))),
        method("CUSUM k=1 h=12, gated", move || Gated::new(effect, charts::Cusum::new(1.0, 12.0))),
        method("Page-Hinkley d=.5 l=20, gated", move || Gated::new(effect, charts::PageHinkley::default())),
        method("BOCPD 1/500, gated", move || Gated::new(effect, bayes::Bocpd::default())),
        method("Netdata ML, gated", move || Gated::new(effect, netdata_ml::Ml::default())),
        method("robust z > 4, 3 of 5, gated", move || robust::OfLast::new(3, 5, effect)),
        method("robust z > 4, 4 of 6, gated", move || robust::OfLast::new(4, 6, effect)),
    ]
}

/// Rules for round trips in milliseconds.
pub fn of_round_trips() -> Vec<Method> {
    vec![
        method("Zabbix ICMP Ping, 150 ms over 5 min", thresholds::Zabbix::default),
        method("Netdata ping.conf, 500 ms", thresholds::Netdata::default),
        method("check_ping 100 ms, 3 attempts", thresholds::CheckPing::default),
        method("SmokePing rttdetect", thresholds::RttDetect::default),
        method("Icinga flapping of check_ping", thresholds::Flapping::default),
    ]
}

fn method<D: Detector + 'static>(name: &str, make: impl Fn() -> D + 'static) -> Method {
    Method::new(By::Opponent, name, make)
}

/// The values of the trailing 24 hours.
#[derive(Debug, Clone, Default)]
struct Day(VecDeque<(Timestamp, f64)>);

impl Day {
    fn push(&mut self, at: Timestamp, value: f64) {
        self.0.push_back((at, value));
        while self.0.front().is_some_and(|(old, _)| at.since(*old) > Millis::DAY) {
            self.0.pop_front();
        }
    }

    fn values(&self) -> Vec<f64> {
        self.0.iter().map(|(_, value)| *value).collect()
    }

    /// Median and 1.4826 MAD, once a quarter of a day is known.
    fn robust(&self) -> Option<(f64, f64)> {
        let (first, last) = self.0.front().zip(self.0.back())?;
        (last.0.since(first.0) >= Millis::hours(5)).then(|| median_and_spread(&mut self.values()))?
    }
}

/// Robust z scores against a trailing day that stands still while there is an alarm, worked out anew
/// every half hour.
#[derive(Debug, Clone, Default)]
struct Standard {
    day: Day,
    fitted: Option<(Timestamp, f64, f64)>,
}

impl Standard {
    fn z(&mut self, at: Timestamp, value: f64) -> Option<f64> {
        let old = self.fitted.is_none_or(|(when, _, _)| at.since(when) >= Millis::minutes(30));
        if old && let Some((centre, spread)) = self.day.robust() {
            self.fitted = Some((at, centre, spread));
        }
        let (_, centre, spread) = self.fitted?;
        Some((value - centre) / spread.max(1e-3 * centre.abs()).max(1e-9))
    }

    fn centre(&self) -> Option<f64> {
        self.fitted.map(|(_, centre, _)| centre)
    }

    /// Takes the value unless there is an alarm.
    fn learn(&mut self, at: Timestamp, value: f64, alarm: bool) {
        if !alarm {
            self.day.push(at, value);
        }
    }
}

/// Alarms only where the latest values matter, too.
struct Gated<D> {
    effect: Effect,
    inner: D,
    standard: Standard,
    latest: VecDeque<f64>,
    on: bool,
}

impl<D> Gated<D> {
    fn new(effect: Effect, inner: D) -> Self {
        Self { effect, inner, standard: Standard::default(), latest: VecDeque::new(), on: false }
    }
}

impl<D: Detector> Detector for Gated<D> {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let alarms = self.inner.add(at, value);
        self.latest.push_back(value);
        if self.latest.len() > 3 {
            self.latest.pop_front();
        }
        self.standard.z(at, value);
        let middle = median(&mut self.latest.iter().copied().collect::<Vec<_>>());
        let matters = middle.zip(self.standard.centre()).is_some_and(|(now, usual)| self.effect.passes(now, usual));
        self.on = alarms && matters;
        self.standard.learn(at, value, self.on);
        self.on
    }
}
