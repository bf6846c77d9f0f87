//! What lets the agent ask, from its settings and the files that they name.

use super::session::{Access, User};
use crate::{
    config::{
        secret::Secret,
        snmp::{Snmp, SnmpVersion},
    },
    probes::printer::system,
};
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
