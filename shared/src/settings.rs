//! What a collector may hand an agent: which printers and machines of its own office it is to ask, and how. This is the
//! whole list of what an agent can be told; nothing in it makes one run, write or fetch anything.

use crate::limits;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, net::IpAddr};

/// Where an agent fetches its [`HandedSettings`], once an acknowledgement names a revision that it
/// does not hold.
pub const SETTINGS_PATH: &str = "/api/v1/settings";

/// Everything that one agent was handed. It takes the place of what it was handed before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedSettings {
    /// Grows with every change for this host; 0 is "nothing was ever handed".
    pub revision: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printers: Vec<PrinterToAsk>,
    #[serde(default, skip_serializing_if = "HandedNetwork::is_nothing")]
    pub network: HandedNetwork,
}

/// How the agents of one office share the work of watching its connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedNetwork {
    /// Others ping the public addresses all the time, so that this one need not do so in every run.
    #[serde(default, skip_serializing_if = "crate::is_false")]
    pub seldom: bool,
    /// Other machines of the same office, to tell what all are plugged into from the gateway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<IpAddr>,
}

impl HandedNetwork {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A printer of the site that this agent asks on behalf of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterToAsk {
    pub address: IpAddr,
    pub snmp: SnmpAccess,
    /// Counts how often a person wished for an answer now; a higher one than before makes it due.
    #[serde(default)]
    pub wish: u64,
}

/// How a device lets itself be asked by SNMP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "version", rename_all = "snake_case")]
pub enum SnmpAccess {
    V1 {
        community: Secret,
    },
    V2c {
        community: Secret,
    },
    /// User-based security (RFC 3414).
    V3 {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        auth: Option<Auth>,
        /// Only together with `auth`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        privacy: Option<Privacy>,
    },
}

impl Default for SnmpAccess {
    /// What printers are delivered with.
    fn default() -> Self {
        Self::V2c { community: Secret("public".to_owned()) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Auth {
    pub protocol: AuthProtocol,
    pub password: Secret,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    pub protocol: PrivacyProtocol,
    pub password: Secret,
}

/// HMAC with these (RFC 3414, RFC 7860).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthProtocol {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// RFC 3414 and RFC 3826; the longer keys as most devices have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyProtocol {
    Des,
    Aes128,
    Aes192,
    Aes256,
}

/// A community or password; it never shows in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Why settings are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("{got} printers for one agent; the limit is {limit}", limit = limits::PRINTERS_TO_ASK)]
    TooMany { got: usize },
    #[error("{got} neighbours for one agent; the limit is {limit}", limit = limits::NEIGHBOURS)]
    TooManyNeighbours { got: usize },
    #[error("{0} is named twice")]
    Twice(IpAddr),
    #[error("{0} is no address of a local network")]
    NotLocal(IpAddr),
    #[error("the {what} has {got} characters; it needs {least} to {most}")]
    Length { what: &'static str, got: usize, least: usize, most: usize },
    #[error("the {what} holds a control character")]
    Control { what: &'static str },
    #[error("SNMPv3 encrypts only where it also authenticates")]
    PrivacyAlone,
}

impl HandedSettings {
    /// # Errors
    /// The first thing that an agent would not take.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.printers.len() > limits::PRINTERS_TO_ASK {
            return Err(SettingsError::TooMany { got: self.printers.len() });
        }
        let mut seen = BTreeSet::new();
        for printer in &self.printers {
            if !is_local(printer.address) {
                return Err(SettingsError::NotLocal(printer.address));
            }
            if !seen.insert(printer.address) {
                return Err(SettingsError::Twice(printer.address));
            }
            printer.snmp.check()?;
        }
        self.network.check()
    }
}

impl HandedNetwork {
    fn check(&self) -> Result<(), SettingsError> {
        if self.neighbours.len() > limits::NEIGHBOURS {
            return Err(SettingsError::TooManyNeighbours { got: self.neighbours.len() });
        }
        let far = self.neighbours.iter().find(|address| !is_local(**address));
        far.map_or(Ok(()), |address| Err(SettingsError::NotLocal(*address)))
    }
}

impl SnmpAccess {
    /// # Errors
    /// The first thing that cannot be used.
    pub fn check(&self) -> Result<(), SettingsError> {
        match self {
            Self::V1 { community } | Self::V2c { community } => text("community", &community.0, (1, COMMUNITY_CHARS)),
            Self::V3 { privacy: Some(_), auth: None, .. } => Err(SettingsError::PrivacyAlone),
            Self::V3 { user, auth, privacy } => {
                text("user name", user, (1, USER_CHARS))?;
                auth.iter().try_for_each(|auth| text("password", &auth.password.0, PASSWORD_CHARS))?;
                privacy.iter().try_for_each(|privacy| text("encryption password", &privacy.password.0, PASSWORD_CHARS))
            }
        }
    }
}

const COMMUNITY_CHARS: usize = 64;
/// `SnmpAdminString` of a user (RFC 3414, section 5).
const USER_CHARS: usize = 32;
/// At least eight (RFC 3414, section 11.2).
const PASSWORD_CHARS: (usize, usize) = (8, 64);

fn text(what: &'static str, text: &str, (least, most): (usize, usize)) -> Result<(), SettingsError> {
    let got = text.chars().count();
    if !(least..=most).contains(&got) {
        return Err(SettingsError::Length { what, got, least, most });
    }
    if text.chars().any(char::is_control) {
        return Err(SettingsError::Control { what });
    }
    Ok(())
}

/// Whether an address lies in a private network (RFC 1918, RFC 4193), on the link or on this machine: an
/// agent cannot be turned against anybody else.
pub fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(address: &str) -> PrinterToAsk {
        PrinterToAsk { address: address.parse().unwrap(), snmp: SnmpAccess::default(), wish: 0 }
    }

    fn of(printers: Vec<PrinterToAsk>) -> Result<(), SettingsError> {
        HandedSettings { revision: 1, printers, ..HandedSettings::default() }.check()
    }

    #[test]
    fn an_agent_pings_a_few_machines_of_its_own_office_and_no_others() {
        let of = |neighbours: &[&str]| {
            let neighbours = neighbours.iter().map(|it| it.parse().unwrap()).collect();
            HandedSettings { network: HandedNetwork { seldom: true, neighbours }, ..HandedSettings::default() }.check()
        };
        assert_eq!(of(&["10.0.0.7"; limits::NEIGHBOURS]), Ok(()));
        let over = limits::NEIGHBOURS + 1;
        assert_eq!(of(&vec!["10.0.0.7"; over]), Err(SettingsError::TooManyNeighbours { got: over }));
        assert_eq!(of(&["203.0.113.7"]), Err(SettingsError::NotLocal("203.0.113.7".parse().unwrap())));
    }

    #[test]
    fn an_agent_is_sent_to_local_addresses_only() {
        for near in ["192.168.1.20", "10.0.0.9", "172.31.255.1", "169.254.3.4", "127.0.0.1", "fd00::1", "fe80::1"] {
            assert_eq!(of(vec![printer(near)]), Ok(()), "{near}");
        }
        for far in [
            "8.8.8.8",
            "172.32.0.1",
            "100.64.0.1",
            "2001:db8::1",
            "255.255.255.255",
            "224.0.0.1",
            "0.0.0.0",
            "::ffff:8.8.8.8",
        ] {
            assert_eq!(of(vec![printer(far)]), Err(SettingsError::NotLocal(far.parse().unwrap())), "{far}");
        }
    }

    #[test]
    fn printers_are_limited_and_named_once() {
        let many = |count: usize| (0..count).map(|at| printer(&format!("10.0.{}.{}", at / 256, at % 256))).collect();
        assert_eq!(of(many(limits::PRINTERS_TO_ASK)), Ok(()));
        let over = limits::PRINTERS_TO_ASK + 1;
        assert_eq!(of(many(over)), Err(SettingsError::TooMany { got: over }));
        let twice = vec![printer("10.0.0.9"), printer("10.0.0.9")];
        assert_eq!(of(twice), Err(SettingsError::Twice("10.0.0.9".parse().unwrap())));
    }

    #[test]
    fn access_needs_what_its_protocol_needs() {
        let v3 = |auth: Option<&str>, privacy: Option<&str>| SnmpAccess::V3 {
            user: "monitor".to_owned(),
            auth: auth.map(|it| Auth { protocol: AuthProtocol::Sha256, password: Secret(it.to_owned()) }),
            privacy: privacy.map(|it| Privacy { protocol: PrivacyProtocol::Aes128, password: Secret(it.to_owned()) }),
        };
        assert_eq!(v3(Some("authpass1"), Some("privpass1")).check(), Ok(()));
        assert_eq!(v3(None, None).check(), Ok(()));
        assert_eq!(v3(None, Some("privpass1")).check(), Err(SettingsError::PrivacyAlone));
        assert!(matches!(v3(Some("short"), None).check(), Err(SettingsError::Length { what: "password", .. })));
        let community = |text: &str| SnmpAccess::V1 { community: Secret(text.to_owned()) };
        assert!(matches!(community("").check(), Err(SettingsError::Length { what: "community", .. })));
        assert_eq!(community("pub\nlic").check(), Err(SettingsError::Control { what: "community" }));
    }

    #[test]
    fn secrets_do_not_show() {
        let access = SnmpAccess::V2c { community: Secret("s3cr3t".to_owned()) };
        assert!(!format!("{access:?}").contains("s3cr3t"));
    }
}
