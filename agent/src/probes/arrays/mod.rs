//! Arrays: whether they are whole, and what they bear; and thin pools, which the same tool tells.

pub mod arcconf;
mod ask;
pub mod btrfs;
mod controller;
pub mod lvm;
pub mod megacli;
pub mod parse;
pub mod spaces;
pub mod ssacli;
pub mod storcli;
pub mod thin;
pub mod zfs;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use crate::{
    config,
    probe::{Blocking, Looking, Probe, ProbeError},
    questions::Questions,
    time::Reading,
};
use beforehand_shared::{limits, observation::Observation};
use std::time::Duration;

pub struct Arrays {
    settings: config::Arrays,
    blocking: Blocking,
    questions: Questions,
}

impl Arrays {
    pub fn new(settings: &config::Arrays) -> Self {
        Self { settings: settings.clone(), blocking: Blocking::default(), questions: Questions::new(ask::PATIENCE) }
    }

    async fn look(&self) -> Result<Vec<Observation>, ProbeError> {
        let (known, present) = match self.blocking.run(system::arrays).await {
            Ok((arrays, present)) => (Ok(arrays), present),
            Err(error) => (Err(error), ask::Present::default()),
        };
        let (told, pools) = ask::all(&self.questions, &present).await;
        let mut arrays = match known {
            Ok(arrays) => [arrays, told].concat(),
            // What the tools tell is shown all the same.
            Err(_) if !told.is_empty() || !pools.is_empty() => told,
            Err(error) => return Err(error),
        };
        arrays.iter_mut().for_each(|array| array.members.truncate(limits::ARRAY_LIST));
        let arrays = arrays.into_iter().map(Observation::Array);
        Ok(arrays.chain(pools.into_iter().map(Observation::Volume)).collect())
    }
}

impl Probe for Arrays {
    fn name(&self) -> &'static str {
        "arrays"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(120)
    }

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let seen = self.look().await?;
            if seen.is_empty() {
                return Err(ProbeError::NoData("there is no array".to_owned()));
            }
            Ok(seen)
        })
    }
}
