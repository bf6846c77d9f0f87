//! `sight`: whether the collector itself sees. It notes when it did not run, and when it rather suspects its own connection
//! than those of many machines; nothing is told of silent machines meanwhile.

use super::{ANALYZE, DELIVER, Done, Task, TaskError};
use crate::app::App;
use beforehand_core::{
    asset::AssetId,
    input::RECENT,
    series::{Metric, Series},
    sight::{self, Blind, Heard, Why},
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{HeardRow, OutboxItem, OutboxKind};
use futures::{FutureExt, future::BoxFuture};
use std::collections::BTreeSet;

/// Far enough back to know how often a machine reports.
const REPORTS: Millis = Millis::hours(3);

pub(super) struct Sight;

impl Task for Sight {
    fn name(&self) -> &'static str {
        super::SIGHT
    }

    fn every(&self) -> Millis {
        Millis::seconds(20)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

/// Notes the time in which it did not run: before anything else, or its first look would be at silent machines.
///
/// # Errors
/// When the store fails.
pub async fn resume(app: &App) -> Result<(), TaskError> {
    let now = app.clock.now();
    if let Some(stopped) = app.store.alive().await?.and_then(|alive| sight::stopped(alive, now)) {
        app.store.put_blind(&stopped).await?;
    }
    Ok(app.store.set_alive(now).await?)
}

async fn run(app: &App) -> Result<Done, TaskError> {
    if app.clock.passes() {
        // The machine it runs on may have slept.
        resume(app).await?;
    }
    let now = app.clock.now();
    let mut past = app.store.blind(now.minus(RECENT), now.plus(Millis(1))).await?;
    let machines = machines(app).await?;
    let operators: BTreeSet<&str> = machines.iter().map(|row| row.operator.as_str()).collect();
    let heard: Vec<Heard> = machines.iter().map(|row| heard(row, &operators, Millis::MINUTE)).collect();
    let outside = app.tasks.outside(now);
    let open = past.iter().position(|blind| blind.to.is_none()).map(|open| past.remove(open));
    let changed = match &open {
        Some(open) => Some(sight::goes_on(open, &heard, now, (&past, outside))).filter(|next| next != open),
        None if sight::suspicion(&heard, now, &past, outside).is_some() => {
            sight::suspicion(&with_intervals(app, &machines, &operators, now).await?, now, &past, outside)
        }
        None => None,
    };
    let Some(blind) = changed else { return Ok(Done::default()) };
    app.store.put_blind(&blind).await?;
    tell(app, &blind, now, open.is_none()).await?;
    Ok(Done { said: sentence(&blind), more: false, pokes: &[ANALYZE, DELIVER] })
}

/// Those that are real, in service, and not switched off.
async fn machines(app: &App) -> Result<Vec<HeardRow>, TaskError> {
    let clients = app.store.clients().await?;
    let real: BTreeSet<_> = clients.iter().filter(|client| !client.simulated).map(|client| client.id).collect();
    Ok(app.store.heard().await?.into_iter().filter(|row| real.contains(&row.client)).collect())
}

fn heard(row: &HeardRow, operators: &BTreeSet<&str>, interval: Millis) -> Heard {
    let number = || operators.iter().position(|operator| *operator == row.operator);
    let operator = if row.operator.is_empty() { None } else { number() };
    Heard { site: row.site, last_report: row.last_report, interval, operator }
}

/// How often a machine reports is looked up only when that matters.
async fn with_intervals(
    app: &App,
    machines: &[HeardRow],
    operators: &BTreeSet<&str>,
    now: Timestamp,
) -> Result<Vec<Heard>, TaskError> {
    let mut known = Vec::new();
    for row in machines {
        let span = (row.last_report.minus(REPORTS), now);
        let recent = app.store.samples(row.client, &AssetId::of_host(row.host), &Metric::Present, span).await?;
        known.push(heard(row, operators, Series { hours: Vec::new(), recent }.spacing()));
    }
    Ok(known)
}

fn sentence(blind: &Blind) -> String {
    let since = utc(blind.from);
    match blind.to {
        Some(to) => format!("{} From {} on silent machines are told again.", blind.sentence(&since), utc(to)),
        None => blind.sentence(&since),
    }
}

/// The collector belongs to no client's time zone.
fn utc(at: Timestamp) -> String {
    format!("{} UTC", beforehand_core::calendar::Calendar::new("UTC").day_time(at))
}

/// Tells the provider, once when it begins and once when it ends.
async fn tell(app: &App, blind: &Blind, now: Timestamp, is_new: bool) -> Result<(), TaskError> {
    let (Why::Silent { machines, of, .. } | Why::CutOff { machines, of }) = blind.why else { return Ok(()) };
    let (subject, end) = match (blind.to, blind.heard) {
        (None, None) if is_new => (format!("{machines} of {of} machines fell silent at once"), "begin"),
        (None, _) => return Ok(()),
        (Some(_), _) => ("Silent machines are told again".to_owned(), "end"),
    };
    for to in &app.config.mail.tickets_to {
        let item = OutboxItem {
            client: None,
            key: format!("blind:{}:{end}:{to}", blind.from.0),
            kind: OutboxKind::Mail,
            to: to.clone(),
            subject: subject.clone(),
            text: sentence(blind),
            html: None,
            attachments: Vec::new(),
            made_at: now,
        };
        app.store.enqueue(&item).await?;
    }
    Ok(())
}
