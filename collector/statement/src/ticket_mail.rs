//! The mail about one ticket: what, where, by when, how sure, what to do.

use crate::{
    mail::{MailBody, html},
    plain::Page,
    words::{cut, name, paragraph},
};
use askama::Template;
use beforehand_core::finding::Severity;

/// What happened to the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketNews {
    Opened,
    Worse,
    Cleared,
}

/// All that the mail says. Texts come from outside; they are cleaned and escaped here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketMail {
    pub news: TicketNews,
    pub severity: Severity,
    pub number: i64,
    /// Such as `Drive D: will be full between 3 and 9 December (80 %).`
    pub sentence: String,
    pub client: String,
    pub simulated: bool,
    pub site: String,
    pub asset: String,
    /// Such as `between 3 and 9 December`; nothing when the finding says no date.
    pub by_when: Option<String>,
    /// Such as `80 % sure; this rule was right 17 of 19 times`.
    pub how_sure: Option<String>,
    /// In order.
    pub steps: Vec<String>,
    /// What was measured: label and value.
    pub facts: Vec<(String, String)>,
    /// Absolute address of the ticket in the console; shown only when it is http or https.
    pub link: String,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct Words {
    subject: String,
    colour: &'static str,
    what_is_new: &'static str,
    client: String,
    simulated: bool,
    number: i64,
    sentence: String,
    /// Label and text.
    rows: Vec<(&'static str, String)>,
    steps: Vec<String>,
    facts: Vec<(String, String)>,
    link: String,
}

/// The mail's subject and both bodies.
pub fn ticket_mail(ticket: &TicketMail) -> MailBody {
    let words = Words::of(ticket);
    MailBody { text: words.text(), html: html(&words), subject: words.subject }
}

impl Words {
    fn of(ticket: &TicketMail) -> Self {
        let sentence = paragraph(&ticket.sentence);
        let mark = if ticket.simulated { "[simulated] " } else { "" };
        let new = match ticket.news {
            TicketNews::Opened => "",
            TicketNews::Worse => "Worse: ",
            TicketNews::Cleared => "Over: ",
        };
        let is_web = ticket.link.starts_with("https://") || ticket.link.starts_with("http://");
        let is_open = ticket.news != TicketNews::Cleared;
        Self {
            subject: format!("{mark}{}: {new}{}", cut(&ticket.client, 40), cut(&ticket.sentence, 110)),
            colour: colour(ticket),
            what_is_new: what_is_new(ticket),
            client: name(&ticket.client),
            simulated: ticket.simulated,
            number: ticket.number,
            sentence,
            rows: rows(ticket),
            steps: ticket.steps.iter().filter(|_| is_open).map(|step| paragraph(step)).collect(),
            facts: ticket.facts.iter().map(|(label, value)| (name(label), name(value))).collect(),
            link: if is_web { cut(&ticket.link, 500) } else { String::new() },
        }
    }

    fn text(&self) -> String {
        let mut page = Page::default();
        let simulated = if self.simulated { " (simulated)" } else { "" };
        page.paragraph(&self.sentence);
        page.gap();
        page.paragraph(&format!("{} · {}{simulated} · ticket {}", self.what_is_new, self.client, self.number));
        for (label, text) in &self.rows {
            page.paragraph(&format!("{label}: {text}"));
        }
        if !self.steps.is_empty() {
            page.heading("What to do");
        }
        for (index, step) in self.steps.iter().enumerate() {
            page.item(&format!("{}.", index + 1), step);
        }
        if !self.facts.is_empty() {
            page.heading("What was measured");
        }
        for (label, value) in &self.facts {
            page.paragraph(&format!("{label}: {value}"));
        }
        page.gap();
        page.line(&self.link);
        page.finish()
    }
}

fn rows(ticket: &TicketMail) -> Vec<(&'static str, String)> {
    let rows = [
        ("Where", Some(format!("{}, {}", name(&ticket.asset), name(&ticket.site)))),
        ("By when", ticket.by_when.as_deref().map(paragraph)),
        ("How sure", ticket.how_sure.as_deref().map(paragraph)),
    ];
    rows.into_iter().filter_map(|(label, text)| Some((label, text?))).filter(|(_, text)| !text.is_empty()).collect()
}

const fn what_is_new(ticket: &TicketMail) -> &'static str {
    match (ticket.news, ticket.severity) {
        (TicketNews::Cleared, _) => "It is over",
        (TicketNews::Opened, Severity::Act) => "Act now",
        (TicketNews::Opened, _) => "Needs a person soon",
        (TicketNews::Worse, Severity::Act) => "It got worse: act now",
        (TicketNews::Worse, _) => "It got worse",
    }
}

const fn colour(ticket: &TicketMail) -> &'static str {
    match (ticket.news, ticket.severity) {
        (TicketNews::Cleared, _) | (_, Severity::Quiet) => "#4d8a5e",
        (_, Severity::Act) => "#d0453b",
        (_, Severity::Soon) => "#b87514",
        (_, Severity::Watch) => "#8a67b8",
        (_, Severity::Blind) => "#7c848e",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> TicketMail {
        TicketMail {
            news: TicketNews::Opened,
            severity: Severity::Soon,
            number: 41,
            sentence: "Drive D: on FRONTDESK will be full between 3 and 9 December (80 %).".to_owned(),
            client: "Harbour Dental".to_owned(),
            simulated: true,
            site: "Hafenstrasse".to_owned(),
            asset: "Drive D: on FRONTDESK".to_owned(),
            by_when: Some("between 3 and 9 December".to_owned()),
            how_sure: Some("80 %; this rule was right 17 of 19 times".to_owned()),
            steps: vec!["Move C:\\Scans to the archive.".to_owned(), "Ask who writes there.".to_owned()],
            facts: vec![("Free".to_owned(), "12 GB".to_owned())],
            link: "https://it.example/tickets/41".to_owned(),
        }
    }

    #[test]
    fn the_mail_says_what_where_by_when_how_sure_and_what_to_do() {
        let mail = ticket_mail(&ticket());
        assert_eq!(
            mail.subject,
            "[simulated] Harbour Dental: Drive D: on FRONTDESK will be full between 3 and 9 December (80 %)."
        );
        for said in
            ["Hafenstrasse", "between 3 and 9 December", "17 of 19", "Ask who writes there.", "12 GB", "/tickets/41"]
        {
            assert!(mail.text.contains(said), "plain text lacks {said}");
            assert!(mail.html.contains(said), "HTML lacks {said}");
        }
    }

    #[test]
    fn a_cleared_ticket_asks_for_nothing() {
        let mail = ticket_mail(&TicketMail { news: TicketNews::Cleared, ..ticket() });
        assert!(mail.subject.contains("Over: "));
        assert!(!mail.text.contains("What to do"));
    }

    #[test]
    fn hostile_text_stays_text_and_hostile_links_vanish() {
        let evil = "<img src=x onerror=alert(1)>\r\nBcc: all@example.org";
        let mail = ticket_mail(&TicketMail {
            sentence: evil.to_owned(),
            client: evil.to_owned(),
            link: "javascript:alert(1)".to_owned(),
            ..ticket()
        });
        assert!(!mail.html.contains("<img") && !mail.html.contains("javascript:"));
        assert!(!mail.subject.contains(['\r', '\n']));
        assert!(!mail.text.contains("\nBcc:"));
    }
}
