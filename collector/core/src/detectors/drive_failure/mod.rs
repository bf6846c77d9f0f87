//! Drives that say themselves that they fail.
//!
//! Only the maker's own verdict opens a case; counts are not judged here. What closes it is the same
//! drive well again, or another in its place.

mod words;

pub use words::reason_words;

use super::{Detector, healthy};
use crate::{
    asset::AssetId,
    finding::{Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    drive::{Drive, Trouble, Verdict, code},
    observation::Observation,
    time::Millis,
};
use words::Remedy;

/// Name of the agent's probe.
const PROBE: &str = "drives";
/// What its run came to when it saw drives.
const SEEN: &str = "seen";
/// What was last seen longer ago may have been replaced meanwhile.
const LAST_SEEN: Millis = Millis::hours(26);
/// A drive that its machine has not seen for this long, while it looked, is gone.
const GONE: Millis = Millis::hours(2);
/// A replacement may be sold as the same size and be a little smaller.
const SAME_SIZE: f64 = 0.95;

pub(super) struct DriveFailure;

impl Detector for DriveFailure {
    fn kind(&self) -> FindingKind {
        FindingKind::DriveFailure
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let drives = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Drive(drive) => Some((asset, view, drive)),
            _ => None,
        });
        drives.filter_map(|(asset, view, drive)| judge(input, asset, view, drive)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Option<Finding> {
    let name = input.name_of(asset);
    if let Some(other) = replacement(input, asset, view, drive) {
        let other = input.name_of(other);
        return healthy(input, asset, FindingKind::DriveFailure, || format!("{name} was replaced by {other}."));
    }
    if is_gone(input, asset) {
        input.case_on(asset, FindingKind::DriveFailure)?;
        return Some(gone(input, asset, view, drive));
    }
    match &drive.verdict {
        _ if input.now.since(view.seen_at) > LAST_SEEN => None,
        Verdict::Failing { reasons } => Some(failing(input, asset, view, (drive, reasons))),
        Verdict::Passed => {
            healthy(input, asset, FindingKind::DriveFailure, || format!("{name} says that it is healthy again."))
        }
        Verdict::Unknown { why } | Verdict::Blind { why } => Some(blind(asset, &name, why)),
        Verdict::Asleep | Verdict::Other => None,
    }
}

fn failing(input: &Input, asset: &AssetId, view: &AssetView, (drive, reasons): (&Drive, &[Trouble])) -> Finding {
    let told: Vec<String> = reasons.iter().map(reason_words).collect();
    let (name, told, remedy) = (input.name_of(asset), told.join("; "), remedy(reasons));
    let sentence = match remedy {
        Remedy::Cool => format!("{name} says that {told}."),
        _ => format!("{name} says that it is failing: {told}."),
    };
    Finding {
        kind: FindingKind::DriveFailure,
        asset: asset.clone(),
        severity: reasons.iter().map(severity).max().unwrap_or(Severity::Act),
        sentence,
        steps: words::steps(drive, remedy),
        evidence: evidence(input, asset, view, drive),
        outlook: None,
    }
}

/// What only calls for a person within days.
fn severity(reason: &Trouble) -> Severity {
    match reason.code.as_str() {
        code::SPARE_LOW | code::TEMPERATURE | code::BACKUP_FAILED | code::MEMORY_REGION => Severity::Soon,
        _ => Severity::Act,
    }
}

fn remedy(reasons: &[Trouble]) -> Remedy {
    if !reasons.is_empty() && reasons.iter().all(|reason| reason.code == code::TEMPERATURE) {
        Remedy::Cool
    } else {
        Remedy::Replace
    }
}

fn gone(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Finding {
    let before = input.case_on(asset, FindingKind::DriveFailure).map_or(Severity::Act, |case| case.severity);
    Finding {
        kind: FindingKind::DriveFailure,
        asset: asset.clone(),
        severity: before.max(Severity::Act),
        sentence: format!(
            "{} said that it was failing, and its machine does not see it any more.",
            input.name_of(asset)
        ),
        steps: words::steps(drive, Remedy::Find),
        evidence: evidence(input, asset, view, drive),
        outlook: None,
    }
}

fn blind(asset: &AssetId, name: &str, why: &str) -> Finding {
    Finding {
        kind: FindingKind::DriveFailure,
        asset: asset.clone(),
        severity: Severity::Blind,
        sentence: format!("The health of {name} cannot be seen, because {why}."),
        steps: Vec::new(),
        evidence: Evidence::default(),
        outlook: None,
    }
}

/// Whether the machine saw its drives and this one was not among them. That it saw none says nothing:
/// it may have slept, or all of them. A drive on USB may be unplugged, and of one without a name of its
/// own nobody knows where it is.
pub(crate) fn is_gone(input: &Input, asset: &AssetId) -> bool {
    let Some((view, host)) = input.assets.get(asset).zip(asset.host()) else { return false };
    let Observation::Drive(drive) = &view.facts else { return false };
    let fixed = !drive.keyed_by_path && drive.bus.as_deref() != Some("USB");
    let looked = input.hosts.get(&host).and_then(|host| host.probes.get(PROBE));
    let without_it = looked.is_some_and(|health| health.result == SEEN && health.at.since(view.seen_at) >= GONE);
    fixed && without_it
}

/// A drive of the same size that the same machine has seen since it saw this one last, and that says
/// itself that it is well.
fn replacement<'a>(input: &'a Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Option<&'a AssetId> {
    let bytes = drive.bytes? as f64;
    let looked = input.hosts.get(&asset.host()?)?.probes.get(PROBE)?;
    if looked.result != SEEN || looked.at <= view.seen_at {
        return None;
    }
    let mut others = input.assets.iter().filter(|(other, _)| *other != asset && other.host() == asset.host());
    others.find_map(|(other, newer)| match &newer.facts {
        Observation::Drive(new) => {
            let fits =
                new.bytes.is_some_and(|size| size as f64 >= SAME_SIZE * bytes) && new.bus.as_deref() != Some("USB");
            (newer.first_seen > view.seen_at && fits && new.verdict == Verdict::Passed).then_some(other)
        }
        _ => None,
    })
}

fn evidence(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Evidence {
    let counted = [Metric::MediaErrors, Metric::ReallocatedSectors, Metric::PendingSectors, Metric::WearPct];
    let known = |metric: &Metric| view.series.contains_key(metric);
    let chart = counted.into_iter().chain([Metric::TemperatureC]).find(known);
    let chart = chart.map(|metric| crate::finding::ChartRef {
        asset: asset.clone(),
        metric,
        from: input.now.minus(Millis::days(30)),
        limit: None,
    });
    Evidence { facts: words::facts(drive), chart }
}
