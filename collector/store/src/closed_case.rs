//! Everything that is known of a closed case when its outcome is decided.

use crate::{
    Store,
    assets::{self, AssetRow},
    cases,
    error::{Result, StoreError},
    user_reports,
};
use beforehand_core::{
    case::{Case, CaseId},
    input::HISTORY,
    ledger::ClosedCase,
    series::Sample,
};
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};

/// Before a case closed its measurements are given as they were for so long; before that by hours.
const AS_MEASURED: Millis = Millis::days(7);

/// As people call it: `C: on FRONTDESK`, `Black Toner of Kyocera`. `asset` is the printer where it is a supply.
pub(crate) fn name(case: &Case, asset: Option<&AssetRow>) -> String {
    let own = case.asset.fallback_name();
    match (asset, case.asset.printer()) {
        (Some(printer), Some(_)) => format!("{own} of {}", printer.name),
        (Some(asset), None) => asset.name.clone(),
        (None, _) => own.to_owned(),
    }
}

impl Store {
    /// Everything its outcome is decided from.
    ///
    /// # Errors
    /// `NotFound`, also for a case that is not closed.
    pub async fn closed_case(&self, client: ClientId, case: &CaseId) -> Result<ClosedCase> {
        let case = self.case(client, case).await?.filter(Case::is_closed).ok_or(StoreError::NotFound("closed case"))?;
        let ticket = self.ticket_of_case(client, &case.id).await?.map(|row| row.ticket);
        let work = match &ticket {
            Some(ticket) => self.work(client, ticket.number).await?,
            None => vec![],
        };
        let owner = self.client(client).await?.ok_or(StoreError::NotFound("client"))?;
        let mut tx = self.db.snapshot().await?;
        // A supply is covered as its printer is, and used by the same people.
        let printer = case.asset.printer();
        let asset = assets::one(&mut tx, client, printer.as_ref().unwrap_or(&case.asset)).await?;
        let user_reports = user_reports::about(&mut tx, &case).await?;
        let events = cases::events(&mut tx, client, &case.id).await?;
        drop(tx);
        Ok(ClosedCase {
            asset_name: name(&case, asset.as_ref()),
            in_scope: asset.as_ref().is_none_or(|asset| asset.in_scope),
            users: asset.and_then(|asset| asset.people),
            forecasts: self.forecasts_of_case(client, &case.id).await?,
            measured: self.measured(&case).await?,
            absorbed: None,
            time_zone: owner.time_zone,
            case,
            events,
            ticket,
            work,
            user_reports,
        })
    }

    /// What the case's chart shows, up to its closing.
    async fn measured(&self, case: &Case) -> Result<Vec<Sample>> {
        let charts = [&case.latest.evidence.chart, &case.first.evidence.chart];
        let (Some(chart), Some(closed_at)) = (charts.into_iter().flatten().next(), case.closed_at()) else {
            return Ok(vec![]);
        };
        let to = closed_at.plus(Millis(1));
        let middle = closed_at.minus(AS_MEASURED).hour_start();
        let long_ago = case.opened_at.minus(HISTORY).hour_start().min(middle);
        let hours = self.hours(case.client, &chart.asset, &chart.metric, (long_ago, middle)).await?;
        let end = |at: Timestamp| at.plus(Millis::HOUR).minus(Millis(1));
        let mut measured: Vec<Sample> =
            hours.into_iter().map(|hour| Sample { at: end(hour.at), value: hour.last }).collect();
        measured.extend(self.samples(case.client, &chart.asset, &chart.metric, (middle, to)).await?);
        Ok(measured)
    }
}
