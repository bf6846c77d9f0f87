//! Print queues whose oldest job does not move.
//!
//! A queue to a dead printer says `processing` for ever, so it is judged by the age of its oldest
//! job and not by its state.

use super::{Detector, fact, healthy, printer_fault};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    onset::job_waited,
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, PrinterState, Queue, host_of},
    time::Millis,
};

/// Users wait for it.
const STUCK: Millis = Millis::minutes(10);
/// Long enough to be called when the cause is plain.
const CAUSE_PLAIN: Millis = Millis::minutes(3);

pub(super) struct QueueStuck;

impl Detector for QueueStuck {
    fn kind(&self) -> FindingKind {
        FindingKind::QueueStuck
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let queues = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
            Observation::Queue(queue) if view.is_fresh(&Metric::Jobs, input.now) => Some((asset, view, queue)),
            _ => None,
        });
        queues.filter_map(|(asset, view, queue)| judge(input, asset, view, queue)).collect()
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, queue: &Queue) -> Option<Finding> {
    let name = input.name_of(asset);
    let Some(waited) = job_waited(view) else {
        return healthy(input, asset, FindingKind::QueueStuck, || format!("Print queue {name} is empty again."));
    };
    let cause = cause(input, queue);
    let busy = input.calendar().is_office_hour(input.now);
    let severity = match (waited, busy, cause.is_some()) {
        (waited, true, _) if waited > STUCK => Severity::Act,
        (waited, false, _) if waited > STUCK => Severity::Soon,
        (waited, true, true) if waited >= CAUSE_PLAIN => Severity::Soon,
        (waited, _, _) if waited < CAUSE_PLAIN => {
            return healthy(input, asset, FindingKind::QueueStuck, || format!("Print queue {name} moves again."));
        }
        _ => return None,
    };
    let before = input.case_on(asset, FindingKind::QueueStuck).map_or(Severity::Quiet, |case| case.severity);
    let since = Calendar::new(&input.time_zone).day_time(view.seen_at.minus(waited));
    let cause = cause.unwrap_or_else(|| nothing_reported(input, queue));
    let job = queue.oldest.as_ref().map_or_else(String::new, |job| format!("its oldest job, {}, waits; ", job.id));
    Some(Finding {
        kind: FindingKind::QueueStuck,
        asset: asset.clone(),
        // The end of business hours does not make it better.
        severity: severity.max(before),
        sentence: format!("Print queue {name} has not moved since {since}: {job}{cause}."),
        steps: what_to_do(queue),
        evidence: evidence(input, asset, queue, &since),
        outlook: None,
    })
}

/// What holds the queue up, where that is known.
fn cause(input: &Input, queue: &Queue) -> Option<String> {
    let of_printer = device(input, queue)
        .and_then(|(asset, printer)| printer_fault::why_it_does_not_print(printer, &input.name_of(asset)));
    if of_printer.is_some() {
        return of_printer;
    }
    let paused = queue.reasons.iter().any(|reason| reason.starts_with("paused"));
    match queue.state {
        PrinterState::Stopped if paused => Some("someone paused it".to_owned()),
        PrinterState::Stopped => Some("it was stopped".to_owned()),
        _ => queue
            .message
            .as_ref()
            .filter(|message| !message.trim().is_empty())
            .map(|message| format!("the system says \u{201c}{}\u{201d}", message.trim().trim_end_matches('.'))),
    }
}

/// Where nothing says what is wrong: what the printer says of itself.
fn nothing_reported(input: &Input, queue: &Queue) -> String {
    let Some((asset, printer)) = device(input, queue) else { return "the cause is not reported".to_owned() };
    let state = match printer.state {
        PrinterState::Idle => "idle",
        PrinterState::Processing => "printing",
        PrinterState::Stopped => "stopped",
    };
    format!("printer {} says that it is {state} and reports no fault", input.name_of(asset))
}

/// Whether a queue sends its jobs to this printer, by address.
pub fn leads_to(queue: &Queue, printer: &Printer) -> bool {
    let Some(host) = queue.device_uri.as_deref().and_then(host_part) else { return false };
    host_part(&printer.uri) == Some(host) || host.parse().is_ok_and(|address| printer.is_at(address))
}

/// The printer behind a queue, by address.
pub(crate) fn device<'a>(input: &'a Input, queue: &Queue) -> Option<(&'a AssetId, &'a Printer)> {
    input.assets.iter().find_map(|(asset, view)| match &view.facts {
        Observation::Printer(printer) if leads_to(queue, printer) => Some((asset, printer)),
        _ => None,
    })
}

/// The host that a URI leads to, where that is not this machine.
fn host_part(uri: &str) -> Option<&str> {
    host_of(uri).filter(|host| *host != "localhost" && !host.starts_with("127."))
}

fn what_to_do(queue: &Queue) -> Vec<String> {
    let mut todo = Vec::new();
    if queue.state == PrinterState::Stopped {
        todo.push("Find out why the queue was stopped, then start it again.".to_owned());
    } else {
        todo.push("Check that the printer is on, connected and shows no fault.".to_owned());
    }
    if let Some(job) = &queue.oldest {
        todo.push(format!("If only job {} is stuck, delete it and let the others print.", job.id));
    }
    todo
}

fn evidence(input: &Input, asset: &AssetId, queue: &Queue, since: &str) -> Evidence {
    let mut facts = vec![fact("Jobs waiting", queue.jobs.to_string()), fact("No progress since", since)];
    if let Some(uri) = &queue.device_uri {
        facts.push(fact("Prints to", uri.clone()));
    }
    if !queue.reasons.is_empty() {
        facts.push(fact("Reported", queue.reasons.join(", ")));
    }
    let chart = ChartRef {
        asset: asset.clone(),
        metric: Metric::OldestJobMinutes,
        from: input.now.minus(Millis::DAY),
        limit: Some(10.0),
    };
    Evidence { facts, chart: Some(chart) }
}
