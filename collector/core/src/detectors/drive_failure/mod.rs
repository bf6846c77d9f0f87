//! Drives that fail: those that say so themselves, and hard drives that count what failing ones count.
//!
//! The maker's own verdict comes first. What closes a case is the same drive well again, or another in its place.

pub mod card;
mod counts;
mod place;
mod stake;
mod standing;
mod words;

pub use counts::of_flash;
pub(crate) use place::is_gone;
pub use stake::is_on;
pub use standing::{Standing, earlier, standing};
pub use words::reason_words;

use super::{Detector, healthy};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    finding::{Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    drive::{Drive, Trouble, Verdict, code},
    observation::Observation,
    time::Millis,
};
use place::Presence;
use words::Remedy;

/// What was last seen longer ago may have been replaced meanwhile.
const LAST_SEEN: Millis = Millis::hours(26);
/// A drive that was there for so long belongs there.
const AT_HOME: Millis = Millis::days(7);

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
    if let Some(other) = place::replacement(input, asset) {
        let other = input.name_of(other);
        return healthy(input, asset, FindingKind::DriveFailure, || format!("{name} was replaced by {other}."));
    }
    match place::presence(input, asset, view) {
        Presence::There => {}
        Presence::Unsure => return None,
        Presence::Missing => return calls_for_gone(input, asset, view, drive).then(|| gone(input, asset, view, drive)),
    }
    match &drive.verdict {
        _ if input.now.since(view.seen_at) > LAST_SEEN => None,
        Verdict::Failing { reasons } => Some(failing(input, asset, view, (drive, reasons))),
        Verdict::Passed => match counts::judge(input, asset, view, drive) {
            counts::Said::Finding(finding) => Some(*finding),
            counts::Said::Undecided => None,
            counts::Said::Well => {
                healthy(input, asset, FindingKind::DriveFailure, || format!("{name} says that it is healthy again."))
            }
        },
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
    let alone = reasons.iter().map(severity).max().unwrap_or(Severity::Act);
    let (severity, stake) = match remedy {
        Remedy::Cool => (alone, String::new()),
        _ => stake::weighed(input, asset, drive, alone),
    };
    Finding {
        kind: FindingKind::DriveFailure,
        asset: asset.clone(),
        severity,
        sentence: format!("{sentence}{stake}"),
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

/// Whether it is still to be told that it went: its case is open, or never was. One that was well may also have been
/// taken out, which whoever did it knows; so that is asked only of what belonged there.
fn calls_for_gone(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> bool {
    let belonged = place::is_fixed(drive) && view.seen_at.since(view.first_seen) >= AT_HOME;
    let counts = belonged || matches!(drive.verdict, Verdict::Failing { .. });
    let fresh = counts && input.now.since(view.seen_at) <= LAST_SEEN;
    let told = || input.closed.iter().any(|case| case.asset == *asset && case.kind == FindingKind::DriveFailure);
    input.case_on(asset, FindingKind::DriveFailure).is_some() || (fresh && !told())
}

fn gone(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Finding {
    let name = input.name_of(asset);
    let last = Calendar::new(&input.time_zone).day_time(view.seen_at);
    let was_foreseen = input.case_on(asset, FindingKind::DriveFailure).is_some_and(|it| it.opened_at <= view.seen_at);
    let said = match drive.verdict {
        Verdict::Failing { .. } => Some("said that it was failing"),
        _ if was_foreseen => Some("was expected to fail"),
        _ => None,
    };
    let (severity, sentence) = match said {
        Some(said) if place::is_fixed(drive) => {
            (Severity::Act, format!("{name} {said}, and its machine does not see it any more."))
        }
        Some(said) => (
            Severity::Act,
            format!("{name} {said} when it was last seen, on {last}; it is unplugged, or somewhere else."),
        ),
        None => {
            let (severity, stake) = stake::weighed(input, asset, drive, Severity::Soon);
            (
                severity,
                format!("{name} has vanished: its machine saw it last on {last}, and other drives since.{stake}"),
            )
        }
    };
    Finding {
        kind: FindingKind::DriveFailure,
        asset: asset.clone(),
        severity,
        sentence,
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
