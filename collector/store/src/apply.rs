//! Storing what the analysis decided about a site.

use crate::{
    Store,
    assets::{self, AssetRow},
    closed_case,
    engine::Tx,
    error::{Result, StoreError},
    outbox::{self, OutboxItem, OutboxKind},
    sql::statements,
    tickets::rank,
    value::{args, json},
};
use beforehand_core::{
    analyze::Verdict,
    case::{Case, CaseChange, TicketAction},
    forecast::{Forecast, ForecastId, Resolution},
    site::Site,
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

statements! {
    PUT_CASE = "INSERT INTO cases
        (client_id, case_id, site_id, asset_id, kind, opened_at, closed_at, sentence, q50, doc)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (client_id, case_id) DO UPDATE SET closed_at = excluded.closed_at, sentence = excluded.sentence,
            q50 = excluded.q50, doc = excluded.doc,
            accounted = CASE WHEN cases.closed_at = excluded.closed_at THEN cases.accounted ELSE 0 END,
            entered = CASE WHEN cases.closed_at = excluded.closed_at THEN cases.entered ELSE cases.entered + 1 END";
    PUT_EVENT = "INSERT INTO case_events (client_id, case_id, at, reason, sentence, position)
        SELECT $1, $2, $3, $4, $5, COUNT(*) FROM case_events WHERE client_id = $1 AND case_id = $2
        ON CONFLICT (client_id, case_id, at, reason) DO NOTHING";
    TICKET = "SELECT number, state FROM tickets WHERE client_id = $1 AND case_id = $2", for update;
    NEXT_TICKET = "UPDATE clients SET tickets = tickets + 1 WHERE client_id = $1 RETURNING tickets";
    INSERT_TICKET = "INSERT INTO tickets (client_id, number, site_id, case_id, asset_id, title, severity, state, opened_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', $8)";
    REOPEN_TICKET = "UPDATE tickets SET severity = $3,
            state = CASE WHEN state = 'resolved' THEN 'new' ELSE state END,
            resolved_at = NULL, resolution = NULL, resolved_by = NULL
        WHERE client_id = $1 AND number = $2";
    SET_SEVERITY = "UPDATE tickets SET severity = $3 WHERE client_id = $1 AND case_id = $2 AND state <> 'resolved'";
    CLEAR_TICKET = "UPDATE tickets SET state = 'resolved', resolved_at = $3
        WHERE client_id = $1 AND number = $2 AND state = 'new'
            AND NOT EXISTS (SELECT 1 FROM work AS w WHERE w.client_id = $1 AND w.number = $2)";
    PUT_FORECAST = "INSERT INTO forecasts (client_id, forecast_id, site_id, asset_id, case_id, made_at, doc)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (client_id, forecast_id) DO NOTHING";
    RESOLVE = "UPDATE forecasts SET resolved_at = $3, result = $4
        WHERE client_id = $1 AND forecast_id = $2 AND resolved_at IS NULL";
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Numbers of the tickets that changed, and how.
    pub tickets: Vec<(i64, TicketAction)>,
}

impl Store {
    /// Stores a verdict in one transaction: cases and their stories, forecasts and results,
    /// tickets, and one outbox notice for each change that people are told of. Repeating it changes
    /// nothing.
    pub async fn apply(&self, site: &Site, verdict: &Verdict, now: Timestamp) -> Result<Applied> {
        if *verdict == Verdict::default() {
            return Ok(Applied::default());
        }
        let mut tx = self.begin().await?;
        let mut applied = Applied::default();
        for change in &verdict.changes {
            same_site(site, &change.case)?;
            put_case(&mut tx, &change.case).await?;
            if put_event(&mut tx, change).await? {
                applied.tickets.extend(follow_up(&mut tx, change, now).await?);
            }
        }
        for forecast in &verdict.forecasts {
            put_forecast(&mut tx, forecast).await?;
        }
        for resolution in &verdict.resolutions {
            resolve(&mut tx, site.client, resolution).await?;
        }
        tx.commit().await?;
        Ok(applied)
    }
}

/// A verdict about one site never touches another: the last guard between clients.
fn same_site(site: &Site, case: &Case) -> Result<()> {
    match (case.client, case.site) == (site.client, site.id) {
        true => Ok(()),
        false => Err(StoreError::Other(format!("case {} belongs to another site", case.id))),
    }
}

async fn put_case(tx: &mut Tx, case: &Case) -> Result<()> {
    let q50 = case.latest.outlook.as_ref().and_then(|outlook| outlook.q50);
    let mut values = args![case.client, &case.id.0, case.site, &case.asset.0, case.kind.word()];
    values.extend(args![case.opened_at, case.closed_at(), &case.latest.sentence, q50, json(case)?]);
    tx.execute(&PUT_CASE, values).await.map(drop)
}

/// False when it was stored before.
async fn put_event(tx: &mut Tx, change: &CaseChange) -> Result<bool> {
    let (case, event) = (&change.case, &change.event);
    let values = args![case.client, &case.id.0, event.at, json(&event.reason)?, &event.sentence];
    Ok(tx.execute(&PUT_EVENT, values).await? == 1)
}

/// What a change does to the case's ticket, and the notice of it.
async fn follow_up(tx: &mut Tx, change: &CaseChange, now: Timestamp) -> Result<Option<(i64, TicketAction)>> {
    let case = &change.case;
    let severity = rank(case.severity);
    let known = tx.one(&TICKET, args![case.client, &case.id.0]).await?;
    let known: Option<i64> = known.map(|row| row.get(0)).transpose()?;
    let number = match (change.ticket, known) {
        (TicketAction::None, Some(_)) if !case.is_closed() => {
            tx.execute(&SET_SEVERITY, args![case.client, &case.id.0, severity]).await?;
            return Ok(None);
        }
        (TicketAction::None, _) | (TicketAction::Clear, None) => return Ok(None),
        (TicketAction::Clear, Some(number)) => {
            tx.execute(&CLEAR_TICKET, args![case.client, number, now]).await?;
            number
        }
        (TicketAction::Open | TicketAction::Raise, Some(number)) => {
            tx.execute(&REOPEN_TICKET, args![case.client, number, severity]).await?;
            number
        }
        (TicketAction::Open | TicketAction::Raise, None) => {
            let number = tx.next(&NEXT_TICKET, args![case.client]).await?;
            let mut values = args![case.client, number, case.site, &case.id.0, &case.asset.0];
            values.extend(args![title(tx, case).await?, severity, now]);
            tx.execute(&INSERT_TICKET, values).await?;
            number
        }
    };
    let notice = notice(change, number, title(tx, case).await?, now)?;
    outbox::enqueue(tx, &notice).await?;
    Ok(Some((number, change.ticket)))
}

fn notice(change: &CaseChange, ticket: i64, subject: String, now: Timestamp) -> Result<OutboxItem> {
    let reason = json(&change.event.reason)?;
    Ok(OutboxItem {
        client: Some(change.case.client),
        key: format!("case:{}:{}:{}", change.case.id, reason.trim_matches('"'), change.event.at.0),
        kind: OutboxKind::Notice { ticket, action: change.ticket },
        to: String::new(),
        subject,
        text: change.event.sentence.clone(),
        html: None,
        attachments: vec![],
        made_at: now,
    })
}

/// `Volume full: C: on FRONTDESK`.
async fn title(tx: &mut Tx, case: &Case) -> Result<String> {
    let named = case.asset.printer().unwrap_or_else(|| case.asset.clone());
    let asset: Option<AssetRow> = assets::one(tx, case.client, &named).await?;
    let asset = closed_case::name(case, asset.as_ref());
    let mut kind = case.kind.name().chars();
    let kind: String = kind.next().into_iter().flat_map(char::to_uppercase).chain(kind).collect();
    Ok(format!("{kind}: {asset}"))
}

async fn put_forecast(tx: &mut Tx, forecast: &Forecast) -> Result<()> {
    let mut values = args![forecast.client, &forecast.id.0, forecast.site, &forecast.asset.0, &forecast.case.0];
    values.extend(args![forecast.made_at, json(forecast)?]);
    tx.execute(&PUT_FORECAST, values).await.map(drop)
}

async fn resolve(tx: &mut Tx, client: ClientId, (id, resolution): &(ForecastId, Resolution)) -> Result<()> {
    tx.execute(&RESOLVE, args![client, &id.0, resolution.at, json(resolution)?]).await.map(drop)
}
