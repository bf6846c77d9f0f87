//! What lets the agent ask, from its settings and the files that they name.

use super::session::{Access, User};
use crate::{
    config::{
        secret::Secret,
        snmp::{Auth, Privacy, Snmp, SnmpVersion},
    },
    probes::printer::system,
};
use beforehand_shared::settings::{AuthProtocol, PrivacyProtocol, SnmpAccess};
use std::{fs::File, io::Read, path::Path};

/// Longer than any password.
const SECRET_BYTES: u64 = 1_024;

/// # Errors
/// What is wrong with a file that holds a secret, for people; never the secret.
pub fn access(settings: &Snmp) -> Result<Access, String> {
    let word = |word: &Secret, file: Option<&Path>| file.map_or_else(|| Ok(word.reveal().to_owned()), read);
    let community = || word(&settings.community, settings.community_file.as_deref());
    Ok(match settings.version {
        SnmpVersion::V1 => Access::V1 { community: community()? },
        SnmpVersion::V2c => Access::V2c { community: community()? },
        SnmpVersion::V3 => {
            let auth = settings.auth.map(|auth| {
                word(&settings.auth_password, settings.auth_password_file.as_deref()).map(|word| (auth, word))
            });
            let privacy = settings.privacy.map(|privacy| {
                word(&settings.privacy_password, settings.privacy_password_file.as_deref()).map(|word| (privacy, word))
            });
            Access::V3(User {
                name: settings.user.clone(),
                auth: auth.transpose()?,
                privacy: privacy.transpose()?,
                context: settings.context.clone(),
            })
        }
    })
}

/// As the collector handed it over.
pub fn handed(access: &SnmpAccess) -> Access {
    match access {
        SnmpAccess::V1 { community } => Access::V1 { community: community.0.clone() },
        SnmpAccess::V2c { community } => Access::V2c { community: community.0.clone() },
        SnmpAccess::V3 { user, auth, privacy } => Access::V3(User {
            name: user.clone(),
            auth: auth.as_ref().map(|auth| (of_auth(auth.protocol), auth.password.0.clone())),
            privacy: privacy.as_ref().map(|privacy| (of_privacy(privacy.protocol), privacy.password.0.clone())),
            context: String::new(),
        }),
    }
}

const fn of_auth(protocol: AuthProtocol) -> Auth {
    match protocol {
        AuthProtocol::Md5 => Auth::Md5,
        AuthProtocol::Sha1 => Auth::Sha,
        AuthProtocol::Sha224 => Auth::Sha224,
        AuthProtocol::Sha256 => Auth::Sha256,
        AuthProtocol::Sha384 => Auth::Sha384,
        AuthProtocol::Sha512 => Auth::Sha512,
    }
}

const fn of_privacy(protocol: PrivacyProtocol) -> Privacy {
    match protocol {
        PrivacyProtocol::Des => Privacy::Des,
        PrivacyProtocol::Aes128 => Privacy::Aes,
        PrivacyProtocol::Aes192 => Privacy::Aes192,
        PrivacyProtocol::Aes256 => Privacy::Aes256,
    }
}

fn read(path: &Path) -> Result<String, String> {
    let told = |why: &dyn std::fmt::Display| format!("{} cannot be used: {why}", path.display());
    let file = File::open(path).map_err(|error| told(&error))?;
    if system::is_open_to_others(&file) {
        return Err(told(&"others may read it. Take that right away (chmod o=)"));
    }
    let mut text = String::new();
    file.take(SECRET_BYTES).read_to_string(&mut text).map_err(|error| told(&error))?;
    match text.lines().next().map(str::trim) {
        Some(word) if !word.is_empty() => Ok(word.to_owned()),
        _ => Err(told(&"its first line is empty")),
    }
}
