//! Outages as rows: from when to when, where, who saw it, and what became of it.

use super::{evidence_href, gather::Known, get::length, href};
use crate::web::ui::show::{Link, Mark, Present, ticket_href};
use beforehand_core::{
    case::CaseId,
    finding::{Evidence, Severity},
    site_view::{Learned, Outage, Part, SiteView},
};
use beforehand_shared::time::Millis;
use beforehand_statement::words::count;
use std::collections::BTreeMap;

pub(super) struct OutageLine {
    pub(super) iso: String,
    pub(super) began: String,
    pub(super) length: String,
    /// How exactly that is known, and whether it came and went.
    pub(super) exact: String,
    /// The part; while it lasts, marked.
    pub(super) part: &'static str,
    pub(super) mark: Option<Mark>,
    pub(super) cause: String,
    pub(super) seen_by: String,
    pub(super) ticket: Option<Link>,
    /// Where there is no ticket.
    pub(super) learned: &'static str,
    pub(super) sheet: Option<String>,
}

pub(super) fn lines(
    (known, seen): (&Known, &SiteView),
    tickets: &BTreeMap<CaseId, i64>,
    present: &Present,
) -> Vec<OutageLine> {
    seen.outages.iter().map(|outage| line(known, outage, tickets, present)).collect()
}

fn line(known: &Known, outage: &Outage, tickets: &BTreeMap<CaseId, i64>, present: &Present) -> OutageLine {
    let site = &known.scene.site;
    let number = outage.case.as_ref().and_then(|case| tickets.get(case));
    let lasts = outage.to.is_none();
    let took = length(outage.length(present.now));
    OutageLine {
        iso: present.iso(outage.from),
        began: present.at(outage.from),
        length: if lasts { format!("{took} so far") } else { took },
        exact: exact(outage),
        part: outage.part.name(),
        mark: lasts.then(|| Mark::named(Severity::Act, outage.part.name())),
        cause: cause(known, outage),
        seen_by: seen_by(known, outage),
        ticket: number.map(|number| Link::new(ticket_href(site.client, *number), format!("Ticket {number}"))),
        learned: match outage.learned {
            Learned::Meanwhile => "",
            _ if lasts => "No ticket yet.",
            Learned::Afterwards => "No ticket: the agents kept what they measured and told it afterwards.",
            Learned::Short => "Too short for a ticket.",
        },
        sheet: sheet(known, outage),
    }
}

fn exact(outage: &Outage) -> String {
    let mut said = Vec::new();
    if outage.step > Millis::minutes(2) {
        said.push(format!("known to {}", length(outage.step)));
    }
    if outage.broken_up {
        said.push("came and went".to_owned());
    }
    if outage.end_unseen {
        said.push("nobody measured its end".to_owned());
    }
    said.join(", ")
}

fn cause(known: &Known, outage: &Outage) -> String {
    let case = outage.case.as_ref().and_then(|id| known.scene.cases.iter().find(|case| case.id == *id));
    match (outage.rounds, case, outage.part) {
        (0, Some(case), _) => {
            let afterwards = case.latest.evidence.value(Evidence::AFTERWARDS);
            afterwards.map_or_else(|| case.first.sentence.clone(), |why| format!("{} {why}", case.first.sentence))
        }
        (_, _, Part::Gateway) => "The router on site did not answer, and nothing behind it.".to_owned(),
        (_, _, Part::Line) => "Nothing behind the router answered; the router did.".to_owned(),
        _ => "Most addresses on the internet did not answer.".to_owned(),
    }
}

fn seen_by(known: &Known, outage: &Outage) -> String {
    let mut names: Vec<String> =
        outage.seen_by.iter().map(|host| known.name(*host)).filter(|it| !it.is_empty()).collect();
    names.sort();
    match names.len() {
        0 => String::new(),
        n if n <= 3 => names.join(", "),
        n => count(n as u64, "machine", "machines"),
    }
}

/// What can be said to whoever runs the line is about pings alone.
fn sheet(known: &Known, outage: &Outage) -> Option<String> {
    let site = &known.scene.site;
    let base = format!("{}/evidence", href(site.client, site.id));
    match (&outage.case, outage.to) {
        _ if !outage.part.is_pinged() => None,
        (Some(case), _) => Some(format!("{}&from={}", evidence_href(site.client, site.id, case), outage.from.0)),
        (None, Some(to)) => Some(format!("{base}?from={}&to={}", outage.from.0, to.0)),
        (None, None) => Some(format!("{base}?from={}", outage.from.0)),
    }
}
