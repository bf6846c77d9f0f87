//! Mails leave the collector here: by SMTP, as files, or not at all.

mod message;
mod smtp;

pub use message::Message;

use crate::config::{Config, MailMode};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::{io, path::PathBuf, sync::Arc};

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("{address:?} is not a mail address: {why}")]
    Address { address: String, why: String },
    #[error("the mail cannot be put together: {0}")]
    Form(#[from] lettre::error::Error),
    #[error("the mail server did not take it: {0}")]
    Refused(String),
    #[error("the mail server is not set up right: {0}")]
    Setup(String),
    #[error("cannot write {}: {why}", file.display())]
    File { file: PathBuf, why: io::Error },
    #[error("mail is switched off")]
    Off,
}

#[derive(Clone)]
pub struct Mailer {
    from: Arc<str>,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Off,
    Files(Arc<PathBuf>),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// # Errors
    /// When the password file cannot be read or the mail server's name is none.
    pub fn new(config: &Config) -> Result<Self, MailError> {
        let way = match config.mail.mode {
            MailMode::Off => Way::Off,
            MailMode::Files => Way::Files(Arc::new(config.server.state.join(&config.mail.folder))),
            MailMode::Smtp => Way::Smtp(smtp::transport(&config.mail.smtp)?),
        };
        Ok(Self { from: config.mail.from.as_str().into(), way })
    }

    pub fn is_off(&self) -> bool {
        matches!(self.way, Way::Off)
    }

    /// Comes back when the mail is with the server, or in its file. Writing the file of the same
    /// mail again replaces it.
    ///
    /// # Errors
    /// When it is not.
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let mail = message.build(&self.from)?;
        match &self.way {
            Way::Off => Err(MailError::Off),
            Way::Files(folder) => write(folder.join(message.file_name()), mail.formatted()).await,
            Way::Smtp(server) => {
                server.send(mail).await.map_err(|error| MailError::Refused(error.to_string()))?;
                Ok(())
            }
        }
    }
}

/// Under another name first, so that a reader of the folder never sees half a mail.
async fn write(file: PathBuf, bytes: Vec<u8>) -> Result<(), MailError> {
    let half = file.with_extension("part");
    let wrong = |why| MailError::File { file: file.clone(), why };
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(wrong)?;
    }
    tokio::fs::write(&half, bytes).await.map_err(wrong)?;
    tokio::fs::rename(&half, &file).await.map_err(wrong)
}
