//! How right a rule has been.

use crate::build::{Told, chained, told};
use beforehand_core::{
    finding::FindingKind,
    ledger::Entry,
    outcome::{Claim, Decision, dispute},
    record::{RuleRecord, records},
};
use beforehand_shared::time::Millis;

fn ledger(names: &[&str]) -> Vec<Entry> {
    chained(names.iter().filter_map(|name| told(name).judged()).collect())
}

fn record(entries: &[Entry]) -> RuleRecord {
    records(entries).remove(&FindingKind::VolumeFull).unwrap_or_default()
}

#[test]
fn right_is_what_was_real_and_out_of_scope_says_nothing() {
    let record = record(&ledger(&[
        "dated_in_time",
        "a_user_reported_after_the_ticket",
        "a_user_reported_first",
        "judged_false",
        "nobody_did_anything",
        "not_in_the_contract",
    ]));
    assert_eq!((record.tickets, record.right, record.false_alarms, record.not_needed), (5, 3, 1, 1));
    assert!((record.precision().unwrap() - 0.6).abs() < 1e-9);
}

#[test]
fn warnings_that_nobody_handled_are_the_natural_experiment() {
    // Work at hour 20 comes after the onset at hour 12: the warning was in vain.
    let record = record(&ledger(&["began_and_nobody_reported_it", "nobody_did_anything", "dated_in_time"]));
    assert_eq!((record.untreated_onset, record.untreated_cleared), (1, 1));
}

#[test]
fn a_ticket_that_came_after_onset_was_no_warning() {
    let record = record(&ledger(&["began_before_the_ticket"]));
    assert_eq!((record.right, record.untreated_onset), (1, 0));
}

#[test]
fn what_someone_handled_in_vain_is_neither_right_nor_wrong() {
    let record = record(&ledger(&["ticket_too_late_to_react"]));
    assert_eq!((record.tickets, record.untreated_cleared), (0, 0));
}

#[test]
fn the_lead_is_the_median_time_from_ticket_to_onset_or_its_expected_date() {
    let record = record(&ledger(&["dated_in_time", "a_user_reported_after_the_ticket", "began_before_the_ticket"]));
    assert_eq!(record.median_lead, Some(Millis::hours(12)));
    assert_eq!(record.sentence(), "right 3 of 3 times, median lead 12 hours");
}

#[test]
fn a_disputed_line_counts_as_what_it_was_disputed_to_be() {
    let mut drafts: Vec<_> = vec![told("dated_in_time").judged().unwrap()];
    let decision = Decision { at: drafts[0].at, who: "Anna".to_owned(), reason: "it was never full".to_owned() };
    drafts.push(dispute(&chained(drafts.clone())[0], Claim::False, &decision).unwrap());
    let record = record(&chained(drafts));
    assert_eq!((record.tickets, record.right, record.false_alarms), (1, 0, 1));
}

#[test]
fn each_kind_has_its_own_record() {
    let printer = Told { kind: Some(FindingKind::PrinterFault), ..told("nobody_did_anything") };
    let records = records(&chained(vec![told("dated_in_time").judged().unwrap(), printer.judged().unwrap()]));
    assert_eq!(records.keys().copied().collect::<Vec<_>>(), [FindingKind::VolumeFull, FindingKind::PrinterFault]);
}
