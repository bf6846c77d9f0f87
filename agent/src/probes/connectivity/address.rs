//! What `[connectivity] endpoints` may name: web addresses, ports and mail servers. Pure.

use reqwest::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Web,
    /// Anything that takes connections.
    Tcp,
    Smtp,
    /// TLS from the first byte (RFC 8314), as of `Imaps`.
    Smtps,
    Imap,
    Imaps,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub scheme: Scheme,
    /// A name or an IP address, without brackets.
    pub host: String,
    pub port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("is no address")]
    Unreadable,
    #[error("begins with none of http, https, tcp, smtp, smtps, imap and imaps")]
    Scheme,
    #[error("names no port")]
    Port,
    #[error("says more than a server and its port")]
    More,
}

/// Reads `text`, with the usual port where it names none.
///
/// # Errors
/// Says what is wrong, in words that follow the address.
pub fn read(text: &str) -> Result<Address, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::Unreadable)?;
    let (scheme, usual) = match url.scheme() {
        "http" => (Scheme::Web, Some(80)),
        "https" => (Scheme::Web, Some(443)),
        "tcp" => (Scheme::Tcp, None),
        "smtp" => (Scheme::Smtp, Some(25)),
        "smtps" => (Scheme::Smtps, Some(465)),
        "imap" => (Scheme::Imap, Some(143)),
        "imaps" => (Scheme::Imaps, Some(993)),
        _ => return Err(AddressError::Scheme),
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    if host.is_empty() {
        return Err(AddressError::Unreadable);
    }
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty();
    if scheme != Scheme::Web && !is_bare {
        return Err(AddressError::More);
    }
    let port = url.port().or(usual).filter(|port| *port > 0).ok_or(AddressError::Port)?;
    Ok(Address { scheme, host, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_with_their_scheme_and_have_usual_ports() {
        for (text, scheme, host, port) in [
            ("https://shop.example/cart?item=1", Scheme::Web, "shop.example", 443),
            ("tcp://192.0.2.1:3389", Scheme::Tcp, "192.0.2.1", 3389),
            ("tcp://[2001:db8::1]:22", Scheme::Tcp, "2001:db8::1", 22),
            ("smtp://mail.example", Scheme::Smtp, "mail.example", 25),
            ("smtp://mail.example:587/", Scheme::Smtp, "mail.example", 587),
            ("smtps://mail.example", Scheme::Smtps, "mail.example", 465),
            ("imap://mail.example", Scheme::Imap, "mail.example", 143),
            ("imaps://mail.example", Scheme::Imaps, "mail.example", 993),
        ] {
            assert_eq!(read(text), Ok(Address { scheme, host: host.to_owned(), port }), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_tried_is_refused_with_the_reason() {
        for (text, why) in [
            ("shop.example", AddressError::Unreadable),
            ("smtp://", AddressError::Unreadable),
            ("ftp://shop.example", AddressError::Scheme),
            ("tcp://shop.example", AddressError::Port),
            ("tcp://shop.example:0", AddressError::Port),
            ("imaps://anna@mail.example", AddressError::More),
            ("smtp://mail.example/inbox", AddressError::More),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
