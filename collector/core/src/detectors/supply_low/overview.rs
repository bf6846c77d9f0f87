//! Every supply of a site as pages show it, judged as tickets are.

use super::{
    Judged,
    foresee::{Dates, Why},
    judged,
};
use crate::{asset::AssetId, finding::Severity, input::Input};
use beforehand_shared::{printer::SupplyLevel, time::Timestamp};

#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub asset: AssetId,
    pub printer: AssetId,
    pub name: String,
    /// As [`beforehand_shared::printer::Supply::kind`].
    pub kind: String,
    /// The right way round, whatever its sensor counts.
    pub level: SupplyLevel,
    pub severity: Severity,
    /// The last day to order, at its beginning.
    pub order_by: Option<Timestamp>,
    pub dates: Result<Dates, Why>,
}

/// Printer by printer, in the order in which each lists its supplies; also of those that do not answer now.
pub fn overview(input: &Input) -> Vec<Overview> {
    judged(input, |_| true).into_iter().filter_map(one).collect()
}

fn one(judged: Judged) -> Option<Overview> {
    let supply = judged.printer.supplies.get(judged.place)?;
    let turned = judged.foresight.as_ref().is_some_and(|foresight| foresight.turned);
    let level = match supply.level {
        SupplyLevel::Left(left) if turned => SupplyLevel::Left(100.0 - left),
        level => level,
    };
    Some(Overview {
        asset: judged.asset,
        printer: judged.of.clone(),
        name: supply.name.clone(),
        kind: supply.kind.clone(),
        level,
        severity: judged.judgement.severity,
        order_by: judged.judgement.order_by,
        dates: judged.foresight.map_or(Err(Why::NoLevel), |foresight| foresight.dates),
    })
}
