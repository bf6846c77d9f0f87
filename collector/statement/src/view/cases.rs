//! The lines of the month with their evidence: what was prevented, and on the same footing what
//! was not.

use super::Source;
use crate::{
    chart::{Drawn, Style, fan},
    words::{Zone, duration, name, paragraph, people, percent},
};
use beforehand_core::{ledger::Entry, month::Amendment};
use serde::Serialize;

/// One line of the ledger, told.
#[derive(Debug, Serialize)]
pub(crate) struct Telling {
    pub(crate) seq: u64,
    pub(crate) date: String,
    pub(crate) asset: String,
    pub(crate) kind: &'static str,
    pub(crate) outcome: &'static str,
    /// Such as `counts as 0.62`; empty for what counts as one or none.
    pub(crate) counts: String,
    /// Label and text of each step of the story.
    pub(crate) story: Vec<Step>,
    pub(crate) because: String,
    pub(crate) by: String,
    pub(crate) chart: Option<Picture>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Step {
    pub(crate) label: &'static str,
    pub(crate) text: String,
}

/// A chart for the PDF.
#[derive(Debug, Serialize)]
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) svg: String,
    pub(crate) sentence: String,
}

/// Entries of a work log shown with a case; the rest is counted.
const WORK_SHOWN: usize = 4;
const CHART: (u32, u32) = (520, 190);

/// What was prevented, and the rest, each in the order of the count.
pub(super) fn tell(source: Source<'_>) -> (Vec<Telling>, Vec<Telling>) {
    let (prevented, others): (Vec<&Entry>, Vec<&Entry>) =
        source.figures.lines.iter().partition(|line| line.outcome.is_prevented());
    let tell_all = |lines: Vec<&Entry>| lines.into_iter().map(|line| telling(source, line)).collect();
    (tell_all(prevented), tell_all(others))
}

fn telling(source: Source<'_>, line: &Entry) -> Telling {
    Telling {
        seq: line.seq,
        date: source.zone.day(line.counted_at),
        asset: name(&line.asset_name),
        kind: line.kind.map_or("reported by a user", |kind| kind.name()),
        outcome: line.outcome.name(),
        counts: counts(source, line),
        story: story(line, source.zone),
        because: paragraph(&line.because),
        by: name(&line.by),
        chart: line.evidence.chart.as_ref().map(|chart| {
            let style = Style::print(CHART.0, CHART.1, source.zone.time_zone());
            let Drawn { svg, sentence } = fan(chart, &style);
            Picture { title: paragraph(&chart.title), svg, sentence }
        }),
    }
}

fn counts(source: Source<'_>, line: &Entry) -> String {
    if source.figures.repeats.contains(&line.seq) {
        return "not counted again: the same cause on the same asset counts once a month".to_owned();
    }
    line.p.map_or_else(String::new, |chance| format!("counts as {:.2}", chance.p))
}

fn story(line: &Entry, zone: &Zone) -> Vec<Step> {
    let story = &line.evidence;
    let saw_at = story.saw_at.map_or_else(String::new, |at| format!("{}: ", zone.minute(at)));
    let mut steps = Vec::new();
    let mut add = |label, text: String| {
        if !text.trim().is_empty() {
            steps.push(Step { label, text });
        }
    };
    if !story.saw.trim().is_empty() {
        add("We saw", format!("{saw_at}{}", paragraph(&story.saw)));
    }
    add("Expected", story.expected.as_deref().map(paragraph).unwrap_or_default());
    add("Work", work(line, zone));
    add("After", paragraph(&story.after));
    if line.outcome.is_user_visible() && (story.people > 0 || story.minutes_lost > 0) {
        add("Felt by", format!("{}, for {}.", people(story.people), duration(story.minutes_lost)));
    }
    steps
}

fn work(line: &Entry, zone: &Zone) -> String {
    let story = &line.evidence;
    let mut said: Vec<String> = story
        .work
        .iter()
        .take(WORK_SHOWN)
        .map(|work| format!("{}, {}: {}", name(&work.who), zone.minute(work.at), paragraph(&work.text)))
        .collect();
    if let Some(more) = story.work.len().checked_sub(WORK_SHOWN).filter(|more| *more > 0) {
        said.push(format!("{more} more entries."));
    }
    if story.minutes_worked > 0 {
        said.push(format!("{} of work.", duration(story.minutes_worked)));
    }
    said.join(" ")
}

/// Lines of earlier months that changed since their statement went out.
pub(super) fn amendments(source: Source<'_>) -> Vec<String> {
    source.figures.since_last.iter().map(|change| amendment(source, change)).collect()
}

fn amendment(source: Source<'_>, change: &Amendment) -> String {
    let entry = &change.entry;
    let was = change.was.map_or_else(|| "was not listed".to_owned(), |was| format!("was “{}”", was.name()));
    let chance = entry.p.map_or_else(String::new, |chance| format!(" ({})", percent(chance.p)));
    format!(
        "{}, {}, {}: {was}, is now “{}”{chance}. {}",
        change.month.name(),
        source.zone.day(entry.counted_at),
        name(&entry.asset_name),
        entry.outcome.name(),
        paragraph(&entry.because)
    )
}
