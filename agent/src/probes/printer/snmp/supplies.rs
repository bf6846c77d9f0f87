//! Supplies from `prtMarkerSuppliesTable` (RFC 3805), with the makers' own tables where that one has no number.
//! Pure.

use super::{
    brother, canon, hp, mib, own, ricoh,
    table::{Oid, Table},
};
use crate::probes::printer::supply::without_serial;
use beforehand_shared::{
    limits,
    printer::{Supply, SupplyLevel},
};
use std::collections::BTreeSet;

/// `PrtMarkerSuppliesTypeTC` from 3 on, as the keywords of `marker-types` (PWG 5100.9).
const KINDS: [&str; 32] = [
    "toner",
    "waste-toner",
    "ink",
    "ink-cartridge",
    "ink-ribbon",
    "waste-ink",
    "opc",
    "developer",
    "fuser-oil",
    "solid-wax",
    "ribbon-wax",
    "waste-wax",
    "fuser",
    "corona-wire",
    "fuser-oil-wick",
    "cleaner-unit",
    "fuser-cleaning-pad",
    "transfer-unit",
    "toner-cartridge",
    "fuser-oiler",
    "water",
    "waste-water",
    "glue-water-additive",
    "waste-paper",
    "binding-supply",
    "banding-supply",
    "stitching-wire",
    "shrink-wrap",
    "paper-wrap",
    "staples",
    "inserts",
    "covers",
];

/// Words in a description that tell the kind, where the table does not; the first that fits counts.
const WORDS: [(&str, &str); 11] = [
    ("waste", "waste-toner"),
    ("drum", "opc"),
    ("photoconduct", "opc"),
    ("imaging unit", "opc"),
    ("developer", "developer"),
    ("fus", "fuser"),
    ("transfer", "transfer-unit"),
    ("maintenance", "other"),
    ("ink", "ink"),
    ("toner", "toner"),
    ("cartridge", "toner"),
];

const PERCENT: i64 = 19;
const RECEPTACLE: i64 = 4;

/// A row of the table with its place in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What follows the column's identifier: device, then supply.
    pub index: Oid,
    pub supply: Supply,
}

/// The rows in the order of their index, which may have holes.
pub fn rows(table: &Table) -> Vec<Row> {
    let named = [mib::SUPPLY_DESCRIPTION, mib::SUPPLY_LEVEL].into_iter().flat_map(|column| table.column(column));
    let indexes: BTreeSet<&[u32]> = named.map(|(row, _)| row).collect();
    let mut rows: Vec<Row> = indexes.into_iter().take(limits::PRINTER_LIST).map(|index| row(table, index)).collect();
    hp::complete(&mut rows, table);
    canon::complete(&mut rows, table);
    rows
}

/// Whether the standard table leaves the level of one open.
pub(super) fn has_open(table: &Table) -> bool {
    rows(table).iter().any(|row| own::is_open(&row.supply))
}

/// All supplies, the makers' own numbers included.
pub fn supplies(table: &Table) -> Vec<Supply> {
    let standard: Vec<Supply> = rows(table).into_iter().map(|row| row.supply).collect();
    brother::completed(standard, table)
}

fn row(table: &Table, index: &[u32]) -> Row {
    let number = |column| table.number(column, index);
    let described = table.text(mib::SUPPLY_DESCRIPTION, index).map(|text| without_serial(&text));
    let kind = kind(number(mib::SUPPLY_TYPE), number(mib::SUPPLY_CLASS), described.as_deref());
    let colour = colour(table, index);
    let name = described.filter(|name| !name.is_empty());
    let name = name.or_else(|| colour.as_ref().map(|colour| format!("{colour} {kind}")));
    let last = index.last().copied().unwrap_or_default();
    let level = of_standard(table, index);
    let mut supply = Supply { name: name.unwrap_or_else(|| format!("supply {last}")), kind, colour, level };
    if let Some(own) = ricoh::level(table, index, &supply) {
        supply.level = own;
    }
    Row { index: index.to_vec(), supply }
}

/// Of a receptacle, level and capacity are its remaining space by the standard, so they need no turning round.
fn of_standard(table: &Table, index: &[u32]) -> SupplyLevel {
    match table.number(mib::SUPPLY_LEVEL, index) {
        Some(level @ 0..) => of_capacity(table, index, level),
        Some(-1) => SupplyLevel::Unlimited,
        Some(-3) => SupplyLevel::Some,
        _ => SupplyLevel::Unknown,
    }
}

fn of_capacity(table: &Table, index: &[u32], level: i64) -> SupplyLevel {
    let left = |level: i64, most: i64| SupplyLevel::Left((100.0 * level as f32 / most as f32).min(100.0));
    match table.number(mib::SUPPLY_MAX_CAPACITY, index) {
        Some(most @ 1..) => left(level, most),
        // Without a capacity, only a number that says of itself that it is per cent means something.
        _ if table.number(mib::SUPPLY_UNIT, index) == Some(PERCENT) => left(level, 100),
        _ => SupplyLevel::Unknown,
    }
}

fn kind(kind: Option<i64>, class: Option<i64>, description: Option<&str>) -> String {
    let standard = kind.and_then(|kind| usize::try_from(kind - 3).ok()).and_then(|at| KINDS.get(at));
    let description = description.unwrap_or_default().to_lowercase();
    let guessed = WORDS.iter().find(|(word, _)| description.contains(word)).map(|(_, kind)| kind);
    let found = match (kind, standard) {
        (_, Some(standard)) => standard,
        // "Other" is an answer, where it is given.
        (Some(1), None) => "other",
        (_, None) => guessed.unwrap_or(&"other"),
    };
    match class {
        Some(RECEPTACLE) if !found.starts_with("waste") => "waste-toner".to_owned(),
        _ => found.to_owned(),
    }
}

fn colour(table: &Table, index: &[u32]) -> Option<String> {
    let colorant = table.number(mib::SUPPLY_COLORANT_INDEX, index).filter(|colorant| *colorant > 0)?;
    let (device, colorant) = (*index.first()?, u32::try_from(colorant).ok()?);
    let name = table.text(mib::COLORANT_VALUE, &[device, colorant])?.to_lowercase();
    let says_nothing = ["none", "other", "unknown"].contains(&name.as_str());
    (!says_nothing).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_taken_from_the_table_before_it_is_guessed() {
        assert_eq!(kind(Some(21), None, Some("Waste")), "toner-cartridge");
        assert_eq!(kind(None, None, Some("Toner (Cyan)")), "toner");
        assert_eq!(kind(None, None, Some("Waste Toner Box")), "waste-toner");
        assert_eq!(kind(None, None, Some("Fusing Unit")), "fuser");
        assert_eq!(kind(Some(1), Some(3), Some("Tray 1 Roller")), "other");
        assert_eq!(kind(Some(1), Some(4), Some("Box")), "waste-toner");
        assert_eq!(kind(Some(-7), None, None), "other");
        assert_eq!(kind(Some(34), None, None), "covers");
    }
}
