//! The rollout as it stands, worked out anew only now and then: every host asks.

use super::{Release, ReleaseError, folder};
use crate::app::App;
use beforehand_core::rollout::{self, Plan, Verdict};
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};
use beforehand_store::StoreError;
use std::sync::{Arc, Mutex, PoisonError};

/// A change is seen at the latest after this.
const REMEMBER: Millis = Millis::seconds(10);

#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Release(#[from] ReleaseError),
}

/// A release, and who gets it.
#[derive(Debug, PartialEq, Eq)]
pub struct Current {
    pub release: Release,
    pub plan: Plan,
}

impl Current {
    pub fn is_offered_to(&self, host: HostId) -> bool {
        matches!(self.plan.verdicts.get(&host), Some(Verdict::Offer(_)))
    }
}

/// A rollout as a page tells of it.
#[derive(Debug, Default)]
pub struct Told {
    pub current: Option<Arc<Current>>,
    /// One sentence, without its full stop.
    pub trouble: Option<String>,
}

/// When it was worked out, and what came of it.
type Known = (Timestamp, Option<Arc<Current>>);

/// What was worked out last.
#[derive(Debug, Clone, Default)]
pub struct Rollouts {
    known: Arc<Mutex<Option<Known>>>,
}

impl Rollouts {
    /// The rollout at this moment; nothing where nothing is released.
    ///
    /// # Errors
    /// When folder or database cannot be read.
    pub async fn current(&self, app: &App) -> Result<Option<Arc<Current>>, RolloutError> {
        let now = app.clock.now();
        if let Some(known) = self.recall(now) {
            return Ok(known);
        }
        let current = look(app, now).await?.map(Arc::new);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, current.clone()));
        Ok(current)
    }

    /// The rollout for a page: what is wrong with the release is a line on it, and no reason to show
    /// nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn told(&self, app: &App) -> Result<Told, StoreError> {
        match self.current(app).await {
            Ok(current) => Ok(Told { current, trouble: None }),
            Err(RolloutError::Store(error)) => Err(error),
            Err(RolloutError::Release(error)) => {
                Ok(Told { current: None, trouble: Some(format!("The release of the agent cannot be read: {error}")) })
            }
        }
    }

    fn recall(&self, now: Timestamp) -> Option<Option<Arc<Current>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, current) = known.as_ref()?;
        (Millis(0)..REMEMBER).contains(&now.since(*at)).then(|| current.clone())
    }
}

async fn look(app: &App, now: Timestamp) -> Result<Option<Current>, RolloutError> {
    let folder = folder(&app.config.server.state);
    let Some(release) = Release::load(&folder)? else { return Ok(None) };
    let mut hosts = Vec::new();
    for client in app.store.clients().await? {
        hosts.extend(app.store.candidates(&client).await?);
    }
    let plan = rollout::plan(&release.index, &hosts, now);
    Ok(Some(Current { release, plan }))
}
