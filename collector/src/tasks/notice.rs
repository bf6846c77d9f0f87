//! The change of a ticket as mails to the provider: one for each address and change.

use super::TaskError;
use crate::app::App;
use beforehand_core::{calendar::Calendar, case::TicketAction, record::RuleRecord};
use beforehand_shared::{ids::ClientId, time::Timestamp};
use beforehand_statement::{TicketMail, TicketNews, ticket_mail};
use beforehand_store::{OutboxItem, OutboxKind, TicketRow};

/// Queues the mails of a notice. Repeating it queues nothing twice.
pub(super) async fn mails(app: &App, notice: &OutboxItem, ticket: i64, action: TicketAction) -> Result<(), TaskError> {
    let (Some(client), Some(news)) = (notice.client, news(action)) else { return Ok(()) };
    let Some(row) = app.store.ticket(client, ticket).await? else { return Ok(()) };
    let body = ticket_mail(&compose(app, client, &row, news).await?);
    for to in &app.config.mail.tickets_to {
        let item = OutboxItem {
            client: Some(client),
            key: format!("{}:{to}", notice.key),
            kind: OutboxKind::Mail,
            to: to.clone(),
            subject: body.subject.clone(),
            text: body.text.clone(),
            html: Some(body.html.clone()),
            attachments: Vec::new(),
            made_at: notice.made_at,
        };
        app.store.enqueue(&item).await?;
    }
    Ok(())
}

const fn news(action: TicketAction) -> Option<TicketNews> {
    match action {
        TicketAction::None => None,
        TicketAction::Open => Some(TicketNews::Opened),
        TicketAction::Raise => Some(TicketNews::Worse),
        TicketAction::Clear => Some(TicketNews::Cleared),
    }
}

async fn compose(app: &App, client: ClientId, row: &TicketRow, news: TicketNews) -> Result<TicketMail, TaskError> {
    let about = app.store.client(client).await?;
    let case = match &row.ticket.case {
        Some(case) => app.store.case(client, case).await?,
        None => None,
    };
    let record = match row.kind {
        Some(kind) => app.store.records().await?.remove(&kind),
        None => None,
    };
    let zone = about.as_ref().map(|about| about.time_zone.clone()).unwrap_or_default();
    let latest = case.map(|case| case.latest);
    let outlook = latest.as_ref().and_then(|judgement| judgement.outlook.as_ref());
    Ok(TicketMail {
        news,
        severity: row.ticket.severity,
        number: row.ticket.number,
        sentence: row.sentence.clone(),
        client: row.client_name.clone(),
        simulated: about.is_some_and(|about| about.simulated),
        site: row.site_name.clone(),
        asset: row.asset_name.clone().unwrap_or_default(),
        by_when: outlook.and_then(|outlook| by_when(&zone, (outlook.q10?, outlook.q90?), app.clock.now())),
        how_sure: record.as_ref().filter(|record| record.tickets > 0).map(RuleRecord::sentence),
        steps: latest.as_ref().map(|judgement| judgement.steps.clone()).unwrap_or_default(),
        facts: latest.map(|judgement| facts(judgement.evidence)).unwrap_or_default(),
        link: format!("{}/tickets/{client}/{}", app.config.server.base_url(), row.ticket.number),
    })
}

fn by_when(zone: &str, (from, to): (Timestamp, Timestamp), now: Timestamp) -> Option<String> {
    Some(Calendar::new(zone).range_words(from, to, now))
}

fn facts(evidence: beforehand_core::finding::Evidence) -> Vec<(String, String)> {
    evidence.facts.into_iter().map(|fact| (fact.label, fact.value)).collect()
}
