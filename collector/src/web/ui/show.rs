//! Small things that many pages show. The types here with [`HtmlSafe`] are the only ones whose
//! text reaches a page unescaped; what they take from outside they escape themselves.

use askama::{Template, filters::HtmlSafe};
use beforehand_core::{
    asset::AssetId,
    calendar::{Calendar, duration_words},
    finding::Severity,
    site::Client,
};
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
use std::fmt;

/// A severity as shape and word; the word may say more than the severity's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) severity: Severity,
    pub(crate) word: &'static str,
}

impl Mark {
    pub(crate) const fn of(severity: Severity) -> Self {
        Self { severity, word: severity.word() }
    }

    /// The shape for `severity` beside a word of the page's own.
    pub(crate) const fn named(severity: Severity, word: &'static str) -> Self {
        Self { severity, word }
    }

    /// Each shape differs in outline, not only in colour.
    const fn shape(&self) -> &'static str {
        match self.severity {
            Severity::Act => r#"<path d="M6 1 11.4 11H.6z" stroke="none"/>"#,
            Severity::Soon => r#"<path d="M6 .6 11.4 6 6 11.4.6 6z" stroke="none"/>"#,
            Severity::Watch => r#"<circle cx="6" cy="6" r="4.2" stroke="none"/>"#,
            Severity::Quiet => r#"<path d="M1.5 6.5 4.5 9.5 10.5 2.5" fill="none" stroke-width="2"/>"#,
            Severity::Blind => r#"<circle cx="6" cy="6" r="4.5" fill="none" stroke-dasharray="2.2 2"/>"#,
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (class, shape, word) = (self.severity.word(), self.shape(), self.word);
        write!(
            f,
            r#"<span class="mark {class}"><svg viewBox="0 0 12 12" aria-hidden="true">{shape}</svg>{word}</span>"#
        )
    }
}

impl HtmlSafe for Mark {}

/// A client's name as a link. One that is made up says so wherever it stands.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<a href="{{ href }}">{{ name }}</a>{% if simulated %} <span class="made-up">simulated</span>{% endif %}"#
)]
pub(crate) struct ClientRef {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) simulated: bool,
}

impl HtmlSafe for ClientRef {}

impl From<&Client> for ClientRef {
    fn from(client: &Client) -> Self {
        Self { name: client.name.clone(), href: client_href(client.id), simulated: client.simulated }
    }
}

/// The client's name where no link can stand.
pub(crate) fn plain_name(client: &Client) -> String {
    if client.simulated { format!("{} (simulated)", client.name) } else { client.name.clone() }
}

/// Our own drawings; the statement crate escapes what it puts into them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture(pub(crate) String);

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Picture {}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) name: String,
}

impl Link {
    pub(crate) fn new(href: impl Into<String>, name: impl Into<String>) -> Self {
        Self { href: href.into(), name: name.into() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A list of facts from pairs.
pub(crate) fn facts<const N: usize>(pairs: [(&str, String); N]) -> Vec<Fact> {
    let known = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(label, value)| Fact { label: label.to_owned(), value }).collect()
}

/// The present in a client's time zone, and how instants are said from there.
pub(crate) struct Present {
    pub(crate) now: Timestamp,
    pub(crate) calendar: Calendar,
}

impl Present {
    pub(crate) fn new(now: Timestamp, zone: &str) -> Self {
        Self { now, calendar: Calendar::new(zone) }
    }

    /// `today 14:05`, `12 Nov 09:40`.
    pub(crate) fn at(&self, instant: Timestamp) -> String {
        if self.calendar.local(instant).date() == self.calendar.local(self.now).date() {
            return format!("today {}", self.calendar.clock(instant));
        }
        if self.calendar.local(instant).year() == self.calendar.local(self.now).year() {
            return self.calendar.day_time(instant);
        }
        self.calendar.local(instant).strftime("%-d %b %Y").to_string()
    }

    /// `12 Nov 2026`.
    pub(crate) fn day(&self, instant: Timestamp) -> String {
        self.calendar.local(instant).strftime("%-d %b %Y").to_string()
    }

    /// `3 minutes ago`.
    pub(crate) fn ago(&self, instant: Timestamp) -> String {
        let length = self.now.since(instant);
        if length < Millis::MINUTE { "now".to_owned() } else { format!("{} ago", duration_words(length)) }
    }

    /// `Friday to 2 December`, or the one day it is.
    fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let (first, last) = (self.calendar.date_words(from, self.now), self.calendar.date_words(to, self.now));
        if first == last { first } else { format!("{first} to {last}") }
    }

    /// For the `datetime` attribute.
    pub(crate) fn iso(&self, instant: Timestamp) -> String {
        self.calendar.local(instant).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// When an incident is expected: from its 10 % to its 90 % date, as far as they are known.
    pub(crate) fn by_when(&self, q10: Option<Timestamp>, q90: Option<Timestamp>) -> String {
        match (q10, q90) {
            (Some(from), _) if from <= self.now => "any time now".to_owned(),
            (Some(from), Some(to)) => self.span(from, to),
            (Some(from), None) => format!("{} or later", self.calendar.date_words(from, self.now)),
            (None, _) => String::new(),
        }
    }
}

pub(crate) fn client_href(client: ClientId) -> String {
    format!("/clients/{client}")
}

pub(crate) fn ticket_href(client: ClientId, number: i64) -> String {
    format!("/tickets/{client}/{number}")
}

pub(crate) fn asset_href(client: ClientId, asset: &AssetId) -> String {
    // What a site shares stands on the page of the site.
    if let Some(site) = asset.site() {
        return super::sites::href(client, site);
    }
    match (asset.kind(), asset.host()) {
        (Some(beforehand_shared::asset::AssetKind::Host), Some(host)) => format!("/hosts/{client}/{host}"),
        // A supply stands on the page of its printer.
        _ => format!("/assets/{client}/{}", encode(&asset.printer().as_ref().unwrap_or(asset).0)),
    }
}

/// `text` as one segment of a path or one value of a query (RFC 3986, unreserved characters stay).
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_client_name_stays_text() {
        let name = r#"<script>alert(1)</script>" onmouseover="x"#.to_owned();
        let shown = ClientRef { name, href: "/clients/1".to_owned(), simulated: true }.to_string();
        assert!(!shown.contains("<script") && !shown.contains("\" onmouseover"), "{shown}");
        assert!(shown.contains("simulated"));
    }

    #[test]
    fn a_path_within_an_asset_is_one_segment_of_its_address() {
        assert_eq!(encode("volume:1:/var/log é"), "volume%3A1%3A%2Fvar%2Flog%20%C3%A9");
    }

    #[test]
    fn dates_already_begun_are_not_given_as_future() {
        let present = Present::new(Timestamp(1_000_000_000_000), "UTC");
        assert_eq!(present.by_when(Some(Timestamp(999_999_000_000)), None), "any time now");
        assert_eq!(present.by_when(None, None), "");
    }
}
