//! Pictures on pages: each with its sentence and the same as a table.

use super::{
    directory::Directory,
    lines::{HORIZON, sure},
    show::{Picture, Present, asset_href},
};
use crate::{app::App, web::error::WebError};
use askama::{Template, filters::HtmlSafe};
use beforehand_core::worth::money;
use beforehand_core::{
    case::CaseId,
    finding::Severity,
    ledger::StoryChart,
    month::TrendMonth,
    series::{Hour, Metric, Sample},
};
use beforehand_shared::ids::ClientId;
use beforehand_statement::{
    chart::{self, Drawn, HorizonBar, Line, Points, Style, Unit},
    words::decimal,
};
use beforehand_store::OpenForecast;
use std::collections::BTreeMap;

const WIDTH: u32 = 760;
const HEIGHT: u32 = 240;

#[derive(Debug, Template)]
#[template(path = "parts/chart.html")]
pub(crate) struct Chart {
    pub(crate) title: String,
    svg: Picture,
    sentence: String,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl HtmlSafe for Chart {}

impl Chart {
    fn new(title: impl Into<String>, drawn: Drawn, heads: Vec<&'static str>, rows: Vec<Vec<String>>) -> Self {
        Self { title: title.into(), svg: Picture(drawn.svg), sentence: drawn.sentence, heads, rows }
    }
}

/// The next 14 days of one client or of all; none when no forecast reaches into them.
pub(crate) async fn horizon(
    app: &App,
    directory: &Directory,
    client: Option<ClientId>,
) -> Result<Option<Chart>, WebError> {
    let end = directory.now.plus(HORIZON);
    let mut open = app.store.open_forecasts(client).await?;
    open.retain(|open| open.named.forecast.outlook.q10.is_some_and(|q10| q10 <= end));
    if open.is_empty() {
        return Ok(None);
    }
    open.sort_by_key(|open| open.named.forecast.outlook.q50);
    let severities = severities(app, &open).await?;
    let bars: Vec<HorizonBar> = open.iter().map(|open| bar(open, &severities, directory)).collect();
    let nearest = client.or(open.first().map(|open| open.client));
    let zone = nearest.and_then(|client| directory.clients.get(&client)).map_or("UTC", |client| &client.time_zone);
    let style = Style::screen(WIDTH, HEIGHT, beforehand_core::calendar::zone(zone));
    let mut drawn = chart::horizon(&bars, directory.now, 14, &style);
    // Its rows are links here, and an image must not hold links.
    drawn.svg = drawn.svg.replacen("role=\"img\"", "role=\"group\"", 1);
    let rows = open.iter().map(|open| row(open, directory)).collect();
    let heads = vec!["Asset", "Client", "When", "How sure"];
    let mut chart = Chart::new("What is coming", drawn, heads, rows);
    chart.sentence.clear();
    Ok(Some(chart))
}

async fn severities(app: &App, open: &[OpenForecast]) -> Result<BTreeMap<CaseId, Severity>, WebError> {
    let mut severities = BTreeMap::new();
    let clients: std::collections::BTreeSet<ClientId> = open.iter().map(|open| open.client).collect();
    for client in clients {
        let cases = app.store.open_cases(client).await?;
        severities.extend(cases.into_iter().map(|case| (case.id, case.severity)));
    }
    Ok(severities)
}

fn bar(open: &OpenForecast, severities: &BTreeMap<CaseId, Severity>, directory: &Directory) -> HorizonBar {
    let forecast = &open.named.forecast;
    let made_up = directory.clients.get(&open.client).is_some_and(|client| client.simulated);
    HorizonBar {
        label: if made_up { format!("{} (simulated)", open.named.asset_name) } else { open.named.asset_name.clone() },
        q10: forecast.outlook.q10,
        q50: forecast.outlook.q50,
        q90: forecast.outlook.q90,
        severity: severities.get(&forecast.case).copied().unwrap_or(Severity::Watch),
        href: Some(asset_href(open.client, &forecast.asset)),
    }
}

fn row(open: &OpenForecast, directory: &Directory) -> Vec<String> {
    let outlook = &open.named.forecast.outlook;
    let present = directory.present(open.client);
    let client = directory.clients.get(&open.client).map(super::show::plain_name).unwrap_or_default();
    let when = present.by_when(outlook.q10, outlook.q90);
    vec![open.named.asset_name.clone(), client, when, sure(outlook).unwrap_or_default()]
}

/// The chart that a ledger entry keeps, or one built like it.
pub(crate) fn story(kept: &StoryChart, present: &Present) -> Chart {
    story_of(kept, (WIDTH, HEIGHT), present)
}

/// The same for a row of several.
pub(crate) fn small_story(kept: &StoryChart, present: &Present) -> Chart {
    story_of(kept, (WIDTH / 2, HEIGHT), present)
}

fn story_of(kept: &StoryChart, (width, height): (u32, u32), present: &Present) -> Chart {
    let style = Style::screen(width, height, present.calendar.local(present.now).time_zone().clone());
    let drawn = chart::fan(kept, &style);
    let unit = Unit::of_title(&kept.title);
    let measured =
        thin(&kept.measured).map(|sample| vec![present.at(sample.at), unit.say(sample.value), String::new()]);
    let expected = thin(&kept.fan).map(|point| {
        let band = unit.say_left(point.p10, point.p90);
        vec![present.at(point.at), unit.say(point.p50), band]
    });
    let rows = measured.chain(expected).collect();
    Chart::new(bare(&kept.title), drawn, vec!["When", "Measured or expected", "80 %"], rows)
}

/// A title without the unit in brackets.
pub(crate) fn bare(title: &str) -> &str {
    title.rsplit_once(" (").filter(|_| Unit::of_title(title) != Unit::Count).map_or(title, |(bare, _)| bare)
}

/// At most 40 of them, evenly spread.
fn thin<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(40).max(1))
}

/// One series by its hours.
pub(crate) fn series(metric: &Metric, hours: &[Hour], limit: Option<f64>, present: &Present) -> Chart {
    let style = Style::screen(WIDTH, HEIGHT, present.calendar.local(present.now).time_zone().clone());
    let title = metric.title();
    let unit = Unit::of(metric);
    let bare = bare(&title);
    let drawn = chart::line(&Line { title: bare, unit, points: Points::Hours(hours), limit }, &style);
    Chart::new(bare, drawn, vec!["Day", "Lowest", "Highest", "Last"], days(hours, unit, present))
}

/// Single values over time, with a table of the page's own.
pub(crate) fn points(
    (title, unit): (&str, Unit),
    samples: &[Sample],
    (heads, rows): (Vec<&'static str>, Vec<Vec<String>>),
    present: &Present,
) -> Chart {
    let style = Style::screen(WIDTH, HEIGHT, present.calendar.local(present.now).time_zone().clone());
    let drawn = chart::line(&Line { title, unit, points: Points::Samples(samples), limit: None }, &style);
    Chart::new(title, drawn, heads, rows)
}

/// The hours of each day summed up, latest first.
fn days(hours: &[Hour], unit: Unit, present: &Present) -> Vec<Vec<String>> {
    let mut days: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
    for hour in hours {
        let day = days.entry(present.calendar.day_start(hour.at).0).or_insert((hour.min, hour.max, hour.last));
        *day = (day.0.min(hour.min), day.1.max(hour.max), hour.last);
    }
    let row = |(day, (low, high, last)): (i64, (f64, f64, f64))| {
        vec![present.day(beforehand_shared::time::Timestamp(day)), unit.say(low), unit.say(high), unit.say(last)]
    };
    days.into_iter().rev().map(row).collect()
}

/// The title of one asset's series.
pub(crate) fn asset_title(metric: &Metric, asset: &str) -> String {
    let title = metric.title();
    match title.rsplit_once(" (") {
        Some((bare, unit)) => format!("{bare}, {asset} ({unit}"),
        None => format!("{title}, {asset}"),
    }
}

/// Fee beside worth, month by month.
pub(crate) fn worth(months: &[TrendMonth], currency: &str) -> Chart {
    let style = Style::screen(WIDTH, 200, jiff::tz::TimeZone::UTC);
    let drawn = chart::worth_bars(months, currency, &style);
    let row =
        |month: &TrendMonth| vec![month.month.name(), money(month.fee, currency), money(month.worth_likely, currency)];
    Chart::new("Fee beside worth", drawn, vec!["Month", "Fee", "Likely worth"], months.iter().map(row).collect())
}

/// What users felt, month by month.
pub(crate) fn felt(months: &[TrendMonth]) -> Chart {
    let style = Style::screen(WIDTH, 260, jiff::tz::TimeZone::UTC);
    let row = |month: &TrendMonth| vec![month.month.name(), month.user_visible.to_string(), decimal(month.hours_lost)];
    let rows = months.iter().map(row).collect();
    Chart::new("What users felt", chart::trend_bars(months, &style), vec!["Month", "Incidents", "Hours lost"], rows)
}

/// What is not drawn on an asset's page: it only changes with another series, or with time.
pub(crate) const fn is_drawn(metric: &Metric) -> bool {
    !matches!(
        metric,
        Metric::TotalBytes
            | Metric::InodesTotal
            | Metric::PrinterState
            | Metric::Pages
            | Metric::Troubled
            | Metric::Present
            | Metric::PowerOnHours
            | Metric::PowerCycles
            | Metric::SelfTestFailed
    )
}
