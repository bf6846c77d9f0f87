//! What people read about a volume.

use super::{
    bootstrap::LEAST_DAYS,
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
use beforehand_shared::{
    observation::Observation,
    time::Millis,
    volume::{ThinPool, Volume},
};

pub(super) fn finding(input: &Input, asset: &AssetId, gauge: &Gauge, judgement: Judgement) -> Finding {
    let holds = holds(input, asset);
    let name = format!("{} {}", holds.word(asset.key()), input.name_of(asset));
    let quiet = judgement.severity == Severity::Quiet;
    Finding {
        kind: FindingKind::VolumeFull,
        asset: asset.clone(),
        severity: judgement.severity,
        sentence: sentence(input, &name, gauge, &judgement, holds),
        steps: if quiet { Vec::new() } else { what_to_do(asset, gauge, &judgement, holds) },
        evidence: if quiet { Evidence::default() } else { evidence(input, asset, gauge, &judgement) },
        // What holds for an ordinary volume is no forecast of this one that could be scored.
        outlook: (judgement.known_days >= LEAST_DAYS || judgement.burst.is_some()).then_some(judgement.outlook),
    }
}

/// What it is that fills.
#[derive(Clone, Copy)]
enum Holds {
    FileSystem,
    ThinPool(ThinPool),
    Quota,
}

fn holds(input: &Input, asset: &AssetId) -> Holds {
    match input.assets.get(asset).map(|view| &view.facts) {
        Some(Observation::Volume(Volume { thin_pool: Some(part), .. })) => Holds::ThinPool(*part),
        Some(Observation::Volume(Volume { quota: true, .. })) => Holds::Quota,
        _ => Holds::FileSystem,
    }
}

impl Holds {
    fn word(self, key: &str) -> &'static str {
        let is_drive = key.len() <= 3 && key.as_bytes().get(1) == Some(&b':');
        match self {
            Self::ThinPool(_) => "Thin pool",
            Self::Quota => "Quota of",
            Self::FileSystem if is_drive => "Drive",
            Self::FileSystem => "Volume",
        }
    }

    /// How it gets more room.
    const fn enlarge(self) -> &'static str {
        match self {
            Self::Quota => "raise it",
            Self::FileSystem | Self::ThinPool(_) => "enlarge it",
        }
    }
}

fn sentence(input: &Input, name: &str, gauge: &Gauge, judgement: &Judgement, holds: Holds) -> String {
    let calendar = Calendar::new(&input.time_zone);
    let left = amount(gauge, gauge.free);
    let share = 100.0 * gauge.free / gauge.total;
    let (full, room) = match gauge.metric {
        Metric::InodesFree => ("run out of room for further files", "files"),
        _ => ("be full", "space"),
    };
    match judgement.why {
        Why::Full => {
            format!("{name} is full: {left} left. Programs can no longer save; {}.", remedy(gauge, judgement, holds))
        }
        Why::Floor => format!("{name} has only {left} ({share:.1} %) left; {}.", remedy(gauge, judgement, holds)),
        Why::Halted => {
            format!("{name} has stopped filling, but its {room} has not come back: {left} ({share:.0} %) left.")
        }
        Why::Healthy => format!("{name} has room again: {left} ({share:.0} %) left."),
        Why::Runaway => {
            let pace = judgement.burst.map_or(0.0, |burst| (gauge.free - gauge.limit).max(0.0) / burst.rate.max(1e-9));
            let at = gauge.now.plus(Millis(pace as i64));
            let chance = judgement.outlook.chance(Millis::DAY).unwrap_or(0.0);
            let (when, chance) = (calendar.range_words(at, at, gauge.now), chance_words(chance));
            format!(
                "{name} is filling much faster than usual and will {full} {when} at this pace ({chance}); {}.",
                remedy(gauge, judgement, holds)
            )
        }
        Why::Growth => {
            let when = dates(&calendar, &judgement.outlook, gauge);
            format!("{name} will {full} {when}; {}.", remedy(gauge, judgement, holds))
        }
    }
}

/// What to do, in a few words.
fn remedy(gauge: &Gauge, judgement: &Judgement, holds: Holds) -> String {
    if judgement.why == Why::Runaway {
        return "find what is writing".to_owned();
    }
    match (&gauge.metric, worthwhile(gauge, judgement)) {
        (Metric::InodesFree, _) => "delete or archive small files".to_owned(),
        (_, Some(need)) => format!("free at least {} or {}", bytes_words(need), holds.enlarge()),
        _ => format!("free space or {}", holds.enlarge()),
    }
}

/// What must be freed at least, where it is not so little that it would only postpone the matter.
fn worthwhile(gauge: &Gauge, judgement: &Judgement) -> Option<f64> {
    judgement.outlook.need.filter(|need| *need >= 0.01 * gauge.total)
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

fn what_to_do(asset: &AssetId, gauge: &Gauge, judgement: &Judgement, holds: Holds) -> Vec<String> {
    let need = worthwhile(gauge, judgement);
    let mut todo = Vec::new();
    if let Holds::ThinPool(part) = holds {
        return for_thin_pool(asset.key(), part, need);
    }
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
    let enlarge = match holds {
        Holds::Quota => "raise the quota",
        _ => "enlarge the volume",
    };
    todo.push(match need {
        Some(need) => format!("Free at least {} or {enlarge}.", bytes_words(need)),
        None => format!("Free space or {enlarge}."),
    });
    todo
}

/// A pool fills by what its volumes were ever written, and deleted files give nothing back by themselves.
fn for_thin_pool(key: &str, part: ThinPool, need: Option<f64>) -> Vec<String> {
    let pool = key.strip_suffix(" metadata").unwrap_or(key);
    let more = need.map_or_else(|| "space".to_owned(), |need| format!("at least {}", bytes_words(need)));
    match part {
        ThinPool::Metadata => vec![
            format!("Look whether the group of {pool} has room (vgs), and enlarge the metadata: lvextend --poolmetadatasize."),
            "Delete snapshots that nobody needs: each block that they share is noted there.".to_owned(),
        ],
        ThinPool::Data | ThinPool::Other => vec![
            format!("Look which volumes and snapshots take the space of {pool}: lvs -a."),
            "Delete snapshots that nobody needs, and run fstrim on the file systems in it: it gives back what deleted files took.".to_owned(),
            format!("Give it {more}, if its group has room (vgs): lvextend."),
        ],
    }
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
    let chances = judgement.outlook.chances.iter();
    let chances =
        chances.map(|chance| format!("{} within {:.0} days", chance_words(chance.p), chance.within.as_days()));
    facts.push(fact("Chance to be full", chances.collect::<Vec<_>>().join(", ").replace("1 days", "a day")));
    if judgement.known_days < 21 {
        facts.push(fact("Watched for", known_words(judgement.known_days)));
    }
    let chart = ChartRef {
        asset: asset.clone(),
        metric: gauge.metric.clone(),
        from: gauge.now.minus(Millis::days(30)),
        limit: Some(gauge.limit),
    };
    Evidence { facts, chart: Some(chart) }
}

/// How much the chances are worth.
fn known_words(days: usize) -> String {
    match days {
        0..LEAST_DAYS => "less than 3 days: the chances are those of an ordinary volume".to_owned(),
        days => format!("{days} days: cycles longer than that are not known yet"),
    }
}
