//! The connection to a mail server.

use super::MailError;
use crate::config::{Security, Smtp};
use lettre::{AsyncSmtpTransport, Tokio1Executor, transport::smtp::authentication::Credentials};
use std::{fs, time::Duration};

const ANSWER_WITHIN: Duration = Duration::from_secs(30);

pub(super) fn transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    type Transport = AsyncSmtpTransport<Tokio1Executor>;
    let wrong = |error: lettre::transport::smtp::Error| MailError::Setup(error.to_string());
    let builder = match smtp.security {
        Security::Starttls => Transport::starttls_relay(&smtp.host).map_err(wrong)?,
        Security::Tls => Transport::relay(&smtp.host).map_err(wrong)?,
        Security::None => Transport::builder_dangerous(&smtp.host),
    };
    let builder = builder.port(smtp.port).timeout(Some(ANSWER_WITHIN));
    if smtp.user.is_empty() {
        return Ok(builder.build());
    }
    let password = fs::read_to_string(&smtp.password_file)
        .map_err(|why| MailError::File { file: smtp.password_file.clone(), why })?;
    Ok(builder.credentials(Credentials::new(smtp.user.clone(), password.trim_end().to_owned())).build())
}
