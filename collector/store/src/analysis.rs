//! What the analysis reads of a site, and what it decided about it.

use crate::{Store, error::Result};
use beforehand_core::{analyze::Verdict, case::TicketAction, input::Input, site::Site};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};

/// A site that is to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSite {
    pub site: Site,
    /// How many digests the site had when this was read.
    pub digests: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Numbers of the tickets that changed, and how.
    pub tickets: Vec<(i64, TicketAction)>,
}

impl Store {
    /// Sites with something new, and those not judged since `now - at_least_every`.
    pub async fn sites_due(&self, now: Timestamp, at_least_every: Millis) -> Result<Vec<DueSite>> {
        crate::later().await
    }

    /// The site was judged with what it knew at [`Store::sites_due`].
    pub async fn mark_analyzed(&self, due: &DueSite, now: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// All that is known of a site at `now`, read as of one instant.
    pub async fn load_input(&self, client: ClientId, site: SiteId, now: Timestamp) -> Result<Input> {
        crate::later().await
    }

    /// Stores a verdict in one transaction: cases and their stories, forecasts and results,
    /// tickets, and one outbox notice for each change that people are told of.
    pub async fn apply(&self, site: &Site, verdict: &Verdict, now: Timestamp) -> Result<Applied> {
        crate::later().await
    }
}
