//! Ricoh's own table of toner, for firmware that leaves the standard level at 0 or tells only that some is left. Pure.
//!
//! Source: Ricoh Private MIB, `ricohEngToner`, and answers of an Aficio SP C242SF and MP C2051 that others published: the
//! order of the rows is the model's own, so that names count before places.

use super::{mib, table::Table};
use beforehand_shared::printer::{Supply, SupplyLevel};

const COLOURS: [&str; 4] = ["black", "cyan", "magenta", "yellow"];
/// Near empty, which is from 10 to 1 per cent.
const NEAR_EMPTY: i64 = -100;

/// Nothing where the standard has a number of use, and where the table has no row that is surely of this supply.
pub(super) fn level(table: &Table, index: &[u32], supply: &Supply) -> Option<SupplyLevel> {
    let says_nothing = match supply.level {
        SupplyLevel::Left(left) => left <= 0.0,
        SupplyLevel::Some | SupplyLevel::Unknown => true,
        SupplyLevel::Unlimited => false,
    };
    if !says_nothing || !supply.kind.starts_with("toner") {
        return None;
    }
    match table.number(mib::RICOH_TONER_LEVEL, row(table, index, supply)?)? {
        left @ 0..=100 => Some(SupplyLevel::Left(left as f32)),
        NEAR_EMPTY => Some(SupplyLevel::Left(10.0)),
        -3 => Some(SupplyLevel::Some),
        _ => None,
    }
}

fn row<'a>(table: &'a Table, index: &'a [u32], supply: &Supply) -> Option<&'a [u32]> {
    let names = || table.column(mib::RICOH_TONER_NAME).map(|(row, _)| row);
    if names().next().is_none() {
        return index.get(index.len().checked_sub(1)?..);
    }
    let colour = supply.colour.as_deref().and_then(colour).or_else(|| colour(&supply.name));
    let of_row = |row: &&[u32]| table.text(mib::RICOH_TONER_NAME, row).and_then(|name| self::colour(&name)) == colour;
    let fitting: Vec<&[u32]> = names().filter(of_row).collect();
    // Of two that fit, neither is known to be the one.
    if let [one] = fitting[..] { Some(one) } else { None }
}

fn colour(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    COLOURS.into_iter().find(|colour| name.contains(colour))
}
