//! One mail to one address: plain text and HTML with the same words, and what is attached.

use super::MailError;
use crate::random;
use beforehand_shared::{text::clean, time::Timestamp};
use beforehand_store::{Attachment, OutboxItem};
use lettre::message::{Mailbox, MultiPart, SinglePart, header::ContentType};
use std::time::{Duration, UNIX_EPOCH};

/// Longest subject that mail programs show.
const SUBJECT_CHARS: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same for the same mail, so that a server or reader can tell a repetition.
    pub key: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub made_at: Timestamp,
}

impl Message {
    pub fn of(item: &OutboxItem) -> Self {
        let client = item.client.map(|client| client.to_string()).unwrap_or_default();
        Self {
            key: format!("{client}:{}", item.key),
            to: item.to.clone(),
            subject: item.subject.clone(),
            text: item.text.clone(),
            html: item.html.clone(),
            attachments: item.attachments.clone(),
            made_at: item.made_at,
        }
    }

    pub(super) fn build(&self, from: &str) -> Result<lettre::Message, MailError> {
        let from = mailbox(from)?;
        let id = format!("<{}@{}>", self.fingerprint(), from.email.domain());
        let builder = lettre::Message::builder()
            .from(from)
            .to(mailbox(&self.to)?)
            .subject(clean(&self.subject, SUBJECT_CHARS))
            .message_id(Some(id))
            .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(self.made_at.0).unwrap_or_default()));
        let bodies = match &self.html {
            Some(html) => MultiPart::alternative_plain_html(self.text.clone(), html.clone()),
            None => MultiPart::mixed().singlepart(SinglePart::plain(self.text.clone())),
        };
        if self.attachments.is_empty() {
            return Ok(builder.multipart(bodies)?);
        }
        let mixed = MultiPart::mixed().multipart(bodies);
        Ok(builder.multipart(self.attachments.iter().fold(mixed, |mail, file| mail.singlepart(attached(file))))?)
    }

    /// Name of the mail's file: later ones sort later.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}.eml", self.made_at.0, &self.fingerprint()[..16])
    }

    fn fingerprint(&self) -> String {
        random::sha256(format!("{}\n{}", self.key, self.to).as_bytes())[..40].to_owned()
    }
}

/// Nothing from outside can start another header: addresses are parsed, and a subject has no
/// control characters left.
fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    let wrong = |why: String| MailError::Address { address: clean(text, 120), why };
    if text.chars().any(char::is_control) {
        return Err(wrong("it contains a control character".to_owned()));
    }
    text.parse().map_err(|error: lettre::address::AddressError| wrong(error.to_string()))
}

fn attached(file: &Attachment) -> SinglePart {
    let kind = ContentType::parse(&file.mime).unwrap_or(ContentType::TEXT_PLAIN);
    let name = clean(&file.name, 120).replace(['"', '\\', '/'], "_");
    lettre::message::Attachment::new(name).body(file.bytes.clone(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            key: "statement:2026-11:owner@client.example".to_owned(),
            to: "Olive Owner <owner@client.example>".to_owned(),
            subject: "November: 2 proven".to_owned(),
            text: "plain words".to_owned(),
            html: Some("<p>plain words</p>".to_owned()),
            attachments: vec![Attachment {
                name: "November.pdf".to_owned(),
                mime: "application/pdf".to_owned(),
                bytes: b"%PDF-1.7".to_vec(),
            }],
            made_at: Timestamp(1_795_424_400_000),
        }
    }

    fn formatted(message: &Message) -> String {
        String::from_utf8(message.build("Provider <it@provider.example>").unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_has_both_bodies_its_attachment_and_the_date_it_was_made() {
        let mail = formatted(&message());
        for part in [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "application/pdf",
            "November.pdf",
            "Date: Mon, 23 Nov 2026 09:00:00",
        ] {
            assert!(mail.contains(part), "{part} is missing in\n{mail}");
        }
    }

    #[test]
    fn the_same_mail_has_the_same_identity() {
        let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
        assert_eq!(id(&formatted(&message())), id(&formatted(&message())));
        assert_eq!(message().file_name(), message().file_name());
    }

    #[test]
    fn nothing_from_outside_starts_another_header() {
        let mut hostile = message();
        hostile.subject = "Hello\r\nBcc: victim@elsewhere.example\r\n\r\nbody".to_owned();
        let mail = formatted(&hostile);
        assert!(!mail.lines().any(|line| line.starts_with("Bcc:")), "{mail}");
        hostile.to = "a@b.example\r\nBcc: victim@elsewhere.example".to_owned();
        assert!(matches!(hostile.build("it@provider.example"), Err(MailError::Address { .. })));
    }
}
