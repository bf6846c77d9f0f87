//! Seen working, 6: headless Chromium walks login, ticket, resolve, statement preview, ledger, sent
//! mails; axe finds no serious violation, in the mails neither; the screenshots are kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_collector::{app::App, config::Config, history::History, time::Clock};
use beforehand_core::ticket::UserReport;
use beforehand_e2e::{
    offices,
    parts::{browser, collector::Collector, place, place::Place},
    replay,
    time::now,
};
use beforehand_shared::time::Millis;
use beforehand_store::Store;
use std::fs;

/// Reaches back beyond the whole of last month.
const DAYS: u32 = 62;

/// An office with two months behind it, and one ticket at least that waits.
async fn furnish(store: &Store) {
    let end = now();
    let start = end.minus(Millis::days(i64::from(DAYS))).hour_start();
    let mut offices = offices::three(6, start, DAYS, Millis::HOUR).unwrap();
    offices::cut_lines(&mut offices, end);
    offices.drain(..1);
    offices.truncate(1);
    let closely = offices::closely_from(end);
    let app = App::new(Config::default(), store.clone(), Clock::manual(start)).unwrap();
    let mut history = History::new(&app);
    offices[0].enrol(&app).await.unwrap();
    let mut at = start;
    // Steps of minutes, none of them beyond now.
    let end = end.minus(Millis::minutes(6));
    while at < end {
        if at >= closely {
            offices::tell_closely(&mut offices);
        }
        let stop = if at < closely { closely } else { end };
        at = replay::next_stop(at).min(stop);
        replay::advance(&app, &mut history, &mut offices, at).await.unwrap();
    }
    let noticed = UserReport {
        client: offices[0].client.id,
        number: 0,
        site: offices[0].site.id,
        asset: None,
        who: "Front desk".to_owned(),
        what: "The scanner sends nothing".to_owned(),
        noticed_at: end.minus(Millis::HOUR),
        entered_at: end,
        minutes_lost: 20,
        people: 1,
        in_scope: true,
    };
    store.insert_user_report(&noticed).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_resolves_a_ticket_and_previews_a_statement() {
    let place = Place::new("console").unwrap();
    let mut collector = Collector::configure(&place, "[mail]\nmode = \"files\"\n").unwrap();
    furnish(&collector.store().await.unwrap()).await;
    collector.serve().await.unwrap();
    let said = fs::read_to_string(&collector.log).unwrap();
    let link = said.split_whitespace().find(|word| word.contains("/setup/")).unwrap();
    let shots = place::output("console").unwrap();
    let settings = [("SETUP_LINK", link), ("BASE_URL", &collector.url("")), ("SHOTS", shots.to_str().unwrap())];
    browser::walk("walk.mjs", &settings).unwrap();
}
