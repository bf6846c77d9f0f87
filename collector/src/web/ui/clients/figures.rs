//! The running month of a client, counted as its statement will count it.

use crate::{app::App, tasks::statements, web::error::WebError};
use beforehand_core::{
    calendar::Calendar,
    month::{MonthFigures, TrendMonth},
    site::Client,
};
use beforehand_statement::words::decimal;

pub(crate) async fn running(app: &App, client: &Client) -> Result<MonthFigures, WebError> {
    let month = Calendar::new(&client.time_zone).month_of(app.clock.now());
    Ok(statements::figures(app, client, month).await?)
}

/// `7 proven + 3.4 likely` of all the months.
pub(crate) fn prevented(months: &[TrendMonth]) -> String {
    let proven: u32 = months.iter().map(|month| month.proven).sum();
    let likely: f64 = months.iter().map(|month| month.likely).sum();
    format!("{proven} proven + {} likely", decimal(likely))
}

/// Incidents that users felt in all the months.
pub(crate) fn felt(months: &[TrendMonth]) -> u32 {
    months.iter().map(|month| month.user_visible).sum()
}
