//! Volumes that take no writes any more, and those whose file system has noted errors: the next may stop them.

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{observation::Observation, time::Millis, volume::Volume};

/// Errors within this time are news.
const NEWS: Millis = Millis::days(1);

pub(super) struct FilesystemReadonly;

impl Detector for FilesystemReadonly {
    fn kind(&self) -> FindingKind {
        FindingKind::FilesystemReadonly
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let volumes = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Volume(volume) if view.is_fresh(&Metric::FreeBytes, input.now) => Some((asset, view, volume)),
            _ => None,
        });
        volumes.filter_map(|(asset, view, volume)| judge(input, asset, view, volume)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, volume: &Volume) -> Option<Finding> {
    let (name, noted) = (input.name_of(asset), volume.fs_errors.unwrap_or(0));
    let (severity, sentence) = if volume.turned_read_only {
        (
            Severity::Act,
            format!("{name} takes no writes: the system stopped them, as it does after an error of the disk."),
        )
    } else if noted == 0 {
        return healthy(input, asset, FindingKind::FilesystemReadonly, || {
            format!("{name} takes writes, and its file system notes no errors.")
        });
    } else if grew(input, view) {
        (
            Severity::Act,
            format!(
                "The file system of {name} noted new errors within a day: files may be damaged, and it may stop taking writes."
            ),
        )
    } else {
        (
            Severity::Soon,
            format!("The file system of {name} has noted errors that nobody has repaired: it may stop taking writes."),
        )
    };
    Some(Finding {
        kind: FindingKind::FilesystemReadonly,
        asset: asset.clone(),
        severity,
        sentence,
        steps: steps([
            "Check that the latest backup of this volume can be read.",
            "Look at the system's log for errors of the disk behind it, and at that disk's page here.",
            "Check the file system while it is not in use (fsck, or btrfs scrub), then mount it again.",
        ]),
        evidence: evidence(input, asset, volume),
        outlook: None,
    })
}

/// Whether there are more than a day ago. The first look at a machine is not news.
fn grew(input: &Input, view: &AssetView) -> bool {
    let Some(errors) = view.series.get(&Metric::FsErrors) else { return false };
    let before = errors.value_at(input.now.minus(NEWS)).or_else(|| errors.recent.first().map(|first| first.value));
    errors.last().zip(before).is_some_and(|(last, before)| last.value > before)
}

fn evidence(input: &Input, asset: &AssetId, volume: &Volume) -> Evidence {
    let noted = volume.fs_errors.map_or_else(|| "not counted here".to_owned(), |errors| errors.to_string());
    let chart = volume.fs_errors.map(|_| ChartRef {
        asset: asset.clone(),
        metric: Metric::FsErrors,
        from: input.now.minus(Millis::days(30)),
        limit: None,
    });
    Evidence {
        facts: vec![
            fact("Takes writes", if volume.turned_read_only { "no" } else { "yes" }),
            fact("Errors noted", noted),
            fact("Device", volume.device.clone()),
            fact("File system", volume.fs.clone()),
        ],
        chart,
    }
}
