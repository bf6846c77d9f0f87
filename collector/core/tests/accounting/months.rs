//! The month's figures, their words, their worth, and the provider's page.

use crate::build::{On, ToldReport, chained, client, entry_like, hour, november, reported, told};
use beforehand_core::{
    finding::FindingKind,
    ledger::Draft,
    month::{Effort, Month, MonthFigures, MonthInput, figures, headline, summary},
    outcome::Outcome,
    provider_page::{ClientMonth, provider_page},
    worth,
};

fn month_of(outcomes: &[Outcome]) -> MonthFigures {
    let drafts = (1..).zip(outcomes).map(|(n, outcome)| entry_like(*outcome, n)).collect();
    figures(&november(chained(drafts)))
}

#[test]
fn an_empty_month_says_so() {
    let figures = month_of(&[]);
    assert_eq!(headline(&figures), "none prevented");
    assert_eq!(summary(&figures), "November 2026 was quiet: nothing needed a person, and users noticed nothing.");
}

#[test]
fn a_good_month_counts_proven_and_likely_apart() {
    let figures = month_of(&[Outcome::PreventedProven, Outcome::PreventedLikely, Outcome::PreventedLikely]);
    assert_eq!(headline(&figures), "1 proven + 1.2 likely (90 %: 1 to 3)");
    assert_eq!(
        summary(&figures),
        "In November 2026 users noticed nothing, and 1 incident was prevented with proof; we acted in time on 2 more \
         warnings, of which about 1.2 would have become incidents."
    );
}

#[test]
fn a_bad_month_says_first_what_users_noticed() {
    let mut input = november(chained(vec![
        entry_like(Outcome::Late, 1),
        entry_like(Outcome::Missed, 2),
        entry_like(Outcome::Shortened, 3),
    ]));
    input.user_reports = vec![reported(1, ToldReport { h: 20.0, on: On::ThisAsset, in_scope: true })];
    assert_eq!(
        summary(&figures(&input)),
        "In November 2026 users noticed 3 incidents, 2 of them before we did, and lost 1.5 hours of work. We prevented \
         nothing that we can count."
    );
}

#[test]
fn the_same_cause_on_the_same_asset_counts_once_a_month_and_the_stronger_line_counts() {
    let mut drafts = vec![entry_like(Outcome::PreventedLikely, 1), entry_like(Outcome::PreventedProven, 1)];
    drafts.push(Draft { kind: Some(FindingKind::LinkFault), ..entry_like(Outcome::PreventedProven, 1) });
    let figures = figures(&november(chained(drafts)));
    assert_eq!(headline(&figures), "2 proven, none likely");
    assert_eq!(figures.repeats, [1]);
    assert_eq!(figures.lines.len(), 3);
}

#[test]
fn lines_belong_to_the_month_of_the_clients_own_zone() {
    // 30 November 23:30 UTC is December in Berlin.
    let last = Draft { counted_at: hour(28.0 * 24.0 + 15.5), ..entry_like(Outcome::PreventedProven, 1) };
    let mut input = november(chained(vec![last]));
    assert_eq!(figures(&input).tally.proven, 0);
    input.client.time_zone = "UTC".to_owned();
    assert_eq!(figures(&input).tally.proven, 1);
}

#[test]
fn the_trend_shows_twelve_months_and_which_of_them_were_watched() {
    let mut input = november(chained(vec![entry_like(Outcome::Late, 1)]));
    input.user_reports = vec![reported(1, ToldReport { h: -24.0 * 20.0, on: On::ThisAsset, in_scope: true })];
    let trend = figures(&input).trend;
    let months: Vec<_> = trend.iter().map(|month| month.month.to_string()).collect();
    assert_eq!((months.len(), &*months[0], &*months[11]), (12, "2025-12", "2026-11"));
    assert_eq!(trend[11].user_visible, 1);
    assert!((trend[10].hours_lost - 1.5).abs() < 1e-9, "the report of October counts in October");
    // The client came in April 2026.
    assert_eq!(trend.iter().filter(|month| month.watched).count(), 8);
    assert_eq!(trend.iter().map(|month| month.fee).sum::<i64>(), 8 * 45_000);
}

/// One printer fault prevented for certain, at a client of 12 people.
fn printer_month() -> MonthInput {
    let draft = Draft { kind: Some(FindingKind::PrinterFault), ..entry_like(Outcome::PreventedProven, 1) };
    november(chained(vec![draft]))
}

#[test]
fn worth_is_people_times_wage_times_share_times_hours_plus_the_visit() {
    let worth = figures(&printer_month()).worth;
    // 3 people (a quarter of 12) x 0.2 x 40.00 an hour x 0.25, 1 or 4 hours; a visit costs 120.00.
    assert_eq!((worth.low, worth.likely, worth.high), (600, 2_400 + 12_000, 9_600 + 12_000));
    assert_eq!(worth.included_support, 18_000, "two hours of help at 90.00");
}

#[test]
fn worth_is_capped_by_the_revenue_of_the_hours() {
    let mut input = printer_month();
    input.client.contract.revenue_per_hour = 1_000;
    assert_eq!(figures(&input).worth.low, 250);
}

#[test]
fn what_the_provider_entered_for_the_asset_replaces_the_assumption() {
    let mut input = printer_month();
    input.ledger[0].evidence.users = Some(6);
    let worth = figures(&input).worth;
    assert_eq!(worth.low, 1_200);
    let held_up = worth.inputs.iter().find(|input| input.what == "Held up without volume 1").unwrap();
    assert_eq!((&*held_up.value, &*held_up.source), ("6 people", "entered for this one"));
}

#[test]
fn after_five_incidents_of_a_kind_their_own_length_is_used() {
    let late = |n| {
        let mut draft = Draft { kind: Some(FindingKind::PrinterFault), ..entry_like(Outcome::Late, n) };
        draft.evidence.minutes_lost = 60 * n;
        draft
    };
    let with = |n: u32| {
        let mut drafts: Vec<_> = (1..=n).map(late).collect();
        drafts.push(Draft { kind: Some(FindingKind::PrinterFault), ..entry_like(Outcome::PreventedProven, 99) });
        figures(&november(chained(drafts))).worth
    };
    assert_eq!(with(4).low, 600);
    let own = with(5);
    assert_eq!((own.low, own.likely, own.high), (2 * 2_400, 3 * 2_400 + 12_000, 4 * 2_400 + 12_000));
    let length = own.inputs.iter().find(|input| input.what.starts_with("Length of a printer fault")).unwrap();
    assert_eq!((&*length.value, &*length.source), ("2 hours, 3 hours or 4 hours", "your own 5 such incidents"));
}

#[test]
fn help_counts_only_as_far_as_the_fee_includes_it() {
    let mut input = november(Vec::new());
    input.effort.reactive_minutes = 600;
    input.past_effort.insert(Month { year: 2026, month: 10 }, Effort { reactive_minutes: 60, ..Effort::default() });
    let worth = figures(&input).worth;
    assert_eq!(worth.included_support, 36_000);
    assert_eq!(worth.year_support, 45_000);
}

#[test]
fn a_month_that_does_not_pay_for_itself_is_told_plainly() {
    let figures = month_of(&[]);
    assert_eq!(
        worth::sentence(&figures.worth, "EUR"),
        "Prevention saved you nothing that we can count this month. With the help for users that the fee includes, €180 \
         at list price, that is less than the fee of €450: this month did not pay for itself. Over twelve months: €0 of \
         prevention and €180 of help, for €3,600 of fees."
    );
}

#[test]
fn the_chance_used_is_shown_with_its_interval_and_its_source() {
    let figures = month_of(&[Outcome::PreventedLikely]);
    let [chance] = figures.chances.as_slice() else { panic!("{:?}", figures.chances) };
    assert!(chance.low < chance.p && chance.p < chance.high);
    assert_eq!(
        chance.source,
        "public records of disk use, where 6 of 10 such warnings came true, counted as 5 warnings; no untreated warning \
         of our own yet"
    );
}

#[test]
fn the_statement_names_the_end_of_the_ledger_so_that_cutting_it_shows() {
    let input = november(chained(vec![told("dated_in_time").judged().unwrap()]));
    let head = figures(&input).ledger_head.unwrap();
    assert_eq!((head.seq, head.hash), (1, input.ledger[0].hash.clone()));
}

#[test]
fn the_providers_page_puts_clients_at_risk_first_and_shows_the_effective_rate() {
    let quiet = month_of(&[]);
    let mut busy = month_of(&[Outcome::PreventedProven, Outcome::Late, Outcome::False]);
    busy.effort = Effort { proactive_minutes: 60, reactive_minutes: 300, false_alarm_minutes: 90 };
    let (risky, loved) = (client(), client());
    let page = provider_page(&[
        ClientMonth { client: &loved, figures: &busy, hosts: 5 },
        ClientMonth { client: &risky, figures: &quiet, hosts: 5 },
    ]);
    assert_eq!(
        page[0].thin.as_deref(),
        Some("Three months show 0.0 prevented, and this month €180 of help beside a fee of €450.")
    );
    assert_eq!((page[1].thin.as_ref(), page[1].effective_rate), (None, Some(6_000)));
    assert_eq!(page[1].reactive_hours_per_host, Some(1.0));
    assert_eq!(page[1].user_visible_per_10_hosts, Some(2.0));
    assert_eq!(page[1].noisiest.len(), 3);
}
