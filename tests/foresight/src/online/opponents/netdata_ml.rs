//! Netdata's machine learning: of each series the last six of its differences, smoothed over three;
//! k-means with two centres on the last six hours, trained anew every three hours; a value is
//! anomalous where all of the last 18 models give it a distance of 99 % of their largest or more;
//! an alarm where more than 1 % were anomalous within five minutes, which with one series is any.

use super::Detector;
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

const LAGS: usize = 6;
const MODELS: usize = 18;
const ROUNDS: usize = 100;

type Feature = [f64; LAGS];

struct Model {
    centres: [Feature; 2],
    least: f64,
    most: f64,
}

#[derive(Default)]
pub struct Ml {
    raw: VecDeque<f64>,
    smooth: VecDeque<f64>,
    features: VecDeque<(Timestamp, Feature)>,
    models: VecDeque<Model>,
    trained: Option<Timestamp>,
    anomalous: Option<Timestamp>,
}

impl Detector for Ml {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        if let Some(feature) = self.feature(value) {
            let all = !self.models.is_empty() && self.models.iter().all(|model| model.score(&feature) >= 0.99);
            self.anomalous = if all { Some(at) } else { self.anomalous };
            self.features.push_back((at, feature));
        }
        while self.features.front().is_some_and(|(old, _)| at.since(*old) > Millis::hours(6)) {
            self.features.pop_front();
        }
        if self.trained.is_none_or(|when| at.since(when) >= Millis::hours(3)) && self.features.len() >= 20 {
            self.models.extend(Model::train(&self.features));
            self.trained = Some(at);
            if self.models.len() > MODELS {
                self.models.pop_front();
            }
        }
        self.anomalous.is_some_and(|when| at.since(when) <= Millis::minutes(5))
    }
}

impl Ml {
    fn feature(&mut self, value: f64) -> Option<Feature> {
        push(&mut self.raw, value, 4);
        let [a, b, c, d] = self.raw.iter().copied().collect::<Vec<_>>().try_into().ok()?;
        // The mean of three differences.
        let _ = (b, c);
        push(&mut self.smooth, (d - a) / 3.0, LAGS);
        self.smooth.iter().copied().collect::<Vec<_>>().try_into().ok()
    }
}

fn push(queue: &mut VecDeque<f64>, value: f64, most: usize) {
    queue.push_back(value);
    if queue.len() > most {
        queue.pop_front();
    }
}

fn distance(a: &Feature, b: &Feature) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

impl Model {
    /// Lloyd's algorithm from the two that lie furthest from each other along the way.
    fn train(features: &VecDeque<(Timestamp, Feature)>) -> Option<Self> {
        let all: Vec<Feature> = features.iter().map(|(_, feature)| *feature).collect();
        let first = *all.first()?;
        let second = *all.iter().max_by(|a, b| distance(a, &first).total_cmp(&distance(b, &first)))?;
        let mut centres = [first, second];
        for _ in 0..ROUNDS {
            let before = centres;
            let nearer = |feature: &Feature| usize::from(distance(feature, &before[1]) < distance(feature, &before[0]));
            for (which, centre) in centres.iter_mut().enumerate() {
                let mine: Vec<&Feature> = all.iter().filter(|feature| nearer(feature) == which).collect();
                if !mine.is_empty() {
                    *centre = std::array::from_fn(|lag| mine.iter().map(|it| it[lag]).sum::<f64>() / mine.len() as f64);
                }
            }
            if before == centres {
                break;
            }
        }
        let mut model = Self { centres, least: 0.0, most: 0.0 };
        let distances: Vec<f64> = all.iter().map(|feature| model.distance(feature)).collect();
        model.least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        model.most = distances.iter().copied().fold(0.0, f64::max);
        Some(model)
    }

    /// The mean distance from both centres.
    fn distance(&self, feature: &Feature) -> f64 {
        f64::midpoint(distance(feature, &self.centres[0]), distance(feature, &self.centres[1]))
    }

    fn score(&self, feature: &Feature) -> f64 {
        if self.most <= self.least {
            return 0.0;
        }
        ((self.distance(feature) - self.least) / (self.most - self.least)).clamp(0.0, 1.0)
    }
}
