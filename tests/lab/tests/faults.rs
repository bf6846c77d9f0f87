//! Every fault of the list in a real network of its own: the analysis says where it is. One by one, with what is said
//! of each: `cargo xtask lab`.

use beforehand_lab::{course::Trial, fault, judge::Score, matrix::Matrix, nest, network::GATEWAY};
use beforehand_shared::{link::LinkRole, observation::Observation, report::Report, route::Occasion};
use std::path::Path;

/// Labs wait more than they work.
const AT_ONCE: usize = 14;
/// Shares of all faults.
const LEAST_RIGHT: f64 = 0.85;
const MOST_WRONG: f64 = 0.015;
/// Names in `faults.toml` and machines of the office: of these nothing else may be said.
const CLEAR: [(&str, u8); 6] = [
    ("nothing happens", 2),
    ("the cable of the first machine is pulled", 2),
    ("the gateway is off", 2),
    ("the line is dead", 2),
    ("both name servers are dead", 1),
    ("the service is dead", 1),
];

#[test]
fn faults_in_real_networks_are_found_where_they_are() {
    let faults = fault::all(fault::Chapter::Known).unwrap();
    let trials: Vec<Trial> = (1..).zip(faults).map(|(seed, fault)| Trial { fault, seed, keep: None }).collect();
    let tried = nest::attempt_all(Path::new(env!("CARGO_BIN_EXE_lab")), &trials, AT_ONCE, |_, _| ());
    let (mut matrix, mut unclear) = (Matrix::default(), Vec::new());
    for (Trial { fault, .. }, tried) in trials.iter().zip(tried) {
        let said = tried.unwrap_or_else(|error| panic!("{}: {error:#}", fault.name)).verdict.said;
        matrix.add(fault.truth, said);
        if said.score(fault.truth) != Score::Right {
            println!("{} ({} machines): it was said to be {}", fault.name, fault.machines, said.word());
            unclear.extend(CLEAR.contains(&(fault.name.as_str(), fault.machines)).then_some(&fault.name));
        }
    }
    println!("{matrix}");
    let share = |score: Score| matrix.count(score) as f64 / trials.len() as f64;
    assert!(unclear.is_empty(), "{unclear:?}");
    assert!(share(Score::Right) >= LEAST_RIGHT && share(Score::Wrong) <= MOST_WRONG, "{matrix}");
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
