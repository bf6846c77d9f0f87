//! A client's closed days as people bring them: typed, a line for each ([`lines`]), or as a calendar file ([`ics`]).

pub mod ics;
pub mod lines;

use beforehand_core::closed::WHY_CHARS;
use beforehand_shared::text::clean;
use jiff::civil::Date;

const DASHES: [char; 3] = ['-', '–', '—'];

/// Days of the longest closing: more is a mistyped year, and would silence an office for that long.
const LONGEST: i32 = 366;

/// Why it is closed. What it begins with is no dash, so that it is never taken for another date.
fn reason(text: &str) -> String {
    let between = |c: char| c.is_whitespace() || DASHES.contains(&c) || [',', ';', ':'].contains(&c);
    clean(clean(text, usize::MAX).trim_start_matches(between), WHY_CHARS)
}

fn is_too_long(from: Date, to: Date) -> bool {
    from.until(to).map_or(true, |span| span.get_days() >= LONGEST)
}
