//! The agent as it is shipped is killed at random points while the collector comes and goes: every
//! report it numbered is stored once or named in a gap, and it is back at once. A second agent on
//! the same state directory is turned away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_agent::{
    spool::{Limits, Spool},
    time::Clock,
};
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place},
    stored::Stored,
    time::{Stopwatch, eventually, pass},
};
use beforehand_sim::random::Random;
use beforehand_store::Store;
use std::time::Duration;

const CLIENT: &str = "Harbour Dental";
const KILLS: u32 = 60;
const SEED: u64 = 8;
const SOON: Duration = Duration::from_secs(60);
/// How long an agent may take to look again after a power cut (R01).
const BACK_WITHIN: Duration = Duration::from_secs(1);
/// What an agent says when it has begun.
const BEGUN: &str = "the agent looks";
/// As fast as the settings allow, and nothing leaves the machine.
const FAST: &str = r#"
report_every = "100ms"
[host]
every = "1s"
[disk_space]
every = "100ms"
[connectivity]
every = "100ms"
gateway = false
anchors = ["127.0.0.1"]
pings = 1
timeout = "50ms"
resolvers = []
[printer]
enabled = false
[printer_discovery]
enabled = false
"#;
/// Opened only to read how far the numbers went.
const LIMITS: Limits = Limits { bytes: 1 << 30, waiting: 1_000_000, acked: 1_000_000 };

async fn fast_agent(place: &Place) -> (Collector, Agent) {
    let collector = Collector::start(place, "[log]\nfilter = \"warn\"\n").await.unwrap();
    collector.add_client(CLIENT, &[]).await.unwrap();
    let agent = Agent::prepare(place, FAST).unwrap();
    agent.enrol_with(&collector.install_command(CLIENT).unwrap()).unwrap();
    (collector, agent)
}

/// Starts the agent; how long it took until it looked.
async fn start(agent: &mut Agent) -> Duration {
    let begun = |agent: &Agent| agent.said().matches(BEGUN).count();
    let (before, watch) = (begun(agent), Stopwatch::start());
    agent.run().unwrap();
    eventually("the agent's start", SOON, || {
        agent.check().unwrap();
        let has_begun = begun(agent) > before;
        async move { has_begun.then(|| watch.elapsed()) }
    })
    .await
}

/// The number of the last report, as the spool of a stopped agent knows it.
fn last_seq(agent: &Agent) -> u64 {
    let identity = agent.identity().unwrap();
    let owner = (identity.host, identity.incarnation);
    Spool::open(&agent.state, owner, LIMITS, Clock::system().now().wall).unwrap().last_seq()
}

async fn until_all_is_sent(agent: &Agent) {
    let waiting = agent.state.join("spool/q");
    eventually("the sending of all that waits", SOON, || async {
        (std::fs::read_dir(&waiting).unwrap().count() < 2).then_some(())
    })
    .await;
}

async fn reported(store: &Store, agent: &Agent) -> Stored {
    Stored::read(store, &agent.identity().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_at_random_points_loses_nothing_silently_and_is_back_within_a_second() {
    let place = Place::new("agent-kills").unwrap();
    let (mut collector, mut agent) = fast_agent(&place).await;
    let mut random = Random::new(SEED);
    let mut starts = vec![start(&mut agent).await];
    for kill in 0..KILLS {
        pass(Duration::from_millis(random.whole(5, 400))).await;
        agent.check().unwrap_or_else(|error| panic!("before kill {kill}: {error}"));
        agent.kill();
        match (collector.pid(), random.chance(0.25)) {
            (Some(_), true) => collector.kill(),
            (None, true) => collector.serve().await.unwrap(),
            _ => {}
        }
        starts.push(start(&mut agent).await);
    }
    agent.kill();
    if collector.pid().is_none() {
        collector.serve().await.unwrap();
    }
    start(&mut agent).await;
    until_all_is_sent(&agent).await;
    agent.stop();

    let stored = reported(&collector.store().await.unwrap(), &agent).await;
    assert_eq!(stored.holes(), [], "a hole in the numbers that no gap explains");
    assert_eq!(stored.seqs.len(), 1, "no number was used for two reports: {:?}", stored.seqs.keys());
    let all = stored.seqs.values().next().unwrap();
    assert_eq!(all.last().copied(), Some(last_seq(&agent)), "the agent's goodbye is the last report");
    assert!(all.len() > KILLS as usize, "{} reports", all.len());
    let said = agent.said();
    assert!(!said.contains("panicked"), "{said}");
    starts.sort();
    let middle = starts[starts.len() / 2];
    assert!(middle < BACK_WITHIN, "it is back after {middle:?}");
    println!(
        "{} reports stored, {} gaps told, back after {middle:?} (longest {:?})",
        all.len(),
        stored.gaps.len(),
        starts.last()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_agent_on_the_same_state_is_turned_away_and_harms_nothing() {
    let place = Place::new("second-agent").unwrap();
    let (collector, mut agent) = fast_agent(&place).await;
    let store = collector.store().await.unwrap();
    start(&mut agent).await;
    let refused = agent.command(&["run"]).unwrap_err().to_string();
    assert!(refused.contains("exit status: 1") && refused.contains("another agent already runs"), "{refused}");
    assert!(refused.contains(&agent.state.display().to_string()) && refused.contains("Stop it"), "{refused}");

    let count = |stored: &Stored| stored.seqs.values().map(std::collections::BTreeSet::len).sum::<usize>();
    let before = count(&reported(&store, &agent).await);
    let after = eventually("three more reports of the first", SOON, || async {
        Some(reported(&store, &agent).await).filter(|stored| count(stored) > before + 2)
    })
    .await;
    agent.check().unwrap();
    assert_eq!((after.holes(), after.seqs.len(), after.gaps), (vec![], 1, vec![]));
}
