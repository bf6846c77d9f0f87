//! Which of its supplies a printer complains about: reasons and alerts name a matter, not a cartridge.

use super::{Class, conditions};
use beforehand_shared::printer::{Printer, Supply, SupplyLevel};

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Matter {
    Colour,
    Waste,
    Drum,
    Developer,
    Fuser,
}

/// A complaint about toner is not about a cartridge with more than this, whatever the others say.
const BELIEVED_PCT: f32 = 50.0;

impl Matter {
    /// By a keyword of a reason or a code of an alert.
    pub(super) fn of(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        let has = |part: &str| word.contains(part);
        match () {
            () if has("waste") => Some(Self::Waste),
            () if has("opc") => Some(Self::Drum),
            () if has("developer") => Some(Self::Developer),
            () if has("fuser") && has("life") => Some(Self::Fuser),
            () if has("toner") || has("ink") || has("ribbon") || has("marker-supply") => Some(Self::Colour),
            () => None,
        }
    }

    /// By the kind of a supply (`marker-types`, prtMarkerSuppliesType).
    fn of_supply(supply: &Supply) -> Option<Self> {
        let kind = supply.kind.to_ascii_lowercase();
        let has = |part: &str| kind.contains(part);
        match () {
            () if has("waste") => Some(Self::Waste),
            () if has("opc") || has("photo") => Some(Self::Drum),
            () if has("developer") => Some(Self::Developer),
            () if has("fuser") => Some(Self::Fuser),
            () if has("toner") || has("ink") || has("ribbon") => Some(Self::Colour),
            () => None,
        }
    }
}

/// The supply that a complaint is about, where that can be told: the only one of its matter, else the
/// emptiest with a number.
fn of_matter(printer: &Printer, matter: Matter) -> Option<usize> {
    let same = || printer.supplies.iter().enumerate().filter(|(_, supply)| Matter::of_supply(supply) == Some(matter));
    let number = |supply: &Supply| match supply.level {
        SupplyLevel::Left(left) => Some(left),
        _ => None,
    };
    if same().count() == 1 {
        return same().next().map(|(place, _)| place);
    }
    let numbered = same().filter_map(|(place, supply)| Some((place, number(supply)?)));
    let emptiest = numbered.min_by(|a, b| a.1.total_cmp(&b.1))?;
    (emptiest.1 <= BELIEVED_PCT).then_some(emptiest.0)
}

/// Places of supplies that the printer itself calls low, used up or empty, with how bad that is.
pub(in crate::detectors) fn complaints(printer: &Printer) -> Vec<(usize, Class)> {
    let of_supplies = conditions::of(printer).into_iter().filter(|condition| condition.said);
    of_supplies.filter_map(|condition| Some((of_matter(printer, condition.matter?)?, condition.class))).collect()
}

/// Whether the complaint has a supply that it is about, so that the supply's own ticket tells it.
pub(super) fn is_told_elsewhere(printer: &Printer, matter: Option<Matter>) -> bool {
    matter.is_some_and(|matter| of_matter(printer, matter).is_some())
}
