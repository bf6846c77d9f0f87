//! Keywords that are made of a part and what is wrong with it: `stapler-jam`, `inputMediaTrayMissing`
//! (PWG 5100.9, table 3; RFC 3806 for finishers). What the tables do not list is read by its parts.

use super::table::{
    Class::{self, Failed, Failing, Precursor},
    Remedy,
};

/// Parts without which printing itself goes on.
const FINISHERS: [&str; 18] = [
    "bander",
    "binder",
    "die-cutter",
    "finisher",
    "folder",
    "imprinter",
    "inserter",
    "make-envelope",
    "perforater",
    "puncher",
    "separation-cutter",
    "sheet-rotator",
    "slitter",
    "stacker",
    "stapler",
    "stitcher",
    "trimmer",
    "wrapper",
];

/// What may be wrong with a part: how the keyword ends, class, words that follow the part, remedy.
const ENDINGS: &[(&str, Class, &str, Remedy)] = &[
    ("life-almost-over", Precursor, "near its end", Remedy::Order),
    ("life-over", Failing, "at its end", Remedy::Replace),
    ("almost-empty", Precursor, "almost empty", Remedy::Order),
    ("almost-full", Precursor, "almost full", Remedy::Output),
    ("near-limit", Precursor, "near its limit", Remedy::None),
    ("at-limit", Failing, "at its limit", Remedy::Service),
    ("cover-open", Failed, "open", Remedy::Close),
    ("door-open", Failed, "open", Remedy::Close),
    ("interlock-open", Failed, "open", Remedy::Close),
    ("unrecoverable-failure", Failed, "broken", Remedy::Service),
    ("unrecoverable-storage-error", Failing, "unable to store", Remedy::Service),
    ("recoverable-failure", Failing, "reporting a fault", Remedy::Service),
    ("recoverable-storage", Failing, "unable to store", Remedy::Service),
    ("motor-failure", Failed, "with a broken motor", Remedy::Service),
    ("memory-exhausted", Failing, "out of memory", Remedy::Service),
    ("over-temperature", Failed, "too hot", Remedy::Service),
    ("under-temperature", Failed, "too cold", Remedy::Service),
    ("thermistor-failure", Failed, "with a broken thermometer", Remedy::Service),
    ("timing-failure", Failed, "out of step", Remedy::Service),
    ("position-failure", Failing, "out of place", Remedy::Service),
    ("elevation-failure", Failing, "out of place", Remedy::Service),
    ("feed-error", Failing, "unable to feed", Remedy::Service),
    ("failure", Failing, "reporting a fault", Remedy::Service),
    ("jam", Failed, "jammed", Remedy::Jam),
    ("missing", Failing, "missing", Remedy::Part),
    ("removed", Failing, "removed", Remedy::Part),
    ("empty", Failing, "empty", Remedy::Replace),
    ("full", Failed, "full", Remedy::Output),
    ("offline", Failed, "offline", Remedy::Online),
];

/// `inputMediaTrayMissing` as `input-media-tray-missing`; what is spelled so already stays.
pub(super) fn kebab(code: &str) -> String {
    let mut word = String::with_capacity(code.len() + 8);
    for (place, letter) in code.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 && !word.ends_with('-') {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// Class, words that follow the printer's name, remedy; nothing where the keyword says nothing known.
pub(super) fn read(word: &str) -> Option<(Class, String, Remedy)> {
    let (ending, class, words, remedy) = ENDINGS.iter().find(|(ending, ..)| word.ends_with(ending))?;
    let part = word.strip_suffix(ending)?.trim_end_matches('-');
    let part = if part.is_empty() || part == "subunit" { "part".to_owned() } else { part.replace('-', " ") };
    let class = if is_finisher(word) { (*class).min(Failing) } else { *class };
    Some((class, format!("reports its {part} {words}"), *remedy))
}

/// Only finishing is lost.
pub(super) fn is_finisher(word: &str) -> bool {
    FINISHERS.iter().any(|part| word.starts_with(part))
}

/// A finisher's alert by number, as sent where a name is not known: 302xx to 318xx, whose last two digits
/// are those of the general codes (RFC 3806).
pub(super) fn finisher_by_number(code: &str) -> Option<(Class, String, Remedy)> {
    let number: u32 = code.parse().ok().filter(|number| (30_200..31_900).contains(number))?;
    let general = match number % 100 {
        3 | 4 => "cover-open",
        5 => "interlock-open",
        8 => "jam",
        9 => "missing",
        10 => "life-almost-over",
        11 => "life-over",
        12 => "almost-empty",
        13 => "empty",
        14 => "almost-full",
        15 => "full",
        16 => "near-limit",
        17 => "at-limit",
        22 => "offline",
        29 => "recoverable-failure",
        30 => "unrecoverable-failure",
        33 => "motor-failure",
        34 => "memory-exhausted",
        35 => "under-temperature",
        36 => "over-temperature",
        37 => "timing-failure",
        38 => "thermistor-failure",
        _ => return None,
    };
    read(&format!("finisher-{general}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finisher_costs_finishing_only() {
        assert_eq!(read("stapler-jam").map(|it| it.0), Some(Failing));
        assert_eq!(finisher_by_number("30208").map(|it| it.0), Some(Failing));
        assert_eq!(finisher_by_number("30212").map(|it| it.0), Some(Precursor));
        assert_eq!(finisher_by_number("808"), None);
        assert_eq!(read("media-path-jam").map(|it| it.0), Some(Failed));
    }

    #[test]
    fn codes_of_the_mib_are_spelled_as_reasons_are() {
        assert_eq!(kebab("inputMediaTrayMissing"), "input-media-tray-missing");
        assert_eq!(kebab("media-jam"), "media-jam");
        let (class, words, _) = read(&kebab("subunitMotorFailure")).unwrap();
        assert_eq!((class, words.as_str()), (Failed, "reports its part with a broken motor"));
    }
}
