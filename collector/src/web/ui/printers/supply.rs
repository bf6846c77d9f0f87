//! A supply as a bar with its date.

use crate::web::ui::show::Present;
use askama::{Template, filters::HtmlSafe};
use beforehand_core::{detectors::supply_low::Overview, finding::Severity};
use beforehand_shared::printer::SupplyLevel;

/// `cyan about 11 December`, with how full it is as a bar.
#[derive(Debug, Template)]
#[template(path = "printers/supply.html")]
pub(super) struct SupplyBar {
    name: String,
    /// Per cent, of what can be shown as a bar.
    left: Option<u32>,
    words: String,
    severity: &'static str,
    /// Why there is no date; empty where there is one.
    why: &'static str,
}

impl HtmlSafe for SupplyBar {}

impl SupplyBar {
    pub(super) fn new(supply: &Overview, present: &Present) -> Self {
        let left = match supply.level {
            SupplyLevel::Left(left) => Some(left.clamp(0.0, 100.0).round() as u32),
            _ => None,
        };
        let level = match supply.level {
            SupplyLevel::Left(_) => String::new(),
            SupplyLevel::Some => "not empty".to_owned(),
            SupplyLevel::Unknown => "not told".to_owned(),
            SupplyLevel::Unlimited => "no limit".to_owned(),
        };
        let date = supply.dates.as_ref().ok().and_then(|dates| dates.quantile(0.5));
        let words = match (date, left) {
            (Some(date), _) => format!("about {}", present.calendar.date_words(date, present.now)),
            (None, Some(left)) => format!("{left} %"),
            (None, None) => level,
        };
        Self {
            name: supply.name.clone(),
            left,
            words,
            severity: severity(supply.severity),
            why: supply.dates.as_ref().err().map_or("", |why| why.words()),
        }
    }
}

/// Colour means status only: what needs nothing has none.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Act => "act",
        Severity::Soon => "soon",
        Severity::Watch => "watch",
        Severity::Quiet | Severity::Blind => "",
    }
}
