//! The day on which a flash drive has taken the writes that its maker expects of it, or has no spare blocks left.

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    forecast::{Chance, Outlook},
    input::{AssetView, Input},
    series::{Metric, Series},
};
use beforehand_shared::{
    drive::Drive,
    observation::Observation,
    time::{Millis, Timestamp},
};

const METHOD: &str = "drive_wear/1";
/// What was last seen longer ago may have been replaced meanwhile.
const LAST_SEEN: Millis = Millis::hours(26);
/// Known for so long, and by so many whole per cent, before its own pace counts.
const KNOWN: Millis = Millis::days(14);
const PROGRESS: f64 = 2.0;
/// Before that the pace of its whole life counts, from so many per cent on, give or take a factor.
const LIFE: f64 = 5.0;
const LIFE_FACTOR: f64 = 2.0;
/// What people write changes: by this factor at least the pace of the time to come is not known.
const CHANGE: f64 = 1.25;
/// When the middle date is this near.
const SOON: Millis = Millis::days(90);
const NOTE: Millis = Millis::days(365);
const HORIZONS: [Millis; 3] = [Millis::days(30), Millis::days(90), Millis::days(365)];

pub(super) struct DriveWear;

impl Detector for DriveWear {
    fn kind(&self) -> FindingKind {
        FindingKind::DriveWear
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let drives = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Drive(drive) if input.now.since(view.seen_at) <= LAST_SEEN => Some((asset, view, drive)),
            _ => None,
        });
        drives.filter_map(|(asset, view, drive)| judge(input, asset, view, drive)).collect()
    }
}

/// What runs out, and how fast it does.
struct Supply {
    metric: Metric,
    /// Per cent until it has run out; none or less when it has.
    left: f64,
    pace: Option<Pace>,
}

/// Per cent a day: slowest, likely and fastest.
struct Pace {
    low: f64,
    likely: f64,
    high: f64,
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, drive: &Drive) -> Option<Finding> {
    let supplies = [wear(view, drive), spare(view)];
    let until = |supply: &Supply| supply.pace.as_ref().map_or(f64::MAX, |pace| supply.left.max(0.0) / pace.likely);
    let first = supplies.into_iter().flatten().min_by(|a, b| until(a).total_cmp(&until(b)))?;
    let name = input.name_of(asset);
    if first.left <= 0.0 && first.metric == Metric::WearPct {
        let sentence =
            format!("{name} has taken more writes than its maker expects of it: it may stop taking them any day.");
        return Some(finding(input, (asset, view, drive), &first, (Severity::Soon, sentence), None));
    }
    let outlook = outlook(input.now, first.left, first.pace.as_ref()?);
    let middle = outlook.q50.map_or(Millis(i64::MAX), |date| date.since(input.now));
    let severity = match middle {
        middle if middle <= SOON => Severity::Soon,
        middle if middle <= NOTE => Severity::Watch,
        _ => {
            return healthy(input, asset, FindingKind::DriveWear, || {
                format!("{name} wears so slowly that it lasts for more than a year.")
            });
        }
    };
    let (from, to) = (outlook.q10?, outlook.q90?);
    let when = Calendar::new(&input.time_zone).range_words(from, to, input.now);
    let what = if first.metric == Metric::SparePct {
        "will have no spare blocks left"
    } else {
        "will have taken all the writes that its maker expects of it"
    };
    let sentence = format!("{name} {what} {when} (80 %).");
    Some(finding(input, (asset, view, drive), &first, (severity, sentence), Some(outlook)))
}

fn wear(view: &AssetView, drive: &Drive) -> Option<Supply> {
    let used = f64::from(drive.wear_used_pct?);
    let own = view.series.get(&Metric::WearPct).and_then(|series| pace(series, 1.0));
    let days = drive.power_on_hours.map(|hours| hours as f64 / 24.0).filter(|days| *days >= 30.0);
    let life = days.filter(|_| used >= LIFE).map(|days| {
        let likely = used / days;
        Pace { low: likely / LIFE_FACTOR, likely, high: likely * LIFE_FACTOR }
    });
    Some(Supply { metric: Metric::WearPct, left: 100.0 - used, pace: own.or(life) })
}

/// Until none is left: when the maker's own limit is reached, the drive says so itself.
fn spare(view: &AssetView) -> Option<Supply> {
    let series = view.series.get(&Metric::SparePct)?;
    Some(Supply { metric: Metric::SparePct, left: series.last()?.value, pace: Some(pace(series, -1.0)?) })
}

/// From what is known of the last two months. Whole per cents hide up to one at each end.
fn pace(series: &Series, sign: f64) -> Option<Pace> {
    let (first, last) = (series.hours.first()?, series.last()?);
    let (days, progress) = (last.at.since(first.at), sign * (last.value - first.last));
    let daily = |progress: f64| progress / days.as_days();
    (days >= KNOWN && progress >= PROGRESS).then(|| Pace {
        low: daily(progress - 1.0).min(daily(progress) / CHANGE),
        likely: daily(progress),
        high: daily(progress + 1.0).max(daily(progress) * CHANGE),
    })
}

fn outlook(now: Timestamp, left: f64, pace: &Pace) -> Outlook {
    let date = |daily: f64| now.plus(Millis((left / daily * Millis::DAY.0 as f64).min(1e15) as i64));
    let (q10, q50, q90) = (date(pace.high), date(pace.likely), date(pace.low));
    // Straight between the dates, which is all that is known.
    let chance = |within: Millis| {
        let at = now.plus(within);
        let share = |from: Timestamp, to: Timestamp| at.since(from).0 as f64 / (to.since(from).0.max(1)) as f64;
        let p = match at {
            at if at < q10 => 0.1 * share(now, q10),
            at if at < q50 => 0.1 + 0.4 * share(q10, q50),
            at if at < q90 => 0.5 + 0.4 * share(q50, q90),
            _ => 0.95,
        };
        Chance { within, p }
    };
    Outlook {
        method: METHOD.to_owned(),
        chances: HORIZONS.into_iter().map(chance).collect(),
        q10: Some(q10),
        q50: Some(q50),
        q90: Some(q90),
        fan: Vec::new(),
        need: None,
    }
}

fn finding(
    input: &Input,
    (asset, _, drive): (&AssetId, &AssetView, &Drive),
    supply: &Supply,
    (severity, sentence): (Severity, String),
    outlook: Option<Outlook>,
) -> Finding {
    let percent = |value: Option<u8>| value.map_or_else(|| "not told".to_owned(), |value| format!("{value} %"));
    Finding {
        kind: FindingKind::DriveWear,
        asset: asset.clone(),
        severity,
        sentence,
        steps: steps([
            "Check that the latest backup can be read.",
            "Plan a replacement of the same size before that date.",
            "Look at what writes so much: a log, a database or a swap file may belong elsewhere.",
        ]),
        evidence: Evidence {
            facts: vec![
                fact("Writes taken of those expected", percent(drive.wear_used_pct)),
                fact("Spare blocks left", percent(drive.spare_pct)),
                fact(
                    "Hours of running",
                    drive.power_on_hours.map_or_else(|| "not told".to_owned(), |it| it.to_string()),
                ),
            ],
            chart: Some(ChartRef {
                asset: asset.clone(),
                metric: supply.metric.clone(),
                from: input.now.minus(Millis::days(60)),
                limit: Some(if supply.metric == Metric::WearPct { 100.0 } else { 0.0 }),
            }),
        },
        outlook,
    }
}
