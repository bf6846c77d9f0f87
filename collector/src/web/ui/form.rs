//! What a person typed into a form: read once, with every mistake noted beside its field, and
//! shown again as typed.

use askama::{Template, filters::HtmlSafe};
use beforehand_core::calendar::Calendar;
use beforehand_shared::{text::clean, time::Timestamp};
use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive, str::FromStr};

/// As a form arrives.
pub(crate) type Fields = BTreeMap<String, String>;

#[derive(Debug, Default)]
pub(crate) struct Typed {
    values: Fields,
    wrong: BTreeMap<&'static str, String>,
    whole: Option<String>,
}

impl Typed {
    pub(crate) fn new(values: Fields) -> Self {
        Self { values, ..Self::default() }
    }

    /// A form filled in beforehand.
    pub(crate) fn filled<const N: usize>(values: [(&str, String); N]) -> Self {
        Self::new(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// As typed; empty when the field did not come.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub(crate) fn is_right(&self) -> bool {
        self.wrong.is_empty() && self.whole.is_none()
    }

    pub(crate) fn refuse(&mut self, name: &'static str, why: impl Into<String>) {
        self.wrong.entry(name).or_insert_with(|| why.into());
    }

    /// Says what is wrong with the form as a whole.
    pub(crate) fn refuse_whole(&mut self, why: impl Display) {
        self.whole = Some(why.to_string());
    }

    pub(crate) fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// Forgets what must not be sent back, such as passwords.
    pub(crate) fn forget(&mut self, name: &str) {
        self.values.remove(name);
    }

    pub(crate) fn optional(&self, name: &str, max_chars: usize) -> String {
        clean(self.raw(name), max_chars)
    }

    /// Some text; `missing` says what to enter.
    pub(crate) fn text(&mut self, name: &'static str, max_chars: usize, missing: &str) -> String {
        let text = self.optional(name, max_chars);
        if text.is_empty() {
            self.refuse(name, missing);
        }
        text
    }

    /// A whole number or one with a decimal point or comma, within `range`.
    pub(crate) fn number<T>(&mut self, name: &'static str, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Display + Default,
    {
        let typed = self.raw(name).trim().replace(',', ".");
        match typed.parse::<T>() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.refuse(name, format!("Enter a number from {} to {}.", range.start(), range.end()));
                T::default()
            }
        }
    }

    /// An amount such as `1240` or `1,240.50` in minor units.
    pub(crate) fn money(&mut self, name: &'static str) -> i64 {
        minor_units(self.raw(name)).unwrap_or_else(|| {
            self.refuse(name, "Enter an amount such as 1240 or 1240.50.");
            0
        })
    }

    /// A local date and time as browsers send it.
    pub(crate) fn instant(&mut self, name: &'static str, calendar: &Calendar) -> Timestamp {
        match self.raw(name).parse() {
            Ok(local) => calendar.instant(local),
            Err(_) => {
                self.refuse(name, "Enter a date and a time, such as 2026-11-23T14:30.");
                Timestamp::default()
            }
        }
    }

    /// One of a list of words.
    pub(crate) fn choice<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let choice = read(self.raw(name));
        if choice.is_none() {
            self.refuse(name, "Choose one.");
        }
        choice
    }

    pub(crate) fn checked(&self, name: &str) -> bool {
        self.raw(name) == "yes"
    }

    /// The field as it is shown, with what was typed and what is wrong with it.
    pub(crate) fn field(&self, name: &'static str, label: &'static str, kind: Kind) -> Field {
        Field {
            id: format!("f-{name}"),
            name,
            label,
            kind,
            value: self.raw(name).to_owned(),
            hint: "",
            key: "",
            wrong: self.wrong.get(name).cloned(),
        }
    }
}

/// `1,240.50` as 124050; none for what is no amount, or less than nothing.
fn minor_units(typed: &str) -> Option<i64> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ',' && *c != '\'').collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || cents.len() > 2 || !digits(whole) || !digits(cents) {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{cents:0<2}").parse().ok()?)
}

/// What kind of control a field is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// An `input` of that type.
    Input(&'static str),
    NewPassword,
    Lines,
    /// Lines of a long list.
    List,
    /// A file with that ending or type; the form must be sent as `multipart/form-data`.
    File(&'static str),
    Select(Vec<Choice>),
    Check,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self { value: value.into(), name: name.into() }
    }
}

#[derive(Debug, Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    id: String,
    name: &'static str,
    label: &'static str,
    kind: Kind,
    value: String,
    hint: &'static str,
    /// The key that goes to this field.
    key: &'static str,
    wrong: Option<String>,
}

impl HtmlSafe for Field {}

impl Field {
    #[must_use]
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    #[must_use]
    pub(crate) fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// With this value when nothing was typed.
    #[must_use]
    pub(crate) fn or(mut self, value: impl Into<String>) -> Self {
        if self.value.is_empty() {
            self.value = value.into();
        }
        self
    }

    /// Identifiers of the texts that belong to it.
    fn described_by(&self) -> Option<String> {
        let wrong = self.wrong.as_ref().map(|_| format!("{}-wrong", self.id));
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let all: Vec<String> = wrong.into_iter().chain(hint).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, minor) in [("1240", 124_000), ("1,240.5", 124_050), (" 1'240.05 ", 124_005), ("0", 0)] {
            assert_eq!(minor_units(typed), Some(minor), "{typed}");
        }
        for typed in ["", "-5", "1.234", "12a", "9999999999999", "1e5"] {
            assert_eq!(minor_units(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_was_typed_is_kept_and_escaped_beside_its_mistake() {
        let mut typed = Typed::filled([("minutes", "\"><script>".to_owned())]);
        assert_eq!(typed.number::<u32>("minutes", 0..=600), 0);
        let shown = typed.field("minutes", "Minutes", Kind::Input("text")).to_string();
        assert!(!shown.contains("<script>"), "{shown}");
        assert!(shown.contains("aria-invalid") && shown.contains("Enter a number from 0 to 600."), "{shown}");
        assert!(!typed.is_right());
    }
}
