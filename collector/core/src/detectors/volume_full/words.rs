//! What people read about a volume.

use super::{
    gauge::Gauge,
    judge::{Judgement, Why},
};
use crate::{
    asset::AssetId,
    calendar::{Calendar, bytes_words, chance_words},
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Fact, Finding, FindingKind, Severity},
    forecast::Outlook,
    input::Input,
    series::Metric,
};
use beforehand_shared::time::Millis;

pub(super) fn finding(input: &Input, asset: &AssetId, gauge: &Gauge, judgement: Judgement) -> Finding {
    let name = volume_name(&input.name_of(asset), asset.key());
    let quiet = judgement.severity == Severity::Quiet;
    Finding {
        kind: FindingKind::VolumeFull,
        asset: asset.clone(),
        severity: judgement.severity,
        sentence: sentence(input, &name, gauge, &judgement),
        steps: if quiet { Vec::new() } else { what_to_do(asset, gauge, &judgement) },
        evidence: if quiet { Evidence::default() } else { evidence(input, asset, gauge, &judgement) },
        outlook: judgement.outlook,
    }
}

fn volume_name(name: &str, key: &str) -> String {
    let is_drive = key.len() <= 3 && key.as_bytes().get(1) == Some(&b':');
    format!("{} {name}", if is_drive { "Drive" } else { "Volume" })
}

fn sentence(input: &Input, name: &str, gauge: &Gauge, judgement: &Judgement) -> String {
    let calendar = Calendar::new(&input.time_zone);
    let left = amount(gauge, gauge.free);
    let share = 100.0 * gauge.free / gauge.total;
    let (full, room) = match gauge.metric {
        Metric::InodesFree => ("run out of room for further files", "files"),
        _ => ("be full", "space"),
    };
    match judgement.why {
        Why::Full => format!("{name} is full: {left} left. Programs can no longer save."),
        Why::Floor => format!("{name} has only {left} ({share:.1} %) left."),
        Why::Halted => {
            format!("{name} has stopped filling, but its {room} has not come back: {left} ({share:.0} %) left.")
        }
        Why::Healthy => format!("{name} has room again: {left} ({share:.0} %) left."),
        Why::Runaway => {
            let pace = judgement.burst.map_or(0.0, |burst| (gauge.free - gauge.limit).max(0.0) / burst.rate.max(1e-9));
            let at = gauge.now.plus(Millis(pace as i64));
            let chance = judgement.outlook.as_ref().and_then(|outlook| outlook.chance(Millis::DAY)).unwrap_or(0.0);
            let (when, chance) = (calendar.range_words(at, at, gauge.now), chance_words(chance));
            format!("{name} is filling much faster than usual. At this pace it will {full} {when} ({chance}).")
        }
        Why::Growth => {
            let when = judgement.outlook.as_ref().map(|outlook| dates(&calendar, outlook, gauge)).unwrap_or_default();
            format!("{name} will {full} {when}.")
        }
    }
}

fn dates(calendar: &Calendar, outlook: &Outlook, gauge: &Gauge) -> String {
    let chance = outlook.chances.last().map_or(0.0, |chance| chance.p);
    match (outlook.q10, outlook.q90) {
        (Some(from), Some(to)) => format!("{} (80 %)", calendar.range_words(from, to, gauge.now)),
        (Some(from), None) => {
            format!("within 14 days ({}), {} at the earliest", chance_words(chance), calendar.on_words(from, gauge.now))
        }
        _ => format!("within 14 days ({})", chance_words(chance)),
    }
}

fn amount(gauge: &Gauge, value: f64) -> String {
    match gauge.metric {
        Metric::InodesFree => format!("{value:.0} inodes"),
        _ => bytes_words(value),
    }
}

fn what_to_do(asset: &AssetId, gauge: &Gauge, judgement: &Judgement) -> Vec<String> {
    let need = judgement.outlook.as_ref().and_then(|outlook| outlook.need);
    let mut todo = Vec::new();
    if judgement.burst.is_some() {
        todo.push("Find the program that is writing now, and stop it if it should not.".to_owned());
    }
    if gauge.metric == Metric::InodesFree {
        todo.extend(steps([
            "Look for folders with very many small files: caches, sessions, mail queues.",
            "Delete or archive what is no longer needed.",
        ]));
        return todo;
    }
    todo.push(format!("Look which folders on {} are largest and which grew.", asset.key()));
    todo.push(match need {
        Some(need) => format!("Free at least {} or enlarge the volume.", bytes_words(need)),
        None => "Free space or enlarge the volume.".to_owned(),
    });
    todo
}

fn evidence(input: &Input, asset: &AssetId, gauge: &Gauge, judgement: &Judgement) -> Evidence {
    let mut facts: Vec<Fact> =
        vec![fact("Left", format!("{} of {}", amount(gauge, gauge.free), amount(gauge, gauge.total)))];
    let ago = |days| gauge.series.value_at(gauge.now.minus(Millis::days(days)));
    for (label, days) in [("Left a day ago", 1), ("Left a week ago", 7), ("Left four weeks ago", 28)] {
        if let Some(level) = ago(days) {
            facts.push(fact(label, amount(gauge, level)));
        }
    }
    if let Some(burst) = judgement.burst {
        let since = Calendar::new(&input.time_zone).day_time(gauge.now.minus(burst.age));
        let rate = amount(gauge, burst.rate * Millis::HOUR.0 as f64);
        facts.push(fact("Filling now", format!("{rate} an hour since {since}")));
    }
    if let Some(outlook) = &judgement.outlook {
        let chances = outlook
            .chances
            .iter()
            .map(|chance| format!("{} within {:.0} days", chance_words(chance.p), chance.within.as_days()));
        facts.push(fact("Chance to be full", chances.collect::<Vec<_>>().join(", ").replace("1 days", "a day")));
    }
    let chart = ChartRef {
        asset: asset.clone(),
        metric: gauge.metric.clone(),
        from: gauge.now.minus(Millis::days(30)),
        limit: Some(gauge.limit),
    };
    Evidence { facts, chart: Some(chart) }
}
