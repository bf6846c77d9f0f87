//! The server's certificate: short-lived, replaced before it ends and when the names change.

use super::{
    RENEW_BEFORE_END, TlsError,
    ca::{self, Ca},
    files,
};
use beforehand_shared::time::{Millis, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use std::path::Path;

const CERTIFICATE: &str = "server.pem";
const KEY: &str = "server.key";
/// What the certificate was made for, so that it need not be parsed.
const ABOUT: &str = "server.json";
/// No client accepts more than 398 days.
const LIFE: Millis = Millis::days(397);

pub(super) struct Leaf {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) ends_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct About {
    names: Vec<String>,
    ends_at: Timestamp,
    /// Fingerprint of the authority that signed it.
    ca_sha256: String,
}

pub(super) fn open(folder: &Path, ca: &Ca, names: &[String], now: Timestamp) -> Result<Leaf, TlsError> {
    let ca_sha256 = crate::random::sha256(&ca.certificate);
    let known = files::read(&folder.join(ABOUT)).ok().and_then(|text| serde_json::from_str::<About>(&text).ok());
    let about = match known {
        Some(known)
            if known.names == names && known.ca_sha256 == ca_sha256 && now < known.ends_at.minus(RENEW_BEFORE_END) =>
        {
            known
        }
        _ => make(folder, ca, About { names: names.to_vec(), ends_at: now.plus(LIFE).day_start(), ca_sha256 }, now)?,
    };
    let key_file = folder.join(KEY);
    Ok(Leaf {
        certificate: files::certificate(&folder.join(CERTIFICATE))?,
        key: files::key_der(&files::read(&key_file)?, &key_file)?,
        ends_at: about.ends_at,
    })
}

fn make(folder: &Path, ca: &Ca, about: About, now: Timestamp) -> Result<About, TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(about.names.clone())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Beforehand collector, server");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(ca::serial()?);
    ca::set_life(&mut params, now.minus(Millis::DAY), about.ends_at);
    let certificate = params.signed_by(&key, &ca.issuer)?;
    files::write(&folder.join(KEY), &key.serialize_pem())?;
    files::write(&folder.join(CERTIFICATE), &certificate.pem())?;
    files::write(&folder.join(ABOUT), &serde_json::to_string(&about).unwrap_or_default())?;
    Ok(about)
}
