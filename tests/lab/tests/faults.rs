//! Clear faults in real networks: the analysis says where they are. All faults: `cargo xtask lab`.

use beforehand_lab::{
    course::Trial,
    fault,
    judge::{Said, Score},
    nest,
    network::GATEWAY,
};
use beforehand_shared::{link::LinkRole, observation::Observation, report::Report, route::Occasion};
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

#[test]
fn an_agent_traces_the_way_in_a_fault_and_pings_its_neighbour_all_along() {
    let all = fault::all(fault::Chapter::Known).unwrap();
    let fault = all.into_iter().find(|fault| fault.name == "the line is dead" && fault.machines == 2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("reports.jsonl");
    let trial = Trial { fault, seed: 2, keep: Some(kept.clone()) };
    nest::attempt_all(Path::new(env!("CARGO_BIN_EXE_lab")), &[trial], 1, |_, _| ()).remove(0).unwrap();
    let kept = std::fs::read_to_string(kept).unwrap();
    let reports = kept.lines().map(|line| serde_json::from_str::<Report>(line).unwrap());
    let seen: Vec<Observation> =
        reports.flat_map(|it| it.runs.into_iter().flat_map(|run| run.outcome.observations().to_vec())).collect();
    let neighbours = seen.iter().filter_map(|it| if let Observation::Neighbour(it) = it { Some(it) } else { None });
    let answered = neighbours.clone().filter(|it| it.role == LinkRole::Neighbour && it.lost == 0).count();
    assert!(answered > 0 && answered == neighbours.count(), "the switch is well");
    let traced = seen.iter().filter_map(|it| if let Observation::Route(it) = it { Some(it) } else { None });
    let fault = traced.clone().find(|route| route.occasion == Occasion::Fault);
    let fault = fault.unwrap_or_else(|| panic!("no trace of a fault among {:?}", traced.collect::<Vec<_>>()));
    assert_eq!((&fault.hops[..], fault.reached), (&[Some(GATEWAY.parse().unwrap())][..], false));
}

fn complaint(trial: &Trial, said: Said) -> Option<String> {
    let Trial { fault, .. } = trial;
    (said.score(fault.truth) != Score::Right).then(|| format!("{}: it was said to be {}", fault.name, said.word()))
}
