//! Cases and their stories.

use crate::{
    Store,
    engine::{Row, Tx},
    error::Result,
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseEvent, CaseId},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};

statements! {
    ONE = "SELECT doc FROM cases WHERE client_id = $1 AND case_id = $2";
    EVENTS = "SELECT at, reason, sentence FROM case_events WHERE client_id = $1 AND case_id = $2 ORDER BY at, position";
    OPEN = "SELECT doc FROM cases WHERE client_id = $1 AND closed_at IS NULL ORDER BY opened_at, case_id";
    OF_ASSET = "SELECT doc FROM cases WHERE client_id = $1 AND asset_id = $2 ORDER BY opened_at DESC, case_id";
    BETWEEN = "SELECT doc FROM cases WHERE client_id = $1 AND opened_at < $3 AND (closed_at IS NULL OR closed_at >= $2)
        ORDER BY opened_at, case_id";
    OF_SITE = "SELECT doc FROM cases WHERE client_id = $1 AND site_id = $2 AND (closed_at IS NULL OR closed_at >= $3)
        ORDER BY opened_at, case_id";
}

impl Store {
    pub async fn case(&self, client: ClientId, case: &CaseId) -> Result<Option<Case>> {
        self.find(&ONE, args![client, &case.0], read).await
    }

    /// In the order they happened.
    pub async fn case_events(&self, client: ClientId, case: &CaseId) -> Result<Vec<CaseEvent>> {
        self.list(&EVENTS, args![client, &case.0], read_event).await
    }

    /// Open and suppressed ones, oldest first.
    pub async fn open_cases(&self, client: ClientId) -> Result<Vec<Case>> {
        self.list(&OPEN, args![client], read).await
    }

    /// All cases an asset ever had, latest first.
    pub async fn cases_of_asset(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Case>> {
        self.list(&OF_ASSET, args![client, &asset.0], read).await
    }

    /// Of one site: those open, and those closed since; oldest first.
    pub async fn cases_of_site(&self, client: ClientId, site: SiteId, since: Timestamp) -> Result<Vec<Case>> {
        self.list(&OF_SITE, args![client, site, since], read).await
    }

    /// Cases that were open at some time of the half-open span, oldest first.
    pub async fn cases_between(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Vec<Case>> {
        self.list(&BETWEEN, args![client, from, to], read).await
    }
}

/// Those open, and those closed since, within a transaction.
pub(crate) async fn of_site(tx: &mut Tx, client: ClientId, site: SiteId, since: Timestamp) -> Result<Vec<Case>> {
    tx.list(&OF_SITE, args![client, site, since], read).await
}

/// The story of a case, within a transaction.
pub(crate) async fn events(tx: &mut Tx, client: ClientId, case: &CaseId) -> Result<Vec<CaseEvent>> {
    tx.list(&EVENTS, args![client, &case.0], read_event).await
}

fn read(row: &Row) -> Result<Case> {
    parse_json(&row.get::<String>(0)?)
}

/// The reason is stored as the JSON of its word.
fn read_event(row: &Row) -> Result<CaseEvent> {
    Ok(CaseEvent { at: row.get(0)?, reason: parse_json(&row.get::<String>(1)?)?, sentence: row.get(2)? })
}
