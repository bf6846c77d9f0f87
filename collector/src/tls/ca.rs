//! The authority: made once, at the first start, and kept for ever.

use super::{TlsError, files};
use beforehand_core::calendar::Calendar;
use beforehand_shared::time::{Millis, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SerialNumber,
};
use rustls::pki_types::CertificateDer;
use std::path::Path;

pub(super) const CERTIFICATE: &str = "ca.pem";
const KEY: &str = "ca.key";
/// Machines trust it by its fingerprint; replacing it means enrolling each of them again.
const LIFE: Millis = Millis::days(365 * 30);

pub(super) struct Ca {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) issuer: Issuer<'static, KeyPair>,
}

pub(super) fn open(folder: &Path, now: Timestamp) -> Result<Ca, TlsError> {
    let (certificate_file, key_file) = (folder.join(CERTIFICATE), folder.join(KEY));
    if !certificate_file.exists() && !key_file.exists() {
        let key = KeyPair::generate()?;
        let certificate = params(now)?.self_signed(&key)?;
        files::write(&key_file, &key.serialize_pem())?;
        files::write(&certificate_file, &certificate.pem())?;
    }
    let certificate = files::certificate(&certificate_file)?;
    let key = KeyPair::from_pem(&files::read(&key_file)?)?;
    // Of the parameters a certificate takes only names and key from its issuer: the dates of
    // these are not used.
    Ok(Ca { certificate, issuer: Issuer::new(params(now)?, key) })
}

fn params(now: Timestamp) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Beforehand collector");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(serial()?);
    // A day back: clocks of fresh machines run late.
    set_life(&mut params, now.minus(Millis::DAY), now.plus(LIFE));
    Ok(params)
}

/// 127 random bits: never negative (RFC 5280, section 4.1.2.2).
pub(super) fn serial() -> Result<SerialNumber, TlsError> {
    let mut bytes: [u8; 16] = crate::random::bytes()?;
    bytes[0] &= 0x7f;
    Ok(SerialNumber::from_slice(&bytes))
}

/// From the UTC day of `from` to that of `to`.
pub(super) fn set_life(params: &mut CertificateParams, from: Timestamp, to: Timestamp) {
    let day = |at: Timestamp| {
        let date = Calendar::new("UTC").local(at).date();
        let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
        rcgen::date_time_ymd(i32::from(date.year()), month, day)
    };
    params.not_before = day(from);
    params.not_after = day(to);
}
