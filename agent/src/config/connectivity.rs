//! `[connectivity]`: which paths, name servers and web addresses are tried.

use super::{problem::Finding, units::Length};
use crate::probes::connectivity::address;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connectivity {
    pub enabled: bool,
    pub every: Length,
    /// Whether the default gateway is pinged.
    pub gateway: bool,
    /// Whether the first router of the internet provider is looked for and pinged.
    pub access: bool,
    /// Public addresses that are pinged. Three or more tell a line from a target that is down. Those of IPv6 are pinged where
    /// the machine has an address of the internet by it.
    pub anchors: Vec<IpAddr>,
    /// Pings to each target in one run, spread over it.
    pub pings: u32,
    /// How long an answer to a ping may take.
    pub timeout: Length,
    /// Name servers that are asked: addresses, or `system`, `gateway` and `public`.
    pub resolvers: Vec<String>,
    /// The name that they are asked for.
    pub question: String,
    /// What people here use: web addresses, and `tcp`, `smtp`, `smtps`, `imap` and `imaps` with a server.
    pub endpoints: Vec<String>,
}

impl Default for Connectivity {
    fn default() -> Self {
        Self {
            enabled: true,
            every: Length::seconds(60),
            gateway: true,
            access: true,
            anchors: anchors().to_vec(),
            pings: 5,
            timeout: Length::seconds(2),
            resolvers: ROLES.map(str::to_owned).to_vec(),
            question: "example.com".to_owned(),
            endpoints: Vec::new(),
        }
    }
}

/// Of three operators by IPv4, and of two of them by IPv6.
const fn anchors() -> [IpAddr; 5] {
    [
        IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1)),
        IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)),
        IpAddr::V4(Ipv4Addr::new(9, 9, 9, 9)),
        IpAddr::V6(Ipv6Addr::new(0x2606, 0x4700, 0x4700, 0, 0, 0, 0, 0x1111)),
        IpAddr::V6(Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888)),
    ]
}

/// Name servers by what they are.
const ROLES: [&str; 3] = ["system", "gateway", "public"];
const SECTION: &str = "connectivity";
/// More targets than this make one run too long and the report too large.
const MOST: usize = 64;

impl Connectivity {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check(SECTION, "every", (100, 86_400_000))?;
        self.timeout.check(SECTION, "timeout", (10, 10_000))?;
        if !(1..=60).contains(&self.pings) {
            let what = format!("{} pings in one run", self.pings);
            return Err(Finding::new(SECTION, "pings", what, "Give a number from 1 to 60"));
        }
        for (key, count) in
            [("anchors", self.anchors.len()), ("resolvers", self.resolvers.len()), ("endpoints", self.endpoints.len())]
        {
            if count > MOST {
                return Err(Finding::new(SECTION, key, format!("{count} entries"), "Give at most 64"));
            }
        }
        self.check_resolvers()?;
        self.check_endpoints()
    }

    fn check_resolvers(&self) -> Result<(), Finding> {
        if crate::probes::connectivity::dns::encode_name(&self.question).is_none() {
            let what = format!("\"{}\" is not a host name", self.question);
            return Err(Finding::new(SECTION, "question", what, "Give a name such as \"example.com\""));
        }
        match self
            .resolvers
            .iter()
            .find(|server| !ROLES.contains(&server.as_str()) && server.parse::<IpAddr>().is_err())
        {
            Some(other) => {
                let what = format!("\"{other}\" is no address");
                Err(Finding::new(
                    SECTION,
                    "resolvers",
                    what,
                    "Give an address such as \"192.0.2.53\", or \"system\", \"gateway\" or \"public\"",
                ))
            }
            None => Ok(()),
        }
    }

    fn check_endpoints(&self) -> Result<(), Finding> {
        for url in &self.endpoints {
            address::read(url).map_err(|why| {
                let hint = "Give an address such as \"https://shop.example/\", \"smtp://mail.example\", \
                            \"imaps://mail.example\" or \"tcp://files.example:445\"";
                Finding::new(SECTION, "endpoints", format!("\"{url}\" {why}"), hint)
            })?;
        }
        Ok(())
    }
}
