//! Hard drives that count what failing drives count, though they do not say yet that they fail.

use super::{
    card::{self, Count, History, Judgement, WITHIN_DAYS},
    evidence, stake,
    words::{self, Remedy},
};
use crate::{
    asset::AssetId,
    finding::{Finding, FindingKind, Severity},
    forecast::{Chance, Outlook},
    input::{AssetView, Input},
    series::{Metric, Series},
};
use beforehand_shared::{
    drive::{Drive, DriveKind},
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

const METHOD: &str = "drive_failure/card/1";
/// Chances of failing within 90 days from where on it is worth a note, a ticket and a call.
const NOTE: f64 = 0.05;
const WARN: f64 = 0.25;
const CALL: f64 = 0.45;
/// Below this a note is taken back.
const CLEAR: f64 = 0.03;
/// Errors on the cable within a week that are worth a ticket.
const CABLE: f64 = 10.0;

/// What the counts of a drive that says it is well are worth.
pub(super) enum Said {
    Finding(Box<Finding>),
    /// Better than a note, and not well enough to take one back.
    Undecided,
    Well,
}

pub(super) fn judge(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Said {
    let found = |finding| Said::Finding(Box::new(finding));
    if drive.kind == DriveKind::Hdd {
        let judged = card::judge(drive.model.as_deref().unwrap_or_default(), &history(&view.series, input.now));
        if let Some(severity) = severity(&judged) {
            return found(of_card(input, (asset, view, drive), &judged, severity));
        }
        if judged.has_signs() && judged.p90 >= CLEAR {
            return Said::Undecided;
        }
    }
    if let Some(severity) = of_flash(drive.kind, &view.series, input.now) {
        return found(flash(input, (asset, view, drive), severity));
    }
    let lost = view.series.get(&Metric::CrcErrors).map_or(0.0, |errors| growth(errors, input.now, Millis::days(7)));
    if lost >= CABLE { found(cable(input, (asset, view, drive))) } else { Said::Well }
}

/// What the counts alone call for.
pub(super) fn severity(judged: &Judgement) -> Option<Severity> {
    match judged.p90 {
        p if !judged.has_signs() || p < NOTE => None,
        p if p < WARN => Some(Severity::Watch),
        p if p < CALL => Some(Severity::Soon),
        _ => Some(Severity::Act),
    }
}

/// What the series say of each count.
pub(super) fn history(series: &BTreeMap<Metric, Series>, now: Timestamp) -> History {
    let series = |count: Count| series.get(&count.metric()).map(|series| (count, series));
    let known = || Count::ALL.into_iter().filter_map(series);
    let before = |days: u32| {
        let at = now.minus(Millis::days(i64::from(days)));
        known().filter_map(|(count, series)| Some((count, series.value_at(at).or_else(|| first(series))?))).collect()
    };
    let grew = known().filter_map(|(_, series)| grew_at(series)).max();
    let since = grew.or_else(|| known().filter_map(|(_, series)| series.first_at()).min()).unwrap_or(now);
    History {
        now: known().filter_map(|(count, series)| Some((count, latest(series)?))).collect(),
        before: WITHIN_DAYS.into_iter().map(|days| (days, before(days))).collect(),
        quiet_days: now.since(since).as_days(),
    }
}

fn first(series: &Series) -> Option<f64> {
    series.hours.first().map(|hour| hour.min).or_else(|| series.recent.first().map(|sample| sample.value))
}

fn latest(series: &Series) -> Option<f64> {
    series.last().map(|sample| sample.value).or_else(|| series.hours.last().map(|hour| hour.last))
}

/// When it was last seen to grow.
fn grew_at(series: &Series) -> Option<Timestamp> {
    let recent = series.recent.windows(2).rev().find(|pair| pair[1].value > pair[0].value).map(|pair| pair[1].at);
    recent.or_else(|| series.hours.windows(2).rev().find(|pair| pair[1].last > pair[0].last).map(|pair| pair[1].at))
}

fn growth(series: &Series, now: Timestamp, within: Millis) -> f64 {
    let before = series.value_at(now.minus(within)).or_else(|| first(series));
    latest(series).zip(before).map_or(0.0, |(now, before)| now - before)
}

fn of_card(
    input: &Input,
    (asset, view, drive): (&AssetId, &AssetView, &Drive),
    judged: &Judgement,
    alone: Severity,
) -> Finding {
    let (severity, stake) = match alone {
        Severity::Watch => (alone, String::new()),
        _ => stake::weighed(input, asset, drive, alone),
    };
    let sentence = format!(
        "{} says that it is healthy, but {}: {}.{stake}",
        input.name_of(asset),
        words::signs(&judged.signs),
        words::odds(judged.p90)
    );
    let chance = |days, p| Chance { within: Millis::days(days), p };
    let outlook = Outlook {
        method: METHOD.to_owned(),
        chances: vec![chance(30, judged.p30), chance(90, judged.p90)],
        q10: None,
        q50: None,
        q90: None,
        fan: Vec::new(),
        need: None,
    };
    finding(
        (asset, severity),
        sentence,
        words::steps(drive, Remedy::Replace),
        evidence(input, asset, view, drive),
        Some(outlook),
    )
}

/// Flash that could not give back data within a month, or set blocks aside. How many healthy ones do, nobody has
/// published: so it has no chance, and weighs less.
pub fn of_flash(kind: DriveKind, series: &BTreeMap<Metric, Series>, now: Timestamp) -> Option<Severity> {
    let grew = |metric: Metric| series.get(&metric).is_some_and(|it| growth(it, now, Millis::days(30)) > 0.0);
    match kind {
        DriveKind::Ssd | DriveKind::Nvme if grew(Metric::MediaErrors) => Some(Severity::Soon),
        DriveKind::Ssd if grew(Metric::ReallocatedSectors) => Some(Severity::Watch),
        _ => None,
    }
}

fn flash(input: &Input, (asset, view, drive): (&AssetId, &AssetView, &Drive), severity: Severity) -> Finding {
    let what = match severity {
        Severity::Watch => "set blocks aside within a month, as most flash drives do in the month before they fail",
        _ => "lost data within a month",
    };
    let sentence = format!("{} says that it is healthy, but it {what}.", input.name_of(asset));
    finding(
        (asset, severity),
        sentence,
        words::steps(drive, Remedy::Replace),
        evidence(input, asset, view, drive),
        None,
    )
}

fn cable(input: &Input, (asset, view, drive): (&AssetId, &AssetView, &Drive)) -> Finding {
    let sentence = format!(
        "{} is well, but what is sent over its cable arrives damaged and must be sent again: the cable or its plug is bad.",
        input.name_of(asset)
    );
    let evidence = evidence(input, asset, view, drive);
    finding((asset, Severity::Soon), sentence, words::steps(drive, Remedy::Cable), evidence, None)
}

fn finding(
    (asset, severity): (&AssetId, Severity),
    sentence: String,
    steps: Vec<String>,
    evidence: crate::finding::Evidence,
    outlook: Option<Outlook>,
) -> Finding {
    Finding { kind: FindingKind::DriveFailure, asset: asset.clone(), severity, sentence, steps, evidence, outlook }
}
