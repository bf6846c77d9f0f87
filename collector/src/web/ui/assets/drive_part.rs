//! How likely a drive fails, what it counts and since when, and what a warranty asks for.

use super::{
    drive_words,
    foreseen::{self, Words},
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
    finding::FindingKind,
    forecast::Forecast,
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

const FAILS: Words = Words {
    id: "foreseen",
    title: "What was foreseen, and what came",
    head: "Fails",
    came: "it failed",
    did_not: "it had not failed",
};
const WORN: Words = Words {
    id: "wear",
    title: "What was foreseen of its wear, and what came",
    head: "Worn out",
    came: "it took no more writes",
    did_not: "it still took writes",
};
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
    let mut forecasts = app.store.forecasts_of_asset(asset.client, &asset.id).await?;
    forecasts.reverse();
    let of = |kind| forecasts.iter().filter(move |forecast| forecast.kind == kind).cloned().collect::<Vec<_>>();
    let (failure, wear) = (of(FindingKind::DriveFailure), of(FindingKind::DriveWear));
    // The hour in which it was seen last is over for what follows.
    let at = asset.seen_at.plus(Millis::HOUR);
    let mut parts = vec![chance(drive, &series, (at, &failure), present)];
    let foreseen = [(failure, FAILS), (wear, WORN)].into_iter().filter(|(forecasts, _)| !forecasts.is_empty());
    parts.extend(foreseen.map(|(forecasts, words)| foreseen::part(&forecasts, words, present)));
    parts.extend([counts(&series, at), life(drive)]);
    Ok(parts)
}

fn chance(
    drive: &Drive,
    series: &BTreeMap<Metric, Series>,
    (at, forecasts): (Timestamp, &[Forecast]),
    present: &Present,
) -> Part {
    let mut part = Part::new("chance", "Will it fail?");
    let stands = standing(drive, series, at);
    let doubtful = stands.as_ref().is_some_and(Standing::is_doubtful) && drive.verdict == Verdict::Passed;
    if doubtful {
        part.lines.extend(how_likely(drive, stands.as_ref()));
        part.lines.push("Its own verdict still says healthy.".to_owned());
    } else {
        part.lines.push(sentence(&drive_words::verdict(drive)));
        if drive.verdict == Verdict::Passed {
            part.lines.push(drive_words::caution());
        }
        part.lines.extend(how_likely(drive, stands.as_ref()));
    }
    let days: Vec<Day> = earlier(drive, series, DRAWN_DAYS, at).iter().map(|day| Day::of(day, forecasts)).collect();
    if days.len() > 1 {
        part.charts.push(over_time(&days, present));
        part.below.push(sources(&days).to_owned());
    } else if stands.is_some() {
        part.below.push("How the chance changes is drawn after two days.".to_owned());
    }
    part
}

/// The chance on one day: as it was said then, or else as it is worked out today.
struct Day {
    at: Timestamp,
    p30: f64,
    p90: f64,
    was_said: bool,
}

impl Day {
    /// The latest of `forecasts` (latest first) that was made by then and still open holds.
    fn of((at, judged): &(Timestamp, Judgement), forecasts: &[Forecast]) -> Self {
        let stood = |it: &&Forecast| it.made_at <= *at && it.result.is_none_or(|result| result.at > *at);
        let said = forecasts.iter().find(stood).map(|it| &it.outlook);
        let chance = |days, worked_out| said.and_then(|it| it.chance(Millis::days(days))).unwrap_or(worked_out);
        Self { at: *at, p30: chance(30, judged.p30), p90: chance(90, judged.p90), was_said: said.is_some() }
    }
}

/// Where the points of the picture come from.
fn sources(days: &[Day]) -> &'static str {
    match (days.iter().any(|day| day.was_said), days.iter().all(|day| day.was_said)) {
        (_, true) => "Each day shows the chance as it was said then.",
        (true, false) => {
            "Days with a forecast show the chance as it was said then; the others are worked out today from what the \
             drive had counted by then. The table says which is which."
        }
        _ => "Nothing was said then: each day is worked out today from what the drive had counted by then.",
    }
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

fn over_time(days: &[Day], present: &Present) -> Chart {
    let samples: Vec<Sample> = days.iter().map(|day| Sample { at: day.at, value: 100.0 * day.p90 }).collect();
    let row = |day: &Day| {
        let source = if day.was_said { "said then" } else { "worked out today" };
        vec![present.day(day.at), chance_words(day.p30), chance_words(day.p90), source.to_owned()]
    };
    let rows = days.iter().rev().map(row).collect();
    chart::points(
        ("Chance to fail within 90 days", Unit::Percent),
        &samples,
        (vec!["Day", "Within 30 days", "Within 90 days", "Source"], rows),
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
