//! The status document of some of Canon's inkjets, which has the levels of all inks where the standard table has those of some.
//! Pure.
//!
//! Canon describes it nowhere in public; its shape is known from what others published of a PRO-1000. It is therefore believed
//! only of a printer where it says the same as the standard table of every ink that both have, and of one at least.

use super::{
    mib,
    own::{self, Own},
    supplies::Row,
    table::{Table, Value},
};

/// Bytes of a document that are read: 64 pieces of 256.
const MOST_BYTES: usize = 16_384;

/// Fills in what the standard leaves open.
pub(super) fn complete(rows: &mut [Row], table: &Table) {
    let document = document(table);
    let inks = inks(&document);
    own::complete(rows, 0.0, Own::MustBeProved, |row| {
        let mut named = inks.iter().filter(|(colour, _)| colour.eq_ignore_ascii_case(row.supply.name.trim()));
        // Of two that fit, neither is known to be the one.
        named.next().filter(|_| named.next().is_none()).map(|(_, left)| f32::from(*left))
    });
}

/// The pieces in their order.
fn document(table: &Table) -> String {
    let pieces = table.column(mib::CANON_STATUS_DOCUMENT).filter_map(|(_, value)| match value {
        Value::Bytes(bytes) => Some(bytes.as_slice()),
        _ => None,
    });
    let bytes: Vec<u8> = pieces.flatten().copied().take(MOST_BYTES).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Colours, as they are called there, with per cent left.
fn inks(document: &str) -> Vec<(&str, u8)> {
    let parts = document.split("<ivec:ink>").skip(1).filter_map(|rest| rest.split_once("</ivec:ink>"));
    let ink = |(part, _)| {
        let left = element(part, "level")?.parse().ok()?;
        (left <= 100).then_some((element(part, "color")?, left))
    };
    parts.filter_map(ink).collect()
}

/// What stands in the first element of this name.
fn element<'a>(part: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = part.split_once(&format!("<ivec:{name}>"))?;
    Some(rest.split_once(&format!("</ivec:{name}>"))?.0.trim())
}
