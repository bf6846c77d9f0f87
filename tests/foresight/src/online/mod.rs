//! Detectors that are fed one sample after the other, and how their alarms are counted.

pub mod events;
pub mod opponents;

use crate::report::By;
use beforehand_shared::time::Timestamp;

/// One series, oldest first. A sample without a value is a round without an answer.
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    pub samples: Vec<(Timestamp, Option<f64>)>,
}

impl Series {
    /// From the first sample to the last.
    pub fn weeks(&self) -> f64 {
        let ends = self.samples.first().zip(self.samples.last());
        ends.map_or(0.0, |(first, last)| last.0.since(first.0).as_days() / 7.0)
    }

    /// Which of two halves it belongs to: by its name, so that nobody chooses.
    pub fn half(&self) -> u64 {
        let hash = self
            .name
            .bytes()
            .chain(*b".csv")
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        (hash ^ (hash >> 33)) % 2
    }
}

/// Tells after each value whether it is alarming.
pub trait Detector {
    fn add(&mut self, at: Timestamp, value: f64) -> bool;
}

/// A way to make a detector for each series.
pub struct Method {
    pub name: String,
    pub by: By,
    make: Box<dyn Fn() -> Box<dyn Detector>>,
}

impl Method {
    pub fn new<D: Detector + 'static>(by: By, name: &str, make: impl Fn() -> D + 'static) -> Self {
        Self { name: name.to_owned(), by, make: Box::new(move || Box::new(make())) }
    }

    /// The same, alarming too where the mirror image of the series would be.
    #[must_use]
    pub fn both_ways(self) -> Self {
        let make = self.make;
        Self { make: Box::new(move || Box::new(Both { up: make(), down: make() })), ..self }
    }

    /// Whether it is alarming after each sample; where there is no value, as before.
    pub fn alarms(&self, series: &Series) -> Vec<bool> {
        let mut detector = (self.make)();
        let mut on = false;
        let after = series.samples.iter().map(|(at, value)| {
            on = value.map_or(on, |value| detector.add(*at, value));
            on
        });
        after.collect()
    }
}

struct Both {
    up: Box<dyn Detector>,
    down: Box<dyn Detector>,
}

impl Detector for Both {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let up = self.up.add(at, value);
        self.down.add(at, -value) || up
    }
}
