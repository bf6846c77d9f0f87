//! The identity of an asset within a client.

use beforehand_shared::{
    asset::AssetKind,
    ids::{HostId, SiteId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

const LINE: &str = "line/";
const LINE_V6: &str = "line6/";
const LINE_TREND: &str = "line-trend/";
const PREMISES: &str = "site/";
/// Between the key of a printer and the name of its supply.
const OF_PRINTER: char = '#';

/// `kind:host:key`, or `kind::key` for what a whole site shares. Never shown to people; see
/// [`crate::input::AssetView::name`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssetId(pub String);

impl AssetId {
    pub fn new(kind: AssetKind, host: HostId, key: &str) -> Self {
        if kind.shared_by_site() {
            Self(format!("{}::{key}", kind.word()))
        } else {
            Self(format!("{}:{host}:{key}", kind.word()))
        }
    }

    /// The asset that is the machine itself.
    pub fn of_host(host: HostId) -> Self {
        Self::new(AssetKind::Host, host, "")
    }

    /// A site's internet line: what all its anchors share. It is never observed itself; cases on it
    /// come from [`crate::correlate`].
    pub fn line(site: SiteId) -> Self {
        Self(format!("{}::{LINE}{site}", AssetKind::Link.word()))
    }

    /// The same as far as IPv6 goes.
    pub fn line_v6(site: SiteId) -> Self {
        Self(format!("{}::{LINE_V6}{site}", AssetKind::Link.word()))
    }

    /// What a site's internet line is like over days: apart from the line itself, so that what comes slowly has a case of
    /// its own beside each outage.
    pub fn line_trend(site: SiteId) -> Self {
        Self(format!("{}::{LINE_TREND}{site}", AssetKind::Link.word()))
    }

    /// A site as a whole: what all its hosts share, such as its power.
    pub fn premises(site: SiteId) -> Self {
        Self(format!("{}::{PREMISES}{site}", AssetKind::Host.word()))
    }

    /// A supply of a printer, by its name there. It is never observed itself: its level is a series of the
    /// printer.
    pub fn supply(printer: &Self, name: &str) -> Self {
        let key = printer.key().replace('%', "%25").replace(OF_PRINTER, "%23");
        Self(format!("{}::{key}{OF_PRINTER}{name}", AssetKind::Supply.word()))
    }

    /// The printer that a supply belongs to; nothing for any other asset.
    pub fn printer(&self) -> Option<Self> {
        let (key, _) = self.key().split_once(OF_PRINTER).filter(|_| self.kind() == Some(AssetKind::Supply))?;
        let key = key.replace("%23", "#").replace("%25", "%");
        Some(Self(format!("{}::{key}", AssetKind::Printer.word())))
    }

    /// How the supplies of a printer begin; for any other asset a blank, which no asset begins with.
    pub fn supplies_prefix(&self) -> String {
        if self.kind() == Some(AssetKind::Printer) { Self::supply(self, "").0 } else { " ".to_owned() }
    }

    /// Name for people of what is never observed itself: a site's line, or the site as a whole.
    pub fn fixed_name(&self) -> Option<&'static str> {
        let key = self.key();
        match self.kind()? {
            AssetKind::Link if key.starts_with(LINE) => Some("Internet line"),
            AssetKind::Link if key.starts_with(LINE_V6) => Some("Internet line over IPv6"),
            AssetKind::Link if key.starts_with(LINE_TREND) => Some("Internet line over days"),
            AssetKind::Host if key.starts_with(PREMISES) => Some("Whole site"),
            _ => None,
        }
    }

    /// The site whose line or premises it is; nothing for any other asset.
    pub fn site(&self) -> Option<SiteId> {
        let key = self.fixed_name().and_then(|_| self.key().split_once('/'));
        key.and_then(|(_, site)| site.parse().ok()).map(SiteId)
    }

    /// What to call it where nothing observed gave it a name.
    pub fn fallback_name(&self) -> &str {
        let of_printer = self.printer().and_then(|_| self.key().split_once(OF_PRINTER));
        self.fixed_name().unwrap_or_else(|| of_printer.map_or_else(|| self.key(), |(_, supply)| supply))
    }

    pub fn kind(&self) -> Option<AssetKind> {
        let word = self.0.split(':').next()?;
        AssetKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The host it was seen from; nothing for what a whole site shares.
    pub fn host(&self) -> Option<HostId> {
        self.0.split(':').nth(1)?.parse().ok()
    }

    /// What names it within its host or site.
    pub fn key(&self) -> &str {
        self.0.splitn(3, ':').nth(2).unwrap_or_default()
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supply_knows_its_printer_whatever_they_are_called() {
        for key in ["urn:uuid:1", "192.0.2.7", "a#b%23"] {
            let printer = AssetId(format!("printer::{key}"));
            let supply = AssetId::supply(&printer, "Cyan #2");
            assert_eq!(supply.kind(), Some(AssetKind::Supply));
            assert_eq!(supply.printer(), Some(printer.clone()));
            assert_eq!(supply.fallback_name(), "Cyan #2");
            assert!(supply.0.starts_with(&printer.supplies_prefix()));
            assert_eq!(printer.printer(), None);
        }
    }
}
