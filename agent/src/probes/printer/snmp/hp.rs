//! HP's own objects for what is left in a cartridge, a drum or a developer unit, where the standard level has no number. Pure.
//!
//! Source: HP's LJ9500mfp-MIB and FUTURESMART3a-MIB, `consumable-status`. They do not say by what number a supply is called
//! there; it is the standard's own wherever both were seen, which is checked by the supplies that both have a number of.

use super::{
    mib::{self, Id},
    own::{self, Own},
    supplies::Row,
    table::Table,
};

/// `ePercentLifeRemaining`: the only unit in which a full one is known.
const PERCENT: i64 = 7;
/// Points by which two sensors of one cartridge may differ: many count in tens.
const ALIKE: f32 = 10.0;

/// By kind of supply: the unit, and how much of it is left. HP names the second of the first pair *usage count*, and describes
/// it as what remains.
const LEFT: [(&[&str], Id, Id); 3] = [
    (&["toner", "toner-cartridge", "ink", "ink-cartridge"], mib::HP_USAGE_UNITS, mib::HP_USAGE_COUNT),
    (&["opc"], mib::HP_DRUM_UNITS, mib::HP_DRUM_LIFE),
    (&["developer"], mib::HP_DEVELOPER_UNITS, mib::HP_DEVELOPER_LIFE),
];

/// Fills in what the standard leaves open.
pub(super) fn complete(rows: &mut [Row], table: &Table) {
    own::complete(rows, ALIKE, Own::MayBeAlone, |row| left(table, row));
}

fn left(table: &Table, row: &Row) -> Option<f32> {
    let (_, units, life) = LEFT.iter().find(|(kinds, ..)| kinds.contains(&row.supply.kind.as_str()))?;
    let place = [*row.index.last()?, 0];
    let is_per_cent = table.number(units, &place) == Some(PERCENT);
    let left = table.number(life, &place).filter(|left| is_per_cent && (0..=100).contains(left))?;
    Some(left as f32)
}
