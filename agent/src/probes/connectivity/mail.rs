//! What a mail server says to anybody, before somebody signs in: SMTP (RFC 5321, RFC 3207) and IMAP (RFC 9051).

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A connection, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mail {
    Smtp,
    Imap,
}

/// Bytes that are read of one answer.
const MOST: usize = 8 * 1024;

impl Mail {
    /// Waits for the greeting of a server that takes mail, or people who read theirs.
    pub(super) async fn greeting(self, wire: &mut dyn Wire) -> Result<(), String> {
        let (is_last, welcomes): (IsLast, _) = match self {
            Self::Smtp => (is_last, ["220", "220"]),
            Self::Imap => (|_| true, ["* OK", "* PREAUTH"]),
        };
        let greeting = answer(wire, is_last).await?;
        let is_welcome = welcomes.iter().any(|welcome| greeting.starts_with(welcome));
        if is_welcome { Ok(()) } else { Err(format!("the mail server answers: {greeting}")) }
    }

    /// Asks for encryption; whether the server waits for a handshake now.
    pub(super) async fn starts_tls(self, wire: &mut dyn Wire) -> Result<bool, String> {
        let steps: &[(&str, IsLast, &str)] = match self {
            Self::Smtp => &[("EHLO localhost\r\n", is_last, "STARTTLS"), ("STARTTLS\r\n", is_last, "220")],
            Self::Imap => &[("a STARTTLS\r\n", |line| line.starts_with("a "), "a OK")],
        };
        for (words, is_last, wanted) in steps {
            say(wire, words).await?;
            if !answer(wire, *is_last).await?.contains(wanted) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Leaves as the protocol wants it. All that was to be learned is learned, so no failure counts.
    pub(super) async fn leave(self, wire: &mut dyn Wire) {
        drop(say(wire, if self == Self::Smtp { "QUIT\r\n" } else { "z LOGOUT\r\n" }).await);
    }
}

/// Whether a line ends an answer.
type IsLast = fn(&str) -> bool;

/// Of an answer of SMTP.
fn is_last(line: &str) -> bool {
    line.as_bytes().get(3) != Some(&b'-')
}

async fn say(wire: &mut dyn Wire, words: &str) -> Result<(), String> {
    wire.write_all(words.as_bytes()).await.map_err(|error| error.to_string())?;
    wire.flush().await.map_err(|error| error.to_string())
}

/// Up to the end of the last line.
async fn answer(wire: &mut dyn Wire, is_last: IsLast) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 512];
    loop {
        let len = wire.read(&mut chunk).await.map_err(|error| error.to_string())?;
        if len == 0 {
            return Err("the server ends the connection before it has answered".to_owned());
        }
        bytes.extend_from_slice(&chunk[..len]);
        if bytes.len() > MOST {
            return Err("the answer is longer than 8 KiB".to_owned());
        }
        let Some(whole) = bytes.strip_suffix(b"\n") else { continue };
        let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        if is_last(&String::from_utf8_lossy(last)) {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
