//! The agent's half: now and then it asks, verifies, fetches and lays ready. It runs beside the loop;
//! whatever happens here, reporting goes on.

use super::{
    apply::is_under_way,
    choose::{Here, choose},
    fetch::{FetchError, Source},
    memory::Memory,
    note, platform,
    stage::Stage,
    system,
};
use crate::{config::Config, http::HttpError, identity::Identity, random, time::Clock};
use beforehand_shared::{
    limits, text,
    update::{Able, Attempt, CameTo, UpdateKey, Version},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Notify;

const LISTEN: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub struct Updater {
    source: Source,
    stage: Stage,
    key: UpdateKey,
    running: Version,
    state: PathBuf,
    work: PathBuf,
    every: Duration,
    clock: Clock,
    /// What the privileged step had done when this agent started.
    done: Option<Attempt>,
    /// Told when the host has something new to say.
    noted: Arc<Notify>,
}

impl Updater {
    /// Nothing where this machine's owner does not want updates or the build cannot verify them.
    ///
    /// # Errors
    /// When the collector's address cannot be used.
    pub fn new(
        config: &Config,
        identity: &Identity,
        clock: Clock,
        noted: Arc<Notify>,
    ) -> Result<Option<Self>, HttpError> {
        match note::able(config) {
            Able::Yes => {}
            Able::Forbidden => return Ok(None),
            Able::NoKey | Able::Unknown => {
                tracing::info!("this build has no update key: it is never replaced by another");
                return Ok(None);
            }
        }
        let key = config.build.update_key.and_then(|key| UpdateKey::parse(key).ok());
        let (Some(key), Ok(running)) = (key, config.build.version.parse()) else { return Ok(None) };
        Ok(Some(Self {
            source: Source::new(identity)?,
            stage: Stage::new(&config.state),
            key,
            running,
            state: config.state.clone(),
            done: done(&config.update.work),
            work: config.update.work.clone(),
            every: config.update.every.get(),
            clock,
            noted,
        }))
    }

    /// Asks for ever, at times that differ from agent to agent, and listens to the privileged step.
    pub async fn forever(self) {
        if self.stage.is_ready() || is_under_way(&self.work) {
            system::wake();
        }
        tokio::join!(self.asks(), self.listens());
    }

    async fn asks(&self) {
        let mut wait = self.every.mul_f64(random::fraction());
        loop {
            tokio::time::sleep(wait).await;
            let asked = self.clone();
            // A task of its own: not even a panic ends the asking.
            if let Err(error) = tokio::spawn(async move { asked.once().await }).await {
                tracing::error!(%error, "the search for an update stopped with an error of its own");
            }
            wait = self.every.mul_f64(0.75 + random::fraction() / 2.0);
        }
    }

    /// The privileged step is done with a new version only after that has reported, so its first
    /// facts about the host cannot tell.
    async fn listens(&self) {
        let mut known = self.done.clone();
        loop {
            tokio::time::sleep(LISTEN.min(self.every)).await;
            let work = self.work.clone();
            let done = tokio::task::spawn_blocking(move || done(&work)).await.unwrap_or_default();
            if done != known {
                known = done;
                self.noted.notify_one();
            }
        }
    }

    /// Asks once, and keeps a note of what came of it.
    pub async fn once(&self) {
        let Some((version, came_to)) = self.attempt().await else { return };
        match &came_to {
            CameTo::Waiting => tracing::info!(?version, "a new version is laid ready"),
            CameTo::Refused { why } | CameTo::Failed { why } => tracing::warn!(why, "no update"),
            CameTo::Updated { .. } | CameTo::Returned { .. } | CameTo::Unknown => {}
        }
        let attempt = Attempt { at: self.clock.now().wall, version, came_to };
        match note::keep(&self.state, &attempt) {
            Ok(true) => self.noted.notify_one(),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "what came of an update cannot be noted"),
        }
    }

    /// Nothing where nothing is new.
    async fn attempt(&self) -> Option<(Option<Version>, CameTo)> {
        if self.stage.is_ready() {
            system::wake();
            return None;
        }
        let offer = match self.source.offer().await {
            Ok(offer) => offer?,
            // Nothing was offered, so nothing failed; that the collector is away shows otherwise.
            Err(error) => {
                tracing::debug!(%error, "nothing is known about updates");
                return None;
            }
        };
        let index = match self.key.open(&offer.index, &offer.signature) {
            Ok(index) => index,
            Err(error) => return Some((None, refused(&error))),
        };
        let memory = match Memory::load(&self.work) {
            Ok(memory) => memory,
            Err(error) => return Some((None, failed(&format!("what was tried before cannot be read: {error}")))),
        };
        let here = Here { platform: &platform(), running: self.running, memory: &memory, now: self.clock.now().wall };
        let package = match choose(&index, &here) {
            Ok(package) => package,
            Err(why) => return why.is_news().then(|| (None, refused(&why))),
        };
        let version = Some(package.version);
        Some(match self.stage.fill(&self.source, &offer, package).await {
            Ok(()) => {
                system::wake();
                (version, CameTo::Waiting)
            }
            Err(error @ (FetchError::Long { .. } | FetchError::Checksum)) => (version, refused(&error)),
            Err(error) => (version, failed(&error)),
        })
    }
}

fn done(work: &Path) -> Option<Attempt> {
    // What cannot be read is no news.
    Memory::load(work).ok()?.last
}

fn refused(why: &impl ToString) -> CameTo {
    CameTo::Refused { why: text::clean(&why.to_string(), limits::TEXT_CHARS) }
}

fn failed(why: &impl ToString) -> CameTo {
    CameTo::Failed { why: text::clean(&why.to_string(), limits::TEXT_CHARS) }
}
