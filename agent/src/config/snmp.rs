//! `[[printer.snmp]]`: printers that are asked by SNMP, and what lets the agent ask them.

use super::{problem::Finding, secret::Secret};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Snmp {
    /// IP addresses or host names, with `:port` where it is not 161.
    pub addresses: Vec<String>,
    pub version: SnmpVersion,
    /// Versions 1 and 2c.
    pub community: Secret,
    pub community_file: Option<PathBuf>,
    /// Version 3: who asks.
    pub user: String,
    /// Without it, the user is believed as it is (noAuthNoPriv).
    pub auth: Option<Auth>,
    pub auth_password: Secret,
    pub auth_password_file: Option<PathBuf>,
    /// Without it, answers can be read on the way (authNoPriv).
    pub privacy: Option<Privacy>,
    pub privacy_password: Secret,
    pub privacy_password_file: Option<PathBuf>,
    /// Version 3: the context, where the printer has several.
    pub context: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum SnmpVersion {
    #[serde(rename = "1")]
    V1,
    #[default]
    #[serde(rename = "2c")]
    V2c,
    #[serde(rename = "3")]
    V3,
}

/// RFC 3414 and RFC 7860.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    Md5,
    Sha,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// RFC 3414 and RFC 3826; 192 and 256 bits with the keys of Blumenthal's draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    Des,
    Aes,
    Aes192,
    Aes256,
}

const SECTION: &str = "printer.snmp";
/// Printers of one section.
const MOST: usize = 100;

impl Snmp {
    pub(super) fn check(&self) -> Result<(), Finding> {
        if self.addresses.is_empty() || self.addresses.len() > MOST {
            let what = format!("{} printers", self.addresses.len());
            return Err(Finding::new(SECTION, "addresses", what, "Give 1 to 100 addresses, or leave the section out"));
        }
        if let Some(other) = self.addresses.iter().find(|address| !is_address(address)) {
            let what = format!("\"{other}\" is no address");
            return Err(Finding::new(SECTION, "addresses", what, "Give addresses such as \"192.0.2.9\""));
        }
        let secrets = [
            ("community", &self.community, &self.community_file),
            ("auth_password", &self.auth_password, &self.auth_password_file),
            ("privacy_password", &self.privacy_password, &self.privacy_password_file),
        ];
        if let Some((key, ..)) = secrets.iter().find(|(_, word, file)| !word.is_empty() && file.is_some()) {
            return Err(Finding::new(SECTION, key, "both the word and a file".to_owned(), "Give one of them"));
        }
        if self.version == SnmpVersion::V3 { self.check_user() } else { self.check_community() }
    }

    fn check_community(&self) -> Result<(), Finding> {
        if self.community.is_empty() && self.community_file.is_none() {
            let what = "no community".to_owned();
            return Err(Finding::new(SECTION, "addresses", what, "Give community or community_file"));
        }
        if !self.user.is_empty() || self.auth.is_some() || self.privacy.is_some() {
            let what = "users belong to version 3".to_owned();
            return Err(Finding::new(SECTION, "version", what, "Give version = \"3\", or leave the user out"));
        }
        Ok(())
    }

    fn check_user(&self) -> Result<(), Finding> {
        let given = |word: &Secret, file: &Option<PathBuf>| !word.is_empty() || file.is_some();
        let has_auth = given(&self.auth_password, &self.auth_password_file);
        let has_privacy = given(&self.privacy_password, &self.privacy_password_file);
        let problem = if self.user.is_empty() {
            Some(("version", "no user", "Give user"))
        } else if self.auth.is_some() != has_auth {
            Some(("user", "auth and its password belong together", "Give auth and auth_password, or neither"))
        } else if self.privacy.is_some() != has_privacy {
            Some(("user", "privacy and its password belong together", "Give privacy and privacy_password, or neither"))
        } else if self.privacy.is_some() && self.auth.is_none() {
            Some(("privacy", "privacy without auth", "Give auth and auth_password too"))
        } else if [&self.auth_password, &self.privacy_password].iter().any(|word| is_short(word)) {
            Some(("user", "a password of less than 8 characters", "SNMP wants at least 8"))
        } else {
            None
        };
        problem.map_or(Ok(()), |(key, what, remedy)| Err(Finding::new(SECTION, key, what.to_owned(), remedy)))
    }
}

/// Given, and shorter than RFC 3414 allows.
fn is_short(word: &Secret) -> bool {
    !word.is_empty() && word.reveal().len() < 8
}

/// A host name or IP address, perhaps with a port, and nothing that could be anything else.
fn is_address(address: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    !address.is_empty() && address.len() <= 260 && address.chars().all(legal)
}
