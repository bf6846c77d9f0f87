//! A printer: what runs out and when, what it is doing, who saw it, and where those contradict each other.

use super::part::Part;
use crate::{
    app::App,
    web::{
        error::WebError,
        ui::{
            printers::href,
            show::{Link, Present},
        },
    },
};
use beforehand_core::{
    case::Case,
    detectors::supply_low::{self, Overview},
    finding::FindingKind,
    month::Month,
    series::Metric,
};
use beforehand_shared::{
    printer::{Printer, SupplyLevel},
    printer_details::{PrinterDetails, Tray, Way},
    time::{Millis, Timestamp},
};
use beforehand_statement::words::{count, decimal};
use beforehand_store::AssetRow;

/// Months of which pages are counted.
const MONTHS: i32 = 6;
const TROUBLE: Millis = Millis::days(90);

pub(super) async fn parts(
    app: &App,
    asset: &AssetRow,
    (printer, cases): (&Printer, &[Case]),
    present: &Present,
) -> Result<Vec<Part>, WebError> {
    let input = app.store.load_printers(asset.client, asset.site, present.now).await?;
    let mine = supply_low::overview(&input).into_iter().filter(|supply| supply.printer == asset.id);
    let mut parts = vec![supplies(&mine.collect::<Vec<_>>(), asset, present), work(app, asset, cases, present).await?];
    if let Some(details) = &printer.details {
        parts.push(inside(details));
        parts.push(seen(details));
    }
    parts.retain(|part| !part.is_empty());
    Ok(parts)
}

fn supplies(supplies: &[Overview], asset: &AssetRow, present: &Present) -> Part {
    let mut part = Part::new("supplies", "Supplies");
    let rows = supplies.iter().map(|supply| (row(supply, present), String::new()));
    part.table(["Supply", "Left", "Empty", "Order by"], rows);
    if supplies.is_empty() {
        part.lines.push("It tells nothing about its supplies.".to_owned());
    }
    part.links.push(Link::new(href(asset.client), "All printers of this client"));
    part
}

fn row(supply: &Overview, present: &Present) -> [String; 4] {
    let left = match supply.level {
        SupplyLevel::Left(left) => format!("{left:.0}\u{a0}%"),
        SupplyLevel::Some => "not empty".to_owned(),
        SupplyLevel::Unknown => "not told".to_owned(),
        SupplyLevel::Unlimited => "no limit".to_owned(),
    };
    let day = |at| present.calendar.date_words(at, present.now);
    let empty = match &supply.dates {
        Ok(dates) => match (dates.quantile(0.1), dates.quantile(0.5), dates.quantile(0.9)) {
            (Some(from), Some(middle), Some(to)) => {
                format!("about {}, {} (80 %)", day(middle), present.calendar.range_words(from, to, present.now))
            }
            (Some(from), ..) => format!("{} at the earliest", day(from)),
            _ => "not within two years".to_owned(),
        },
        Err(why) => format!("not known: {}", why.words()),
    };
    let order = supply.order_by.map(|by| if by <= present.now { "now".to_owned() } else { day(by) });
    [supply.name.clone(), left, empty, order.unwrap_or_default()]
}

/// Pages month by month, and trouble.
async fn work(app: &App, asset: &AssetRow, cases: &[Case], present: &Present) -> Result<Part, WebError> {
    let mut part = Part::new("work", "Its work");
    let mut from = present.calendar.month_of(present.now);
    (1..MONTHS).for_each(|_| from = from.before());
    let span = (present.calendar.month_bounds(from).0, present.now);
    let hours = app.store.hours(asset.client, &asset.id, &Metric::Pages, span).await?;
    let mut months: Vec<(Month, f64)> = Vec::new();
    for pair in hours.windows(2) {
        let printed = (pair[1].last - pair[0].last).max(0.0);
        let month = present.calendar.month_of(pair[1].at);
        match months.last_mut() {
            Some((last, pages)) if *last == month => *pages += printed,
            _ => months.push((month, printed)),
        }
    }
    let began = hours.first().map_or(present.now, |hour| hour.at);
    let rows = months
        .iter()
        .rev()
        .map(|(month, pages)| ([month_words(*month, began, present), decimal(pages.round())], String::new()));
    part.table(["Month", "Pages"], rows);
    let since = present.now.minus(TROUBLE);
    let faults = cases.iter().filter(|case| case.kind == FindingKind::PrinterFault && case.opened_at >= since);
    let faults = faults.filter(|case| case.ticketed_at.is_some()).count();
    part.lines.push(match faults {
        0 => "No fault of its own in the last 90 days.".to_owned(),
        faults => format!("{} in the last 90 days.", count(faults as u64, "fault", "faults")),
    });
    Ok(part)
}

/// `May 2026`, and which part of it is known where that is not the whole.
fn month_words(month: Month, began: Timestamp, present: &Present) -> String {
    let (start, end) = present.calendar.month_bounds(month);
    let began_late = began.since(start) >= Millis::DAY;
    let part = match (began_late, present.now < end) {
        (true, _) => format!(", from {}", present.calendar.local(began).strftime("%-d %B")),
        (false, true) => ", so far".to_owned(),
        (false, false) => String::new(),
    };
    format!("{}{part}", month.name())
}

fn inside(details: &PrinterDetails) -> Part {
    let mut part = Part::new("inside", "Trays and covers");
    let level = |tray: &Tray| match (tray.left_pct, tray.some) {
        (Some(left), _) => format!("{left} %"),
        (None, true) => "some".to_owned(),
        (None, false) => "not told".to_owned(),
    };
    let rows = |trays: &[Tray], what: &str| {
        trays
            .iter()
            .map(|tray| ([tray.name.clone(), format!("{} {what}", level(tray))], String::new()))
            .collect::<Vec<_>>()
    };
    let all = rows(&details.inputs, "paper").into_iter().chain(rows(&details.outputs, "room"));
    part.table(["Tray", "In it"], all);
    if !details.open_covers.is_empty() {
        part.lines.push(format!("Open: {}.", details.open_covers.join(", ")));
    }
    if !details.console.is_empty() {
        part.lines.push(format!("Its display says: {}", details.console.join(" / ")));
    }
    part
}

fn seen(details: &PrinterDetails) -> Part {
    let mut part = Part::new("ways", "Who says so");
    let ways: Vec<&str> = details.seen_by.iter().map(|way| words(*way)).collect();
    if !ways.is_empty() {
        part.lines.push(format!("Seen by {}.", ways.join(", ")));
    }
    for disagreement in &details.disagreements {
        let said = disagreement.said.iter().map(|said| match &said.name {
            Some(name) => format!("{} {name}: {}", words(said.by), said.what),
            None => format!("{}: {}", words(said.by), said.what),
        });
        let said: Vec<String> = said.collect();
        part.below.push(format!("They disagree about its {}: {}.", disagreement.about, said.join("; ")));
    }
    part
}

const fn words(way: Way) -> &'static str {
    match way {
        Way::Ipp => "IPP",
        Way::Snmp => "SNMP",
        Way::Queue => "the print queue",
        Way::DnsSd => "its own announcement",
        Way::Scan => "a scan",
        Way::Other => "another way",
    }
}
