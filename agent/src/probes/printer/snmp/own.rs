//! Levels of a maker's own beside the standard ones. Pure.

use super::supplies::Row;
use beforehand_shared::printer::{Supply, SupplyLevel};

/// Whether a maker's numbers count where no supply has one of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    MayBeAlone,
    MustBeProved,
}

/// Whether the standard leaves a need for more.
pub(super) const fn is_open(supply: &Supply) -> bool {
    matches!(supply.level, SupplyLevel::Some | SupplyLevel::Unknown)
}

/// Fills in the levels that are open, by the maker's own. Where a supply has a number of both, and they differ by more than
/// `alike` points, the maker's mean something else on this model, and none of them is taken.
pub(super) fn complete(rows: &mut [Row], alike: f32, own: Own, left: impl Fn(&Row) -> Option<f32>) {
    let own_levels: Vec<Option<f32>> = rows.iter().map(&left).collect();
    let both = rows.iter().zip(&own_levels).filter_map(|(row, own)| match row.supply.level {
        SupplyLevel::Left(standard) => own.map(|own| (standard - own).abs()),
        _ => None,
    });
    let apart: Vec<f32> = both.collect();
    let is_proved = own == Own::MayBeAlone || !apart.is_empty();
    if !is_proved || apart.iter().any(|points| *points > alike) {
        return;
    }
    for (row, own) in rows.iter_mut().zip(own_levels) {
        if let Some(left) = own.filter(|_| is_open(&row.supply)) {
            row.supply.level = SupplyLevel::Left(left);
        }
    }
}
