//! Clear faults in real networks: the analysis says where they are. All faults: `cargo xtask lab`.

use beforehand_lab::{
    course::Trial,
    fault,
    judge::{Said, Score},
    nest,
};
use std::path::Path;

/// Names in `faults.toml`, and in which office.
const CLEAR: [(&str, u8); 6] = [
    ("nothing happens", 2),
    ("the cable of the first machine is pulled", 2),
    ("the gateway is off", 2),
    ("the line is dead", 2),
    ("both name servers are dead", 1),
    ("the service is dead", 1),
];

#[test]
fn clear_faults_in_real_networks_are_found_where_they_are() {
    let all = fault::all(fault::Chapter::Known).unwrap();
    let named = |(name, machines): (&str, u8)| {
        let fault = all.iter().find(|fault| fault.name == name && fault.machines == machines).unwrap();
        Trial { fault: fault.clone(), seed: 1, keep: None }
    };
    let trials = CLEAR.map(named);
    let tried = nest::attempt_all(Path::new(env!("CARGO_BIN_EXE_lab")), &trials, trials.len(), |_, _| ());
    let told = trials.iter().zip(tried);
    let wrong: Vec<String> = told.filter_map(|(trial, tried)| complaint(trial, tried.unwrap().verdict.said)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn complaint(trial: &Trial, said: Said) -> Option<String> {
    let Trial { fault, .. } = trial;
    (said.score(fault.truth) != Score::Right).then(|| format!("{}: it was said to be {}", fault.name, said.word()))
}
