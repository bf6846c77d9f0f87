//! What users noticed.

use crate::{
    Store,
    engine::{Row, Tx},
    error::Result,
    outbox::{self, OutboxItem, OutboxKind},
    sql::statements,
    tickets::rank,
    value::{args, json, parse_json},
};
use beforehand_core::{
    asset::AssetId,
    case::{Case, TicketAction},
    finding::Severity,
    ticket::UserReport,
};
use beforehand_shared::{
    ids::ClientId,
    text::clean,
    time::{Millis, Timestamp},
};

/// Characters of a ticket's title.
const TITLE_CHARS: usize = 120;

statements! {
    NEXT = "UPDATE clients SET user_reports = user_reports + 1 WHERE client_id = $1 RETURNING user_reports";
    NEXT_TICKET = "UPDATE clients SET tickets = tickets + 1 WHERE client_id = $1 RETURNING tickets";
    INSERT = "INSERT INTO user_reports (client_id, number, site_id, asset_id, noticed_at, doc)
        VALUES ($1, $2, $3, $4, $5, $6)";
    TICKETED = "SELECT t.number FROM cases AS c
        JOIN tickets AS t ON t.client_id = c.client_id AND t.case_id = c.case_id
        WHERE c.client_id = $1 AND c.closed_at IS NULL AND t.state <> 'resolved'
            AND (c.asset_id = $2 OR SUBSTR(c.asset_id, 1, LENGTH(CAST($3 AS TEXT))) = $3)";
    TOUCH_CASES = "UPDATE cases SET accounted = 0, entered = entered + 1 WHERE client_id = $1 AND site_id = $2
        AND (CAST($3 AS TEXT) IS NULL OR asset_id = $3 OR SUBSTR(asset_id, 1, LENGTH(CAST($6 AS TEXT))) = $6)
        AND closed_at >= $4 AND opened_at <= $5";
    INSERT_TICKET = "INSERT INTO tickets (client_id, number, site_id, asset_id, title, severity, state, opened_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'new', $7)";
    OF_CLIENT = "SELECT doc FROM user_reports WHERE client_id = $1 ORDER BY noticed_at DESC, number DESC";
    ONE = "SELECT doc FROM user_reports WHERE client_id = $1 AND number = $2";
    ABOUT = "SELECT doc FROM user_reports WHERE client_id = $1 AND site_id = $2
            AND (asset_id = $3 OR asset_id IS NULL) AND noticed_at >= $4 AND noticed_at <= $5
        ORDER BY noticed_at, number";
}

impl Store {
    /// Stores it under the client's next number, which is returned; the number in `report` is not
    /// used. Opens a ticket, unless an open case of that asset has one; closed cases that it may be
    /// about are judged again.
    pub async fn insert_user_report(&self, report: &UserReport) -> Result<i64> {
        let mut tx = self.begin().await?;
        let number = tx.next(&NEXT, args![report.client]).await?;
        let report = UserReport { number, ..report.clone() };
        let asset = report.asset.as_ref().map(|asset| asset.0.as_str());
        let values = args![report.client, number, report.site, asset, report.noticed_at, json(&report)?];
        tx.execute(&INSERT, values).await?;
        let until = report.noticed_at.plus(Millis::DAY);
        // What a user says of a printer may be about its supplies.
        let supplies = report.asset.as_ref().map(AssetId::supplies_prefix).unwrap_or_else(|| " ".to_owned());
        tx.execute(&TOUCH_CASES, args![report.client, report.site, asset, report.noticed_at, until, &supplies]).await?;
        if tx.one(&TICKETED, args![report.client, asset, &supplies]).await?.is_none() {
            open_ticket(&mut tx, &report).await?;
        }
        tx.commit().await?;
        Ok(number)
    }

    /// Latest noticed first.
    pub async fn user_reports(&self, client: ClientId) -> Result<Vec<UserReport>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    pub async fn user_report(&self, client: ClientId, number: i64) -> Result<Option<UserReport>> {
        self.find(&ONE, args![client, number], read).await
    }
}

async fn open_ticket(tx: &mut Tx, report: &UserReport) -> Result<()> {
    let number = tx.next(&NEXT_TICKET, args![report.client]).await?;
    let asset = report.asset.as_ref().map(|asset| asset.0.as_str());
    let title = clean(&report.what, TITLE_CHARS);
    let mut values = args![report.client, number, report.site, asset, &title, rank(Severity::Act)];
    values.extend(args![report.entered_at]);
    tx.execute(&INSERT_TICKET, values).await?;
    let notice = OutboxItem {
        client: Some(report.client),
        key: format!("report:{}", report.number),
        kind: OutboxKind::Notice { ticket: number, action: TicketAction::Open },
        to: String::new(),
        subject: title,
        text: format!("{} reported: {}", report.who, report.what),
        html: None,
        attachments: vec![],
        made_at: report.entered_at,
    };
    outbox::enqueue(tx, &notice).await.map(drop)
}

/// Those on the case's asset, or on none but the site, from a day before it opened until it closed.
pub(crate) async fn about(tx: &mut Tx, case: &Case) -> Result<Vec<UserReport>> {
    let until = case.closed_at().unwrap_or(Timestamp(i64::MAX));
    let asset = case.asset.printer().unwrap_or_else(|| case.asset.clone());
    let values = args![case.client, case.site, &asset.0, case.opened_at.minus(Millis::DAY), until];
    tx.list(&ABOUT, values, read).await
}

fn read(row: &Row) -> Result<UserReport> {
    parse_json(&row.get::<String>(0)?)
}
