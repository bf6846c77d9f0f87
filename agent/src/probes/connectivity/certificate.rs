//! Whose certificate was shown, and until when it holds (RFC 5280). Pure.

use beforehand_shared::{
    limits,
    link::Certificate,
    text,
    time::{Millis, Timestamp},
};
use x509_parser::{prelude::FromDer, time::ASN1Time};

/// Reads a certificate in DER; none if it is not one.
pub fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = x509_parser::certificate::X509Certificate::from_der(der).ok()?;
    let clean = |name: String| text::clean(&name, limits::TEXT_CHARS);
    Some(Certificate {
        subject: clean(certificate.subject().to_string()),
        issuer: clean(certificate.issuer().to_string()),
        not_before: instant(certificate.validity().not_before),
        not_after: instant(certificate.validity().not_after),
    })
}

fn instant(time: ASN1Time) -> Timestamp {
    Timestamp(time.timestamp().saturating_mul(Millis::SECOND.0))
}
