//! Machines that should be on and say nothing, and sites that fall silent at once.
//!
//! A machine that said goodbye is off, not broken. Without a goodbye only those that are always on raise an alert alone; of
//! the others nobody can tell, nor of one that only seems to be always on and went when people go home: that is a note.
//! When machines fall silent together at an hour at which they never do, it is the site ([`site`]): power, network or
//! internet. On a day on which the client is closed only machines that are always on are expected, and nothing is learned
//! from it.

mod aftermath;
mod role;
mod site;
mod watched;
mod witness;

pub(crate) use site::explains;
pub(crate) use watched::is_always_on;

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    expected::{Expected, Kind},
    finding::{Evidence, Finding, FindingKind, Severity},
    input::Input,
    series::Metric,
};
use beforehand_shared::{
    ids::HostId,
    report::Goodbye,
    time::{Millis, Timestamp},
};
use role::{Role, role};
use watched::{Presence, Watched, days_before};
use witness::Witness;

/// Share of people's machines that go at an hour at which people go home: a late shift of two is not the office.
const GO_HOME: f64 = 0.25;
/// Share of people's machines below which hardly anybody is there, at an hour at which more are on other days.
const HARDLY: f64 = 0.25;

/// An update, or a setting that is changed, takes less.
const UNWATCHED: Millis = Millis::HOUR;

pub(super) struct HostSilent;

impl Detector for HostSilent {
    fn kind(&self) -> FindingKind {
        FindingKind::HostSilent
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let calendar = input.calendar();
        let watched = |(id, view): (&HostId, _)| Watched::of(input, &calendar, *id, view);
        let hosts: Vec<Watched> = input.hosts.iter().filter_map(watched).collect();
        let nobody = hosts.iter().all(|host| host.state != Presence::Reporting);
        let alone = hosts.iter().filter_map(|host| Some((host.last_report, alone(input, (host, &hosts))?)));
        let alone = alone.map(|(last, finding)| if nobody { unless_expected(input, finding, last) } else { finding });
        let mut findings: Vec<Finding> = alone.collect();
        findings.extend(site::together(input, &hosts));
        findings
    }
}

fn alone(input: &Input, (host, all): (&Watched, &[Watched])) -> Option<Finding> {
    let asset = AssetId::of_host(host.id);
    let name = &host.view.name;
    let calendar = Calendar::new(&input.time_zone);
    if !host.is_silent() {
        if let Some(finding) = unwatched(input, &asset, host) {
            return Some(finding);
        }
        return healthy(input, &asset, FindingKind::HostSilent, || match host.view.goodbye {
            Some(Goodbye::Shutdown) => format!("{name} was switched off properly."),
            Some(Goodbye::Suspend) => format!("{name} was put to sleep."),
            Some(Goodbye::Stop) => format!("The agent of {name} was stopped properly."),
            None => format!("{name} reports again."),
        });
    }
    if !host.always_on {
        return None;
    }
    let witness = Witness::of(input, host);
    let runs = matches!(witness, Some(Witness::Answers(_)));
    if let Some(when) = off_for_once(input, host, all).filter(|_| !runs) {
        return Some(perhaps_off(input, asset, (host, when)));
    }
    let last = calendar.day_time(host.last_report);
    let seen = witness.map_or(String::new(), Witness::words);
    Some(Finding {
        kind: FindingKind::HostSilent,
        sentence: format!("{name} has been silent since {last}. It is always on, and it did not say goodbye.{seen}"),
        steps: steps([
            "Ask whether it still runs, or connect to it.",
            "If it runs: is its network up, and does the agent's service run?",
            "If not: switch it on and read its log of the last minutes.",
        ]),
        evidence: evidence(input, &asset, host),
        asset,
        // Those who use it notice nothing while it runs.
        severity: if runs { Severity::Soon } else { Severity::Act },
        outlook: None,
    })
}

/// A machine that is always on, goes on, and is watched by nobody: its agent was stopped and does not come back.
fn unwatched(input: &Input, asset: &AssetId, host: &Watched) -> Option<Finding> {
    let is_stopped = host.view.goodbye == Some(Goodbye::Stop) && host.always_on;
    (is_stopped && host.quiet_for >= UNWATCHED).then(|| Finding {
        kind: FindingKind::HostSilent,
        sentence: format!(
            "The agent of {} was stopped at {}, and nobody has watched the machine since.",
            host.view.name,
            Calendar::new(&input.time_zone).day_time(host.last_report)
        ),
        steps: steps(["Start the service again, or retire the machine if it is to be watched no more."]),
        evidence: evidence(input, asset, host),
        asset: asset.clone(),
        severity: Severity::Watch,
        outlook: None,
    })
}

/// When the owner of a machine of which nobody said that it is always on may have switched it off for once, such as before
/// holidays, if it went then: when people go home, or at a weekend. Nor does each start by itself after a power cut.
/// Nobody can tell, however long it stays away.
fn off_for_once(input: &Input, host: &Watched, all: &[Watched]) -> Option<&'static str> {
    let (calendar, at, role) = (input.calendar(), host.last_report, role(input, host.id));
    if host.view.always_on.is_some() || role == Role::Serves {
        return None;
    }
    if role == Role::Desktop && site::was_lost_with_it(input, host) {
        return Some("when much of the site was lost, and nobody has switched it on since");
    }
    let people = || all.iter().filter(|other| !other.always_on && other.was_used(at));
    let going = people().filter(|other| other.goes_at(at, &calendar)).count();
    if going > 0 && going as f64 >= GO_HOME * people().count() as f64 {
        return Some("when people there go home");
    }
    let there = |at: Timestamp| people().filter(|other| other.was_there(at)).count();
    let on_other_days = (1..7).map(|days| there(days_before(&calendar, at, days))).max().unwrap_or(0);
    match there(at) {
        few if role != Role::Desktop || few >= on_other_days => None,
        0 => Some("while nobody else was there"),
        few if (few as f64) < HARDLY * people().count() as f64 => Some("while hardly anybody was there"),
        _ => None,
    }
}

fn perhaps_off(input: &Input, asset: AssetId, (host, when): (&Watched, &str)) -> Finding {
    let last = Calendar::new(&input.time_zone).day_time(host.last_report);
    let name = &host.view.name;
    let closed = input.closed_today().map_or(String::new(), |closing| format!(" {}", closing.today()));
    Finding {
        kind: FindingKind::HostSilent,
        sentence: format!(
            "{name} has been silent since {last}, {when}. It was always on until then, so it is switched off for once or broken.{closed}"
        ),
        steps: steps(["If it must never be off, say in the console that it is always on: then this is a ticket."]),
        evidence: evidence(input, &asset, host),
        asset,
        severity: Severity::Watch,
        outlook: None,
    }
}

fn evidence(input: &Input, asset: &AssetId, host: &Watched) -> Evidence {
    let calendar = Calendar::new(&input.time_zone);
    let known = host.view.always_on.map_or("learned from its reports", |_| "set by a person");
    Evidence {
        facts: vec![fact("Last report", calendar.day_time(host.last_report)), fact("Always on", known)],
        chart: Some(crate::finding::ChartRef {
            asset: asset.clone(),
            metric: Metric::Present,
            from: host.last_report.minus(Millis::days(7)),
            limit: None,
        }),
    }
}

/// Who cannot be heard while the line is worked on, as it is on other nights, is a note.
fn unless_expected(input: &Input, mut finding: Finding, since: Timestamp) -> Finding {
    let expected = Expected::of(input, Kind::Out, since).filter(|expected| expected.covers(input.now.since(since)));
    if let Some(expected) = expected.filter(|_| finding.severity > Severity::Watch) {
        finding.severity = Severity::Watch;
        finding.sentence = format!("{} {}", finding.sentence, expected.sentence());
        finding.steps.clear();
        finding.evidence.facts.push(expected.fact());
    }
    finding
}
