//! What users noticed.

use crate::{Store, error::Result};
use beforehand_core::ticket::UserReport;
use beforehand_shared::ids::ClientId;

impl Store {
    /// Stores it under the client's next number, which is returned; the number in `report` is not
    /// used. Opens a ticket, unless an open case of that asset has one.
    pub async fn insert_user_report(&self, report: &UserReport) -> Result<i64> {
        crate::later().await
    }

    /// Latest noticed first.
    pub async fn user_reports(&self, client: ClientId) -> Result<Vec<UserReport>> {
        crate::later().await
    }

    pub async fn user_report(&self, client: ClientId, number: i64) -> Result<Option<UserReport>> {
        crate::later().await
    }
}
