//! Statements: what was sent to a client for a month, with all it was computed from.

use crate::{
    Store,
    engine::Row,
    error::{Result, StoreError},
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::month::Month;
use beforehand_shared::{ids::ClientId, time::Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementState {
    Draft,
    /// A person is to look at it before it goes.
    Held,
    Queued,
    Sent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMail {
    pub to: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    pub client: ClientId,
    pub month: Month,
    pub made_at: Timestamp,
    /// The month's input and figures, as JSON of `MonthInput` and `MonthFigures`.
    pub input_json: String,
    pub figures_json: String,
    pub pdf: Vec<u8>,
    pub html: String,
    pub text: String,
    pub subject: String,
    pub state: StatementState,
    pub sent: Vec<SentMail>,
}

statements! {
    ONE = "SELECT client_id, month, made_at, figures_json, subject, state, sent, input_json, pdf, html, text
        FROM statements WHERE client_id = $1 AND month = $2";
    OF_CLIENT = "SELECT client_id, month, made_at, figures_json, subject, state, sent
        FROM statements WHERE client_id = $1 ORDER BY month DESC";
    ALL = "SELECT client_id, month, made_at, figures_json, subject, state, sent
        FROM statements ORDER BY month DESC, client_id";
    SAVE = "INSERT INTO statements
        (client_id, month, made_at, input_json, figures_json, pdf, html, text, subject, state, sent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (client_id, month) DO UPDATE SET made_at = excluded.made_at, input_json = excluded.input_json,
            figures_json = excluded.figures_json, pdf = excluded.pdf, html = excluded.html, text = excluded.text,
            subject = excluded.subject, state = excluded.state, sent = excluded.sent
        WHERE statements.state <> 'sent'";
    SET_STATE = "UPDATE statements SET state = $3 WHERE client_id = $1 AND month = $2";
    MAILS = "SELECT sent FROM statements WHERE client_id = $1 AND month = $2", for update;
    MAILED = "UPDATE statements SET sent = $3, state = 'sent' WHERE client_id = $1 AND month = $2";
}

impl Store {
    pub async fn statement(&self, client: ClientId, month: Month) -> Result<Option<StatementRow>> {
        let row = self.one(&ONE, args![client, month.to_string()]).await?;
        row.as_ref().map(read_whole).transpose()
    }

    /// Makes it, or replaces the one of that month as long as that was not sent.
    ///
    /// # Errors
    /// `Conflict` when it was sent: what a client has received does not change.
    pub async fn save_statement(&self, statement: &StatementRow) -> Result<()> {
        let month = statement.month.to_string();
        let mut values = args![statement.client, month, statement.made_at];
        values.extend(args![&statement.input_json, &statement.figures_json, statement.pdf.clone()]);
        values.extend(args![&statement.html, &statement.text, &statement.subject]);
        values.extend(args![statement.state.word(), json(&statement.sent)?]);
        match self.db.execute(&SAVE, values).await? {
            0 => Err(StoreError::Conflict("a statement that was sent")),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// `NotFound`.
    pub async fn set_statement_state(&self, client: ClientId, month: Month, state: StatementState) -> Result<()> {
        self.change(&SET_STATE, args![client, month.to_string(), state.word()], "statement").await
    }

    /// A mail of it was delivered: the statement counts as sent.
    pub async fn statement_sent(&self, client: ClientId, month: Month, mail: &SentMail) -> Result<()> {
        let mut tx = self.begin().await?;
        let key = args![client, month.to_string()];
        let row = tx.one(&MAILS, key).await?.ok_or(StoreError::NotFound("statement"))?;
        let mut sent: Vec<SentMail> = parse_json(&row.get::<String>(0)?)?;
        if !sent.contains(mail) {
            sent.push(mail.clone());
        }
        tx.execute(&MAILED, args![client, month.to_string(), json(&sent)?]).await?;
        tx.commit().await
    }

    /// Latest month first; without PDF, bodies and input.
    pub async fn statements(&self, client: ClientId) -> Result<Vec<StatementRow>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    /// Of every client; without PDF, bodies and input.
    pub async fn all_statements(&self) -> Result<Vec<StatementRow>> {
        self.list(&ALL, vec![], read).await
    }
}

impl StatementState {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Held, Self::Queued, Self::Sent];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sent => "sent",
        }
    }
}

fn read(row: &Row) -> Result<StatementRow> {
    let (month, state): (String, String) = (row.get(1)?, row.get(5)?);
    let known = StatementState::ALL.into_iter().find(|known| known.word() == state);
    Ok(StatementRow {
        client: row.get(0)?,
        month: month.parse().map_err(|_| StoreError::Corrupt(format!("{month:?} is not a month")))?,
        made_at: row.get(2)?,
        figures_json: row.get(3)?,
        subject: row.get(4)?,
        state: known.ok_or_else(|| StoreError::Corrupt(format!("{state:?} is no state of a statement")))?,
        sent: parse_json(&row.get::<String>(6)?)?,
        input_json: String::new(),
        pdf: vec![],
        html: String::new(),
        text: String::new(),
    })
}

fn read_whole(row: &Row) -> Result<StatementRow> {
    let whole = read(row)?;
    Ok(StatementRow { input_json: row.get(7)?, pdf: row.get(8)?, html: row.get(9)?, text: row.get(10)?, ..whole })
}
