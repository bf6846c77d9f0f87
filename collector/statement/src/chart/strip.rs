//! A part of a connection over time: a row of cells, the worse the taller, so that colour says nothing alone.

use super::{
    Drawn, Style,
    ink::Ink,
    svg::{Svg, px},
};
use crate::words::{Zone, count};
use beforehand_core::{
    finding::Severity,
    site_view::{Cell, CellState, Strip},
};
use beforehand_shared::time::Millis;

const HEIGHT: f64 = 24.0;
/// Share of a cell's width that is drawn.
const FILLED: f64 = 0.78;
/// Stretches that the sentence names; more are counted.
const NAMED: usize = 4;

/// `title` says of what and how far back.
pub fn strip(title: &str, strip: &Strip, style: &Style) -> Drawn {
    let sentence = sentence(strip, &Zone::of(style.zone.clone()));
    let mut svg = Svg::fluid(style, HEIGHT, [title, &sentence]);
    let width = 1.0 / strip.cells.len().max(1) as f64;
    for (place, cell) in strip.cells.iter().enumerate() {
        let (height, ink) = look(cell.state);
        let x = svg.across((place as f64 + (1.0 - FILLED) / 2.0) * width, style);
        let across = svg.across(FILLED * width, style);
        svg.rect([&x, &px(HEIGHT - height), &across, &px(height)], ink);
    }
    Drawn { svg: svg.finish(), sentence }
}

const fn look(state: CellState) -> (f64, Ink) {
    match state {
        CellState::Unmeasured => (1.5, Ink::Faint),
        CellState::Hidden => (3.0, Ink::Soft),
        CellState::Sound => (9.0, Ink::Past),
        CellState::Lossy => (16.0, Ink::Status(Severity::Soon)),
        CellState::Down => (HEIGHT, Ink::Status(Severity::Act)),
    }
}

/// What was not sound, and when; then what was not measured.
fn sentence(strip: &Strip, zone: &Zone) -> String {
    let mut said = Vec::new();
    for (state, word) in
        [(CellState::Down, "out"), (CellState::Lossy, "lossy"), (CellState::Hidden, "hidden by a fault nearer by")]
    {
        let stretches = stretches(&strip.cells, state);
        let names: Vec<String> = stretches.iter().take(NAMED).map(|stretch| when(*stretch, zone)).collect();
        let more = stretches.len().saturating_sub(NAMED);
        match (names.is_empty(), more) {
            (true, _) => {}
            (false, 0) => said.push(format!("{word} {}", names.join(", "))),
            (false, more) => said.push(format!("{word} {} and {more} times more", names.join(", "))),
        }
    }
    let of = |state: CellState| strip.cells.iter().filter(|cell| cell.state == state).count();
    let (unmeasured, all) = (of(CellState::Unmeasured), strip.cells.len());
    let cells = |n: usize| {
        if is_days(&strip.cells) { count(n as u64, "day", "days") } else { count(n as u64, "hour", "hours") }
    };
    if unmeasured == all {
        return "Not measured.".to_owned();
    }
    if unmeasured > 0 {
        said.push(format!("{} not measured", cells(unmeasured)));
    }
    if said.is_empty() {
        "Sound throughout.".to_owned()
    } else {
        capital(&format!("{}; the rest sound.", said.join("; ")))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

fn is_days(cells: &[Cell]) -> bool {
    cells.first().is_some_and(|cell| cell.to.since(cell.from) > Millis::hours(2))
}

type Stretch = (Cell, Cell);

/// First and last cell of every run of the state.
fn stretches(cells: &[Cell], state: CellState) -> Vec<Stretch> {
    let runs = cells.chunk_by(|a, b| a.state == b.state).filter(|run| run[0].state == state);
    runs.filter_map(|run| Some((*run.first()?, *run.last()?))).collect()
}

fn when((first, last): Stretch, zone: &Zone) -> String {
    if first.to.since(first.from) > Millis::hours(2) {
        return if first == last {
            zone.day_short(first.from)
        } else {
            format!("{} to {}", zone.day_short(first.from), zone.day_short(last.from))
        };
    }
    format!("{} to {}", zone.clock(first.from), zone.clock(last.to))
}
