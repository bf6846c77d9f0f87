//! The way as a picture: five stations from the machines to what people use.

use super::{gather::Known, get::up_words};
use crate::web::ui::show::{Fact, Link, Mark, Picture, facts, ticket_href};
use beforehand_core::{
    calendar::zone,
    case::CaseId,
    finding::Severity,
    site_view::{Figures, Part, Segment, SiteView, Strip, voice_words},
};
use beforehand_statement::{
    chart::{self, Drawn, Style},
    words::decimal,
};
use std::collections::{BTreeMap, BTreeSet};

/// Addresses that a station names.
const NAMED: usize = 3;

pub(super) struct Station {
    pub(super) name: &'static str,
    /// What it stands for here: addresses, the operator.
    pub(super) about: String,
    /// For the style sheet.
    pub(super) class: &'static str,
    pub(super) mark: Mark,
    pub(super) words: String,
    pub(super) ticket: Option<Link>,
    pub(super) facts: Vec<Fact>,
    pub(super) day: Picture,
    pub(super) day_words: String,
    pub(super) month: Picture,
    pub(super) month_words: String,
    pub(super) up: String,
}

pub(super) fn stations(known: &Known, seen: &SiteView, tickets: &BTreeMap<CaseId, i64>) -> Vec<Station> {
    seen.segments.iter().map(|segment| station(known, segment, tickets)).collect()
}

fn station(known: &Known, segment: &Segment, tickets: &BTreeMap<CaseId, i64>) -> Station {
    let site = &known.scene.site;
    let now = &segment.now;
    let number = now.case.as_ref().and_then(|case| tickets.get(case));
    let draw = |back: &str, strip: &Strip| -> Drawn {
        let style = Style::screen(240, 24, zone(&known.scene.time_zone));
        chart::strip(&format!("{}, {back}", segment.part.name()), strip, &style)
    };
    let (day, month) = (draw("last 24 hours", &segment.day), draw("last 30 days", &segment.month));
    Station {
        name: segment.part.name(),
        about: about(known, segment.part),
        class: class(now.severity, now.word),
        mark: Mark::named(now.severity, now.word),
        words: now.words.clone(),
        ticket: number.map(|number| Link::new(ticket_href(site.client, *number), format!("Ticket {number}"))),
        facts: figures(segment.part, &segment.figures),
        day: Picture(day.svg),
        day_words: day.sentence,
        month: Picture(month.svg),
        month_words: month.sentence,
        up: up(segment),
    }
}

/// How the way to the station is drawn.
fn class(severity: Severity, word: &str) -> &'static str {
    match severity {
        Severity::Act => "act",
        Severity::Soon => "soon",
        Severity::Watch => "watch",
        Severity::Quiet => "quiet",
        Severity::Blind if word == "hidden" => "hidden",
        Severity::Blind => "blind",
    }
}

fn up(segment: &Segment) -> String {
    match (segment.part, segment.month.up_pct()) {
        (_, None) => "not measured".to_owned(),
        // Machines are switched off: that is no outage.
        (Part::Office, _) => String::new(),
        (Part::Services, _) => {
            segment.month.loss_pct.map_or_else(String::new, |lost| format!("{} answered", up_words(100.0 - lost)))
        }
        (_, Some(up)) => format!("{} up", up_words(up)),
    }
}

fn about(known: &Known, part: Part) -> String {
    let scene = &known.scene;
    let targets: BTreeSet<&str> = beforehand_core::site_view::own(scene)
        .into_values()
        .flatten()
        .filter(|own| own.part == part)
        .map(|own| own.link.target.as_str())
        .collect();
    match part {
        Part::Office => "machines with an agent".to_owned(),
        Part::Line if targets.is_empty() && known.line.operator.is_empty() => {
            "told by all addresses at once".to_owned()
        }
        Part::Line if targets.is_empty() => known.line.operator.clone(),
        Part::Services => "name servers and addresses people use".to_owned(),
        _ if targets.is_empty() => "nobody asks it".to_owned(),
        _ if targets.len() > NAMED => format!("{} addresses", targets.len()),
        _ => targets.into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn figures(part: Part, figures: &Figures) -> Vec<Fact> {
    let ms = |ms: f64| if ms < 0.05 { "under 0.1 ms".to_owned() } else { format!("{} ms", decimal(ms)) };
    let trip = match (figures.rtt_ms, figures.usual_ms) {
        (Some(now), Some(usual)) => format!("{}, usually {}", ms(now), ms(usual)),
        (Some(now), None) => ms(now),
        (None, Some(usual)) => format!("none now, usually {}", ms(usual)),
        (None, None) => String::new(),
    };
    let lost = match (figures.loss_pct, figures.month_loss_pct) {
        _ if !part.is_pinged() => String::new(),
        (Some(hour), Some(month)) => format!("{} in the hour, {} in 30 days", pct(hour), pct(month)),
        (Some(hour), None) => format!("{} in the hour", pct(hour)),
        (None, Some(month)) => format!("{} in 30 days", pct(month)),
        (None, None) => String::new(),
    };
    facts([
        ("Round trip", trip),
        ("Lost", lost),
        ("Jitter", figures.jitter_ms.map(ms).unwrap_or_default()),
        ("Speech", figures.mos.map(|mos| format!("{}, {}", decimal(mos), voice_words(mos))).unwrap_or_default()),
    ])
}

/// Small shares are not rounded to nothing.
pub(super) fn pct(pct: f64) -> String {
    match pct {
        0.0 => "0 %".to_owned(),
        pct if pct < 0.01 => "under 0.01 %".to_owned(),
        pct if pct < 1.0 => format!("{pct:.2} %"),
        pct => format!("{} %", decimal(pct)),
    }
}
