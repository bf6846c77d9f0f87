//! Where a fault of the connection is, in offices made by `tests/sim`, judged as those of the lab are.

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use beforehand_lab::{
    fault::Segment,
    judge::{Said, Score},
    simulated::{Simulated, try_all},
};
use beforehand_sim::paths::Router;

/// The offices that are judged; those below 1,000 are for development.
const FROM: u64 = 1_000;
const OFFICES: u64 = 240;

pub struct WhereIsTheFault;

impl Task for WhereIsTheFault {
    fn name(&self) -> &'static str {
        "where_is_the_fault"
    }

    fn run(&self, _: &Data) -> Result<TaskReport> {
        let all = try_all(FROM, OFFICES);
        Ok(TaskReport {
            task: self.name().to_owned(),
            about: "Is it said where a fault of the connection is, and never wrongly?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            tables: vec![
                table("where the fault is", &all, true, |_| true),
                table("the provider's first router answers pings", &all, false, is(|it| it == Router::Pinged)),
                table("it answers in passing only", &all, false, is(|it| matches!(it, Router::InPassing { .. }))),
                table("it answers nobody", &all, false, is(|it| it == Router::Mute)),
                table("nothing is broken", &all, false, |it| it.truth == Segment::None),
            ],
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        })
    }
}

const PROTOCOL: [&str; 3] = [
    "Each office is watched for eight hours in which all is well and 45 minutes in which one thing is broken; tests/sim/src/paths says how it is made and from what. Reports go the collector's own way, and are judged every minute. What counts is what the open tickets, or else the notes, say at the end.",
    "Too wide means that the right part is named together with another: the gateway or its cable, the line or the provider. Wrong means another part, or a fault where there is none.",
    "The opponent blames the nearest part that most machines see bad.",
];

const REMARKS: [&str; 3] = [
    "The offices are made up. How many of the providers' first routers answer pings, and how many of the others answer packets that end at them (two thirds here), is an assumption; the second was added when agents learnt to ask so, and changed nothing else of the offices. Real agents in networks of namespaces, with faults that are really made, are tried by `cargo xtask lab`.",
    "In passing: by pings to an anchor that end at the router, which says that their time is over (RFC 792).",
    "A dead or lossy cable between switch and gateway looks like the gateway from inside, the port of the only machine as well; where the provider's first router answers nobody, line and provider are one.",
];

fn is(which: fn(Router) -> bool) -> impl Fn(&Simulated) -> bool {
    move |it| which(it.first_router)
}

type Way = fn(&Simulated) -> Said;

fn table(question: &str, all: &[Simulated], has_target: bool, counts: impl Fn(&Simulated) -> bool) -> Table {
    let cases: Vec<&Simulated> = all.iter().filter(|it| counts(it)).collect();
    let share = |way: Way, score: Score| {
        let of = cases.iter().filter(|it| way(it).score(it.truth) == score).count();
        (!cases.is_empty()).then(|| of as f64 / cases.len() as f64)
    };
    let row = |name: &str, by: By, way: Way| Row {
        method: name.to_owned(),
        by,
        values: Score::ALL.iter().map(|score| share(way, *score)).collect(),
    };
    let columns = Score::ALL.iter().map(|score| {
        let column = Column::new(score.word(), 3);
        match score {
            Score::Right if has_target => column.at_least(0.95),
            Score::Wrong if has_target => column.at_most(0.01),
            _ => column,
        }
    });
    Table {
        question: question.to_owned(),
        cases: format!("{} offices", cases.len()),
        columns: columns.collect(),
        rows: vec![
            row("all machines together", By::Ours, |it| it.tried.verdict.said),
            row("nearest bad hop", By::Opponent, |it| it.tried.nearest_hop),
        ],
    }
}
