//! Volumes that run out of space or of inodes: floors now, and a forecast with dates.
//!
//! Method (`volume_full/3`): a bootstrap of the volume's own past days ([`blocks`], [`bootstrap`])
//! gives paths of free space for 14 days; the share of paths that reach the limit is the chance.
//! Nightly peaks and clean-ups stay inside the days, so a sawtooth that never filled the volume does
//! not do so in the paths either. How such forecasts fared before corrects the chance
//! ([`calibrate`]). A writer faster than this hour has ever been is mixed in ([`runaway`]), and is
//! taken for a weekly job rather than for a runaway while less than a week is known; before three days
//! are known, an ordinary volume is assumed ([`cold_start`]). [`judge`] makes of it what
//! people are called for.

mod blocks;
mod bootstrap;
mod calibrate;
mod cold_start;
mod foresee;
mod gauge;
mod history;
mod judge;
mod runaway;
mod weekdays;
mod words;

use super::Detector;
use crate::{
    asset::AssetId,
    finding::{Finding, FindingKind},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{observation::Observation, volume::Volume};
pub use foresee::{Foresight, foresee};
pub use gauge::{Gauge, space_floor};
pub use judge::severity;

pub const METHOD: &str = "volume_full/3";

pub struct VolumeFull;

impl Detector for VolumeFull {
    fn kind(&self) -> FindingKind {
        FindingKind::VolumeFull
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let volumes = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Volume(volume) => Some((asset, view, volume)),
            _ => None,
        });
        volumes.filter_map(|(asset, view, volume)| finding(input, asset, view, volume)).collect()
    }
}

/// The worse of space and inodes.
fn finding(input: &Input, asset: &AssetId, view: &AssetView, volume: &Volume) -> Option<Finding> {
    if cannot_matter(volume) || !view.is_fresh(&Metric::FreeBytes, input.now) {
        return None;
    }
    let gauges = [Gauge::space(view, volume, input.now), Gauge::inodes(view, volume, input.now)];
    let judged = gauges.into_iter().flatten().filter_map(|gauge| {
        let judgement = judge::judge(input, asset, &gauge)?;
        Some((gauge, judgement))
    });
    let (gauge, judgement) =
        judged.reduce(|worst, next| if next.1.severity > worst.1.severity { next } else { worst })?;
    Some(words::finding(input, asset, &gauge, judgement))
}

/// File systems that nobody can fill, or whose filling nobody would notice.
fn cannot_matter(volume: &Volume) -> bool {
    const KINDS: [&str; 12] = [
        "tmpfs", "devtmpfs", "ramfs", "overlay", "squashfs", "iso9660", "udf", "erofs", "cramfs", "CDFS", "UDF",
        "efivarfs",
    ];
    KINDS.contains(&volume.fs.as_str())
        || ["/snap/", "/run/", "/dev/", "/proc/", "/sys/"].iter().any(|root| volume.mount.starts_with(root))
}
