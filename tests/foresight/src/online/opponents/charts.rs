//! Control charts: moving three sigma; EWMA (Roberts 1959); CUSUM and Page-Hinkley (Page 1954).

use super::{Day, Detector, Standard};
use beforehand_shared::time::Timestamp;

/// Mean and standard deviation of the trailing 24 hours, anomalies included.
#[derive(Default)]
pub struct ThreeSigma(Day);

impl Detector for ThreeSigma {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let values = self.0.values();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let deviation = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        let known = self.0.robust_is_known();
        self.0.push(at, value);
        known && value > mean + 3.0 * deviation
    }
}

impl Day {
    fn robust_is_known(&self) -> bool {
        self.0.len() >= 5
    }
}

const LAMBDA: f64 = 0.2;

/// `z = (1 - l) z + l u`, alarm above `L sqrt(l / (2 - l))`.
pub struct Ewma {
    limit: f64,
    z: f64,
    standard: Standard,
}

impl Ewma {
    pub fn new(l: f64) -> Self {
        Self { limit: l * (LAMBDA / (2.0 - LAMBDA)).sqrt(), z: 0.0, standard: Standard::default() }
    }
}

impl Detector for Ewma {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let u = self.standard.z(at, value).unwrap_or(0.0);
        self.z = (1.0 - LAMBDA) * self.z + LAMBDA * u;
        let alarm = self.z > self.limit;
        self.standard.learn(at, value, alarm);
        alarm
    }
}

/// `C = max(0, C + u - k)`, alarm above `h`; forgotten no slower than it came.
pub struct Cusum {
    k: f64,
    h: f64,
    sum: f64,
    standard: Standard,
}

impl Cusum {
    pub fn new(k: f64, h: f64) -> Self {
        Self { k, h, sum: 0.0, standard: Standard::default() }
    }
}

impl Detector for Cusum {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let u = self.standard.z(at, value).unwrap_or(0.0);
        self.sum = (self.sum + u - self.k).clamp(0.0, 2.0 * self.h);
        let alarm = self.sum > self.h;
        self.standard.learn(at, value, alarm);
        alarm
    }
}

/// `U += x - mean - delta`, alarm where `U - min U > lambda`; begins anew after an alarm.
#[derive(Default)]
pub struct PageHinkley {
    n: f64,
    mean: f64,
    u: f64,
    least: f64,
    standard: Standard,
}

const DELTA: f64 = 0.5;
const LIMIT: f64 = 20.0;

impl Detector for PageHinkley {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let x = self.standard.z(at, value).unwrap_or(0.0);
        self.n += 1.0;
        self.mean += (x - self.mean) / self.n;
        self.u += x - self.mean - DELTA;
        self.least = self.least.min(self.u);
        let alarm = self.u - self.least > LIMIT;
        if alarm {
            (self.n, self.mean, self.u, self.least) = (0.0, 0.0, 0.0, 0.0);
        }
        self.standard.learn(at, value, alarm);
        alarm
    }
}
