//! Closed days as they are typed: `2026-12-25 Christmas Day` or `2026-12-24 – 2027-01-01 Between the years`.

use super::{DASHES, is_too_long, reason};
use beforehand_core::closed::{ClosedDays, Closing, TooMany};
use jiff::civil::Date;

/// What is wrong, and in which line, counted from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("Line {0}: begin with a date such as 2026-12-25.")]
    NoDate(usize),
    #[error("Line {0}: the last day lies before the first.")]
    Backwards(usize),
    #[error("Line {0}: that is longer than a year. Is the year right?")]
    TooLong(usize),
    #[error(transparent)]
    TooMany(#[from] TooMany),
}

/// # Errors
/// Names the first line that is wrong.
pub fn read(text: &str) -> Result<ClosedDays, Wrong> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let closings: Vec<Closing> = lines.map(|(line, number)| closing(line, number)).collect::<Result<_, _>>()?;
    Ok(ClosedDays::new(closings)?)
}

fn closing(line: &str, number: usize) -> Result<Closing, Wrong> {
    let (from, rest) = date(line).ok_or(Wrong::NoDate(number))?;
    let second = rest.trim_start().strip_prefix(DASHES).and_then(date);
    let (to, why) = second.unwrap_or((from, rest));
    if to < from {
        return Err(Wrong::Backwards(number));
    }
    if is_too_long(from, to) {
        return Err(Wrong::TooLong(number));
    }
    Ok(Closing { from, to, why: reason(why) })
}

/// The date with which the text begins, and what follows.
fn date(text: &str) -> Option<(Date, &str)> {
    let (date, rest) = text.trim_start().split_at_checked("2026-12-25".len())?;
    let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric());
    Some((date.parse().ok().filter(|_| ends)?, rest))
}

/// As it would be typed.
pub fn typed(days: &ClosedDays) -> String {
    days.iter().map(|it| format!("{} {}", dates(it), it.why).trim_end().to_owned() + "\n").collect()
}

fn dates(closing: &Closing) -> String {
    let (from, to) = (closing.from, closing.to);
    if from == to { from.to_string() } else { format!("{from} – {to}") }
}

/// For people: `25 December 2026: Christmas Day`, `24 December 2026 to 1 January 2027: Between the years`.
pub fn words(closing: &Closing) -> String {
    let words = |day: Date| day.strftime("%-d %B %Y").to_string();
    let days = if closing.from == closing.to {
        words(closing.from)
    } else {
        format!("{} to {}", words(closing.from), words(closing.to))
    };
    if closing.why.is_empty() { days } else { format!("{days}: {}", closing.why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_day_or_two_with_a_dash_between_and_why() {
        for (line, kept) in [
            ("2026-12-25 Christmas Day", "2026-12-25 Christmas Day"),
            ("  2026-12-25:  Christmas Day ", "2026-12-25 Christmas Day"),
            ("2026-12-25 - Christmas Day", "2026-12-25 Christmas Day"),
            ("2026-12-25", "2026-12-25"),
            ("2026-12-24 – 2027-01-01 Between the years", "2026-12-24 – 2027-01-01 Between the years"),
            ("2026-12-24-2027-01-01 Between the years", "2026-12-24 – 2027-01-01 Between the years"),
            ("2026-12-24 — 2027-01-01", "2026-12-24 – 2027-01-01"),
            ("2026-12-24 – 2026-12-24 Eve", "2026-12-24 Eve"),
            ("\n\n", ""),
        ] {
            assert_eq!(typed(&read(line).unwrap()).trim_end(), kept, "{line}");
        }
    }

    #[test]
    fn what_is_typed_stays_the_same_when_it_is_typed_again() {
        let text = "2026-05-25 Whit Monday\n2026-12-24 – 2027-01-01 Between the years\n2026-12-25 Christmas Day\n";
        assert_eq!(typed(&read(text).unwrap()), text);
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        for (text, wrong) in [
            ("2026-12-25\n\nChristmas", Wrong::NoDate(3)),
            ("25.12.2026 Christmas", Wrong::NoDate(1)),
            ("2026-02-30 Never", Wrong::NoDate(1)),
            ("2026-12-251 Christmas", Wrong::NoDate(1)),
            ("2026-12-2é", Wrong::NoDate(1)),
            ("2026-12-25 – 2026-12-24", Wrong::Backwards(1)),
            ("2026-01-01\n2026-12-24 – 2062-01-01", Wrong::TooLong(2)),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
        assert!(read("2026-01-01 – 2027-01-01").is_ok());
    }

    #[test]
    fn people_read_dates_in_words() {
        let days = read("2026-12-24 – 2027-01-01 Between the years\n2026-12-25").unwrap();
        let words: Vec<String> = days.iter().map(words).collect();
        assert_eq!(words, ["24 December 2026 to 1 January 2027: Between the years", "25 December 2026"]);
    }
}
