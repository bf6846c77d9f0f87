//! The mail about one ticket: what, where, by when, how sure, what to do.

use crate::mail::MailBody;
use beforehand_core::finding::Severity;

/// What happened to the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketNews {
    Opened,
    Worse,
    Cleared,
}

/// All that the mail says. Texts come from outside and are escaped here.
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
    /// Absolute address of the ticket in the console.
    pub link: String,
}

/// The mail's subject and both bodies.
pub fn ticket_mail(ticket: &TicketMail) -> MailBody {
    let _ = ticket;
    MailBody::default()
}
