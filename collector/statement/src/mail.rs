//! The monthly statement as a mail: plain text and HTML with the same words.

use beforehand_core::month::{MonthFigures, MonthInput};

/// Both bodies of a mail, and its subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailBody {
    /// One line, without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The mail that carries the statement; the PDF travels beside it.
pub fn mail(input: &MonthInput, figures: &MonthFigures) -> MailBody {
    let _ = (input, figures);
    MailBody::default()
}
