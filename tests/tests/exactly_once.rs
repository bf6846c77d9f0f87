//! Seen working, 3: collector and agent are killed at random points, and still every observation
//! that the agent generated is stored exactly once or named in a gap.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place},
    tool::{self, Service, tool},
};
use beforehand_shared::{observation::Observation, report::Gap, time::Timestamp, wire};
use beforehand_sim::random::Random;
use beforehand_store::Store;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

const KILLS: u32 = 200;
const SEED: u64 = 3;
const CLIENT: &str = "Harbour Dental";

fn reporter(agent: &Agent, journal: &Path, more: &[&str]) -> std::process::Command {
    let mut reporter = tool(tool::program("reporter").unwrap());
    reporter.arg("--state").arg(&agent.state).arg("--journal").arg(journal).args(more);
    reporter
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_when_collector_and_agent_are_killed_at_random_points() {
    let place = Place::new("exactly-once").unwrap();
    let mut collector = Collector::start(&place, "[log]\nfilter = \"warn\"\n").await.unwrap();
    collector.add_client(CLIENT, &[]).await.unwrap();
    let agent = Agent::enrol(&place, &collector, CLIENT, "").unwrap();
    let (journal, log) = (place.path("journal"), place.path("reporter.log"));
    let mut random = Random::new(SEED);
    let mut running = Service::start(&mut reporter(&agent, &journal, &[]), &log).unwrap();
    for kill in 0..KILLS {
        tokio::time::sleep(Duration::from_micros(random.whole(500, 120_000))).await;
        running.check().unwrap_or_else(|error| panic!("before kill {kill}: {error}"));
        if random.chance(0.3) {
            collector.kill();
            collector.serve().await.unwrap();
        } else {
            running.kill();
            running = Service::start(&mut reporter(&agent, &journal, &[]), &log).unwrap();
        }
    }
    running.kill();
    tool::output(&mut reporter(&agent, &journal, &["--drain"])).unwrap();
    let stored = Stored::read(&collector.store().await.unwrap(), &agent).await;
    stored.check(&std::fs::read_to_string(&journal).unwrap());
}

/// What the collector has, read from its frames.
struct Stored {
    /// How often each observation is stored.
    times: BTreeMap<String, u32>,
    seqs: BTreeMap<String, BTreeSet<u64>>,
    gaps: Vec<(String, Gap)>,
}

impl Stored {
    async fn read(store: &Store, agent: &Agent) -> Self {
        let identity = agent.identity().unwrap();
        let (from, to) = (Timestamp(0), Timestamp(i64::MAX));
        let frames = store.frames_of_host(identity.client, identity.host, from, to).await.unwrap();
        let mut stored = Self { times: BTreeMap::new(), seqs: BTreeMap::new(), gaps: Vec::new() };
        for frame in frames {
            let report = wire::decode(&frame.body).unwrap();
            let incarnation = frame.incarnation.to_string();
            assert_eq!((report.incarnation, report.seq), (frame.incarnation, frame.seq));
            let first_time = stored.seqs.entry(incarnation.clone()).or_default().insert(frame.seq);
            assert!(first_time, "report {} is stored twice", frame.seq);
            stored.gaps.extend(report.gaps.iter().map(|gap| (incarnation.clone(), gap.clone())));
            for observation in report.runs.iter().flat_map(|run| run.outcome.observations()) {
                let Observation::Volume(volume) = observation else { continue };
                *stored.times.entry(volume.device.clone()).or_default() += 1;
            }
        }
        stored
    }

    fn is_in_gap(&self, incarnation: &str, seq: u64) -> bool {
        self.gaps
            .iter()
            .any(|(of, gap)| of == incarnation && gap.seqs.is_some_and(|(first, last)| (first..=last).contains(&seq)))
    }

    fn check(&self, journal: &str) {
        let mut generated = 0;
        for line in journal.lines() {
            // The last line of a killed agent may be cut.
            let mut words = line.split(' ');
            let (Some(incarnation), Some(seq), Some(id)) = (words.next(), words.next(), words.next()) else { continue };
            if id.len() != 32 {
                continue;
            }
            generated += 1;
            let seq: u64 = seq.parse().unwrap();
            let times = self.times.get(id).copied().unwrap_or(0);
            let told = self.is_in_gap(incarnation, seq);
            assert!(times == 1 || (times == 0 && told), "report {seq} is stored {times} times, told as lost: {told}");
        }
        assert!(self.times.values().all(|times| *times == 1));
        for (incarnation, seqs) in &self.seqs {
            let last = seqs.last().copied().unwrap();
            let missing = (1..=last).find(|seq| !seqs.contains(seq) && !self.is_in_gap(incarnation, *seq));
            assert_eq!(missing, None, "a hole in the numbers that no gap explains");
        }
        println!("{generated} reports generated, {} stored, {} gaps told", self.times.len(), self.gaps.len());
        assert!(generated > u64::from(KILLS));
    }
}
