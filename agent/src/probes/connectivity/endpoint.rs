//! One try of an endpoint: a request to a web server, a connection to a port, the greeting of a mail server.

use super::{
    address::{self, Address, Scheme},
    certificate,
    mail::Mail,
};
use crate::{http, time::Stopwatch, tls};
use beforehand_shared::{
    limits,
    link::{Certificate, Endpoint},
    text,
};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};

/// After this long people have given up too.
pub(super) const LIMIT: Duration = Duration::from_secs(15);

struct Seen {
    status: Option<u16>,
    took_us: u32,
    certificate: Option<Certificate>,
}

/// The time is that to the first byte of the answer, name resolution and handshake included, as people feel it; of
/// `tcp` that to the connection.
pub(super) async fn look(url: String) -> Endpoint {
    let watch = Stopwatch::start();
    let seen = match address::read(&url) {
        Ok(address) if address.scheme == Scheme::Web => request(&url, &address.host, watch).await,
        Ok(address) => match timeout(LIMIT, open(&address, watch)).await {
            Ok(seen) => seen,
            Err(_) => Err(late()),
        },
        Err(error) => Err(error.to_string()),
    };
    match seen {
        Ok(Seen { status, took_us, certificate }) => Endpoint { url, status, took_us, error: None, certificate },
        Err(why) => {
            let error = Some(text::clean(&why, limits::TEXT_CHARS));
            Endpoint { url, status: None, took_us: watch.micros(), error, certificate: None }
        }
    }
}

fn late() -> String {
    format!("no answer after {LIMIT:?}")
}

async fn request(url: &str, host: &str, watch: Stopwatch) -> Result<Seen, String> {
    let (client, shown) = http::looking_closely(LIMIT).map_err(|error| error.to_string())?;
    let answer = client.get(url).send().await;
    let took_us = watch.micros();
    let response = answer.map_err(|error| if error.is_timeout() { late() } else { http::cause(&error) })?;
    let certificate = certificate::read(&shown.chain(), host);
    Ok(Seen { status: Some(response.status().as_u16()), took_us, certificate })
}

async fn open(address: &Address, watch: Stopwatch) -> Result<Seen, String> {
    let host = address.host.as_str();
    let mut plain = TcpStream::connect((host, address.port)).await.map_err(|error| error.to_string())?;
    let mail = match address.scheme {
        Scheme::Smtp | Scheme::Smtps => Mail::Smtp,
        Scheme::Imap | Scheme::Imaps => Mail::Imap,
        Scheme::Tcp | Scheme::Web => return Ok(Seen { status: None, took_us: watch.micros(), certificate: None }),
    };
    let is_plain = matches!(address.scheme, Scheme::Smtp | Scheme::Imap);
    let mut took_us = 0;
    if is_plain {
        mail.greeting(&mut plain).await?;
        took_us = watch.micros();
        if !mail.starts_tls(&mut plain).await? {
            mail.leave(&mut plain).await;
            return Ok(Seen { status: None, took_us, certificate: None });
        }
    }
    let (mut tls, shown) = tls::shake(plain, host.to_owned()).await.map_err(|error| error.to_string())?;
    if !is_plain {
        mail.greeting(&mut tls).await?;
        took_us = watch.micros();
    }
    mail.leave(&mut tls).await;
    Ok(Seen { status: None, took_us, certificate: certificate::read(&shown.chain(), host) })
}
