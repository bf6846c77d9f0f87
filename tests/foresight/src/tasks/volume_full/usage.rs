//! How full a volume was over time.

use crate::data;
use anyhow::Result;
use beforehand_shared::time::{Millis, Timestamp};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// Where only per cent are known.
const NOMINAL_SIZE: f64 = 1e14;

#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    pub name: String,
    pub size: f64,
    /// Ascending.
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub at: Timestamp,
    pub used: f64,
}

#[derive(Deserialize)]
struct YearRow {
    ts: i64,
    used_percent: f64,
    #[serde(default)]
    used_bytes: Option<f64>,
}

#[derive(Deserialize)]
struct OstRow {
    ost: String,
    ts: i64,
    used_bytes: f64,
    avail_bytes: f64,
}

#[derive(Deserialize)]
struct GrowthRow {
    ts: i64,
    used_bytes: f64,
}

#[derive(Deserialize)]
struct RecordedRow {
    time_s: f64,
    used_bytes: f64,
    size_bytes: f64,
}

impl Usage {
    /// A year of a file system in per cent, `usage/year/*.csv`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn year(path: &Path) -> Result<Self> {
        let rows: Vec<YearRow> = data::rows(path)?;
        let sizes = rows.iter().filter_map(|row| Some(100.0 * row.used_bytes? / row.used_percent));
        let size = crate::score::median(sizes.collect()).unwrap_or(NOMINAL_SIZE);
        let point = |row: &YearRow| Point { at: seconds(row.ts), used: size * row.used_percent / 100.0 };
        Ok(Self::of(data::stem(path), size, rows.iter().map(point).collect()))
    }

    /// Many targets over 23 hours, `usage/ost_23h.csv.gz`. What is neither used nor available does
    /// not count as space.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn osts(path: &Path) -> Result<Vec<Self>> {
        let rows: Vec<OstRow> = data::rows(path)?;
        let mut found: BTreeMap<String, (f64, Vec<Point>)> = BTreeMap::new();
        for row in rows {
            let (size, points) = found.entry(row.ost).or_default();
            *size = row.used_bytes + row.avail_bytes;
            points.push(Point { at: seconds(row.ts), used: row.used_bytes });
        }
        Ok(found.into_iter().map(|(name, (size, points))| Self::of(name, size, points)).collect())
    }

    /// Growth without a size, `usage/growth/*.csv`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn growth(path: &Path) -> Result<Self> {
        let rows: Vec<GrowthRow> = data::rows(path)?;
        let points: Vec<Point> = rows.iter().map(|row| Point { at: seconds(row.ts), used: row.used_bytes }).collect();
        let size = points.last().map_or(0.0, |last| last.used);
        Ok(Self::of(data::stem(path), size, points))
    }

    /// A recording of real programs on a small volume, `time_s,used_bytes,size_bytes`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn recorded(path: &Path) -> Result<Self> {
        let rows: Vec<RecordedRow> = data::rows(path)?;
        let size = rows.last().map_or(0.0, |last| last.size_bytes);
        let at = |row: &RecordedRow| Timestamp((row.time_s * 1000.0) as i64);
        let points = rows.iter().map(|row| Point { at: at(row), used: row.used_bytes }).collect();
        Ok(Self::of(data::stem(path), size, points))
    }

    pub fn of(name: String, size: f64, mut points: Vec<Point>) -> Self {
        points.sort_by_key(|point| point.at);
        Self { name, size, points }
    }

    /// The same volume as if it ended at `level` of its size.
    #[must_use]
    pub fn ending_at(&self, level: f64) -> Self {
        Self { size: self.size * level, ..self.clone() }
    }

    pub fn free(&self, point: Point) -> f64 {
        self.size - point.used
    }

    /// The points after `from` and until `to`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> &[Point] {
        let first = self.points.partition_point(|point| point.at <= from);
        let last = self.points.partition_point(|point| point.at <= to);
        &self.points[first..last.max(first)]
    }

    /// The last `window` until `at`.
    pub fn window(&self, window: Millis, at: Timestamp) -> &[Point] {
        self.between(at.minus(window), at)
    }

    /// The latest point until `at`.
    pub fn latest(&self, at: Timestamp) -> Option<Point> {
        let after = self.points.partition_point(|point| point.at <= at);
        after.checked_sub(1).map(|last| self.points[last])
    }

    /// The last instant of each UTC day on which it was measured.
    pub fn days(&self) -> Vec<Timestamp> {
        let mut days: BTreeMap<Timestamp, Timestamp> = BTreeMap::new();
        self.points.iter().for_each(|point| {
            days.insert(point.at.day_start(), point.at);
        });
        days.into_values().collect()
    }
}

const fn seconds(at: i64) -> Timestamp {
    Timestamp(at * 1000)
}
