//! Seen working, 4: a month is closed, and its statement reaches a real mail server: right
//! recipient, plain and HTML parts, PDF attached, figures equal to the ledger's, nothing of another
//! client.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_collector::{app::App, config::Config, history::History, time::Clock};
use beforehand_core::{
    calendar::Calendar,
    ledger::Entry,
    month::{Month, MonthFigures},
    outcome::Outcome,
};
use beforehand_e2e::{
    offices,
    parts::{collector::Collector, mail_server::MailServer, place::Place},
    replay::{self, Office},
    time::{eventually, now},
    tool::{output, tool},
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::Store;
use mailparse::{MailHeaderMap, ParsedMail};
use std::{fs, time::Duration};

const SEED: u64 = 4;

/// First and last instant of the month before the present one, in UTC; offices live near it.
fn last_month() -> (Month, Timestamp, Timestamp) {
    let today = jiff::Timestamp::from_millisecond(now().0).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    let this = today.first_of_month().unwrap().start_of_day().unwrap();
    let last = this.yesterday().unwrap().first_of_month().unwrap().start_of_day().unwrap();
    let month = Month { year: last.year(), month: last.month() };
    (month, Timestamp(last.timestamp().as_millisecond()), Timestamp(this.timestamp().as_millisecond()))
}

/// Two offices live through last month, and a quiet fortnight before it.
async fn live(store: &Store, start: Timestamp, end: Timestamp) -> Vec<Office> {
    let start = start.minus(Millis::days(14));
    let days = end.since(start).as_days() as u32;
    let mut offices = offices::three(SEED, start, days, Millis::HOUR).unwrap();
    offices.truncate(2);
    let app = App::new(Config::default(), store.clone(), Clock::manual(start)).unwrap();
    let mut history = History::new(&app);
    for office in &offices {
        office.enrol(&app).await.unwrap();
    }
    let mut at = start;
    while at < end {
        at = replay::next_stop(at).min(end);
        replay::advance(&app, &mut history, &mut offices, at).await.unwrap();
    }
    offices
}

fn part<'a>(mail: &'a ParsedMail<'a>, mime: &str) -> Option<&'a ParsedMail<'a>> {
    if mail.ctype.mimetype == mime {
        return Some(mail);
    }
    mail.subparts.iter().find_map(|inner| part(inner, mime))
}

/// How many entries of the ledger count in the month, corrections applied.
fn counted(ledger: &[Entry], (start, end): (Timestamp, Timestamp), outcome: Outcome) -> u32 {
    let replaced = |entry: &Entry| ledger.iter().any(|later| later.corrects == Some(entry.seq));
    let standing = ledger.iter().filter(|entry| !replaced(entry) && entry.outcome == outcome);
    standing.filter(|entry| (start..end).contains(&entry.counted_at)).count() as u32
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn the_statement_of_a_closed_month_reaches_its_client_and_says_what_the_ledger_says() {
    let place = Place::new("statement").unwrap();
    let server = MailServer::start(&place).await.unwrap();
    let mail = format!(
        "[mail]\nmode = \"smtp\"\nfrom = \"Lindqvist IT <reports@provider.example>\"\n\n\
         [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n",
        server.address.port()
    );
    let mut collector = Collector::configure(&place, &mail).unwrap();
    let store = collector.store().await.unwrap();
    let (month, start, end) = last_month();
    let offices = live(&store, start, end).await;
    collector.serve().await.unwrap();

    for (office, other) in [(&offices[0], &offices[1]), (&offices[1], &offices[0])] {
        let to = &office.client.delivery.emails[0];
        let month_word = month.to_string();
        let raw = eventually("the statement's mail", Duration::from_secs(120), || async {
            let mails = server.received(to).unwrap();
            mails.into_iter().find(|mail| mail.contains(&month_word))
        })
        .await;
        let mail = mailparse::parse_mail(raw.as_bytes()).unwrap();
        assert!(mail.headers.get_first_value("To").unwrap().contains(to));
        let text = part(&mail, "text/plain").unwrap().get_body().unwrap();
        let html = part(&mail, "text/html").unwrap().get_body().unwrap();
        let pdf = part(&mail, "application/pdf").unwrap().get_body_raw().unwrap();
        let file = place.path("statement.pdf");
        fs::write(&file, &pdf).unwrap();
        let printed = output(tool("pdftotext").arg("-layout").arg(&file).arg("-")).unwrap();

        let row = store.statement(office.client.id, month).await.unwrap().unwrap();
        assert_eq!(pdf, row.pdf);
        let figures: MonthFigures = serde_json::from_str(&row.figures_json).unwrap();
        let bounds = Calendar::new(&office.client.time_zone).month_bounds(month);
        let ledger = store.ledger(office.client.id).await.unwrap();
        for outcome in Outcome::ALL {
            let said = figures.tally.by_outcome.get(&outcome).copied().unwrap_or(0);
            assert_eq!(said, counted(&ledger, bounds, outcome), "{outcome:?} of {}", office.client.name);
        }
        let likely = format!("{:.1}", figures.tally.likely);
        for (name, body) in [("text", &text), ("html", &html), ("pdf", &printed)] {
            assert!(body.contains(&office.client.name), "the {name} names its client");
            assert!(figures.tally.likely_cases == 0 || body.contains(&likely), "the {name} says {likely}");
            let mut foreign = vec![other.client.name.clone(), other.client.delivery.emails[0].clone()];
            foreign.push(other.world.machines[0].name.clone());
            for word in foreign {
                assert!(!body.contains(&word), "the {name} for {} names {word}", office.client.name);
            }
        }
    }
    let everybody: Vec<&String> = offices.iter().flat_map(|office| &office.client.delivery.emails).collect();
    assert!(server.recipients().unwrap().iter().all(|name| everybody.contains(&name)));
}
