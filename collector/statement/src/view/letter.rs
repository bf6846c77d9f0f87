//! Page one: three figures, twelve months, four lines of what happened.

use super::Source;
use crate::words::{count, cut, decimal, month_short, name, paragraph};
use beforehand_core::{
    ledger::Entry,
    month::{MonthFigures, Worth, headline},
    outcome::Outcome,
    worth::money,
};
use serde::Serialize;

/// One of the three figures.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) note: String,
}

/// One month of the trend. Shares are per cent of the largest, for bars of table cells.
#[derive(Debug, Serialize)]
pub(crate) struct MonthBar {
    pub(crate) month: &'static str,
    pub(crate) incidents: u32,
    pub(crate) hours: String,
    pub(crate) incidents_px: u32,
    pub(crate) hours_px: u32,
    pub(crate) last: bool,
}

/// One line of what happened.
#[derive(Debug, Serialize)]
pub(crate) struct Happening {
    pub(crate) date: String,
    pub(crate) asset: String,
    pub(crate) text: String,
    pub(crate) outcome: &'static str,
    pub(crate) felt: bool,
}

/// Height of the tallest bar in a mail.
const BAR_PX: f64 = 40.0;
/// Lines of what happened on page one.
const LINES: usize = 4;
/// Words before the name of an asset that say what it is: `Thin pool`.
const KIND_WORDS: usize = 2;

pub(super) fn figures(source: Source<'_>) -> Vec<Figure> {
    let (figures, currency) = (source.figures, source.input.client.currency.as_str());
    let (tally, worth) = (&figures.tally, &figures.worth);
    let (count_value, count_note) = split_interval(&headline(figures));
    vec![
        Figure { label: "Incidents prevented".to_owned(), value: count_value, note: count_note },
        Figure {
            label: "Worth of prevention, beside your fee".to_owned(),
            value: format!("{} beside {}", money(worth.likely, currency), money(worth.fee, currency)),
            note: worth_note(worth, currency),
        },
        Figure {
            label: "What your people noticed anyway".to_owned(),
            value: count(u64::from(tally.user_visible), "incident", "incidents"),
            note: match tally.user_visible {
                0 => "Nobody was held up".to_owned(),
                _ => format!("{} hours of work lost", decimal(tally.hours_lost)),
            },
        },
    ]
}

fn worth_note(worth: &Worth, currency: &str) -> String {
    let between = match worth.high {
        0 => "Nothing to put a price on.".to_owned(),
        high => format!("Worth between {} and {}.", money(worth.low, currency), money(high, currency)),
    };
    match worth.included_support {
        0 => between,
        used => format!("{between} The support you used would have cost {} at list price.", money(used, currency)),
    }
}

/// `7 proven + 3.4 likely` and `90 %: 8 to 12` from the headline.
fn split_interval(headline: &str) -> (String, String) {
    match headline.split_once(" (") {
        Some((value, note)) => (value.to_owned(), note.trim_end_matches(')').to_owned()),
        None => (headline.to_owned(), String::new()),
    }
}

pub(super) fn trend(figures: &MonthFigures) -> Vec<MonthBar> {
    let most = figures.trend.iter().map(|month| month.user_visible).max().unwrap_or(0).max(1);
    let longest = figures.trend.iter().map(|month| month.hours_lost).fold(1.0, f64::max);
    let pixels = |share: f64| (share.clamp(0.0, 1.0) * BAR_PX).round() as u32;
    figures
        .trend
        .iter()
        .map(|month| MonthBar {
            month: month_short(month.month),
            incidents: month.user_visible,
            hours: decimal(month.hours_lost),
            incidents_px: pixels(f64::from(month.user_visible) / f64::from(most)),
            hours_px: pixels(month.hours_lost / longest),
            last: month.month == figures.month,
        })
        .collect()
}

/// The four lines that matter most, in the order of time, and how many more there were. What users
/// noticed comes first, but leaves room for what was prevented.
pub(super) fn happened(source: Source<'_>) -> (Vec<Happening>, String) {
    let lines = &source.figures.lines;
    let felt = lines.iter().filter(|line| line.outcome.is_user_visible());
    let spared = lines.iter().filter(|line| line.outcome.is_prevented());
    let rest = lines.iter().filter(|line| !line.outcome.is_user_visible() && !line.outcome.is_prevented());
    let felt: Vec<&Entry> = felt.collect();
    let mut spared: Vec<&Entry> = spared.collect();
    spared.sort_by_key(|line| (line.outcome, line.seq));
    let kept = felt.len().min(LINES.saturating_sub(spared.len()).max(LINES / 2));
    let mut chosen: Vec<&Entry> = felt.into_iter().take(kept).chain(spared).chain(rest).take(LINES).collect();
    chosen.sort_by_key(|line| (line.counted_at, line.seq));
    let more = match lines.len().saturating_sub(chosen.len()) {
        0 => String::new(),
        n => format!("{} on the following pages.", count(n as u64, "more line", "more lines")),
    };
    (chosen.into_iter().map(|line| happening(source, line)).collect(), more)
}

fn happening(source: Source<'_>, line: &Entry) -> Happening {
    let (asset, text) = named(&name(&line.asset_name), &gist(line));
    Happening {
        date: source.zone.day_short(line.counted_at),
        text: cut(&text, 150),
        asset,
        outcome: line.outcome.name(),
        felt: line.outcome.is_user_visible() || line.outcome == Outcome::False,
    }
}

/// The asset as the sentence calls it, if it begins with it (`Drive C: on FRONTDESK`), and the rest; so that no line names
/// it twice.
fn named(asset: &str, text: &str) -> (String, String) {
    match text.split_once(asset) {
        Some((kind, rest)) if kind.split_whitespace().count() <= KIND_WORDS => {
            (format!("{kind}{asset}"), rest.to_owned())
        }
        _ => (asset.to_owned(), text.to_owned()),
    }
}

/// What was seen, and what was done about it.
fn gist(line: &Entry) -> String {
    let story = &line.evidence;
    let saw = paragraph(if story.saw.trim().is_empty() { &line.because } else { &story.saw });
    let first = saw.split_once(". ").map_or(saw.as_str(), |(first, _)| first).trim_end_matches('.').to_owned();
    match story.work.iter().rev().find(|work| work.acted) {
        Some(work) => format!("{first}. {}", paragraph(&work.text)),
        None => format!("{first}."),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_line_names_its_asset_once() {
        let of = |asset, text| named(asset, text);
        let pair = |asset: &str, rest: &str| (asset.to_owned(), rest.to_owned());
        assert_eq!(of("C: on OFFICE-2", "Drive C: on OFFICE-2 is full."), pair("Drive C: on OFFICE-2", " is full."));
        assert_eq!(of("Front desk", "Front desk is jammed."), pair("Front desk", " is jammed."));
        let far = "Nobody could print, as Front desk was jammed.";
        assert_eq!(of("Front desk", far), pair("Front desk", far));
        assert_eq!(of("", "The line was down."), pair("", "The line was down."));
    }
}
