//! Charts as a page shows them: within the content policy, readable without seeing, and unbroken
//! by whatever is drawn.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::{
    finding::Severity,
    forecast::FanPoint,
    ledger::StoryChart,
    month::{MonthFigures, TrendMonth},
    series::{Hour, Sample},
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_statement::chart::{
    Drawn, HorizonBar, Line, Points, Style, Unit, fan, fan_in, horizon, line, spark, trend_bars, worth_bars,
};
use jiff::tz::TimeZone;

const NOW: Timestamp = Timestamp(1_796_302_800_000);

fn screen() -> Style {
    Style::screen(560, 220, TimeZone::get("Europe/Berlin").unwrap())
}

fn filling(title: &str) -> StoryChart {
    let at = |day: i64| NOW.plus(Millis::days(day));
    let point = |day: i64| {
        let middle = 30.0 - 3.0 * day as f64;
        let wide = 0.8 * day as f64;
        FanPoint {
            at: at(day),
            p10: middle - 2.0 * wide,
            p25: middle - wide,
            p50: middle,
            p75: middle + wide,
            p90: middle + 2.0 * wide,
        }
    };
    StoryChart {
        title: title.to_owned(),
        measured: (-20..=4).map(|day| Sample { at: at(day), value: 30.0 - 3.0 * day as f64 }).collect(),
        fan: (0..10).map(point).collect(),
        limit: Some(1.0),
        acted_at: Some(at(4)),
        onset: None,
    }
}

fn months() -> Vec<TrendMonth> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/typical/figures.json")).unwrap();
    serde_json::from_str::<MonthFigures>(&text).unwrap().trend
}

fn bars() -> Vec<HorizonBar> {
    let day = |day: i64| Some(NOW.plus(Millis::days(day)));
    let bar = |label: &str, [q10, q50, q90]: [Option<Timestamp>; 3], severity| HorizonBar {
        label: label.to_owned(),
        q10,
        q50,
        q90,
        severity,
        href: Some("/tickets/7".to_owned()),
    };
    vec![
        bar("Drive C: on SERVER", [day(6), day(9), None], Severity::Soon),
        bar("Drive D: on FRONTDESK", [day(1), day(3), day(5)], Severity::Act),
        bar("Certificate of shop.example", [day(30), None, None], Severity::Watch),
    ]
}

fn every_chart() -> Vec<Drawn> {
    let hour = Hour { at: NOW, count: 3, min: 1.0, max: f64::NAN, mean: 2.0, last: 2.0 };
    let evil = "<script>alert(1)</script>\" onload=\"x";
    let by_hours = Line { title: evil, unit: Unit::Bytes, points: Points::Hours(&[hour]), limit: None };
    vec![
        fan(&filling("Free space: Drive D: on FRONTDESK (GB)"), &screen()),
        fan_in(Unit::Bytes, &filling(evil), &screen()),
        fan(&StoryChart { measured: Vec::new(), fan: Vec::new(), ..filling("") }, &screen()),
        line(&by_hours, &screen()),
        spark(evil, Unit::Percent, &[f64::INFINITY, 4.0, 3.0], &screen()),
        spark("", Unit::Percent, &[], &screen()),
        trend_bars(&months(), &screen()),
        trend_bars(&[], &screen()),
        worth_bars(&months(), "EUR", &screen()),
        horizon(&bars(), NOW, 14, &screen()),
        horizon(&[], NOW, 0, &screen()),
        horizon(
            &[HorizonBar { label: evil.to_owned(), href: Some("javascript:alert(1)".to_owned()), ..bars().remove(0) }],
            NOW,
            14,
            &screen(),
        ),
    ]
}

#[test]
fn no_chart_carries_inline_style_or_script() {
    for Drawn { svg, .. } in every_chart() {
        for banned in ["style=", "<style", "<script", "javascript:", " onload=\"", "NaN", "inf"] {
            assert!(!svg.contains(banned), "{banned} in {svg}");
        }
    }
}

#[test]
fn every_chart_has_a_title_and_says_what_it_shows() {
    for Drawn { svg, sentence } in every_chart() {
        assert!(svg.contains("<title>") && svg.contains("<desc>") && svg.contains("role=\"img\""));
        assert!(sentence.ends_with('.'), "{sentence:?}");
    }
}

#[test]
fn the_fan_says_measurement_forecast_limit_and_act() {
    let drawn = fan(&filling("Free space: Drive D: on FRONTDESK (GB)"), &screen());
    assert_eq!(
        drawn.sentence,
        "Measured 90 GB on 13 November and 18 GB on 7 December. Forecast of 3 December for 12 December: between \
         nothing and 17.4 GB (80 %). The line not to be crossed is 1 GB. Someone acted on 7 December, 14:00."
    );
    assert!(drawn.svg.contains(">acted 7 Dec<") && drawn.svg.contains(">100 GB<"));
}

#[test]
fn the_horizon_shows_the_nearest_first_and_counts_what_lies_beyond() {
    let drawn = horizon(&bars(), NOW, 14, &screen());
    assert_eq!(
        drawn.sentence,
        "Expected in the next 14 days: Drive D: on FRONTDESK (act, 4 Dec to 8 Dec); Drive C: on SERVER (soon, from 9 \
         Dec). 1 more may come later."
    );
    assert!(drawn.svg.contains(r#"<a href="/tickets/7">"#));
}

#[test]
fn a_quiet_horizon_says_so() {
    assert_eq!(horizon(&[], NOW, 14, &screen()).sentence, "Nothing is expected in the next 14 days.");
}
