//! The identity of an asset within a client.

use beforehand_shared::{
    asset::AssetKind,
    ids::{HostId, SiteId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

const LINE: &str = "line/";
const PREMISES: &str = "site/";

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

    /// A site as a whole: what all its hosts share, such as its power.
    pub fn premises(site: SiteId) -> Self {
        Self(format!("{}::{PREMISES}{site}", AssetKind::Host.word()))
    }

    /// Name for people of what is never observed itself: a site's line, or the site as a whole.
    pub fn fixed_name(&self) -> Option<&'static str> {
        let key = self.key();
        match self.kind()? {
            AssetKind::Link if key.starts_with(LINE) => Some("Internet line"),
            AssetKind::Host if key.starts_with(PREMISES) => Some("Whole site"),
            _ => None,
        }
    }

    /// What to call it where nothing observed gave it a name.
    pub fn fallback_name(&self) -> &str {
        self.fixed_name().unwrap_or_else(|| self.key())
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
