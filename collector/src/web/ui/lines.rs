//! Rows and lines that several pages show.

use super::{
    directory::Directory,
    show::{ClientRef, Mark, Present, ticket_href},
};
use beforehand_core::{
    calendar::{chance_words, duration_words},
    case::{Case, CaseEvent, Reason},
    finding::Severity,
    forecast::Outlook,
    ledger::{Entry, Subject},
    ticket::{TicketState, Work},
};
use beforehand_shared::{ids::ClientId, time::Millis};
use beforehand_store::TicketRow;
use std::collections::BTreeSet;

/// How far the horizon reaches.
pub(crate) const HORIZON: Millis = Millis::days(14);

/// What, where, by when, how sure, what to do, who has it.
pub(crate) struct TicketLine {
    pub(crate) mark: Mark,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) todo: String,
    pub(crate) client: ClientRef,
    pub(crate) site: String,
    pub(crate) by_when: String,
    pub(crate) sure: String,
    pub(crate) who: String,
}

impl TicketLine {
    /// `case` is the ticket's own, where it has one.
    pub(crate) fn new(row: &TicketRow, case: Option<&Case>, directory: &Directory) -> Self {
        let ticket = &row.ticket;
        let present = directory.present(ticket.client);
        let latest = case.map(|case| &case.latest);
        let outlook = latest.and_then(|latest| latest.outlook.as_ref());
        let title = if row.sentence.is_empty() { ticket.title.clone() } else { row.sentence.clone() };
        Self {
            mark: Mark::of(ticket.severity),
            title,
            href: ticket_href(ticket.client, ticket.number),
            todo: latest.and_then(|latest| latest.steps.first()).cloned().unwrap_or_default(),
            client: directory.client_ref(ticket.client),
            site: row.site_name.clone(),
            by_when: by_when(row, outlook, &present),
            sure: outlook.and_then(sure).unwrap_or_else(|| known_from(row).to_owned()),
            who: holder(row),
        }
    }
}

/// When the incident is expected; what people are told to act on is there now.
fn by_when(row: &TicketRow, outlook: Option<&Outlook>, present: &Present) -> String {
    match outlook {
        Some(outlook) => present.by_when(outlook.q10, outlook.q90),
        None if row.ticket.severity == Severity::Act => "now".to_owned(),
        None => String::new(),
    }
}

/// What stands in the place of a chance where nothing is forecast.
const fn known_from(row: &TicketRow) -> &'static str {
    if row.ticket.case.is_some() { "measured" } else { "a user said so" }
}

/// Who has a ticket, or what became of it.
pub(crate) fn holder(row: &TicketRow) -> String {
    match (&row.ticket.assignee, row.ticket.state) {
        (Some(who), TicketState::New | TicketState::Acknowledged) => who.clone(),
        (Some(who), TicketState::Resolved) => format!("resolved, {who}"),
        (None, TicketState::Resolved) => "resolved by itself".to_owned(),
        (None, _) => "nobody yet".to_owned(),
    }
}

/// `92 % within 14 days`.
pub(crate) fn sure(outlook: &Outlook) -> Option<String> {
    let chance = outlook.chances.iter().rfind(|chance| chance.within <= HORIZON).or(outlook.chances.first())?;
    Some(format!("{} within {}", chance_words(chance.p), duration_words(chance.within)))
}

pub(crate) struct StoryLine {
    pub(crate) iso: String,
    pub(crate) at: String,
    pub(crate) reason: &'static str,
    pub(crate) sentence: String,
}

pub(crate) fn story(events: &[CaseEvent], present: &Present) -> Vec<StoryLine> {
    let line = |event: &CaseEvent| StoryLine {
        iso: present.iso(event.at),
        at: present.at(event.at),
        reason: reason_words(event.reason),
        sentence: event.sentence.clone(),
    };
    events.iter().map(line).collect()
}

pub(crate) const fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Found => "Found",
        Reason::Returned => "Came back",
        Reason::Worse => "Got worse",
        Reason::Better => "Got better",
        Reason::Refined => "Known better",
        Reason::Onset => "Users notice from here on",
        Reason::WiderCause => "A wider cause explains it",
        Reason::Maintenance => "Announced work explains it",
        Reason::Flapping => "Comes and goes",
        Reason::Released => "No longer explained by anything else",
        Reason::Healthy => "Healthy again",
        Reason::Decommissioned => "Out of service",
        Reason::JudgedFalse => "Measured wrongly",
    }
}

pub(crate) struct WorkLine {
    pub(crate) iso: String,
    pub(crate) at: String,
    pub(crate) text: String,
    pub(crate) who: String,
    pub(crate) minutes: String,
    pub(crate) did: &'static str,
}

pub(crate) fn work(log: &[Work], present: &Present) -> Vec<WorkLine> {
    let line = |work: &Work| WorkLine {
        iso: present.iso(work.at),
        at: present.at(work.at),
        text: work.text.clone(),
        who: work.who.clone(),
        minutes: minutes(work.minutes),
        did: if work.acted { "acted" } else { "only looked" },
    };
    log.iter().map(line).collect()
}

pub(crate) fn minutes(minutes: u32) -> String {
    beforehand_statement::words::duration(minutes)
}

pub(crate) struct LedgerLine {
    pub(crate) seq: u64,
    pub(crate) href: String,
    pub(crate) counted: String,
    pub(crate) outcome: String,
    pub(crate) replaced: bool,
    pub(crate) what: String,
    pub(crate) because: String,
}

/// Lines for `entries`; those that a later entry of `all` corrects are marked.
pub(crate) fn ledger<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    all: &[Entry],
    present: &Present,
) -> Vec<LedgerLine> {
    let replaced: BTreeSet<u64> = all.iter().filter_map(|entry| entry.corrects).collect();
    let line = |entry: &Entry| LedgerLine {
        seq: entry.seq,
        href: entry_href(entry.client, entry.seq),
        counted: present.day(entry.counted_at),
        outcome: outcome_words(entry),
        replaced: replaced.contains(&entry.seq),
        what: what(entry),
        because: entry.because.clone(),
    };
    entries.into_iter().map(line).collect()
}

pub(crate) fn entry_href(client: ClientId, seq: u64) -> String {
    format!("/ledger/{client}/{seq}")
}

/// The outcome; what counts as its `p` says so.
pub(crate) fn outcome_words(entry: &Entry) -> String {
    match &entry.p {
        Some(chance) => format!("{}, counts {:.2}", entry.outcome.name(), chance.p),
        None => entry.outcome.name().to_owned(),
    }
}

/// `volume full, C: on FRONTDESK`.
pub(crate) fn what(entry: &Entry) -> String {
    let kind = match (&entry.kind, &entry.subject) {
        (Some(kind), _) => kind.name(),
        (None, Subject::UserReport { .. }) => "reported by a user",
        (None, Subject::Case { .. }) => "",
    };
    match (kind.is_empty(), entry.asset_name.is_empty()) {
        (false, false) => format!("{kind}, {}", entry.asset_name),
        (false, true) => kind.to_owned(),
        (true, _) => entry.asset_name.clone(),
    }
}
