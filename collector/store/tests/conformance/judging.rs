//! What the analysis reads and decides, and the tickets that follow.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    analyze::Verdict,
    asset::AssetId,
    case::{CaseChange, CaseEvent, CaseId, Reason, TicketAction},
    finding::{FindingKind, Severity},
    forecast::{Chance, Forecast, ForecastId, ForecastResult, Outlook, Resolution},
    input::{Maintenance, history},
    month::Effort,
    reliability::horizon_records,
    series::{Metric, Sample},
    sight::{Blind, Why},
    ticket::{self, TicketState, UserReport, Work},
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, MaintenanceRow, StoreError, TicketFilter};

cases! {
    the_analysis_is_given_all_there_is,
    the_past_of_each_metric_reaches_as_far_as_detectors_ask,
    a_site_is_due_when_something_is_new_or_time_has_passed,
    a_repeated_verdict_changes_nothing,
    a_case_that_returns_reopens_its_ticket,
    an_untouched_ticket_resolves_itself_and_a_worked_one_waits,
    a_ticket_is_resolved_once,
    a_verdict_never_touches_another_site,
    a_forecast_keeps_what_it_said_and_gets_one_result,
    a_forecast_of_chances_alone_is_kept_and_counts_in_the_record_of_its_kind,
    lists_of_tickets_can_be_narrowed,
    a_page_of_printers_reads_what_was_measured_of_them_and_nothing_else,
    a_ticket_of_a_supply_names_its_printer_and_is_listed_with_it,
    effort_is_counted_by_what_it_was_for,
    what_the_collector_did_not_see_is_kept_and_given_to_the_analysis,
}

fn verdict(changes: Vec<CaseChange>) -> Verdict {
    Verdict { changes, ..Verdict::default() }
}

pub(crate) fn work(at: Timestamp, minutes: u32, acted: bool) -> Work {
    Work { at, who: "anna".into(), minutes, text: "Removed old backups.".into(), acted }
}

fn forecast(office: &Office, made_at: Timestamp) -> Forecast {
    let outlook = Outlook {
        method: "volume_full/1".into(),
        chances: vec![],
        q10: Some(made_at.plus(Millis::days(3))),
        q50: Some(made_at.plus(Millis::days(5))),
        q90: Some(made_at.plus(Millis::days(9))),
        fan: vec![],
        need: Some(0.1),
    };
    let case = office.case(START);
    Forecast {
        id: ForecastId(format!("{}:{}", case.id, made_at.0)),
        client: case.client,
        site: case.site,
        asset: case.asset,
        kind: case.kind,
        case: case.id,
        made_at,
        outlook,
        result: None,
    }
}

async fn the_analysis_is_given_all_there_is(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, site) = (office.client.id, office.site.id);
    let now = START.plus(Millis::days(5));
    let hourly: Vec<(Millis, f64)> = (0..=120).map(|hour| (Millis::hours(hour), hour as f64)).collect();
    db.store.digest(&office.measured(&hourly)).await.unwrap();
    let jitter =
        (office.volume(), Metric::JitterMs, vec![Sample { at: START, value: 1.0 }, Sample { at: now, value: 2.0 }]);
    db.store.digest(&Digest { samples: vec![jitter], ..office.digest() }).await.unwrap();
    let maintenance = Maintenance { from: START, to: now, asset: None, why: "Moving".into() };
    let row = MaintenanceRow { client, site, maintenance: maintenance.clone(), by: "anna".into(), entered_at: START };
    db.store.insert_maintenance(&row).await.unwrap();
    let decided = Verdict { forecasts: vec![forecast(&office, START)], ..verdict(vec![office.opening(START)]) };
    db.store.apply(&office.site, &decided, START).await.unwrap();
    db.store.log_work(client, 1, &work(now, 5, true)).await.unwrap();
    for sealed in [false, true] {
        let input = db.store.load_input(client, site, now).await.unwrap();
        let view = &input.assets[&office.volume()];
        let free = &view.series[&Metric::FreeBytes];
        assert_eq!((free.hours.len(), free.recent.len()), (121, 27), "sealed: {sealed}");
        assert_eq!(free.recent[0].value, 94.0);
        assert_eq!(view.series[&Metric::JitterMs].recent, [Sample { at: now, value: 2.0 }]);
        assert_eq!((view.name.as_str(), input.hosts.len()), ("/home on FRONTDESK", 1));
        assert_eq!((input.cases.len(), input.closed.len(), input.forecasts.len()), (1, 0, 1));
        assert_eq!(input.maintenance, std::slice::from_ref(&maintenance));
        assert_eq!(input.acted.values().collect::<Vec<_>>(), [&now]);
        let earlier = db.store.load_input(client, site, now.minus(Millis::hours(2))).await.unwrap();
        assert_eq!(earlier.assets[&office.volume()].series[&Metric::FreeBytes].recent.last().unwrap().value, 118.0);
        while db.store.seal(now, 100).await.unwrap().days > 0 {}
    }
    let unknown = db.store.load_input(client, beforehand_shared::ids::SiteId(uuid::Uuid::nil()), now).await;
    assert_eq!(unknown, Err(StoreError::NotFound("site")));
}

async fn the_past_of_each_metric_reaches_as_far_as_detectors_ask(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let now = START.plus(Millis::days(70));
    let daily: Vec<Sample> = (0..=70).map(|day| Sample { at: START.plus(Millis::days(day)), value: 1.0 }).collect();
    let metrics: Vec<Metric> = Metric::all().cloned().chain([Metric::SupplyPct("Black".to_owned())]).collect();
    let samples = metrics.iter().map(|metric| (office.volume(), metric.clone(), daily.clone())).collect();
    db.store.digest(&Digest { samples, ..office.measured(&[(Millis(0), 1.0)]) }).await.unwrap();
    for sealed in [false, true] {
        let input = db.store.load_input(office.client.id, office.site.id, now).await.unwrap();
        let series = &input.assets[&office.volume()].series;
        for metric in &metrics {
            let days = history(metric).map_or(0, |reach| reach.0 / Millis::DAY.0 + 1).min(71);
            let known = series.get(metric).unwrap_or_else(|| panic!("{metric}, sealed: {sealed}"));
            assert_eq!((known.hours.len() as i64, known.recent.len()), (days, 2), "{metric}, sealed: {sealed}");
        }
        while db.store.seal(now, 100).await.unwrap().days > 0 {}
    }
}

async fn a_site_is_due_when_something_is_new_or_time_has_passed(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.digest()).await.unwrap();
    let due = db.store.sites_due(START, Millis::HOUR).await.unwrap().remove(0);
    db.store.digest(&office.digest()).await.unwrap();
    db.store.mark_analyzed(&due, START).await.unwrap();
    let again = db.store.sites_due(START, Millis::HOUR).await.unwrap();
    assert_eq!(again.len(), 1, "a digest came while the site was judged");
    db.store.mark_analyzed(&again[0], START).await.unwrap();
    assert!(db.store.sites_due(START.plus(Millis::minutes(59)), Millis::HOUR).await.unwrap().is_empty());
    assert_eq!(db.store.sites_due(START.plus(Millis::HOUR), Millis::HOUR).await.unwrap().len(), 1);
}

async fn a_repeated_verdict_changes_nothing(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let decided = verdict(vec![office.opening(START)]);
    let applied = db.store.apply(&office.site, &decided, START).await.unwrap();
    assert_eq!(applied.tickets, [(1, TicketAction::Open)]);
    let again = db.reopened().await.apply(&office.site, &decided, START).await.unwrap();
    assert!(again.tickets.is_empty());
    assert_eq!(db.store.tickets(&TicketFilter::default()).await.unwrap().len(), 1);
    assert_eq!(db.store.take_outbox(START, 10).await.unwrap().len(), 1);
    let case = office.case(START);
    assert_eq!(db.store.case_events(office.client.id, &case.id).await.unwrap().len(), 1);
    assert_eq!(db.store.case(office.client.id, &case.id).await.unwrap(), Some(case));
}

async fn a_case_that_returns_reopens_its_ticket(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, later) = (office.client.id, START.plus(Millis::HOUR));
    db.store.apply(&office.site, &verdict(vec![office.opening(START)]), START).await.unwrap();
    db.store.resolve(client, 1, ticket::Verdict::Fixed, ("anna", later)).await.unwrap();
    db.store.apply(&office.site, &verdict(vec![office.closing(START, later)]), later).await.unwrap();
    let again = later.plus(Millis::DAY);
    let event = CaseEvent { at: again, reason: Reason::Returned, sentence: "It is back.".into() };
    let mut case = office.case(START);
    case.severity = Severity::Act;
    let change = CaseChange { case, event, ticket: TicketAction::Open };
    let applied = db.store.apply(&office.site, &verdict(vec![change]), again).await.unwrap();
    assert_eq!(applied.tickets, [(1, TicketAction::Open)], "no second ticket");
    let ticket = db.store.ticket(client, 1).await.unwrap().unwrap().ticket;
    assert_eq!((ticket.state, ticket.severity, ticket.resolution), (TicketState::New, Severity::Act, None));
    let reasons: Vec<Reason> =
        db.store.case_events(client, &office.case(START).id).await.unwrap().iter().map(|event| event.reason).collect();
    assert_eq!(reasons, [Reason::Found, Reason::Healthy, Reason::Returned]);
}

async fn an_untouched_ticket_resolves_itself_and_a_worked_one_waits(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, second) = (office.client.id, START.plus(Millis::DAY));
    db.store.apply(&office.site, &verdict(vec![office.opening(START), office.opening(second)]), second).await.unwrap();
    db.store.log_work(client, 2, &work(second, 10, true)).await.unwrap();
    let end = second.plus(Millis::HOUR);
    let closings = vec![office.closing(START, end), office.closing(second, end)];
    db.store.apply(&office.site, &verdict(closings), end).await.unwrap();
    let state = |number| {
        let store = db.store.clone();
        async move { store.ticket(client, number).await.unwrap().unwrap().ticket }
    };
    assert_eq!(
        (state(1).await.state, state(1).await.resolution),
        (TicketState::Resolved, None),
        "nobody has said what it was"
    );
    assert_eq!(state(2).await.state, TicketState::New);
    assert!(db.store.open_cases(client).await.unwrap().is_empty());
    assert_eq!(db.store.cases_of_asset(client, &office.volume()).await.unwrap().len(), 2);
    assert_eq!(db.store.cases_between(client, START, second).await.unwrap().len(), 1);
}

async fn a_ticket_is_resolved_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    db.store.apply(&office.site, &verdict(vec![office.opening(START)]), START).await.unwrap();
    db.store.acknowledge(client, 1, "anna", START).await.unwrap();
    db.store.resolve(client, 1, ticket::Verdict::Fixed, ("anna", START)).await.unwrap();
    let again = db.store.resolve(client, 1, ticket::Verdict::FalseAlarm, ("ben", START)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))));
    let row = db.store.ticket(client, 1).await.unwrap().unwrap();
    assert_eq!((row.ticket.resolution, row.ticket.assignee.as_deref()), (Some(ticket::Verdict::Fixed), Some("anna")));
    assert_eq!(row.ticket.title, "Volume full: /home");
    assert_eq!(db.store.log_work(client, 9, &work(START, 1, true)).await, Err(StoreError::NotFound("ticket")));
    assert_eq!(db.store.acknowledge(client, 9, "anna", START).await, Err(StoreError::NotFound("ticket")));
}

async fn a_verdict_never_touches_another_site(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = Office::settle(2, &db.store).await;
    let decided = verdict(vec![office.opening(START), other.opening(START)]);
    assert!(db.store.apply(&office.site, &decided, START).await.is_err());
    assert!(db.store.tickets(&TicketFilter::default()).await.unwrap().is_empty(), "all or nothing");
}

async fn a_forecast_keeps_what_it_said_and_gets_one_result(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let made = forecast(&office, START);
    let decided = Verdict { forecasts: vec![made.clone()], ..verdict(vec![office.opening(START)]) };
    db.store.apply(&office.site, &decided, START).await.unwrap();
    assert_eq!(db.store.open_forecasts(None).await.unwrap()[0].named.forecast, made);
    let at = START.plus(Millis::DAY);
    for (at, result) in [(at, ForecastResult::Treated), (at.plus(Millis::DAY), ForecastResult::Miss)] {
        let resolution = Resolution { at, result, tracked: true, onset: None };
        let decided = Verdict { resolutions: vec![(made.id.clone(), resolution)], ..Verdict::default() };
        db.store.apply(&office.site, &decided, at).await.unwrap();
    }
    assert!(db.store.open_forecasts(Some(client)).await.unwrap().is_empty());
    let scored = db.store.forecasts_between(client, at, at.plus(Millis(1))).await.unwrap();
    let result = scored[0].forecast.result.unwrap();
    assert_eq!((result.result, result.at), (ForecastResult::Treated, at));
    assert_eq!(scored[0].forecast, Forecast { result: Some(result), ..made.clone() });
    assert_eq!(db.store.forecasts_of_case(client, &made.case).await.unwrap().len(), 1);
    assert_eq!(db.store.forecasts_of_asset(client, &made.asset).await.unwrap().len(), 1);
}

async fn a_forecast_of_chances_alone_is_kept_and_counts_in_the_record_of_its_kind(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let mut made = forecast(&office, START);
    let chances = [(30, 0.2), (90, 0.4)].map(|(days, p)| Chance { within: Millis::days(days), p });
    made.outlook = Outlook { chances: chances.to_vec(), q10: None, q50: None, q90: None, ..made.outlook };
    let decided = Verdict { forecasts: vec![made.clone()], ..verdict(vec![office.opening(START)]) };
    db.store.apply(&office.site, &decided, START).await.unwrap();
    assert_eq!(db.store.open_forecasts(Some(client)).await.unwrap()[0].named.forecast, made);
    assert!(db.store.scored_forecasts(client, made.kind).await.unwrap().is_empty(), "nothing is known yet");
    let onset = START.plus(Millis::days(40));
    let resolution = Resolution { at: onset, result: ForecastResult::Hit, tracked: true, onset: Some(onset) };
    let decided = Verdict { resolutions: vec![(made.id.clone(), resolution)], ..Verdict::default() };
    db.store.apply(&office.site, &decided, onset).await.unwrap();
    let scored = db.store.scored_forecasts(client, made.kind).await.unwrap();
    let came = horizon_records(&scored).iter().map(|record| record.came_true).collect::<Vec<_>>();
    assert_eq!(came, [0.0, 1.0]);
    assert!(db.store.scored_forecasts(client, FindingKind::DriveWear).await.unwrap().is_empty());
}

async fn a_page_of_printers_reads_what_was_measured_of_them_and_nothing_else(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, site, now) = (office.client.id, office.site.id, START.plus(Millis::days(3)));
    let printer = AssetId::new(AssetKind::Printer, office.host, "VCF9192281");
    let hourly = |from: f64| -> Vec<Sample> {
        (0..=72_u32)
            .map(|hour| Sample { at: START.plus(Millis::hours(hour.into())), value: from - f64::from(hour) })
            .collect()
    };
    let samples = vec![
        (printer.clone(), Metric::SupplyPct("black".into()), hourly(90.0)),
        (office.volume(), Metric::FreeBytes, hourly(1e9)),
    ];
    let seen = FactUpdate { asset: printer.clone(), name: "Kyocera at the front".into(), ..office.fact(START, 1) };
    db.store.digest(&Digest { facts: vec![seen, office.fact(START, 2)], samples, ..office.digest() }).await.unwrap();
    for sealed in [false, true] {
        let all = db.store.load_input(client, site, now).await.unwrap();
        let of_printers = db.store.load_printers(client, site, now).await.unwrap();
        assert_eq!(of_printers.assets[&printer], all.assets[&printer], "sealed: {sealed}");
        assert_eq!(of_printers.assets[&printer].series.len(), 1);
        assert!(!all.assets[&office.volume()].series.is_empty());
        assert!(of_printers.assets[&office.volume()].series.is_empty());
        while db.store.seal(now, 100).await.unwrap().days > 0 {}
    }
}

async fn a_ticket_of_a_supply_names_its_printer_and_is_listed_with_it(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let printer = AssetId::new(AssetKind::Printer, office.host, "VCF9192281");
    let seen = FactUpdate { asset: printer.clone(), name: "Kyocera at the front".into(), ..office.fact(START, 1) };
    db.store.digest(&Digest { facts: vec![seen], ..office.digest() }).await.unwrap();
    let mut opening = office.opening(START);
    opening.case.asset = AssetId::supply(&printer, "Black Toner");
    opening.case.kind = FindingKind::SupplyLow;
    opening.case.id = CaseId::new(office.client.id, &opening.case.asset, FindingKind::SupplyLow, START);
    let made = forecast(&office, START);
    let made = Forecast { asset: opening.case.asset.clone(), case: opening.case.id.clone(), ..made };
    let decided = Verdict { forecasts: vec![made], ..verdict(vec![opening]) };
    db.store.apply(&office.site, &decided, START).await.unwrap();
    let coming = db.store.open_forecasts(Some(office.client.id)).await.unwrap();
    assert_eq!(coming[0].named.asset_name, "Black Toner of Kyocera at the front");
    let listed = db.store.tickets(&TicketFilter { asset: Some(printer), ..TicketFilter::default() }).await.unwrap();
    let [row] = &listed[..] else { panic!("{listed:?}") };
    assert!(row.ticket.title.ends_with("Black Toner of Kyocera at the front"), "{}", row.ticket.title);
    assert_eq!(row.asset_name.as_deref(), Some("Black Toner of Kyocera at the front"));
}

async fn lists_of_tickets_can_be_narrowed(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = Office::settle(2, &db.store).await;
    for (office, day) in [(&office, 0), (&other, 1)] {
        let at = START.plus(Millis::days(day));
        db.store.apply(&office.site, &verdict(vec![office.opening(at)]), at).await.unwrap();
    }
    db.store.resolve(other.client.id, 1, ticket::Verdict::Fixed, ("anna", START)).await.unwrap();
    let any = TicketFilter::default;
    let filters = [
        (any(), 2),
        (TicketFilter { client: Some(office.client.id), ..any() }, 1),
        (TicketFilter { state: Some(TicketState::Resolved), ..any() }, 1),
        (TicketFilter { unresolved: true, ..any() }, 1),
        (TicketFilter { severity: Some(Severity::Act), ..any() }, 0),
        (TicketFilter { asset: Some(office.volume()), ..any() }, 1),
        (TicketFilter { text: Some("CLIENT 2".into()), ..any() }, 1),
        (TicketFilter { text: Some("100%".into()), ..any() }, 0),
        (TicketFilter { limit: 1, ..any() }, 1),
        (TicketFilter { before: Some(START.plus(Millis(1))), ..any() }, 1),
    ];
    for (filter, expected) in filters {
        assert_eq!(db.store.tickets(&filter).await.unwrap().len(), expected, "{filter:?}");
    }
    let rows = db.store.tickets(&any()).await.unwrap();
    assert_eq!(
        (rows[0].client_name.as_str(), rows[1].sentence.as_str()),
        ("Client 2", "/home will be full within days.")
    );
}

async fn effort_is_counted_by_what_it_was_for(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let second = START.plus(Millis::HOUR);
    db.store.apply(&office.site, &verdict(vec![office.opening(START), office.opening(second)]), START).await.unwrap();
    let report = UserReport { asset: None, ..crate::accounting::report(&office, START) };
    db.store.insert_user_report(&report).await.unwrap();
    for (ticket, minutes) in [(1, 10), (2, 7), (3, 20)] {
        db.store.log_work(client, ticket, &work(START, minutes, true)).await.unwrap();
    }
    db.store.resolve(client, 2, ticket::Verdict::FalseAlarm, ("anna", START)).await.unwrap();
    let effort = db.store.effort(client, START, second).await.unwrap();
    assert_eq!(effort, Effort { proactive_minutes: 10, reactive_minutes: 20, false_alarm_minutes: 7 });
    assert_eq!(db.store.effort(client, second, second.plus(Millis::DAY)).await.unwrap(), Effort::default());
    assert_eq!(db.store.work(client, 1).await.unwrap(), [work(START, 10, true)]);
}

async fn what_the_collector_did_not_see_is_kept_and_given_to_the_analysis(db: Db) {
    let office = Office::settle(1, &db.store).await;
    assert_eq!(db.store.alive().await.unwrap(), None);
    db.store.set_alive(START).await.unwrap();
    assert_eq!(db.store.alive().await.unwrap(), Some(START));
    let at = |minutes| START.plus(Millis::minutes(minutes));
    let why = Why::Silent { machines: 4, of: 6, sites: 2 };
    let open = Blind { from: at(1), heard: None, to: None, why };
    db.store.put_blind(&open).await.unwrap();
    assert_eq!(db.store.blind(at(60), at(61)).await.unwrap(), std::slice::from_ref(&open), "it has not ended");
    let over = Blind { heard: Some(at(5)), to: Some(at(20)), ..open };
    db.store.put_blind(&over).await.unwrap();
    assert_eq!(db.store.blind(at(0), at(2)).await.unwrap(), std::slice::from_ref(&over));
    assert!(db.store.blind(at(20), at(60)).await.unwrap().is_empty(), "it was over by then");
    assert!(db.store.blind(at(0), at(1)).await.unwrap().is_empty(), "it had not begun");
    let input = db.store.load_input(office.client.id, office.site.id, at(30)).await.unwrap();
    assert_eq!(input.blind, [over]);
}
