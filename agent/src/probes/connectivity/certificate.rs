//! Whose certificate was shown, until when it holds, and what programs that check it find wrong (RFC 5280, RFC 9525). Pure.

use beforehand_shared::{
    limits,
    link::{Certificate, Verdict},
    text,
    time::{Millis, Timestamp},
};
use std::net::IpAddr;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer, time::ASN1Time};

/// The list of public logs that a certificate stands in (RFC 6962, 3.3): 1.3.6.1.4.1.11129.2.4.2. Browsers want it of
/// public authorities, which sign with an intermediate certificate always; private ones need neither.
const LOGGED: [u8; 10] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x02];

/// Reads what a server showed to one who came for `host`, its own certificate first; none if that is not one. Whether
/// its authority is to be trusted is not judged: the agent knows no authorities.
pub fn read(chain: &[impl AsRef<[u8]>], host: &str) -> Option<Certificate> {
    let (own, others) = chain.split_first()?;
    let own = parse(own.as_ref())?;
    let others: Vec<_> = others.iter().filter_map(|der| parse(der.as_ref())).collect();
    let signer = others.iter().find(|other| other.subject().as_raw() == own.issuer().as_raw());
    let clean = |name: String| text::clean(&name, limits::TEXT_CHARS);
    let not_after = instant(own.validity().not_after);
    Some(Certificate {
        subject: clean(own.subject().to_string()),
        issuer: clean(own.issuer().to_string()),
        not_before: instant(own.validity().not_before),
        not_after,
        chain_ends: signer.map(|it| instant(it.validity().not_after)).filter(|ends| *ends < not_after),
        verdict: Some(judge(&own, signer, host)),
    })
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    Some(X509Certificate::from_der(der).ok()?.1)
}

fn judge(own: &X509Certificate<'_>, signer: Option<&X509Certificate<'_>>, host: &str) -> Verdict {
    if signer.is_none() && own.subject().as_raw() == own.issuer().as_raw() {
        return Verdict::SelfSigned;
    }
    if !is_for(own, host) {
        return Verdict::OtherName;
    }
    let is_public = own.extensions().iter().any(|extension| extension.oid.as_bytes() == LOGGED);
    if signer.is_none() && is_public { Verdict::NoIntermediate } else { Verdict::Sound }
}

/// Names beside the list of alternative names are no longer looked at by anybody.
fn is_for(own: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(names)) = own.subject_alternative_name() else { return false };
    let address = host.parse::<IpAddr>().ok();
    names.value.general_names.iter().any(|name| match (name, address) {
        (GeneralName::DNSName(name), None) => covers(name, host.trim_end_matches('.')),
        (GeneralName::IPAddress(bytes), Some(IpAddr::V4(address))) => **bytes == address.octets(),
        (GeneralName::IPAddress(bytes), Some(IpAddr::V6(address))) => **bytes == address.octets(),
        _ => false,
    })
}

/// An asterisk stands for one whole label, the first.
fn covers(name: &str, host: &str) -> bool {
    let parent = name.strip_prefix("*.");
    let wild = parent.zip(host.split_once('.')).is_some_and(|(parent, (_, rest))| parent.eq_ignore_ascii_case(rest));
    wild || name.eq_ignore_ascii_case(host)
}

fn instant(time: ASN1Time) -> Timestamp {
    Timestamp(time.timestamp().saturating_mul(Millis::SECOND.0))
}
