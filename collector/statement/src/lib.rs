//! DRAWS: charts, the monthly statement as PDF and mail, the sheet about a line, and the mails about tickets. Pure: the
//! same input gives the same bytes; nothing here reads a clock, a file or a socket.
//!
//! Reading order: [`words`] turns instants and amounts into text; [`chart`] draws; `view` says what
//! a statement tells, once, for every form of it; [`pdf`], [`mail`] and [`ticket_mail`] set it. [`line_sheet`] is a
//! document of its own.

pub mod chart;
pub mod fonts;
mod mail;
mod pdf;
mod plain;
mod sheet;
mod ticket_mail;
mod view;
pub mod words;

pub use mail::{MailBody, mail};
pub use pdf::{RenderError, pdf};
pub use sheet::{LineSheet, line_sheet};
pub use ticket_mail::{TicketMail, TicketNews, ticket_mail};
