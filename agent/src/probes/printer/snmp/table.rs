//! What a printer answered by SNMP: object identifiers with their values, in their order. Pure.

use beforehand_shared::{limits, text};
use std::collections::BTreeMap;

/// An object identifier (X.690, section 8.19) as its numbers.
pub type Oid = Vec<u32>;

/// Longest text or bytes kept of one value.
const VALUE_BYTES: usize = 1_024;

/// A value, as far as printers' tables need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Bytes(Vec<u8>),
    Oid(Oid),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table(BTreeMap<Oid, Value>);

impl FromIterator<(Oid, Value)> for Table {
    fn from_iter<I: IntoIterator<Item = (Oid, Value)>>(bindings: I) -> Self {
        let mut table = Self::default();
        bindings.into_iter().for_each(|(oid, value)| table.insert(oid, value));
        table
    }
}

impl Table {
    /// Keeps `value`; of one that is too long, the start.
    pub fn insert(&mut self, oid: Oid, value: Value) {
        let value = match value {
            Value::Bytes(mut bytes) => {
                bytes.truncate(VALUE_BYTES);
                Value::Bytes(bytes)
            }
            other => other,
        };
        self.0.insert(oid, value);
    }

    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows of `column`: what follows the column's own identifier, and the value.
    pub fn column<'a>(&'a self, column: &'a [u32]) -> impl Iterator<Item = (&'a [u32], &'a Value)> {
        let below = self.0.range(column.to_vec()..).take_while(|(oid, _)| oid.starts_with(column));
        below.filter(|(oid, _)| oid.len() > column.len()).map(|(oid, value)| (&oid[column.len()..], value))
    }

    pub fn has_below(&self, prefix: &[u32]) -> bool {
        self.column(prefix).next().is_some()
    }

    fn cell(&self, column: &[u32], row: &[u32]) -> Option<&Value> {
        self.0.get(&[column, row].concat())
    }

    pub fn number(&self, column: &[u32], row: &[u32]) -> Option<i64> {
        match self.cell(column, row)? {
            Value::Number(number) => Some(*number),
            // Some firmware sends numbers as text.
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
            Value::Oid(_) => None,
        }
    }

    /// The text in a cell, cleaned, unless there is none.
    pub fn text(&self, column: &[u32], row: &[u32]) -> Option<String> {
        self.cell(column, row).and_then(text_of)
    }

    /// The text in the first row.
    pub fn first_text(&self, column: &[u32]) -> Option<String> {
        self.column(column).find_map(|(_, value)| text_of(value))
    }

    pub fn first_number(&self, column: &[u32]) -> Option<i64> {
        let (row, _) = self.column(column).next()?;
        self.number(column, row)
    }

    pub fn bytes(&self, column: &[u32], row: &[u32]) -> Option<&[u8]> {
        match self.cell(column, row)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn oid(&self, column: &[u32], row: &[u32]) -> Option<&[u32]> {
        match self.cell(column, row)? {
            Value::Oid(oid) => Some(oid),
            _ => None,
        }
    }
}

/// UTF-8, or else Latin-1 as old firmware sends it whatever the standard says; without the zero bytes that pad
/// some texts.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let Value::Bytes(bytes) = value else { return None };
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let raw = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    Some(text::clean(&raw, limits::TEXT_CHARS)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_what_lies_below_it_and_nothing_else() {
        let mut table = Table::default();
        for (oid, number) in [(vec![1, 3], 0), (vec![1, 3, 1], 1), (vec![1, 3, 1, 7], 2), (vec![1, 4, 1], 3)] {
            table.insert(oid, Value::Number(number));
        }
        let rows: Vec<&[u32]> = table.column(&[1, 3]).map(|(row, _)| row).collect();
        assert_eq!(rows, [&[1][..], &[1, 7]]);
        assert_eq!(table.number(&[1, 3], &[1, 7]), Some(2));
        assert!(!table.has_below(&[1, 5]));
    }

    #[test]
    fn texts_come_in_any_encoding_and_with_padding() {
        let text = |bytes: &[u8]| text_of(&Value::Bytes(bytes.to_vec()));
        assert_eq!(text(b"Black Toner\0\0").as_deref(), Some("Black Toner"));
        assert_eq!(text(b"B\xfcro").as_deref(), Some("Büro"));
        assert_eq!(text("请等待".as_bytes()).as_deref(), Some("请等待"));
        assert_eq!(text(b"\x1b[2J\x07").as_deref(), Some("[2J"));
        assert_eq!(text(b""), None);
    }
}
