//! What was foreseen of a volume, and what then happened.

use super::{
    foreseen::{self, Words},
    part::Part,
};
use crate::{
    app::App,
    web::{
        error::WebError,
        ui::{chart, show::Present},
    },
};
use beforehand_core::{
    calendar::bytes_words,
    case::Case,
    detectors::repair_words,
    finding::{ChartRef, FindingKind},
    forecast::{Forecast, ForecastResult},
    ledger::StoryChart,
    series::{Metric, Sample},
};
use beforehand_shared::{
    time::Millis,
    volume::{ThinPool, Volume},
};
use beforehand_store::AssetRow;

const WORDS: Words = Words {
    id: "foreseen",
    title: "What was foreseen, and what came",
    head: "Full",
    came: "it was full",
    did_not: "it had not filled up",
};
/// How many forecasts are drawn.
const DRAWN: usize = 4;
/// How much of what was measured before a forecast stands beside it.
const BEFORE: Millis = Millis::days(4);

pub(super) async fn parts(
    app: &App,
    asset: &AssetRow,
    (volume, cases): (&Volume, &[Case]),
    present: &Present,
) -> Result<Vec<Part>, WebError> {
    let mut forecasts = app.store.forecasts_of_asset(asset.client, &asset.id).await?;
    forecasts.retain(|forecast| forecast.kind == FindingKind::VolumeFull);
    forecasts.reverse();
    let mut foreseen = foreseen::part(&forecasts, WORDS, present);
    if forecasts.is_empty() {
        let known = present.now.since(asset.first_seen);
        foreseen.lines.push(if known < Millis::days(3) {
            "No forecast of its own yet: it needs three days of history. Until then the chances are those of an ordinary volume."
                .to_owned()
        } else {
            "No forecast was made: nothing says that it fills up.".to_owned()
        });
    }
    let mut stories = Vec::new();
    for forecast in forecasts.iter().filter(|forecast| !forecast.outlook.fan.is_empty()).take(DRAWN) {
        stories.push(story(app, forecast, cases, present).await?);
    }
    let drawn = if stories.len() > 1 { chart::small_story } else { chart::story };
    foreseen.charts = stories.iter().map(|story| drawn(story, present)).collect();
    Ok(vec![now(volume), foreseen])
}

fn now(volume: &Volume) -> Part {
    let mut part = Part::new("now", "Now");
    let (free, total) = (bytes_words(volume.free_bytes as f64), bytes_words(volume.total_bytes as f64));
    let what = match volume.thin_pool {
        Some(ThinPool::Metadata) => "It is where a thin pool of LVM notes which block belongs to which volume. ",
        Some(_) => "It is a thin pool of LVM: volumes take space out of it as they are written to. ",
        None if volume.quota => "It is what a quota lets this folder hold. ",
        None => "",
    };
    let writes = match (volume.turned_read_only, volume.thin_pool) {
        (false, _) => "It takes writes.",
        (true, Some(_)) => "It takes no writes any more: LVM does this when its metadata is in error.",
        (true, None) => "It takes no writes any more: systems do this after an error of the disk.",
    };
    let errors = match (volume.fs_errors, volume.thin_pool) {
        (None, Some(_)) => String::new(),
        (None, None) if volume.quota => String::new(),
        (None, None) if volume.repair.is_some() => String::new(),
        (None, None) => " Its file system does not say whether it noted errors.".to_owned(),
        (Some(0), _) => " Its file system has noted no errors.".to_owned(),
        (Some(1), _) => " Its file system has noted 1 error since it was last repaired.".to_owned(),
        (Some(errors), _) => format!(" Its file system has noted {errors} errors since it was last repaired."),
    };
    let needs = volume.repair.and_then(repair_words).map(|words| format!(" By what Windows says, it needs {words}."));
    part.lines.push(format!("{what}{free} of {total} are free. {writes}{errors}{}", needs.unwrap_or_default()));
    part
}

/// The fan as it was made, and what was measured before and after.
async fn story(app: &App, forecast: &Forecast, cases: &[Case], present: &Present) -> Result<StoryChart, WebError> {
    let case = cases.iter().find(|case| case.id == forecast.case);
    let proof: Option<&ChartRef> = case.and_then(|case| case.latest.evidence.chart.as_ref());
    let metric = proof.map_or(Metric::FreeBytes, |proof| proof.metric.clone());
    let end = forecast.outlook.fan.last().map_or(forecast.made_at, |point| point.at);
    let span = (forecast.made_at.minus(BEFORE), end.min(present.now.plus(Millis::HOUR)));
    let hours = app.store.hours(forecast.client, &forecast.asset, &metric, span).await?;
    let acted = forecast.result.filter(|result| result.result == ForecastResult::Treated);
    let title = chart::asset_title(&metric, &format!("forecast of {}", present.at(forecast.made_at)));
    Ok(StoryChart {
        title,
        measured: hours.iter().map(|hour| Sample { at: hour.at, value: hour.last }).collect(),
        fan: forecast.outlook.fan.clone(),
        limit: proof.and_then(|proof| proof.limit),
        acted_at: acted.map(|result| result.at),
        onset: forecast.result.and_then(|result| result.onset),
    })
}
