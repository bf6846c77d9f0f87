//! Checkmk's predictive levels: mean and standard deviation of the same hour on earlier days, upper
//! levels at so many standard deviations (2 and 4 as delivered).

use super::Detector;
use beforehand_shared::time::{Millis, Timestamp};

pub struct Predictive {
    sigmas: f64,
    day: Option<Timestamp>,
    /// Number, sum and sum of squares for each hour of the day: of earlier days, and of today.
    known: [[f64; 3]; 24],
    today: [[f64; 3]; 24],
}

impl Predictive {
    pub fn new(sigmas: f64) -> Self {
        Self { sigmas, day: None, known: [[0.0; 3]; 24], today: [[0.0; 3]; 24] }
    }
}

impl Detector for Predictive {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        if self.day != Some(at.day_start()) {
            for (known, today) in self.known.iter_mut().zip(&mut self.today) {
                known.iter_mut().zip(*today).for_each(|(known, today)| *known += today);
                *today = [0.0; 3];
            }
            self.day = Some(at.day_start());
        }
        let hour = at.0.div_euclid(Millis::HOUR.0).rem_euclid(24) as usize;
        let [n, sum, squares] = self.known[hour];
        self.today[hour] =
            [self.today[hour][0] + 1.0, self.today[hour][1] + value, self.today[hour][2] + value * value];
        let mean = sum / n;
        let deviation = (squares / n - mean * mean).max(0.0).sqrt();
        n >= 2.0 && value > mean + self.sigmas * deviation
    }
}
