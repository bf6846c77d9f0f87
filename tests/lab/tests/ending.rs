//! Nothing of a lab outlives the program that started it.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its lab has failed")]

use beforehand_lab::{
    time::Clock,
    tool::{Service, tool},
};
use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

const POLL: Duration = Duration::from_millis(100);
const PATIENCE: usize = 300;
/// Of a fault that lives long enough to be killed.
const FAULT: &str = "the name server of the gateway is silent";
/// By which the test finds its own lab.
const SEED: &str = "771177";

/// The process namespace of every process whose command line has these words.
fn namespaces(words: &str) -> BTreeSet<PathBuf> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let named = processes.filter(|it| fs::read_to_string(it.join("cmdline")).is_ok_and(|line| line.contains(words)));
    named.filter_map(|it| fs::read_link(it.join("ns/pid")).ok()).collect()
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let clock = Clock::start();
    let so = (1..=PATIENCE).any(|turn| {
        clock.wait_until(POLL * u32::try_from(turn).unwrap());
        is_so()
    });
    assert!(so, "{what} did not come to pass");
}

#[test]
fn a_lab_whose_program_is_killed_leaves_no_process_behind() {
    let own = fs::read_link("/proc/self/ns/pid").unwrap();
    let mut lab = tool(env!("CARGO_BIN_EXE_lab"));
    let lab = Service::start(lab.args(["--only", FAULT, "--seed", SEED])).unwrap();
    let marker = format!("\"seed\":{SEED}");
    let lab_namespace = || namespaces(&marker).into_iter().find(|it| *it != own);
    let agents = |namespace: &PathBuf| namespaces("beforehand-agent").contains(namespace);
    eventually("a lab with an agent", || lab_namespace().is_some_and(|namespace| agents(&namespace)));
    let namespace = lab_namespace().unwrap();
    // As a power cut would.
    drop(lab);
    eventually("the end of all", || !namespaces("").contains(&namespace));
}
