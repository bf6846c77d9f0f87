//! What users reported.

use crate::build::{On, Told, ToldReport, hour, reported, told};
use beforehand_core::{
    case::Case,
    ledger::Subject,
    outcome::{Outcome, covers, judge_user_report},
    ticket::UserReport,
};

fn report(h: f64, on: On) -> UserReport {
    reported(7, ToldReport { h, on, in_scope: true })
}

fn case(change: impl Fn(&mut Told)) -> Case {
    let mut told = told("dated_in_time");
    change(&mut told);
    told.case()
}

#[test]
fn an_incident_without_a_case_was_missed() {
    let draft = judge_user_report(&report(5.0, On::ThisAsset), None, "D: on FRONTDESK", hour(9.0)).unwrap();
    assert_eq!(draft.outcome, Outcome::Missed);
    assert_eq!(draft.subject, Subject::UserReport { number: 7 });
    assert_eq!(draft.counted_at, hour(5.0));
    assert!(draft.because.ends_with("Here: we had not seen it."), "{}", draft.because);
    assert_eq!((draft.evidence.people, draft.evidence.minutes_lost), (3, 30));
}

#[test]
fn an_incident_that_we_had_noted_without_a_ticket_was_missed_too() {
    let noted = case(|told| told.ticket_h = None);
    let draft = judge_user_report(&report(5.0, On::ThisAsset), Some(&noted), "", hour(9.0)).unwrap();
    assert_eq!(draft.outcome, Outcome::Missed);
    assert!(draft.because.ends_with("Here: we had noted it, but opened no ticket."), "{}", draft.because);
}

#[test]
fn a_case_with_a_ticket_or_still_open_tells_of_the_report_itself() {
    let report = report(5.0, On::ThisAsset);
    assert_eq!(judge_user_report(&report, Some(&case(|_| ())), "", hour(9.0)), None);
    let open = case(|told| (told.ticket_h, told.closed_h) = (None, None));
    assert_eq!(judge_user_report(&report, Some(&open), "", hour(9.0)), None);
}

#[test]
fn a_report_out_of_scope_stays_visible() {
    let report = UserReport { in_scope: false, ..report(5.0, On::AnotherAsset) };
    let draft = judge_user_report(&report, None, "", hour(9.0)).unwrap();
    assert_eq!(draft.outcome, Outcome::OutOfScope);
}

#[test]
fn a_case_covers_reports_on_its_asset_from_a_day_before_until_it_closed() {
    let case = case(|_| ());
    for (h, covered) in [(-26.0, false), (-24.5, true), (10.0, true), (21.0, true), (21.1, false)] {
        assert_eq!(covers(&case, &report(h, On::ThisAsset)), covered, "{h}");
        assert!(!covers(&case, &report(h, On::AnotherAsset)));
    }
}

#[test]
fn a_report_that_names_no_asset_is_covered_only_by_what_users_could_notice() {
    assert!(!covers(&case(|_| ()), &report(10.0, On::Unknown)));
    assert!(covers(&case(|told| told.onset_h = Some(9.0)), &report(10.0, On::Unknown)));
}
