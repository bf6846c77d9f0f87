//! Arrays that lack members: what is at stake is how many more may fail.
//!
//! Whoever is to act needs to know whether the next failure takes the data with it. A rebuild lowers the
//! urgency, because it is the remedy, and ends it only when it is done.

use super::{Detector, fact, healthy};
use crate::{
    asset::AssetId,
    calendar::{Calendar, bytes_words},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    array::{Array, ArrayState, Member, MemberState},
    observation::Observation,
    time::Millis,
};

/// What was last seen longer ago is not judged any more.
const LAST_SEEN: Millis = Millis::hours(2);
/// A rebuild's progress is told in steps of this many per cent, so that it is not news every minute.
const STEP: f64 = 25.0;

pub(super) struct ArrayDegraded;

impl Detector for ArrayDegraded {
    fn kind(&self) -> FindingKind {
        FindingKind::ArrayDegraded
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let arrays = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Array(array) if input.now.since(view.seen_at) <= LAST_SEEN => Some((asset, view, array)),
            _ => None,
        });
        arrays.filter_map(|(asset, view, array)| judge(input, asset, view, array)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, array: &Array) -> Option<Finding> {
    let name = input.name_of(asset);
    let (severity, sentence) = match &array.state {
        ArrayState::Healthy => {
            return healthy(input, asset, FindingKind::ArrayDegraded, || format!("{name} is whole again."));
        }
        ArrayState::Degraded => (urgency(array), format!("{name} {}; {}.", lacks(array), stake(array))),
        ArrayState::Rebuilding { percent, minutes_left } => {
            // A first fill, or a comparison after a crash, is no loss that anybody has to know of.
            if array.missing == 0 {
                input.case_on(asset, FindingKind::ArrayDegraded)?;
            }
            let progress = progress(input, *percent, *minutes_left);
            (
                calmer(urgency(array)),
                format!("{name} {} and rebuilds{progress}; until then {}.", lacks(array), stake(array)),
            )
        }
        ArrayState::Failed => (Severity::Act, format!("{name} has failed: what is on it cannot be read.")),
        ArrayState::Unknown { why } => (Severity::Blind, format!("The state of {name} cannot be seen, because {why}.")),
        ArrayState::Other => return None,
    };
    let blind = severity == Severity::Blind;
    Some(Finding {
        kind: FindingKind::ArrayDegraded,
        asset: asset.clone(),
        severity,
        sentence,
        steps: if blind { Vec::new() } else { steps(array) },
        evidence: evidence(input, asset, view, array),
        outlook: None,
    })
}

/// Now, where the next failure loses data or nobody can say that it does not.
fn urgency(array: &Array) -> Severity {
    if array.tolerates.is_some_and(|more| more > 0) { Severity::Soon } else { Severity::Act }
}

const fn calmer(severity: Severity) -> Severity {
    match severity {
        Severity::Act => Severity::Soon,
        _ => Severity::Watch,
    }
}

fn lacks(array: &Array) -> String {
    let of = array.wanted.map(|wanted| format!(" of {wanted}")).unwrap_or_default();
    match array.missing {
        0 => "is not in step on all its members".to_owned(),
        1 => format!("lacks 1{of} members"),
        missing => format!("lacks {missing}{of} members"),
    }
}

/// What the next failed drive does to what is on it.
pub fn stake(array: &Array) -> String {
    match array.tolerates {
        Some(0) => "one more failed drive loses what is on it".to_owned(),
        Some(1) => "it bears one more failed drive and no second".to_owned(),
        Some(more) => format!("it bears {more} more failed drives"),
        None => "how many more failed drives it bears is not told".to_owned(),
    }
}

fn progress(input: &Input, percent: Option<f64>, minutes_left: Option<u32>) -> String {
    let done = percent.map(|percent| (percent / STEP).floor() * STEP).filter(|done| *done > 0.0);
    let done = done.map(|done| format!("{done:.0} % done")).unwrap_or_else(|| "just begun".to_owned());
    let ready = minutes_left.map(|minutes| {
        let at = input.now.plus(Millis::minutes(i64::from(minutes)));
        format!(", ready {} by its own estimate", Calendar::new(&input.time_zone).on_words(at, input.now))
    });
    format!(" ({done}{})", ready.unwrap_or_default())
}

fn steps(array: &Array) -> Vec<String> {
    let lost = array.members.iter().filter(|it| matches!(it.state, MemberState::Failed | MemberState::Missing));
    let lost: Vec<String> = lost.map(named).collect();
    let which = if lost.is_empty() { "the member that is missing".to_owned() } else { lost.join(", ") };
    match array.state {
        ArrayState::Rebuilding { .. } => vec![
            "Let the rebuild end, and do not restart the machine meanwhile.".to_owned(),
            "Check that the latest backup of it can be read: a rebuild works every drive hard.".to_owned(),
        ],
        ArrayState::Failed => vec![
            "Do not write to its drives and do not create it anew.".to_owned(),
            format!("Look for {which}: cable, power, controller."),
            "If it does not come back with them: restore the latest backup on new drives.".to_owned(),
        ],
        _ => vec![
            "Check that the latest backup of it can be read.".to_owned(),
            format!("Look for {which}: is it pulled out, without power, or broken?"),
            "Put in a drive of the same size or larger, and watch the rebuild here.".to_owned(),
        ],
    }
}

fn named(member: &Member) -> String {
    let name = if member.name.is_empty() { "a member that is not there" } else { &member.name };
    match &member.serial {
        Some(serial) => format!("{name} with serial {serial}"),
        None => name.to_owned(),
    }
}

fn evidence(input: &Input, asset: &AssetId, view: &AssetView, array: &Array) -> Evidence {
    let progress = match array.state {
        ArrayState::Rebuilding { percent, .. } => percent.map(|percent| format!("{percent:.1} % done")),
        _ => None,
    };
    let ailing = array.members.iter().filter(|it| !matches!(it.state, MemberState::Working | MemberState::Spare));
    let ailing: Vec<String> = ailing.map(named).collect();
    let known = [
        ("Level", array.level.clone()),
        ("Size", array.bytes.map(|bytes| bytes_words(bytes as f64))),
        ("Members missing", Some(array.missing.to_string())),
        ("Of them", (!ailing.is_empty()).then(|| ailing.join(", "))),
        ("More that may fail", array.tolerates.map(|more| more.to_string())),
        ("Spares", Some(array.spares.to_string())),
        ("Rebuild", progress),
        ("Errors counted", array.errors.map(|errors| errors.to_string())),
    ];
    let chart = view.series.contains_key(&Metric::MembersMissing).then(|| ChartRef {
        asset: asset.clone(),
        metric: Metric::MembersMissing,
        from: input.now.minus(Millis::days(7)),
        limit: None,
    });
    Evidence { facts: known.into_iter().filter_map(|(label, value)| Some(fact(label, value?))).collect(), chart }
}
