//! The state of a part now, in plain words.

use super::{Part, Scene, figures, services::services};
use crate::{
    calendar::duration_words,
    case::{Case, CaseId, CaseState},
    finding::Severity,
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};

/// Per cent lost over an hour that is worth a word, and how much slower than usual.
const LOSSY: f64 = 2.0;

#[derive(Debug, Clone, PartialEq)]
pub struct Now {
    pub severity: Severity,
    /// A word for the mark: `sound`, `down`, `not measured`.
    pub word: &'static str,
    /// What there is to say beyond the word; may be empty.
    pub words: String,
    /// The open case that says so.
    pub case: Option<CaseId>,
}

impl Now {
    fn said(severity: Severity, word: &'static str, words: impl Into<String>) -> Self {
        Self { severity, word, words: words.into(), case: None }
    }
}

/// `before` is a part nearer to the machines that is out.
pub(super) fn of(scene: &Scene, part: Part, before: Option<Part>) -> Now {
    if let Some(case) = worst(scene, part) {
        let word = match case.severity {
            Severity::Act => "needs you now",
            Severity::Soon => "needs you soon",
            _ => "watched",
        };
        return Now { case: Some(case.id.clone()), ..Now::said(case.severity, word, &case.latest.sentence) };
    }
    match (part, before) {
        (Part::Office, _) => office(scene),
        (_, Some(before)) => Now::said(
            Severity::Blind,
            "hidden",
            format!("Behind a fault of the {}: nothing can be said.", before.word()),
        ),
        (Part::Services, _) => of_services(scene),
        _ => pinged(scene, part),
    }
}

fn worst(scene: &Scene, part: Part) -> Option<&Case> {
    let open = scene.cases.iter().filter(|case| case.state == CaseState::Open && case.severity > Severity::Quiet);
    let own = open.filter(|case| Part::of(scene, case) == Some(part));
    own.max_by_key(|case| (case.severity, std::cmp::Reverse(case.opened_at)))
}

fn office(scene: &Scene) -> Now {
    let quiet =
        |host: &&crate::input::HostView| host.last_report.is_some_and(|at| scene.now.since(at) <= Millis::minutes(10));
    let on = scene.hosts.values().filter(|host| host.goodbye.is_none()).filter(quiet).count();
    let all = scene.hosts.len();
    match (on, all) {
        (_, 0) => Now::said(Severity::Blind, "no machine", "No machine has an agent here yet."),
        (0, 1) => Now::said(Severity::Blind, "nobody on", "The one machine here does not report now."),
        (0, _) => Now::said(Severity::Blind, "nobody on", format!("None of {all} machines reports now.")),
        (on, all) if on == all => Now::said(Severity::Quiet, "all on", format!("{} on.", count(all))),
        (on, all) => Now::said(Severity::Quiet, "on", format!("{on} of {} on.", count(all))),
    }
}

fn count(machines: usize) -> String {
    if machines == 1 { "1 machine".to_owned() } else { format!("{machines} machines") }
}

fn of_services(scene: &Scene) -> Now {
    let all = services(scene);
    let fresh = all.iter().filter(|service| service.severity > Severity::Blind).count();
    let failing: Vec<&str> = all.iter().filter(|service| service.error.is_some()).map(|it| it.key.as_str()).collect();
    match (all.len(), fresh, failing.first()) {
        (0, ..) => Now::said(Severity::Blind, "not measured", "No name server and no address is asked here."),
        (_, 0, _) => {
            Now::said(Severity::Blind, "not measured", seen_last(scene, all.iter().map(|it| it.seen_at).max()))
        }
        (_, _, Some(first)) => Now::said(Severity::Watch, "watched", format!("{first} gave no answer just now.")),
        (_, fresh, None) => Now::said(Severity::Quiet, "sound", format!("{fresh} asked, all answer.")),
    }
}

fn pinged(scene: &Scene, part: Part) -> Now {
    let figures = figures::of(scene, part, None);
    let Some(loss) = figures.loss_pct else { return unmeasured(scene, part) };
    let latest = scene.latest().and_then(|round| round.own(part));
    match (latest, figures.rtt_ms.zip(figures.usual_ms)) {
        (None, _) => unmeasured(scene, part),
        (Some(latest), _) if latest >= 99.0 => {
            Now::said(Severity::Watch, "no answer", "Gave no answer in the latest round.")
        }
        _ if loss >= LOSSY => Now::said(Severity::Watch, "lossy", format!("Lost {loss:.0} % in the last hour.")),
        (_, Some((now, usual))) if now > usual + (0.15 * usual).max(5.0) && is_slow(part, now, usual) => {
            Now::said(Severity::Watch, "slow", format!("{now:.0} ms instead of {usual:.0} ms."))
        }
        _ if part == Part::Gateway && is_mute(scene) => {
            Now::said(Severity::Quiet, "passes on", "Answers no pings, and passes everything on.")
        }
        _ => Now::said(Severity::Quiet, "sound", ""),
    }
}

/// On a network of the office's own, only three times slower matters.
fn is_slow(part: Part, now: f64, usual: f64) -> bool {
    part != Part::Gateway || now > 3.0 * usual
}

fn is_mute(scene: &Scene) -> bool {
    let mut gateways = scene.links().filter(|(.., link)| super::part_of(link.role) == Some(Part::Gateway)).peekable();
    gateways.peek().is_some() && gateways.all(|(.., link)| link.lost >= link.sent)
}

fn unmeasured(scene: &Scene, part: Part) -> Now {
    let seen = scene.links().filter(|(_, view, link)| {
        super::part_of(link.role) == Some(part)
            && matches!(view.facts, Observation::Link(_))
            && view.series.contains_key(&Metric::LossPct)
    });
    let last = seen.map(|(_, view, _)| view.seen_at).max();
    if part == Part::Line && last.is_none() {
        let last = scene.links().map(|(_, view, _)| view.seen_at).max();
        return Now::said(Severity::Blind, "not measured", seen_last(scene, last));
    }
    Now::said(Severity::Blind, "not measured", seen_last(scene, last))
}

fn seen_last(scene: &Scene, last: Option<Timestamp>) -> String {
    match last {
        Some(at) => format!("Last measured {} ago.", duration_words(scene.now.since(at))),
        None => "Nobody measures it.".to_owned(),
    }
}
