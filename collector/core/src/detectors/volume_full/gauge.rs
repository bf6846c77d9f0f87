//! What is left of something that can run out: bytes or inodes, seen alike.

use crate::{
    input::AssetView,
    onset,
    series::{Metric, Series},
};
use beforehand_shared::{time::Timestamp, volume::Volume};

#[derive(Debug)]
pub struct Gauge<'a> {
    pub metric: Metric,
    pub now: Timestamp,
    pub free: f64,
    pub total: f64,
    /// Users notice below this.
    pub limit: f64,
    /// Below this a person must look, whatever the forecast says.
    pub floor: f64,
    pub series: &'a Series,
    /// Sizes over time, where they are known.
    pub sizes: Option<&'a Series>,
}

/// Free bytes under which a person must look.
pub fn space_floor(total: f64) -> f64 {
    (0.03 * total).min(5e9)
}

impl<'a> Gauge<'a> {
    pub(super) fn space(view: &'a AssetView, volume: &Volume, now: Timestamp) -> Option<Self> {
        let total = volume.total_bytes as f64;
        Some(Self {
            metric: Metric::FreeBytes,
            now,
            free: volume.free_bytes as f64,
            total,
            limit: onset::volume_limit(total),
            floor: space_floor(total),
            series: view.series.get(&Metric::FreeBytes)?,
            sizes: view.series.get(&Metric::TotalBytes),
        })
    }

    pub(super) fn inodes(view: &'a AssetView, volume: &Volume, now: Timestamp) -> Option<Self> {
        let (total, free) = (volume.inodes_total? as f64, volume.inodes_free? as f64);
        Some(Self {
            metric: Metric::InodesFree,
            now,
            free,
            total,
            limit: onset::inode_limit(total),
            floor: (0.02 * total).min(50_000.0),
            series: view.series.get(&Metric::InodesFree)?,
            sizes: view.series.get(&Metric::InodesTotal),
        })
    }

    /// Whether anything was ever written, seen over the whole known past: a recovery partition
    /// that is 98 % full on purpose is nobody's concern.
    pub(super) fn is_written(&self) -> bool {
        let hours = self.series.hours.iter().map(|hour| (hour.min, hour.max));
        let samples = self.series.recent.iter().map(|sample| (sample.value, sample.value));
        let (low, high) =
            hours.chain(samples).fold((self.free, self.free), |(low, high), (min, max)| (low.min(min), high.max(max)));
        high - low > (0.0005 * self.total).clamp(1.0, 64e6)
    }

    /// The lowest level since `from`.
    pub(super) fn lowest_since(&self, from: Timestamp) -> f64 {
        let hours = self.series.hours_since(from.hour_start()).iter().map(|hour| hour.min);
        let samples = self.series.since(from).iter().map(|sample| sample.value);
        hours.chain(samples).fold(self.free, f64::min)
    }
}
