//! What a collector has of one host, read from its frames.

use anyhow::{Result, ensure};
use beforehand_agent::identity::Identity;
use beforehand_shared::{observation::Observation, report::Gap, time::Timestamp, wire};
use beforehand_store::Store;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Stored {
    /// How often the volume on each device was reported.
    pub times: BTreeMap<String, u32>,
    /// Numbers of the reports, by incarnation.
    pub seqs: BTreeMap<String, BTreeSet<u64>>,
    /// Told gaps, with the incarnation that told them.
    pub gaps: Vec<(String, Gap)>,
}

impl Stored {
    /// # Errors
    /// When a report is stored twice, or under a number that is not its own.
    pub async fn read(store: &Store, identity: &Identity) -> Result<Self> {
        let (from, to) = (Timestamp(0), Timestamp(i64::MAX));
        let mut stored = Self::default();
        for frame in store.frames_of_host(identity.client, identity.host, from, to).await? {
            let report = wire::decode(&frame.body)?;
            let (incarnation, seq) = (frame.incarnation.to_string(), frame.seq);
            ensure!((report.incarnation, report.seq) == (frame.incarnation, seq), "report {seq} lies under another");
            let first_time = stored.seqs.entry(incarnation.clone()).or_default().insert(seq);
            ensure!(first_time, "report {seq} is stored twice");
            stored.gaps.extend(report.gaps.iter().map(|gap| (incarnation.clone(), gap.clone())));
            for observation in report.runs.iter().flat_map(|run| run.outcome.observations()) {
                let Observation::Volume(volume) = observation else { continue };
                *stored.times.entry(volume.device.clone()).or_default() += 1;
            }
        }
        Ok(stored)
    }

    pub fn is_in_gap(&self, incarnation: &str, seq: u64) -> bool {
        let numbers = self.gaps.iter().filter(|(of, _)| of == incarnation).filter_map(|(_, gap)| gap.seqs);
        numbers.into_iter().any(|(first, last)| (first..=last).contains(&seq))
    }

    /// Numbers up to the last of each incarnation that are neither stored nor told as lost.
    pub fn holes(&self) -> Vec<(String, u64)> {
        let mut holes = Vec::new();
        for (incarnation, seqs) in &self.seqs {
            let last = seqs.last().copied().unwrap_or_default();
            let missing = (1..=last).filter(|seq| !seqs.contains(seq) && !self.is_in_gap(incarnation, *seq));
            holes.extend(missing.map(|seq| (incarnation.clone(), seq)));
        }
        holes
    }
}
