//! Brother's own records, which count finer than its standard table does, or where that one says nothing. Pure.
//!
//! Each record is seven bytes: what it is, two bytes `01 04`, and a number with the highest byte first. Source:
//! answers of seven devices beside what their maker's page shows.

use super::{
    mib,
    table::{Table, Value},
};
use beforehand_shared::{
    limits,
    printer::{Supply, SupplyLevel},
};
use std::collections::BTreeMap;

/// Record, colour, and a second record that counts in steps of ten, for those that have no other.
const COLOURS: [(u8, &str, u8); 4] =
    [(0x6F, "black", 0x81), (0x70, "cyan", 0x82), (0x71, "magenta", 0x83), (0x72, "yellow", 0x84)];

/// Records of parts that wear, in hundredths of a per cent left: kind, colour, name.
const PARTS: [(u8, &str, Option<&str>, &str); 9] = [
    (0x41, "opc", None, "Drum"),
    (0x80, "opc", Some("black"), "Black drum"),
    (0x79, "opc", Some("cyan"), "Cyan drum"),
    (0x7A, "opc", Some("magenta"), "Magenta drum"),
    (0x7B, "opc", Some("yellow"), "Yellow drum"),
    (0x69, "transfer-unit", None, "Belt"),
    (0x6A, "fuser", None, "Fuser"),
    (0x6B, "other", None, "Laser"),
    (0x6D, "other", None, "Paper feed kit 1"),
];

const PAGES: u8 = 0x00;

/// `standard` with levels that only the records have; all of the records' supplies where it is empty.
pub(super) fn completed(mut standard: Vec<Supply>, table: &Table) -> Vec<Supply> {
    let own = supplies(table);
    if standard.is_empty() {
        return own;
    }
    for supply in standard.iter_mut().filter(|supply| matches!(supply.level, SupplyLevel::Some | SupplyLevel::Unknown))
    {
        let same = own.iter().filter(|own| own.kind == supply.kind && fits(supply, own));
        // Of two that fit, neither is known to be the one.
        if let [one] = same.collect::<Vec<_>>()[..] {
            supply.level = one.level;
        }
    }
    standard
}

fn fits(supply: &Supply, own: &Supply) -> bool {
    let Some(colour) = &own.colour else { return true };
    supply.colour.as_ref().is_some_and(|known| known == colour) || supply.name.to_lowercase().contains(colour.as_str())
}

/// Pages by the printer's own counter.
pub(super) fn pages(table: &Table) -> Option<u64> {
    records(table, mib::BROTHER_COUNTERS).get(&PAGES).copied().map(u64::from)
}

fn supplies(table: &Table) -> Vec<Supply> {
    let records = records(table, mib::BROTHER_MAINTENANCE);
    let prints_with_ink = table.first_text(mib::BROTHER_DEVICE_ID).is_some_and(|id| id.contains("-J"));
    let kind = if prints_with_ink { "ink" } else { "toner" };
    let of_colour = |(fine, colour, coarse): &(u8, &str, u8)| {
        let left = records.get(fine).map(|left| *left as f32 / 100.0);
        let left = left.or_else(|| records.get(coarse).map(|left| *left as f32));
        Some(supply(format!("{colour} {kind}"), kind, Some(colour), left?))
    };
    // An inkjet fills the records of a drum that it does not have.
    let parts = if prints_with_ink { &PARTS[..0] } else { &PARTS[..] };
    let of_part = |(record, kind, colour, name): &(u8, &str, Option<&str>, &str)| {
        let left = *records.get(record)? as f32 / 100.0;
        Some(supply((*name).to_owned(), kind, *colour, left))
    };
    COLOURS.iter().filter_map(of_colour).chain(parts.iter().filter_map(of_part)).collect()
}

fn supply(name: String, kind: &str, colour: Option<&str>, left: f32) -> Supply {
    // More than everything is no level.
    let level = if left <= 100.0 { SupplyLevel::Left(left) } else { SupplyLevel::Unknown };
    Supply { name, kind: kind.to_owned(), colour: colour.map(str::to_owned), level }
}

/// The records of one value. Older devices have another layout; what does not begin as these do is left alone.
fn records(table: &Table, at: mib::Id) -> BTreeMap<u8, u32> {
    let Some((_, Value::Bytes(bytes))) = table.column(at).next() else { return BTreeMap::new() };
    let read = |record: &[u8]| match record {
        [what, 1, 4, rest @ ..] => Some((*what, u32::from_be_bytes(rest.try_into().ok()?))),
        _ => None,
    };
    bytes.chunks_exact(7).take(limits::PRINTER_LIST).map_while(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(maintenance: &[u8]) -> Table {
        let mut table = Table::default();
        table.insert([mib::BROTHER_MAINTENANCE, &[0]].concat(), Value::Bytes(maintenance.to_vec()));
        table
    }

    #[test]
    fn a_level_that_the_standard_leaves_open_is_taken_from_the_records() {
        let standard = |name: &str, level| Supply { name: name.into(), kind: "toner".into(), colour: None, level };
        let records = table(&[0x6F, 1, 4, 0, 0, 0x1E, 0x14, 0x81, 1, 4, 0, 0, 0, 0x50, 0xFF]);
        let before = vec![standard("Black Toner Cartridge", SupplyLevel::Some), standard("Cyan", SupplyLevel::Some)];
        let levels: Vec<SupplyLevel> = completed(before, &records).into_iter().map(|supply| supply.level).collect();
        assert_eq!(levels, [SupplyLevel::Left(77.0), SupplyLevel::Some]);
    }

    #[test]
    fn an_older_layout_is_left_alone() {
        let legacy = table(&[0x01, 0x41, 0x0A, 0, 0, 0, 0, 0x6F, 1, 4, 0, 0, 0, 1]);
        assert_eq!(completed(Vec::new(), &legacy), []);
    }
}
