//! Seen working, 3: collector and agent are killed at random points, and still every observation
//! that the agent generated is stored exactly once or named in a gap.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place},
    stored::Stored,
    time::pass,
    tool::{self, Service, tool},
};
use beforehand_sim::random::Random;
use std::{path::Path, time::Duration};

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
        pass(Duration::from_micros(random.whole(500, 120_000))).await;
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
    let stored = Stored::read(&collector.store().await.unwrap(), &agent.identity().unwrap()).await.unwrap();
    check(&stored, &std::fs::read_to_string(&journal).unwrap());
}

/// Every line of the journal is stored once, or told as lost and not stored.
fn check(stored: &Stored, journal: &str) {
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
        let times = stored.times.get(id).copied().unwrap_or(0);
        let told = stored.is_in_gap(incarnation, seq);
        assert!(times == 1 || (times == 0 && told), "report {seq} is stored {times} times, told as lost: {told}");
    }
    assert!(stored.times.values().all(|times| *times == 1));
    assert_eq!(stored.holes(), [], "a hole in the numbers that no gap explains");
    println!("{generated} reports generated, {} stored, {} gaps told", stored.times.len(), stored.gaps.len());
    assert!(generated > u64::from(KILLS));
}
