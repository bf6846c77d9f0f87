//! A person's correction and a client's dispute.

use crate::build::{chained, entry_like, hour, november, told};
use beforehand_core::{
    ledger::{Draft, Entry, admit, standing, verify},
    month::{figures, headline},
    outcome::{Claim, CorrectionError, Decision, Outcome, change, dispute},
    record::RuleRecord,
};

fn decision(at: f64, reason: &str) -> Decision {
    Decision { at: hour(at), who: "Anna Hill".to_owned(), reason: reason.to_owned() }
}

/// The ledger with one more entry.
fn with(ledger: &[Entry], draft: Draft) -> Vec<Entry> {
    let mut drafts: Vec<Draft> = ledger.iter().map(draft_of).collect();
    drafts.push(draft);
    let longer = chained(drafts);
    assert_eq!(longer[..ledger.len()], *ledger, "a correction leaves what is written as it is");
    longer
}

fn draft_of(entry: &Entry) -> Draft {
    serde_json::from_value(serde_json::to_value(entry).unwrap()).unwrap()
}

#[test]
fn a_dispute_takes_the_line_out_of_the_count_at_once_and_keeps_both_entries() {
    let ledger = chained(vec![entry_like(Outcome::PreventedProven, 1), entry_like(Outcome::PreventedLikely, 2)]);
    assert_eq!(headline(&figures(&november(ledger.clone()))), "1 proven + 0.6 likely (90 %: 1 to 2)");
    let disputed = dispute(&ledger[0], Claim::NoticedBefore, &decision(50.0, "we noticed this before you")).unwrap();
    assert_eq!(disputed.because, "Anna Hill disputed that it was prevented, proven: we noticed this before you");
    let ledger = with(&ledger, disputed);
    assert_eq!(verify(&ledger), Ok(()));
    let figures = figures(&november(ledger));
    assert_eq!(headline(&figures), "0 proven + 0.6 likely (90 %: 0 to 1)");
    assert_eq!(figures.tally.user_visible, 1);
    assert_eq!(figures.lines.len(), 2);
}

#[test]
fn a_correction_without_a_reason_is_refused() {
    let ledger = chained(vec![entry_like(Outcome::PreventedProven, 1)]);
    let refused = dispute(&ledger[0], Claim::False, &decision(50.0, " "));
    assert_eq!(refused, Err(CorrectionError::NoReason));
}

#[test]
fn what_users_noticed_cannot_be_made_prevented_by_hand() {
    let late = told("a_user_reported_first").judged().unwrap();
    let ledger = chained(vec![late]);
    let made = change(&ledger[0], Outcome::PreventedLikely, &RuleRecord::default(), &decision(50.0, "it was fine"));
    assert_eq!(made, Err(CorrectionError::UsersNoticed));
}

#[test]
fn after_a_client_said_that_users_noticed_first_the_provider_cannot_take_it_back() {
    let ledger = chained(vec![entry_like(Outcome::PreventedProven, 1)]);
    let disputed = dispute(&ledger[0], Claim::NoticedBefore, &decision(50.0, "our phones rang")).unwrap();
    let ledger = with(&ledger, disputed);
    let back = change(&ledger[1], Outcome::PreventedProven, &RuleRecord::default(), &decision(51.0, "no"));
    assert_eq!(back, Err(CorrectionError::UsersNoticed));
}

#[test]
fn a_person_confirms_with_a_reason_and_the_chance_stays_what_it_was() {
    let ledger = chained(vec![entry_like(Outcome::PreventedLikely, 1)]);
    let record = RuleRecord { untreated_cleared: 50, ..RuleRecord::default() };
    let confirmed = change(&ledger[0], Outcome::PreventedLikely, &record, &decision(50.0, "I was there")).unwrap();
    assert_eq!(confirmed.p, ledger[0].p);
    assert_eq!(confirmed.because, "Anna Hill confirmed: I was there");
    assert_eq!(confirmed.corrects, Some(1));
}

#[test]
fn of_a_chain_of_corrections_only_the_last_stands() {
    let ledger = chained(vec![entry_like(Outcome::PreventedProven, 1)]);
    let first = dispute(&ledger[0], Claim::NotNeeded, &decision(50.0, "nothing would have happened")).unwrap();
    let ledger = with(&ledger, first);
    let second = change(&ledger[1], Outcome::False, &RuleRecord::default(), &decision(60.0, "the gauge was wrong"));
    let mut ledger = with(&ledger, second.unwrap());
    // Another correction of the first entry replaces all three.
    let third = dispute(&ledger[0], Claim::NoticedBefore, &decision(70.0, "we did notice")).unwrap();
    ledger = with(&ledger, third);
    let stands: Vec<_> = standing(&ledger).iter().map(|entry| entry.seq).collect();
    assert_eq!(stands, [4]);
}

#[test]
fn a_month_whose_statement_is_out_is_amended_in_the_next_one() {
    let ledger = chained(vec![entry_like(Outcome::PreventedProven, 1)]);
    let disputed = dispute(&ledger[0], Claim::NoticedBefore, &decision(720.0, "we noticed this before you")).unwrap();
    let ledger = with(&ledger, disputed);
    let mut december = november(ledger);
    december.month = "2026-12".parse().unwrap();
    december.previous_taken_at = Some(hour(700.0));
    december.taken_at = hour(1400.0);
    let figures = figures(&december);
    assert!(figures.lines.is_empty());
    let [amendment] = figures.since_last.as_slice() else { panic!("{:?}", figures.since_last) };
    assert_eq!(amendment.month.to_string(), "2026-11");
    assert_eq!((amendment.was, amendment.entry.outcome), (Some(Outcome::PreventedProven), Outcome::Late));
    let before = figures.trend.iter().find(|month| month.month == amendment.month).unwrap();
    assert_eq!((before.proven, before.user_visible), (0, 1));
}

#[test]
fn a_case_that_reopened_is_judged_anew_and_replaces_its_entry() {
    let ledger = chained(vec![told("dated_in_time").judged().unwrap()]);
    let mut again = told("dated_in_time");
    (again.onset_h, again.closed_h) = (Some(30.0), Some(40.0));
    let draft = admit(again.judged().unwrap(), &ledger).unwrap();
    assert_eq!((draft.outcome, draft.corrects), (Outcome::Shortened, Some(1)));
    assert_eq!(figures(&november(with(&ledger, draft))).lines.len(), 1);
}

#[test]
fn a_case_is_entered_once_however_often_it_is_judged() {
    let draft = told("dated_in_time").judged().unwrap();
    assert_eq!(admit(draft.clone(), &[]), Some(draft.clone()));
    assert_eq!(admit(draft.clone(), &chained(vec![draft])), None);
}

#[test]
fn the_analysis_does_not_overrule_a_person() {
    let ledger = chained(vec![told("dated_in_time").judged().unwrap()]);
    let disputed = dispute(&ledger[0], Claim::NoticedBefore, &decision(50.0, "our phones rang")).unwrap();
    let ledger = with(&ledger, disputed);
    let mut again = told("dated_in_time");
    again.closed_h = Some(40.0);
    assert_eq!(admit(again.judged().unwrap(), &ledger), None);
}

#[test]
fn the_story_shows_what_a_doubter_asks_for() {
    let story = told("forecast_held_until_space_was_freed").judged().unwrap().evidence;
    assert_eq!(story.saw, "Drive D: on FRONTDESK fills up.");
    assert_eq!(story.expected.as_deref(), Some("Users would have noticed between 3 Nov 19:00 and 4 Nov 11:00 (80 %)."));
    assert_eq!(story.after, "It was over on 3 Nov 06:00. No user reported anything.");
    assert_eq!((story.minutes_worked, story.acted_at), (20, Some(hour(20.0))));
    let chart = story.chart.unwrap();
    assert_eq!(chart.title, "Free space: D: on FRONTDESK (GB)");
    assert!((chart.measured.last().unwrap().value - 70.0).abs() < 1e-9);
    assert!((chart.fan[0].p90 - 44.0).abs() < 1e-9);
}
