//! Trays, covers and display of a printer (RFC 3805). Pure.

use super::{
    mib,
    table::{Table, text_of},
};
use beforehand_shared::{limits, printer_details::Tray};

/// Lines of a display that are kept.
const LINES: usize = 8;

pub(super) fn inputs(table: &Table) -> Vec<Tray> {
    trays(table, [mib::INPUT_NAME, mib::INPUT_MAX_CAPACITY, mib::INPUT_CURRENT_LEVEL])
}

pub(super) fn outputs(table: &Table) -> Vec<Tray> {
    trays(table, [mib::OUTPUT_NAME, mib::OUTPUT_MAX_CAPACITY, mib::OUTPUT_REMAINING_CAPACITY])
}

/// One tray for each row that has a level.
fn trays(table: &Table, [name, most, level]: [mib::Id; 3]) -> Vec<Tray> {
    let tray = |row: &[u32]| {
        let last = row.last().copied().unwrap_or_default();
        let name = table.text(name, row).unwrap_or_else(|| format!("tray {last}"));
        let left_pct = match (table.number(level, row), table.number(most, row)) {
            (Some(0), _) => Some(0),
            (Some(level @ 1..), Some(most @ 1..)) => u8::try_from(percent(level, most)).ok(),
            _ => None,
        };
        Tray { name, left_pct, some: table.number(level, row) == Some(-3) }
    };
    table.column(level).take(limits::PRINTER_LIST).map(|(row, _)| tray(row)).collect()
}

/// Rounded, and at most 100.
fn percent(level: i64, most: i64) -> i64 {
    (level.saturating_mul(100).saturating_add(most / 2) / most).min(100)
}

/// Names of the covers that stand open, interlocks included.
pub(super) fn open_covers(table: &Table) -> Vec<String> {
    const OPEN: [i64; 2] = [3, 5];
    let rows = table.column(mib::COVER_STATUS).take(limits::PRINTER_LIST).map(|(row, _)| row);
    let open = rows.filter(|row| table.number(mib::COVER_STATUS, row).is_some_and(|status| OPEN.contains(&status)));
    open.map(|row| table.text(mib::COVER_DESCRIPTION, row).unwrap_or_else(|| "cover".to_owned())).collect()
}

/// What its display shows; Brother keeps that in a place of its own.
pub(super) fn console(table: &Table) -> Vec<String> {
    let lines = |column| table.column(column).filter_map(|(_, value)| text_of(value)).take(LINES).collect::<Vec<_>>();
    let standard = lines(mib::CONSOLE_TEXT);
    if standard.is_empty() { lines(mib::BROTHER_DISPLAY) } else { standard }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tray_is_never_fuller_than_full() {
        assert_eq!(
            [(1, 3), (250, 250), (9, 2), (i64::MAX, 1)].map(|(level, most)| percent(level, most)),
            [33, 100, 100, 100]
        );
    }
}
