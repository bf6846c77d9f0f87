//! Volumes that take no writes any more, and those whose file system has noted errors or needs repair: the next
//! error may stop them.

use super::{Detector, fact, healthy};
use crate::{
    asset::AssetId,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    time::Millis,
    volume::{Repair, Volume},
};

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
    let name = input.name_of(asset);
    let Some((severity, sentence)) = trouble(&name, view, volume, input) else {
        // What Windows tells of NTFS it does not tell at once after a start: silence is not recovery.
        if volume.repair.is_none() && matches!(volume.fs.as_str(), "NTFS" | "ReFS") {
            return None;
        }
        return healthy(input, asset, FindingKind::FilesystemReadonly, || match volume.thin_pool {
            Some(_) => format!("Thin pool {name} takes writes."),
            None => format!("{name} takes writes, and its file system notes no errors."),
        });
    };
    Some(Finding {
        kind: FindingKind::FilesystemReadonly,
        asset: asset.clone(),
        severity,
        sentence,
        steps: what_to_do(volume),
        evidence: evidence(input, asset, volume),
        outlook: None,
    })
}

/// How bad it is, and in words; nothing where nothing says that it is.
fn trouble(name: &str, view: &AssetView, volume: &Volume, input: &Input) -> Option<(Severity, String)> {
    if volume.turned_read_only {
        let sentence = match volume.thin_pool {
            Some(_) => {
                format!("Thin pool {name} takes no writes: LVM stopped it, as it does when its metadata is in error.")
            }
            None => format!("{name} takes no writes: the system stopped them, as it does after an error of the disk."),
        };
        return Some((Severity::Act, sentence));
    }
    match volume.fs_errors {
        Some(1..) if grew(input, view) => Some((
            Severity::Act,
            format!(
                "The file system of {name} noted new errors within a day: files may be damaged, and it may stop taking writes."
            ),
        )),
        Some(1..) => Some((
            Severity::Soon,
            format!("The file system of {name} has noted errors that nobody has repaired: it may stop taking writes."),
        )),
        _ => needed(name, volume.repair?),
    }
}

/// By what Windows says that its file system needs.
fn needed(name: &str, repair: Repair) -> Option<(Severity, String)> {
    Some(match repair {
        Repair::None | Repair::Other => return None,
        Repair::Scan => (
            Severity::Watch,
            format!("Windows met what may be damage in the file system of {name}, and has yet to look at it (scan)."),
        ),
        Repair::SpotFix => (
            Severity::Soon,
            format!(
                "The file system of {name} has damage that takes seconds to mend, while nobody works on it (spot fix)."
            ),
        ),
        Repair::Full => (
            Severity::Act,
            format!(
                "The file system of {name} has damage that only a whole check mends (chkdsk): files may be damaged, and it may stop taking writes."
            ),
        ),
        Repair::Untold => {
            (Severity::Soon, format!("Windows says that the file system of {name} is not well, and not what it needs."))
        }
    })
}

fn what_to_do(volume: &Volume) -> Vec<String> {
    let mend = match (volume.thin_pool, volume.repair) {
        (Some(_), _) => {
            "Repair the pool while nothing in it is in use: lvconvert --repair, as lvmthin(7) says.".to_owned()
        }
        (None, Some(Repair::Scan | Repair::Untold)) => {
            format!("Look for damage beside the work: Repair-Volume -DriveLetter {} -Scan.", letter(&volume.mount))
        }
        (None, Some(Repair::SpotFix)) => {
            format!("Mend it while nobody works on it: Repair-Volume -DriveLetter {} -SpotFix.", letter(&volume.mount))
        }
        (None, Some(Repair::Full)) => {
            format!("Check it as a whole, which takes it away meanwhile: chkdsk {}: /f.", letter(&volume.mount))
        }
        _ => "Check the file system while it is not in use (fsck, or btrfs scrub), then mount it again.".to_owned(),
    };
    let [backup, disk] = [
        "Check that the latest backup of this volume can be read.",
        "Look at the system's log for errors of the disk behind it, and at that disk's page here.",
    ];
    vec![backup.to_owned(), disk.to_owned(), mend]
}

/// `D` of `D:\`.
fn letter(mount: &str) -> &str {
    mount.split(':').next().unwrap_or_default()
}

/// Whether there are more than a day ago. The first look at a machine is not news.
fn grew(input: &Input, view: &AssetView) -> bool {
    let Some(errors) = view.series.get(&Metric::FsErrors) else { return false };
    let before = errors.value_at(input.now.minus(NEWS)).or_else(|| errors.recent.first().map(|first| first.value));
    errors.last().zip(before).is_some_and(|(last, before)| last.value > before)
}

fn evidence(input: &Input, asset: &AssetId, volume: &Volume) -> Evidence {
    let noted = volume.fs_errors.map_or_else(|| "not counted here".to_owned(), |errors| errors.to_string());
    let needs = volume.repair.and_then(repair_words).map(|words| fact("It needs", words));
    let chart = volume.fs_errors.map(|_| ChartRef {
        asset: asset.clone(),
        metric: Metric::FsErrors,
        from: input.now.minus(Millis::days(30)),
        limit: None,
    });
    let known = [
        fact("Takes writes", if volume.turned_read_only { "no" } else { "yes" }),
        fact("Errors noted", noted),
        fact("Device", volume.device.clone()),
        fact("File system", volume.fs.clone()),
    ];
    Evidence { facts: known.into_iter().chain(needs).collect(), chart }
}

/// What a file system needs, as the system says it; nothing where nobody knows.
pub fn repair_words(repair: Repair) -> Option<&'static str> {
    Some(match repair {
        Repair::None => "no repair",
        Repair::Scan => "a scan",
        Repair::SpotFix => "a spot fix",
        Repair::Full => "a whole check",
        Repair::Untold => "something that Windows does not say",
        Repair::Other => return None,
    })
}
