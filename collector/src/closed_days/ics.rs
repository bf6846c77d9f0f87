//! Calendar files (RFC 5545) as governments and calendar programs publish public holidays: events of whole days, those
//! that come every year among them. Lines are taken apart by `ical_vcard`; what they say is hostile text.

use super::{is_too_long, reason};
use beforehand_core::closed::{ClosedDays, Closing, MOST};
use ical_vcard::{Contentline, Parser};
use jiff::{
    Span,
    civil::{Date, Weekday},
};

/// The largest file: decades of holidays of a whole country.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Days are taken from the beginning of the year before, from which habits are still learnt, to the end of the year
/// after the next.
const YEARS_BEFORE: i16 = 1;
const YEARS_AFTER: i16 = 2;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("The file is larger than 1 MiB.")]
    TooLarge,
    #[error("This is not a calendar file (.ics): it does not begin with BEGIN:VCALENDAR.")]
    NoCalendar,
    #[error("The calendar file ends before its end. Fetch it again.")]
    CutOff,
    #[error("The file has no event of a whole day from last year to the year after next.")]
    NoDays,
    #[error(
        "With the file they are more than {MOST} closed days. Choose a calendar of one region, or leave out what is long past."
    )]
    TooMany,
}

/// What was found in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub closings: Vec<Closing>,
    /// Names of events that come again by a rule that is not understood: only their first day is among the others.
    pub not_understood: Vec<String>,
}

/// What a client's days are with those of a file, and how many entries that adds.
///
/// # Errors
/// As [`read`].
pub fn add(days: &ClosedDays, file: &[u8], today: Date) -> Result<(ClosedDays, usize, Vec<String>), Wrong> {
    let Found { closings, not_understood } = read(file, today)?;
    let all = ClosedDays::new(days.iter().cloned().chain(closings).collect()).map_err(|_| Wrong::TooMany)?;
    let more = all.iter().count().saturating_sub(days.iter().count());
    Ok((all, more, not_understood))
}

/// # Errors
/// Says for people what is wrong with the file.
pub fn read(file: &[u8], today: Date) -> Result<Found, Wrong> {
    if file.len() > MOST_BYTES {
        return Err(Wrong::TooLarge);
    }
    let reach = (today.year() - YEARS_BEFORE)..=(today.year() + YEARS_AFTER);
    let mut found = Found { closings: Vec::new(), not_understood: Vec::new() };
    for event in events(file)? {
        let Some(first) = event.closing() else { continue };
        let starts = match event.rule.as_deref().map(|rule| Rule::of(rule, first.from)) {
            Some(Some(rule)) => rule.starts(first.from, *reach.end()),
            Some(None) => {
                found.not_understood.push(first.why.clone());
                vec![first.from]
            }
            None => vec![first.from],
        };
        let length = first.from.until(first.to).unwrap_or_default();
        let near = starts.into_iter().filter(|start| reach.contains(&start.year()) && !event.except.contains(start));
        found.closings.extend(near.map(|from| Closing { from, to: from.saturating_add(length), ..first.clone() }));
        if found.closings.len() > MOST {
            return Err(Wrong::TooMany);
        }
    }
    if found.closings.is_empty() { Err(Wrong::NoDays) } else { Ok(found) }
}

/// The events of the file, each with what it says itself and not what an alarm in it says.
fn events(file: &[u8]) -> Result<Vec<Event>, Wrong> {
    // Of another encoding only names suffer.
    let text = String::from_utf8_lossy(file);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let mut begun = false;
    let mut open: Vec<String> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    for line in Parser::new(text.as_bytes()) {
        let line = match line {
            Ok(line) => line,
            Err(_) if !begun => return Err(Wrong::NoCalendar),
            // A line that is none says nothing.
            Err(_) => continue,
        };
        let (name, value) = (line.name().to_ascii_uppercase(), line.value().trim().to_ascii_uppercase());
        match name.as_str() {
            "BEGIN" if begun || value == "VCALENDAR" => {
                begun = true;
                events.extend((value == "VEVENT").then(Event::default));
                open.push(value);
            }
            "END" if open.last() == Some(&value) => drop(open.pop()),
            _ if !begun => return Err(Wrong::NoCalendar),
            _ if open.last().is_some_and(|part| part == "VEVENT") => {
                events.last_mut().into_iter().for_each(|event| event.take(&name, &line));
            }
            _ => {}
        }
    }
    match (begun, open.is_empty()) {
        (false, _) => Err(Wrong::NoCalendar),
        (true, false) => Err(Wrong::CutOff),
        (true, true) => Ok(events),
    }
}

#[derive(Debug, Default)]
struct Event {
    start: Option<Date>,
    /// The day after the last.
    end: Option<Date>,
    length: Option<Span>,
    summary: String,
    rule: Option<String>,
    except: Vec<Date>,
    cancelled: bool,
}

impl Event {
    fn take(&mut self, name: &str, line: &Contentline) {
        let value = line.value().trim();
        match name {
            "DTSTART" => self.start = whole_day(value),
            "DTEND" => self.end = whole_day(value),
            "DURATION" => self.length = value.parse().ok(),
            "SUMMARY" => self.summary = reason(&unescaped(value)),
            "RRULE" => self.rule = Some(value.to_ascii_uppercase()),
            "EXDATE" => self.except.extend(value.split(',').filter_map(whole_day)),
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }

    /// Nothing for what is not of whole days, was cancelled, or lasts for more than a year.
    fn closing(&self) -> Option<Closing> {
        let from = self.start.filter(|_| !self.cancelled)?;
        let end = self.end.or_else(|| from.checked_add(self.length?).ok());
        // Some programs write the first day for the one after the last.
        let to = end.and_then(|end| end.yesterday().ok()).map_or(from, |to| to.max(from));
        (!is_too_long(from, to)).then(|| Closing { from, to, why: self.summary.clone() })
    }
}

/// `20261225`; nothing for an instant.
fn whole_day(value: &str) -> Option<Date> {
    let is_day = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    Date::strptime("%Y%m%d", value).ok().filter(|_| is_day)
}

/// Text as it was before RFC 5545, section 3.3.11.
fn unescaped(value: &str) -> String {
    let mut chars = value.chars();
    let mut text = String::with_capacity(value.len());
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|c| if c == 'n' || c == 'N' { ' ' } else { c })),
            c => text.push(c),
        }
    }
    text
}

/// Every year, or every so many, on the same date or on a weekday of a month.
struct Rule {
    every: i16,
    until: Date,
    count: usize,
    month: i8,
    weekday: Option<(i8, Weekday)>,
}

impl Rule {
    /// Of `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`; nothing for a rule that says anything else.
    fn of(text: &str, start: Date) -> Option<Self> {
        let mut rule = Self { every: 1, until: Date::MAX, count: usize::MAX, month: start.month(), weekday: None };
        let mut yearly = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            match part.split_once('=')? {
                ("FREQ", freq) => yearly = freq == "YEARLY",
                ("INTERVAL", every) => rule.every = every.parse().ok().filter(|every| *every > 0)?,
                ("UNTIL", until) => rule.until = whole_day(until.get(..8)?)?,
                ("COUNT", count) => rule.count = count.parse().ok()?,
                ("BYMONTH", month) => rule.month = month.parse().ok().filter(|month| (1..=12).contains(month))?,
                ("BYMONTHDAY", day) if day.parse() == Ok(start.day()) => {}
                ("BYDAY", day) => rule.weekday = Some(nth_weekday(day)?),
                ("WKST", _) => {}
                _ => return None,
            }
        }
        yearly.then_some(rule)
    }

    /// First days up to the end of the year `last`.
    fn starts(&self, start: Date, last: i16) -> Vec<Date> {
        let years = (start.year()..=last).step_by(usize::from(self.every.unsigned_abs()));
        let day = |year: i16| match self.weekday {
            Some((nth, weekday)) => Date::new(year, self.month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
            None => Date::new(year, self.month, start.day()).ok(),
        };
        years
            .filter_map(day)
            .filter(|day| *day >= start)
            .take(self.count)
            .take_while(|day| *day <= self.until)
            .collect()
    }
}

/// `4TH`, `-1MO`.
fn nth_weekday(text: &str) -> Option<(i8, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    Some((nth.parse().ok()?, weekday))
}

#[cfg(test)]
mod tests {
    use super::{super::lines, *};
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::{fs, path::Path};

    const TODAY: Date = date(2026, 11, 27);

    /// `testdata/<case>.ics` says what `<case>.txt` holds.
    fn said(file: &[u8]) -> String {
        match read(file, TODAY) {
            Ok(found) => {
                let not = found.not_understood.iter().map(|why| format!("not understood: {why}\n"));
                lines::typed(&ClosedDays::new(found.closings).unwrap()) + &not.collect::<String>()
            }
            Err(wrong) => format!("{wrong}\n"),
        }
    }

    #[test]
    fn every_calendar_is_read_as_the_text_beside_it_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/closed_days/testdata");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let calendars: Vec<_> = files.filter(|path| path.extension().is_some_and(|it| it == "ics")).collect();
        assert!(calendars.len() >= 8, "only {}", calendars.len());
        for calendar in calendars {
            let expected = calendar.with_extension("txt");
            let said = said(&fs::read(&calendar).unwrap());
            if std::env::var_os("BLESS").is_some() {
                fs::write(&expected, &said).unwrap();
            }
            assert_eq!(said, fs::read_to_string(&expected).unwrap_or_default(), "{}", calendar.display());
        }
    }

    fn calendar(events: usize) -> String {
        let event = |n: usize| {
            format!("BEGIN:VEVENT\r\nDTSTART:2027{:02}{:02}\r\nSUMMARY:{n}\r\nEND:VEVENT\r\n", n % 12 + 1, n % 28 + 1)
        };
        format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", (0..events).map(event).collect::<String>())
    }

    #[test]
    fn five_hundred_events_and_a_mebibyte_are_taken_and_no_more() {
        assert_eq!(read(calendar(500).as_bytes(), TODAY).unwrap().closings.len(), 500);
        assert_eq!(read(calendar(501).as_bytes(), TODAY), Err(Wrong::TooMany));
        let mut file = calendar(1);
        let fill = MOST_BYTES - file.len();
        file.push_str(&"\r\n".repeat(fill.div_ceil(2)));
        file.truncate(MOST_BYTES);
        assert!(read(file.as_bytes(), TODAY).is_ok());
        file.push(' ');
        assert_eq!(read(file.as_bytes(), TODAY), Err(Wrong::TooLarge));
    }

    proptest! {
        #[test]
        fn no_file_breaks_it(
            lines in prop::collection::vec(
                prop_oneof![
                    Just("BEGIN:VEVENT".to_owned()), Just("END:VEVENT".to_owned()), Just("END:VCALENDAR".to_owned()),
                    "(DTSTART|DTEND|EXDATE|DURATION|SUMMARY|RRULE)[:;=A-Z0-9\\-]{0,40}",
                    "RRULE:FREQ=YEARLY;(COUNT|UNTIL|INTERVAL|BYDAY|BYMONTH)=[-0-9A-Z]{0,9}",
                    "(DTSTART|DTEND):[0-9]{8}", "\\PC{0,40}",
                ],
                0..30,
            )
        ) {
            let _ = read(format!("BEGIN:VCALENDAR\r\n{}", lines.join("\r\n")).as_bytes(), TODAY);
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, TODAY);
        }
    }
}
