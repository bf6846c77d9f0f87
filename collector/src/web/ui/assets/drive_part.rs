//! How likely a drive fails, what it counts and since when, and what a warranty asks for.

use super::{
    drive_words,
    part::{Part, sentence},
};
use crate::{
    app::App,
    web::{
        error::WebError,
        ui::{
            chart::{self, Chart},
            show::Present,
        },
    },
};
use beforehand_core::{
    calendar::{bytes_words, chance_words, duration_words},
    detectors::drive_failure::{Standing, card::Judgement, earlier, standing},
    input::HISTORY,
    series::{Metric, Sample, Series},
};
use beforehand_shared::{
    drive::{Drive, DriveKind, Verdict},
    time::{Millis, Timestamp},
};
use beforehand_statement::chart::Unit;
use beforehand_store::AssetRow;
use std::collections::BTreeMap;

/// How far back the chance is drawn.
const DRAWN_DAYS: u32 = 60;
const WEEK: Millis = Millis::days(7);
const MONTH: Millis = Millis::days(30);
/// The counts that say how a drive is, the gravest first.
const COUNTS: [Metric; 14] = [
    Metric::MediaErrors,
    Metric::UncorrectableSectors,
    Metric::PendingSectors,
    Metric::ReallocatedSectors,
    Metric::ReallocationEvents,
    Metric::CommandTimeouts,
    Metric::SpinRetries,
    Metric::EndToEndErrors,
    Metric::ProgramFailures,
    Metric::EraseFailures,
    Metric::CrcErrors,
    Metric::ErrorLogEntries,
    Metric::WearPct,
    Metric::SparePct,
];

pub(super) async fn parts(
    app: &App,
    asset: &AssetRow,
    drive: &Drive,
    present: &Present,
) -> Result<Vec<Part>, WebError> {
    let mut series = BTreeMap::new();
    let span = (present.now.minus(Millis(HISTORY.0 * 2)), present.now.plus(Millis::HOUR));
    for metric in COUNTS {
        let hours = app.store.hours(asset.client, &asset.id, &metric, span).await?;
        if !hours.is_empty() {
            series.insert(metric, Series { hours, recent: Vec::new() });
        }
    }
    // The hour in which it was seen last is over for what follows.
    let at = asset.seen_at.plus(Millis::HOUR);
    Ok(vec![chance(drive, &series, at, present), counts(&series, at), life(drive)])
}

fn chance(drive: &Drive, series: &BTreeMap<Metric, Series>, at: Timestamp, present: &Present) -> Part {
    let mut part = Part::new("chance", "Will it fail?");
    let stands = standing(drive, series, at);
    part.lines.push(sentence(&drive_words::verdict(drive)));
    if drive.verdict == Verdict::Passed {
        part.lines.push(drive_words::caution());
    }
    part.lines.extend(how_likely(drive, stands.as_ref()));
    let days = earlier(drive, series, DRAWN_DAYS, at);
    if days.len() > 1 {
        part.charts.push(over_time(&days, present));
        part.below.push("Each day is judged by what the drive had counted by then.".to_owned());
    } else if stands.is_some() {
        part.below.push("How the chance changes is drawn after two days.".to_owned());
    }
    part
}

fn how_likely(drive: &Drive, stands: Option<&Standing>) -> Vec<String> {
    let Some(Standing { judged, sentence }) = stands else {
        let why = match (&drive.verdict, drive.kind) {
            (Verdict::Failing { .. }, _) => "It says itself that it fails: no chance is reckoned beside that.",
            (_, DriveKind::Hdd) => "It has told none of the counts that a chance could be reckoned from.",
            _ => "No chance is given: nobody has published how often healthy drives of its kind fail.",
        };
        return vec![why.to_owned()];
    };
    let chances = format!(
        "Chance to fail: {} within 30 days, {} within 90 days.",
        chance_words(judged.p30),
        chance_words(judged.p90)
    );
    match drive.verdict {
        Verdict::Failing { .. } => vec![format!("{sentence} Its own verdict weighs more.")],
        _ => vec![sentence.clone(), chances],
    }
}

fn over_time(days: &[(Timestamp, Judgement)], present: &Present) -> Chart {
    let samples: Vec<Sample> = days.iter().map(|(at, judged)| Sample { at: *at, value: 100.0 * judged.p90 }).collect();
    let row = |(at, judged): &(Timestamp, Judgement)| {
        vec![present.day(*at), chance_words(judged.p30), chance_words(judged.p90)]
    };
    let rows = days.iter().rev().map(row).collect();
    chart::points(
        ("Chance to fail within 90 days", Unit::Percent),
        &samples,
        (vec!["Day", "Within 30 days", "Within 90 days"], rows),
        present,
    )
}

/// What it counts, if it is more than nothing, and by how much that grew.
fn counts(series: &BTreeMap<Metric, Series>, at: Timestamp) -> Part {
    let mut part = Part::new("counts", "What it counts");
    let (mut rows, mut zero) = (Vec::new(), Vec::new());
    for metric in COUNTS {
        let Some(series) = series.get(&metric) else { continue };
        let Some(now) = series.value_at(at) else { continue };
        let title = metric.title();
        let name = chart::bare(&title).to_owned();
        let changes = [WEEK, MONTH].map(|within| series.change(at, within));
        if now == 0.0 && changes.iter().flatten().all(|change| *change == 0.0) {
            zero.push(name.to_lowercase());
            continue;
        }
        let unit = Unit::of(&metric);
        let [week, month] = changes.map(|change| change_words(change, unit));
        rows.push(([name, unit.say(now), week, month], String::new()));
    }
    if rows.is_empty() && zero.is_empty() {
        part.lines.push("Nothing yet: its counts stand here an hour after it told the first.".to_owned());
    } else if rows.is_empty() {
        part.lines.push("Nothing that speaks against it.".to_owned());
    }
    part.table(["Count", "Now", "In 7 days", "In 30 days"], rows);
    if !zero.is_empty() {
        part.below.push(format!("None of these: {}.", zero.join(", ")));
    }
    part
}

fn change_words(change: Option<f64>, unit: Unit) -> String {
    match change {
        None => "not watched so long".to_owned(),
        Some(change) if change > 0.0 => format!("+{}", unit.say(change)),
        Some(change) if change < 0.0 => format!("\u{2212}{}", unit.say(-change)),
        Some(_) => "no change".to_owned(),
    }
}

fn life(drive: &Drive) -> Part {
    let mut part = Part::new("life", "For a warranty claim");
    let age = |hours: u64| {
        let length = duration_words(Millis::hours(i64::try_from(hours).unwrap_or(i64::MAX / Millis::HOUR.0)));
        let years = hours as f64 / 8766.0;
        let years = if years < 1.0 { String::new() } else { format!(", {years:.1} years") };
        format!("{hours} hours ({length}{years})")
    };
    let known = [
        ("Has run for", drive.power_on_hours.map(age)),
        ("Written in its life", drive.host_written_bytes.map(|bytes| bytes_words(bytes as f64))),
        ("Model", drive.model.clone()),
        ("Serial number", drive.serial.clone()),
        ("Firmware", drive.firmware.clone()),
    ];
    let row = |(label, value): (&str, Option<String>)| {
        ([label.to_owned(), value.unwrap_or_else(|| "it does not say".to_owned())], String::new())
    };
    part.table(["What", "As it says"], known.map(row));
    part
}
