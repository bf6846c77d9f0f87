//! What prevention was worth, from the client's own figures only; every one of them is printed.
//!
//! Worth of one prevented incident = people held up × share of their work that stops × loaded wage
//! × hours, never more than the revenue of these hours, plus the visit that it saved. Of likely
//! preventions the chance is taken. Low and high take the short and the long duration and the ends
//! of the chance's interval; low takes no visit.

mod defaults;
mod inputs;
mod prices;
mod words;

pub use prices::{Price, Prices};
pub use words::{money, sentence};

use crate::{
    ledger::Entry,
    month::{Effort, MonthInput, TrendMonth, Worth},
    site::Contract,
};

/// `lines` are those that count in the month, `trend` the year that ends with it.
pub(crate) fn worth(input: &MonthInput, prices: &Prices<'_>, lines: &[&Entry], trend: &[TrendMonth]) -> Worth {
    let contract = &input.client.contract;
    let sum = prices.of_lines(lines.iter().copied());
    let this_month = support(contract, &input.effort);
    let months = trend.iter().map(|month| month.month);
    let earlier = months.filter(|month| *month < input.month).filter_map(|month| input.past_effort.get(&month));
    Worth {
        low: sum.low,
        likely: sum.likely,
        high: sum.high,
        fee: contract.fee_per_month,
        included_support: this_month,
        inputs: inputs::inputs(input, prices, lines),
        year_likely: trend.iter().map(|month| month.worth_likely).sum(),
        year_support: this_month + earlier.map(|effort| support(contract, effort)).sum::<i64>(),
        year_fee: trend.iter().map(|month| month.fee).sum(),
    }
}

/// Hours of help for users at list price, as far as the fee includes them. Work to prevent is left
/// out: its worth is what it prevented; so is work on false alarms, which helped nobody.
fn support(contract: &Contract, effort: &Effort) -> i64 {
    let hours = (f64::from(effort.reactive_minutes) / 60.0).min(contract.included_hours);
    (hours * contract.list_rate_per_hour as f64).round() as i64
}
