//! Printers that have stopped, or will: what they say, sorted by what it means for people.

mod conditions;
mod generic;
mod supplies;
mod table;

pub use conditions::class_of;
pub(super) use supplies::complaints;
pub use table::Class;

use super::{Detector, fact, healthy, queue_stuck};
use crate::{
    asset::AssetId,
    busy,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, SupplyLevel},
    time::{Millis, Timestamp},
};
use conditions::Condition;
use table::Remedy;

/// People at the printer get this long for what they cause and mend themselves: an open cover, an
/// empty tray.
const ATTENDED: Millis = Millis::minutes(20);
/// What stops it for a moment is seen and mended by whoever stands there.
const FLICKER: Millis = Millis::minutes(2);

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

/// How many of these it reports: a jam, and a fault that it recovers from. Both come more often as it wears. They are counted
/// each, for one that asks for service all year must not hide the jams.
pub(crate) fn troubles(printer: &Printer) -> u8 {
    let conditions = conditions::of(printer);
    let jams = conditions.iter().any(|condition| condition.remedy == Remedy::Jam);
    let recovers = |condition: &Condition| condition.remedy == Remedy::Service && condition.class == Class::Failing;
    u8::from(jams) + u8::from(conditions.iter().any(recovers))
}

/// Why a printer prints nothing, in words that continue a sentence.
pub(super) fn why_it_does_not_print(printer: &Printer, name: &str) -> Option<String> {
    let conditions = conditions::of(printer);
    let worst = conditions.first().filter(|condition| condition.class == Class::Failed)?;
    Some(format!("printer {name} {}", worst.words))
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, printer: &Printer) -> Option<Finding> {
    let name = input.name_of(asset);
    let conditions = conditions::of(printer);
    let standing = Standing::of(input, asset, view, printer);
    let told_here =
        |condition: &&Condition| !(condition.said && supplies::is_told_elsewhere(printer, condition.matter));
    let worst = conditions.iter().filter(told_here).map(|condition| severity(&standing, condition)).max();
    // What its supplies have tickets of their own for is noted beside.
    let worst = worst.or_else(|| (!conditions.is_empty()).then_some(Severity::Watch));
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
        steps: steps(&conditions),
        evidence: evidence(input, asset, view, printer),
        outlook: None,
    })
}

/// Each once, for the worst first.
fn steps(conditions: &[Condition]) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for words in conditions.iter().map(|condition| condition.remedy.words()) {
        if steps.iter().all(|step| step != words) {
            steps.push(words.to_owned());
        }
    }
    steps
}

/// What else decides how bad a condition is.
struct Standing {
    /// Its case has been open for longer than people at the printer need.
    lasting: bool,
    flickers: bool,
    waiting: bool,
    busy: bool,
    before: Option<Severity>,
}

impl Standing {
    fn of(input: &Input, asset: &AssetId, view: &AssetView, printer: &Printer) -> Self {
        let case = input.case_on(asset, FindingKind::PrinterFault);
        Self {
            lasting: case
                .is_some_and(|case| input.now.since(case.latest.at) >= ATTENDED || case.severity >= Severity::Soon),
            flickers: case.is_none_or(|case| case.severity < Severity::Soon) && flickers(view, input.now),
            waiting: jobs_waiting(input, printer),
            busy: busy::is_busy(view, &input.calendar(), input.now),
            before: case.map(|case| case.severity),
        }
    }
}

fn severity(standing: &Standing, condition: &Condition) -> Severity {
    let attended = condition.remedy.is_for_anyone();
    match condition.class {
        Class::Failed if attended && !(standing.lasting && standing.waiting) => Severity::Watch,
        Class::Failed if attended => Severity::Soon,
        // Somebody may be about to pull the paper out.
        Class::Failed if standing.flickers && !standing.waiting => Severity::Watch,
        // The end of business hours does not make it better.
        Class::Failed if standing.waiting || standing.busy || standing.before == Some(Severity::Act) => Severity::Act,
        Class::Failed => Severity::Soon,
        Class::Failing | Class::Precursor if attended => Severity::Watch,
        Class::Failing if standing.flickers => Severity::Watch,
        Class::Failing => Severity::Soon,
        Class::Precursor if condition.remedy == Remedy::None => Severity::Watch,
        Class::Precursor => Severity::Soon,
    }
}

/// Whether it stopped only just now, by samples that come often enough to tell.
fn flickers(view: &AssetView, now: Timestamp) -> bool {
    let Some(states) = view.series.get(&Metric::PrinterState) else { return false };
    let stopped = states.recent.iter().rev().take_while(|sample| sample.value >= 2.0);
    let since = stopped.last().map(|sample| sample.at);
    since.is_some_and(|since| now.since(since) < FLICKER) && states.spacing() <= FLICKER
}

/// Jobs on the device, or in a queue in front of it.
pub(crate) fn jobs_waiting(input: &Input, printer: &Printer) -> bool {
    let in_front = || {
        input.assets.values().any(|view| match &view.facts {
            Observation::Queue(queue) => queue.jobs > 0 && queue_stuck::leads_to(queue, printer),
            _ => false,
        })
    };
    printer.jobs.unwrap_or(0) > 0 || in_front()
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
