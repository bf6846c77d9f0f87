//! Supplies from `marker-*`, or from `printer-supply` where there is nothing else (PWG 5100.9 and
//! 5100.13).

use super::ipp::Attributes;
use beforehand_shared::{
    limits,
    printer::{Supply, SupplyLevel},
};
use std::collections::BTreeMap;

pub(super) fn supplies(attributes: &Attributes) -> Vec<Supply> {
    let levels = attributes.numbers("marker-levels");
    let mut supplies = if levels.is_empty() { from_octets(attributes) } else { from_markers(attributes, &levels) };
    supplies.truncate(limits::PRINTER_LIST);
    supplies
}

fn from_markers(attributes: &Attributes, levels: &[i32]) -> Vec<Supply> {
    let texts = |name| attributes.texts(name);
    let (names, kinds, colours) = (texts("marker-names"), texts("marker-types"), texts("marker-colors"));
    levels
        .iter()
        .enumerate()
        .map(|(at, level)| {
            let kind = kinds.get(at).cloned().unwrap_or_default();
            let fill = is_waste(&kind);
            Supply {
                name: names
                    .get(at)
                    .filter(|name| !name.is_empty())
                    .map(|name| without_serial(name))
                    .unwrap_or_else(|| format!("supply {}", at + 1)),
                colour: colours.get(at).filter(|colour| is_colour(colour)).cloned(),
                // A receptacle's marker level is how full it is, a cartridge's how much is left.
                level: if fill { turned(level_of(*level)) } else { level_of(*level) },
                kind,
            }
        })
        .collect()
}

/// `type=toner;maxcapacity=100;level=20;class=supplyThatIsConsumed;unit=percent;colorantname=black;`
/// Levels here are those of the Printer MIB (RFC 3805): of a receptacle, the space left.
fn from_octets(attributes: &Attributes) -> Vec<Supply> {
    let descriptions = attributes.texts("printer-supply-description");
    let read = |(at, text): (usize, &String)| {
        let fields = fields(text);
        let number = |name: &str| fields.get(name).and_then(|value| value.parse::<i32>().ok());
        let kind = fields.get("type")?.clone();
        let colour = fields.get("colorantname").filter(|colour| is_colour(colour)).cloned();
        let name = descriptions.get(at).filter(|name| !name.is_empty()).cloned().or_else(|| colour.clone());
        let level = match (number("level")?, number("maxcapacity")) {
            (level @ 0.., Some(most @ 1..)) => SupplyLevel::Left((100.0 * level as f32 / most as f32).min(100.0)),
            (0.., _) => SupplyLevel::Unknown,
            (sentinel, _) => level_of(sentinel),
        };
        Some(Supply { name: name.unwrap_or_else(|| format!("supply {}", at + 1)), kind, colour, level })
    };
    attributes.texts("printer-supply").iter().enumerate().filter_map(read).collect()
}

/// A description without the serial and part number that some firmware appends: the next cartridge in the same
/// place is the same supply.
pub(super) fn without_serial(name: &str) -> String {
    let marks = [", PN", ";PN", ", SN", ";SN", "S/N"];
    let end = marks.iter().filter_map(|mark| name.find(mark)).min().unwrap_or(name.len());
    let kept = name[..end].trim_end_matches(|c: char| c.is_whitespace() || "_,;:(".contains(c));
    if kept.is_empty() { name.to_owned() } else { kept.to_owned() }
}

/// `key=value;key=value` with anything before the first key cut off.
pub(super) fn fields(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| {
            // Some firmware writes `printer-supply[0] = type=toner`.
            let (key, value) = value.split_once('=').map_or((key, value), |(inner, rest)| (inner, rest));
            (key.trim().trim_start_matches('\\').trim().to_owned(), value.trim().to_owned())
        })
        .collect()
}

fn level_of(number: i32) -> SupplyLevel {
    match number {
        0.. => SupplyLevel::Left(number.min(100) as f32),
        -1 => SupplyLevel::Unlimited,
        -3 => SupplyLevel::Some,
        _ => SupplyLevel::Unknown,
    }
}

/// Per cent full as per cent of space left. "Some" in a waste box does not say how much room there is.
fn turned(level: SupplyLevel) -> SupplyLevel {
    match level {
        SupplyLevel::Left(full) => SupplyLevel::Left(100.0 - full),
        SupplyLevel::Some => SupplyLevel::Unknown,
        other => other,
    }
}

/// `waste-toner`, `wasteInk` and the like.
fn is_waste(kind: &str) -> bool {
    kind.to_ascii_lowercase().starts_with("waste")
}

fn is_colour(text: &str) -> bool {
    !text.is_empty() && !text.eq_ignore_ascii_case("none") && !text.eq_ignore_ascii_case("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentinels_are_words_and_never_numbers() {
        assert_eq!(
            [-1, -2, -3, -100].map(level_of),
            [SupplyLevel::Unlimited, SupplyLevel::Unknown, SupplyLevel::Some, SupplyLevel::Unknown,]
        );
        assert_eq!(level_of(150), SupplyLevel::Left(100.0));
    }

    #[test]
    fn an_empty_waste_box_has_all_its_space_left() {
        assert_eq!(turned(level_of(0)), SupplyLevel::Left(100.0));
        assert_eq!(turned(level_of(95)), SupplyLevel::Left(5.0));
        assert!(is_waste("waste-toner") && is_waste("wasteInk") && !is_waste("toner"));
    }

    #[test]
    fn the_next_cartridge_is_the_same_supply() {
        assert_eq!(without_serial("Black Toner_S/N_:CRUM-230512A4EFE"), "Black Toner");
        assert_eq!(without_serial("Black Toner Cartridge S/N:CRUM-"), "Black Toner Cartridge");
        assert_eq!(without_serial("Black Toner Cartridge, PN 006R01697"), "Black Toner Cartridge");
        assert_eq!(without_serial("S/N:12"), "S/N:12");
    }

    #[test]
    fn a_value_may_begin_with_its_own_name() {
        let fields = fields("printer-supply[0] = type=toner;level=5;");
        assert_eq!((fields["type"].as_str(), fields["level"].as_str()), ("toner", "5"));
    }
}
