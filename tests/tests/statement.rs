//! Seen working, 4: on the morning of the first a month is closed, and its statement reaches a real mail server: right
//! recipient, plain and HTML parts, PDF attached, figures equal to the ledger's, nothing of another
//! client.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_collector::{app::App, config::Config, history::History, time::Clock};
use beforehand_core::{
    calendar::Calendar,
    ledger::{self, Entry},
    month::{self, Month, MonthFigures, MonthInput, Tally},
    outcome::Outcome,
    site::Client,
    worth,
};
use beforehand_e2e::{
    offices,
    parts::{collector::Collector, mail_server::MailServer, place::Place},
    replay::{self, Office},
    time::eventually,
    tool::{output, tool},
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{StatementRow, Store};
use mailparse::{MailHeaderMap, ParsedMail};
use std::{fs, time::Duration};

/// Of a month in which much happens.
const SEED: u64 = 5;
/// The month told. It lies in the past, and nothing here depends on today's date.
const MONTH: Month = Month { year: 2026, month: 3 };
/// Longer than any rule only learns.
const LEARNING: Millis = Millis::days(28);

/// Two offices live through the month, and the weeks before it, up to the morning of the
/// first on which their statements are due.
async fn live(store: &Store) -> Vec<Office> {
    let (start, end) = Calendar::new("UTC").month_bounds(MONTH);
    let start = start.minus(LEARNING);
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
    let due = |office: &Office| {
        let midnight = Calendar::new(&office.client.time_zone).month_bounds(MONTH).1;
        midnight.plus(Millis::hours(i64::from(office.client.delivery.hour)))
    };
    let mut by_hour: Vec<&Office> = offices.iter().collect();
    by_hour.sort_by_key(|office| due(office));
    for office in by_hour {
        for (now, is_made) in [(due(office).minus(Millis(1)), false), (due(office), true)] {
            history.advance(now).await.unwrap();
            let made = store.statement(office.client.id, MONTH).await.unwrap().is_some();
            assert_eq!(made, is_made, "{} at {now}, due at {}", office.client.name, due(office));
        }
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

/// The words of a text or a page, one space between them.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader sees of HTML.
fn visible(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let text: Vec<&str> = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    let marks = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(text.join(" "), |text, (mark, sign)| text.replace(mark, sign))
}

/// Plain text, HTML and PDF of a mail, as a reader sees them.
fn bodies(place: &Place, mail: &ParsedMail<'_>) -> [(&'static str, String); 3] {
    let text = part(mail, "text/plain").unwrap().get_body().unwrap();
    let html = part(mail, "text/html").unwrap().get_body().unwrap();
    let file = place.path("statement.pdf");
    fs::write(&file, part(mail, "application/pdf").unwrap().get_body_raw().unwrap()).unwrap();
    let printed = output(tool("pdftotext").arg("-raw").arg(&file).arg("-")).unwrap();
    [("text", words(&text)), ("html", words(&visible(&html))), ("pdf", words(&printed))]
}

/// The figures computed anew from the ledger and the rest of what the statement was made from.
async fn recomputed(store: &Store, row: &StatementRow) -> MonthFigures {
    let stored: MonthInput = serde_json::from_str(&row.input_json).unwrap();
    let mut ledger = store.ledger(row.client).await.unwrap();
    assert_eq!(ledger::verify(&ledger), Ok(()));
    ledger.retain(|entry| entry.at <= stored.taken_at);
    let client = store.clients().await.unwrap().into_iter().find(|client| client.id == row.client).unwrap();
    month::figures(&MonthInput { ledger, client, ..stored })
}

/// Headline, fee and what users noticed, as every body must say them.
fn sentences(figures: &MonthFigures, client: &Client) -> Vec<String> {
    let headline = month::headline(figures);
    let (count, interval) = headline.split_once(" (").unwrap_or((&headline, ""));
    let felt = figures.tally.user_visible;
    let money = |minor| worth::money(minor, &client.currency);
    vec![
        count.to_owned(),
        interval.trim_end_matches(')').to_owned(),
        format!("{} beside {}", money(figures.worth.likely), money(client.contract.fee_per_month)),
        format!("{felt} incident{}", if felt == 1 { "" } else { "s" }),
        words(&month::summary(figures)),
        client.name.clone(),
        MONTH.name(),
    ]
}

fn assert_counts_are_the_ledgers(figures: &MonthFigures, ledger: &[Entry], client: &Client) {
    let bounds = Calendar::new(&client.time_zone).month_bounds(MONTH);
    let of = |outcome| counted(ledger, bounds, outcome);
    for outcome in Outcome::ALL {
        let said = figures.tally.by_outcome.get(&outcome).copied().unwrap_or(0);
        assert_eq!(said, of(outcome), "{outcome:?} of {}", client.name);
    }
    let felt: u32 = [Outcome::Shortened, Outcome::Late, Outcome::Missed].into_iter().map(of).sum();
    assert_eq!(figures.tally.user_visible, felt);
    assert_eq!(
        (figures.tally.proven, figures.tally.likely_cases),
        (of(Outcome::PreventedProven), of(Outcome::PreventedLikely))
    );
    assert_eq!(figures.worth.fee, client.contract.fee_per_month);
}

/// The statements as stored, with figures that are the ledger's.
async fn made(store: &Store, offices: &[Office]) -> Vec<(StatementRow, MonthFigures)> {
    let mut made = Vec::new();
    let mut all = Tally::default();
    for Office { client, .. } in offices {
        let row = store.statement(client.id, MONTH).await.unwrap().unwrap();
        let figures: MonthFigures = serde_json::from_str(&row.figures_json).unwrap();
        assert_eq!(figures, recomputed(store, &row).await, "figures of {}", client.name);
        assert_counts_are_the_ledgers(&figures, &store.ledger(client.id).await.unwrap(), client);
        all.likely_cases += figures.tally.likely_cases;
        all.user_visible += figures.tally.user_visible;
        made.push((row, figures));
    }
    assert!(all.likely_cases > 1 && all.user_visible > 1, "a month that says little: {all:?}");
    made
}

/// The mail of an office says what its figures say, in all its parts, and nothing of the other.
fn assert_says(place: &Place, mail: &ParsedMail<'_>, figures: &MonthFigures, [office, other]: [&Office; 2]) {
    let subject = mail.headers.get_first_value("Subject").unwrap();
    let headline = month::headline(figures);
    assert!(subject.contains(headline.split(" (").next().unwrap()), "{subject:?} and not {headline:?}");
    let foreign = [&other.client.name, &other.client.delivery.emails[0]];
    let machines = other.world.machines.iter().map(|machine| &machine.name);
    let foreign: Vec<&String> = foreign.into_iter().chain(machines).collect();
    for (name, body) in bodies(place, mail) {
        for sentence in sentences(figures, &office.client) {
            assert!(body.contains(&sentence), "the {name} does not say {sentence:?}: {body}");
        }
        assert!(!body.contains(" -0"), "the {name} shows a zero below zero: {body}");
        for word in &foreign {
            assert!(!body.contains(*word), "the {name} for {} names {word}", office.client.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
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
    let offices = live(&store).await;
    let made = made(&store, &offices).await;
    collector.serve().await.unwrap();

    for (at, (row, figures)) in made.iter().enumerate() {
        let to = &offices[at].client.delivery.emails[0];
        let raw = eventually("the statement's mail", Duration::from_secs(120), || async {
            let mails = server.received(to).unwrap();
            mails.into_iter().find(|mail| mail.contains(&MONTH.to_string()))
        })
        .await;
        let mail = mailparse::parse_mail(raw.as_bytes()).unwrap();
        assert!(mail.headers.get_first_value("To").unwrap().contains(to));
        assert_eq!(part(&mail, "application/pdf").unwrap().get_body_raw().unwrap(), row.pdf);
        assert_says(&place, &mail, figures, [&offices[at], &offices[1 - at]]);
    }
    let everybody: Vec<&String> = offices.iter().flat_map(|office| &office.client.delivery.emails).collect();
    assert!(server.recipients().unwrap().iter().all(|name| everybody.contains(&name)));
}
