//! Tickets and the work logged on them.

use crate::{
    Store,
    assets::name_of,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::args,
};
use beforehand_core::{
    asset::AssetId,
    case::CaseId,
    finding::{FindingKind, Severity},
    month::Effort,
    ticket::{Ticket, TicketState, Verdict, Work},
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

/// Which tickets to list; nothing set lists all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    pub client: Option<ClientId>,
    /// `None` lists every state.
    pub state: Option<TicketState>,
    /// New and acknowledged ones only.
    pub unresolved: bool,
    /// At least this severe.
    pub severity: Option<Severity>,
    /// With a printer also those of its supplies.
    pub asset: Option<AssetId>,
    /// Part of title, asset or client name, in any case.
    pub text: Option<String>,
    /// At most so many; 0 means 200.
    pub limit: u32,
    /// Opened before, for the next page.
    pub before: Option<Timestamp>,
}

/// A ticket as it is listed.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    pub ticket: Ticket,
    pub client_name: String,
    pub site_name: String,
    pub asset_name: Option<String>,
    pub kind: Option<FindingKind>,
    /// The latest judgement of its case, or what the user said.
    pub sentence: String,
    /// When the incident is expected, as last forecast.
    pub q50: Option<Timestamp>,
}

statements! {
    LIST = "SELECT t.client_id, t.number, t.site_id, t.case_id, t.asset_id, t.title, t.severity, t.state,
            t.assignee, t.opened_at, t.acknowledged_at, t.resolved_at, t.resolution, l.name, s.name, a.name, h.name,
            c.kind, COALESCE(c.sentence, t.title), c.q50
        FROM tickets AS t
        JOIN clients AS l ON l.client_id = t.client_id
        JOIN sites AS s ON s.client_id = t.client_id AND s.site_id = t.site_id
        LEFT JOIN assets AS a ON a.client_id = t.client_id AND a.asset_id = t.asset_id
        LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        LEFT JOIN cases AS c ON c.client_id = t.client_id AND c.case_id = t.case_id
        WHERE (CAST($1 AS TEXT) IS NULL OR t.client_id = $1) AND (CAST($2 AS TEXT) IS NULL OR t.state = $2)
            AND ($3 = 0 OR t.state <> 'resolved') AND t.severity >= $4
            AND (CAST($5 AS TEXT) IS NULL OR t.asset_id = $5 OR SUBSTR(t.asset_id, 1, LENGTH(CAST($9 AS TEXT))) = $9)
            AND (CAST($6 AS TEXT) IS NULL OR LOWER(t.title) LIKE $6 ESCAPE '!' OR LOWER(a.name) LIKE $6 ESCAPE '!'
                OR LOWER(l.name) LIKE $6 ESCAPE '!' OR LOWER(h.name) LIKE $6 ESCAPE '!')
            AND t.opened_at < $7
        ORDER BY t.opened_at DESC, t.client_id, t.number DESC LIMIT $8";
    ONE = "SELECT t.client_id, t.number, t.site_id, t.case_id, t.asset_id, t.title, t.severity, t.state,
            t.assignee, t.opened_at, t.acknowledged_at, t.resolved_at, t.resolution, l.name, s.name, a.name, h.name,
            c.kind, COALESCE(c.sentence, t.title), c.q50
        FROM tickets AS t
        JOIN clients AS l ON l.client_id = t.client_id
        JOIN sites AS s ON s.client_id = t.client_id AND s.site_id = t.site_id
        LEFT JOIN assets AS a ON a.client_id = t.client_id AND a.asset_id = t.asset_id
        LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        LEFT JOIN cases AS c ON c.client_id = t.client_id AND c.case_id = t.case_id
        WHERE t.client_id = $1 AND t.number = $2";
    OF_CASE = "SELECT t.client_id, t.number, t.site_id, t.case_id, t.asset_id, t.title, t.severity, t.state,
            t.assignee, t.opened_at, t.acknowledged_at, t.resolved_at, t.resolution, l.name, s.name, a.name, h.name,
            c.kind, COALESCE(c.sentence, t.title), c.q50
        FROM tickets AS t
        JOIN clients AS l ON l.client_id = t.client_id
        JOIN sites AS s ON s.client_id = t.client_id AND s.site_id = t.site_id
        LEFT JOIN assets AS a ON a.client_id = t.client_id AND a.asset_id = t.asset_id
        LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        LEFT JOIN cases AS c ON c.client_id = t.client_id AND c.case_id = t.case_id
        WHERE t.client_id = $1 AND t.case_id = $2";
    ACKNOWLEDGE = "UPDATE tickets SET assignee = $3, acknowledged_at = COALESCE(acknowledged_at, $4),
            state = CASE WHEN state = 'new' THEN 'acknowledged' ELSE state END
        WHERE client_id = $1 AND number = $2";
    LOCK = "UPDATE tickets SET number = number WHERE client_id = $1 AND number = $2";
    LOG = "INSERT INTO work (client_id, number, position, at, who, minutes, text, acted)
        SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6, $7
        FROM work WHERE client_id = $1 AND number = $2";
    WORK = "SELECT at, who, minutes, text, acted FROM work WHERE client_id = $1 AND number = $2 ORDER BY at, position";
    RESOLVE = "UPDATE tickets SET state = 'resolved', resolved_at = COALESCE(resolved_at, $4), resolution = $3, resolved_by = $5,
            assignee = COALESCE(assignee, $5)
        WHERE client_id = $1 AND number = $2 AND (state <> 'resolved' OR resolution IS NULL)";
    TOUCH_CASE = "UPDATE cases SET accounted = 0, entered = entered + 1 WHERE client_id = $1 AND closed_at IS NOT NULL
        AND case_id = (SELECT case_id FROM tickets WHERE client_id = $1 AND number = $2)";
    TOUCH_SITE = "UPDATE sites SET digests = digests + 1
        WHERE client_id = $1 AND site_id = (SELECT site_id FROM tickets WHERE client_id = $1 AND number = $2)";
    EFFORT = "SELECT
            CAST(COALESCE(SUM(CASE WHEN t.resolution = 'false_alarm' THEN w.minutes ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN t.case_id IS NULL THEN w.minutes ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(w.minutes), 0) AS BIGINT)
        FROM work AS w JOIN tickets AS t ON t.client_id = w.client_id AND t.number = w.number
        WHERE w.client_id = $1 AND w.at >= $2 AND w.at < $3";
}

impl Store {
    /// Latest opened first.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<TicketRow>> {
        let text = filter.text.as_deref().map(|text| format!("%{}%", escaped(&text.to_lowercase())));
        let limit = if filter.limit == 0 { 200 } else { filter.limit };
        let mut values = args![filter.client, filter.state.map(TicketState::word), filter.unresolved];
        values.extend(args![
            filter.severity.map_or(0, rank),
            filter.asset.as_ref().map(|asset| asset.0.as_str()),
            text
        ]);
        let supplies = filter.asset.as_ref().map(AssetId::supplies_prefix);
        values.extend(args![filter.before.unwrap_or(Timestamp(i64::MAX)), limit, supplies]);
        self.list(&LIST, values, read).await
    }

    pub async fn ticket(&self, client: ClientId, number: i64) -> Result<Option<TicketRow>> {
        self.find(&ONE, args![client, number], read).await
    }

    pub async fn ticket_of_case(&self, client: ClientId, case: &CaseId) -> Result<Option<TicketRow>> {
        self.find(&OF_CASE, args![client, &case.0], read).await
    }

    /// `who` takes the ticket. A resolved ticket stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn acknowledge(&self, client: ClientId, number: i64, who: &str, now: Timestamp) -> Result<()> {
        self.change(&ACKNOWLEDGE, args![client, number, who, now], "ticket").await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn log_work(&self, client: ClientId, number: i64, work: &Work) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(&LOCK, args![client, number]).await? == 0 {
            return Err(StoreError::NotFound("ticket"));
        }
        let values = args![client, number, work.at, &work.who, work.minutes, &work.text, work.acted];
        tx.execute(&LOG, values).await?;
        touch(&mut tx, client, number).await?;
        tx.commit().await
    }

    /// In order.
    pub async fn work(&self, client: ClientId, number: i64) -> Result<Vec<Work>> {
        self.list(&WORK, args![client, number], read_work).await
    }

    /// A ticket that resolved itself may still be told what it was.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when a person resolved it already.
    pub async fn resolve(
        &self,
        client: ClientId,
        number: i64,
        verdict: Verdict,
        (who, now): (&str, Timestamp),
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(&RESOLVE, args![client, number, verdict.word(), now, who]).await? == 0 {
            return Err(match tx.execute(&LOCK, args![client, number]).await? {
                0 => StoreError::NotFound("ticket"),
                _ => StoreError::Conflict("a resolution of this ticket"),
            });
        }
        touch(&mut tx, client, number).await?;
        tx.commit().await
    }

    /// Minutes worked in the half-open span: proactive on tickets of cases, reactive on those of
    /// users' reports, and those on tickets judged a false alarm apart.
    pub async fn effort(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Effort> {
        let row = self.one(&EFFORT, args![client, from, to]).await?.ok_or(StoreError::NotFound("row"))?;
        let (false_alarm_minutes, of_users, all): (u32, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // A false alarm always has a case, unless a user raised it: then it was reactive work.
        let reactive_minutes = of_users.min(all - false_alarm_minutes);
        let proactive_minutes = all - false_alarm_minutes - reactive_minutes;
        Ok(Effort { proactive_minutes, reactive_minutes, false_alarm_minutes })
    }
}

/// What a person entered lets the site be judged again, and the case if it had closed: its outcome
/// may be another one now.
async fn touch(tx: &mut Tx, client: ClientId, number: i64) -> Result<()> {
    tx.execute(&TOUCH_SITE, args![client, number]).await?;
    tx.execute(&TOUCH_CASE, args![client, number]).await.map(drop)
}

/// `LIKE` takes `%` and `_` for patterns; here they are text.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Severities as the column holds them: the worse the higher.
pub(crate) fn rank(severity: Severity) -> i64 {
    Severity::ALL.iter().position(|known| *known == severity).map_or(0, |rank| rank as i64)
}

fn read(row: &Row) -> Result<TicketRow> {
    let (rank, state): (u64, String) = (row.get(6)?, row.get(7)?);
    let asset: Option<AssetId> = row.get(4)?;
    let name: Option<String> = row.get(15)?;
    let host: Option<String> = row.get(16)?;
    let title: String = row.get(5)?;
    let asset_name = asset.as_ref().map(|asset| name_of(asset, Some(&title), name.as_deref(), host.as_deref()));
    let severity = Severity::ALL.get(rank as usize).copied();
    Ok(TicketRow {
        ticket: Ticket {
            client: row.get(0)?,
            number: row.get(1)?,
            site: row.get(2)?,
            case: row.get(3)?,
            asset,
            title,
            severity: severity.ok_or_else(|| StoreError::Corrupt(format!("{rank} is no severity")))?,
            state: TicketState::from_word(&state)
                .ok_or_else(|| StoreError::Corrupt(format!("{state:?} is no state")))?,
            assignee: row.get(8)?,
            opened_at: row.get(9)?,
            acknowledged_at: row.get(10)?,
            resolved_at: row.get(11)?,
            resolution: row.get::<Option<String>>(12)?.as_deref().and_then(Verdict::from_word),
        },
        client_name: row.get(13)?,
        site_name: row.get(14)?,
        asset_name,
        kind: row.get::<Option<String>>(17)?.as_deref().and_then(FindingKind::from_word),
        sentence: row.get(18)?,
        q50: row.get(19)?,
    })
}

fn read_work(row: &Row) -> Result<Work> {
    Ok(Work { at: row.get(0)?, who: row.get(1)?, minutes: row.get(2)?, text: row.get(3)?, acted: row.get(4)? })
}
