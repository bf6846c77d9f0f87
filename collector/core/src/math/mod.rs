//! Small numeric tools of the detectors, each with its source.

pub mod alias;
pub mod cusum;
pub mod mos;
pub mod quantile;
pub mod seeded;
