//! `[printer]`: which printers and which print service are asked.

use super::{problem::Finding, secret::Secret, snmp::Snmp, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Printer {
    pub enabled: bool,
    /// From one look at the print queues to the next.
    pub every: Length,
    /// From one question to a printer to the next: long enough to let it sleep.
    pub ask_every: Length,
    /// The same while it reports a fault or has work.
    pub ask_busy_every: Length,
    /// How long one printer may take to answer.
    pub timeout: Length,
    /// Printers by their IPP address.
    pub uris: Vec<String>,
    /// The print service of this machine; empty for none.
    pub cups: String,
    /// The community with which printers behind the queues of this machine are asked; empty for not asking them
    /// by SNMP.
    pub queue_community: Secret,
    /// Printers that are asked by SNMP.
    pub snmp: Vec<Snmp>,
}

impl Default for Printer {
    fn default() -> Self {
        Self {
            enabled: true,
            every: Length::seconds(60),
            ask_every: Length::seconds(15 * 60),
            ask_busy_every: Length::seconds(2 * 60),
            timeout: Length::seconds(10),
            uris: Vec::new(),
            cups: "http://localhost:631".to_owned(),
            queue_community: Secret::new("public"),
            snmp: Vec::new(),
        }
    }
}

const SECTION: &str = "printer";

impl Printer {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check(SECTION, "every", (100, 86_400_000))?;
        self.ask_every.check(SECTION, "ask_every", (100, 86_400_000))?;
        self.ask_busy_every.check(SECTION, "ask_busy_every", (100, 86_400_000))?;
        self.timeout.check(SECTION, "timeout", (100, 60_000))?;
        if self.snmp.len() > 20 {
            let what = format!("{} sections", self.snmp.len());
            return Err(Finding::new("printer.snmp", "addresses", what, "Give at most 20"));
        }
        self.snmp.iter().try_for_each(Snmp::check)?;
        if self.uris.len() > 100 {
            let what = format!("{} printers", self.uris.len());
            return Err(Finding::new(SECTION, "uris", what, "Give at most 100; spread more over several agents"));
        }
        let has_scheme = |url: &str, schemes: &[&str]| {
            reqwest::Url::parse(url).is_ok_and(|url| schemes.contains(&url.scheme()) && url.has_host())
        };
        if let Some(other) = self.uris.iter().find(|uri| !has_scheme(uri, &["ipp", "ipps", "http", "https"])) {
            let what = format!("\"{other}\" is no address of a printer");
            return Err(Finding::new(SECTION, "uris", what, "Give addresses such as \"ipp://192.0.2.9/ipp/print\""));
        }
        if !self.cups.is_empty() && !has_scheme(&self.cups, &["http", "https"]) {
            let what = format!("\"{}\" is no web address", self.cups);
            return Err(Finding::new(SECTION, "cups", what, "Give \"http://localhost:631\", or \"\" for none"));
        }
        Ok(())
    }
}
