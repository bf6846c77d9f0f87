//! What must hold for every case and every ledger.

use crate::build::{On, Told, ToldForecast, ToldReport, ToldWork, chained, entry_like, hour, november};
use beforehand_core::{
    case::Reason,
    finding::FindingKind,
    ledger::{Draft, Entry, standing, verify},
    month::figures,
    outcome::{Claim, Decision, Outcome, dispute},
    ticket::Verdict,
};
use proptest::{option, prelude::*, sample::select};

fn told() -> impl Strategy<Value = Told> {
    let when = (option::of(0.0..50.0_f64), option::of(0.0..60.0_f64), option::of(0.0..60.0_f64));
    let people = (
        option::of(select(&Verdict::ALL[..])),
        any::<bool>(),
        proptest::collection::vec((0.0..60.0_f64, 0..90_u32, any::<bool>()), 0..3),
        proptest::collection::vec((-20.0..60.0_f64, select(vec![On::ThisAsset, On::AnotherAsset, On::Unknown])), 0..3),
    );
    let closed_because =
        select(vec![Reason::Healthy, Reason::Decommissioned, Reason::JudgedFalse, Reason::Maintenance]);
    let course = (select(&FindingKind::ALL[..]), closed_because, option::of(1.0..90.0_f64), any::<bool>());
    (when, people, course).prop_map(|((ticket_h, closed_h, onset_h), people, course)| {
        let (verdict, not_in_contract, work, reports) = people;
        let (kind, closed_because, q50_h, child) = course;
        Told {
            kind: Some(kind),
            ticket_h,
            closed_h,
            closed_because: Some(closed_because),
            onset_h,
            not_in_contract,
            verdict,
            resolved_h: closed_h,
            events: if child { vec![Reason::Found, Reason::WiderCause] } else { vec![Reason::Found] },
            forecasts: q50_h.map(|h| ToldForecast { q50_h: Some(h), ..ToldForecast::default() }).into_iter().collect(),
            work: work.into_iter().map(|(h, minutes, acted)| ToldWork { h, minutes, acted }).collect(),
            user_reports: reports.into_iter().map(|(h, on)| ToldReport { h, on, in_scope: true }).collect(),
            ..Told::default()
        }
    })
}

/// A month's ledger with some of everything; equal assets make repeats.
fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let one = (select(&Outcome::ALL[..]), 0..4_u32, select(&FindingKind::ALL[..]), 0.01..0.99_f64, 0.5..30.0_f64);
    let draft = one.prop_map(|(outcome, n, kind, p, weight)| {
        let mut draft = entry_like(outcome, n);
        draft.kind = Some(kind);
        if let Some(chance) = &mut draft.p {
            (chance.p, chance.alpha, chance.beta) = (p, p * weight, (1.0 - p) * weight);
        }
        draft
    });
    proptest::collection::vec(draft, 1..12)
}

fn disputed(ledger: &[Entry], which: usize, claim: Claim) -> Option<Vec<Entry>> {
    let stands = standing(ledger);
    let decision = Decision { at: hour(60.0), who: "Anna".to_owned(), reason: "no".to_owned() };
    let draft = dispute(stands[which % stands.len()], claim, &decision).ok()?;
    let earlier = ledger.iter().map(|entry| serde_json::from_value(serde_json::to_value(entry).unwrap()).unwrap());
    Some(chained(earlier.chain([draft]).collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_closed_case_with_a_ticket_gets_exactly_one_outcome_and_no_other_gets_any(told in told()) {
        let draft = told.judged();
        let child = told.events.contains(&Reason::WiderCause);
        let counted = told.closed_h.is_some() && told.ticket_h.is_some();
        prop_assert!(counted || draft.is_none());
        prop_assert!(!counted || child || draft.is_some());
    }

    #[test]
    fn nothing_is_called_prevented_that_users_noticed_or_that_nobody_worked_on(told in told()) {
        if let Some(draft) = told.judged().filter(|draft| draft.outcome.is_prevented()) {
            prop_assert_eq!(draft.onset, None);
            prop_assert!(told.onset_h.is_none());
            prop_assert!(draft.evidence.acted_at.is_some());
            prop_assert_eq!(draft.p.is_some(), draft.outcome == Outcome::PreventedLikely);
        }
    }

    #[test]
    fn judging_twice_gives_the_same_bytes(told in told()) {
        let bytes = || serde_json::to_vec(&told.judged()).unwrap();
        prop_assert_eq!(bytes(), bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_interval_contains_the_count_and_the_outcomes_add_up(drafts in drafts()) {
        let figures = figures(&november(chained(drafts)));
        let tally = &figures.tally;
        let mean = f64::from(tally.proven) + tally.likely;
        prop_assert!(tally.low <= mean && mean <= tally.high, "{tally:?}");
        prop_assert!(tally.high <= f64::from(tally.proven + tally.likely_cases));
        let counted: u32 = tally.by_outcome.values().sum();
        prop_assert_eq!(counted as usize + figures.repeats.len(), figures.lines.len());
    }

    #[test]
    fn a_dispute_never_raises_the_count(drafts in drafts(), which in 0..20_usize, claim in 0..3_usize) {
        let claim = [Claim::NoticedBefore, Claim::NotNeeded, Claim::False][claim];
        let before = chained(drafts);
        if let Some(after) = disputed(&before, which, claim) {
            let count = |ledger| {
                let tally = figures(&november(ledger)).tally;
                (f64::from(tally.proven) + tally.likely, tally.proven)
            };
            let (before, after) = (count(before), count(after));
            prop_assert!(after.0 <= before.0 + 1e-9 && after.1 <= before.1, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_same_input_gives_the_same_figures_after_being_stored(drafts in drafts()) {
        let input = november(chained(drafts));
        let stored = serde_json::from_str(&serde_json::to_string(&input).unwrap()).unwrap();
        prop_assert_eq!(&input, &stored);
        prop_assert_eq!(figures(&input), figures(&stored));
    }

    #[test]
    fn whatever_byte_of_an_entry_is_changed_the_chain_breaks_there(
        drafts in drafts(), which in 0..20_usize, place in any::<proptest::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut ledger = chained(drafts);
        prop_assert_eq!(verify(&ledger), Ok(()));
        let which = which % ledger.len();
        let mut json = serde_json::to_vec(&ledger[which]).unwrap();
        let place = place.index(json.len());
        json[place] = byte;
        // Bytes that are no entry any more, or the same entry in other words, are not a change of it.
        if let Ok(changed) = serde_json::from_slice::<Entry>(&json) && changed != ledger[which] {
            ledger[which] = changed;
            prop_assert_eq!(verify(&ledger).map_err(|broken| broken.seq), Err(which as u64 + 1));
        }
    }

    #[test]
    fn an_entry_taken_out_breaks_the_chain_at_its_place(drafts in drafts(), which in 0..20_usize) {
        let mut ledger = chained(drafts);
        let which = which % ledger.len();
        ledger.remove(which);
        let expected = if which == ledger.len() { Ok(()) } else { Err(which as u64 + 1) };
        prop_assert_eq!(verify(&ledger).map_err(|broken| broken.seq), expected);
    }
}
