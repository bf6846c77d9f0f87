//! Printers that have stopped, or will: what they say, sorted by what it means for people.

mod conditions;
mod table;

pub use conditions::class_of;
pub use table::Class;

use super::{Detector, fact, healthy};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, SupplyLevel},
    time::Millis,
};
use conditions::Condition;
use table::Remedy;

/// People at the printer get this long for what they cause and mend themselves: an open cover, an
/// empty tray.
const ATTENDED: Millis = Millis::minutes(20);

pub(super) struct PrinterFault;

impl Detector for PrinterFault {
    fn kind(&self) -> FindingKind {
        FindingKind::PrinterFault
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let printers = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Printer(printer) if view.is_fresh(&Metric::PrinterState, input.now) => {
                Some((asset, view, printer))
            }
            _ => None,
        });
        printers.filter_map(|(asset, view, printer)| judge(input, asset, view, printer)).collect()
    }
}

/// Why a printer prints nothing, in words that continue a sentence.
pub(super) fn why_it_does_not_print(printer: &Printer) -> Option<String> {
    let conditions = conditions::of(printer);
    let worst = conditions.first().filter(|condition| condition.class == Class::Failed)?;
    Some(format!("the printer {}", worst.words))
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, printer: &Printer) -> Option<Finding> {
    let name = input.name_of(asset);
    let conditions = conditions::of(printer);
    let worst = conditions.iter().map(|condition| severity(input, asset, printer, condition)).max();
    let Some(severity) = worst else {
        return healthy(input, asset, FindingKind::PrinterFault, || {
            format!("Printer {name} reports no fault any more.")
        });
    };
    let words: Vec<&str> = conditions.iter().map(|condition| condition.words.as_str()).collect();
    let stops = conditions.iter().any(|condition| condition.class == Class::Failed);
    Some(Finding {
        kind: FindingKind::PrinterFault,
        asset: asset.clone(),
        severity,
        sentence: format!(
            "Printer {name} {}{}",
            join(&words),
            if stops { ". It does not print." } else { ". It still prints." }
        ),
        steps: conditions.iter().map(|condition| condition.remedy.words().to_owned()).fold(
            Vec::new(),
            |mut all, step| {
                if !all.contains(&step) {
                    all.push(step);
                }
                all
            },
        ),
        evidence: evidence(input, asset, view, printer),
        outlook: None,
    })
}

fn severity(input: &Input, asset: &AssetId, printer: &Printer, condition: &Condition) -> Severity {
    let case = input.case_on(asset, FindingKind::PrinterFault);
    let lasting =
        case.is_some_and(|case| input.now.since(case.latest.at) >= ATTENDED || case.severity >= Severity::Soon);
    let attended = condition.remedy.is_for_anyone();
    let busy = printer.jobs.unwrap_or(0) > 0 || Calendar::new(&input.time_zone).is_office_hour(input.now);
    match condition.class {
        Class::Failed if attended && !(lasting && printer.jobs.unwrap_or(0) > 0) => Severity::Watch,
        Class::Failed if attended => Severity::Soon,
        // The end of business hours does not make it better.
        Class::Failed if busy || case.is_some_and(|case| case.severity == Severity::Act) => Severity::Act,
        Class::Failed => Severity::Soon,
        Class::Failing | Class::Precursor if attended => Severity::Watch,
        Class::Failing => Severity::Soon,
        Class::Precursor if condition.remedy == Remedy::None => Severity::Watch,
        Class::Precursor => Severity::Soon,
    }
}

fn join(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn evidence(input: &Input, asset: &AssetId, view: &AssetView, printer: &Printer) -> Evidence {
    let mut facts = Vec::new();
    if !printer.reasons.is_empty() {
        facts.push(fact("Reported", printer.reasons.join(", ")));
    }
    if let Some(message) = printer.message.as_ref().filter(|message| !message.is_empty()) {
        facts.push(fact("Its message", message.clone()));
    }
    for supply in &printer.supplies {
        match supply.level {
            SupplyLevel::Left(left) => facts.push(fact(&supply.name, format!("{left:.0} % left"))),
            SupplyLevel::Some => facts.push(fact(&supply.name, "some left, no number given")),
            SupplyLevel::Unknown | SupplyLevel::Unlimited => {}
        }
    }
    if let Some(jobs) = printer.jobs {
        facts.push(fact("Jobs waiting", jobs.to_string()));
    }
    let supply = view.series.keys().find(|metric| matches!(metric, Metric::SupplyPct(_))).cloned();
    let chart = ChartRef {
        asset: asset.clone(),
        metric: supply.unwrap_or(Metric::PrinterState),
        from: input.now.minus(Millis::days(30)),
        limit: None,
    };
    Evidence { facts, chart: Some(chart) }
}
