//! The conformance suite: every case runs on SQLite and on PostgreSQL, each in its own database.
//!
//! Its own small harness, because PostgreSQL is to be started once and not for every case. To the
//! outside there are two tests, `sqlite` and `postgres`; `cargo test --test conformance -- sqlite
//! seal` runs the cases with `seal` in their name on SQLite.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure is what a test is for")]

mod accounting;
mod connections;
mod elsewhere;
mod faults;
mod frames;
mod hosts;
mod judging;
mod measurements;
mod network;
mod outbox;
mod people;
mod postgres;
mod printers;
mod schema;
mod support;
mod tenants;
mod world;

use std::{process::ExitCode, rc::Rc};
use support::{Case, Databases};

/// How many cases run at once; each has some connections.
const AT_ONCE: usize = 8;
const ENGINES: [&str; 2] = ["sqlite", "postgres"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--list") {
        if !args.iter().any(|arg| arg == "--ignored") {
            ENGINES.iter().for_each(|engine| println!("{engine}: test"));
        }
        return ExitCode::SUCCESS;
    }
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|arg| !arg.starts_with("--")).collect();
    let engines: Vec<&str> = ENGINES.into_iter().filter(|engine| words.contains(engine)).collect();
    let engines = if engines.is_empty() { ENGINES.to_vec() } else { engines };
    let filters: Vec<&str> = words.into_iter().filter(|word| !ENGINES.contains(word)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failed: usize = engines.into_iter().map(|engine| run(&runtime, engine, &filters)).sum();
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cases() -> impl Iterator<Item = Case> {
    let lists = [
        accounting::CASES,
        connections::CASES,
        elsewhere::CASES,
        faults::CASES,
        frames::CASES,
        hosts::CASES,
        judging::CASES,
        measurements::CASES,
        network::CASES,
        outbox::CASES,
        people::CASES,
        printers::CASES,
        schema::CASES,
        tenants::CASES,
    ];
    lists.into_iter().flatten().copied()
}

/// Runs the cases on one engine; says how many failed.
fn run(runtime: &tokio::runtime::Runtime, engine: &str, filters: &[&str]) -> usize {
    let chosen: Vec<Case> =
        cases().filter(|case| filters.is_empty() || filters.iter().any(|filter| case.name.contains(filter))).collect();
    let local = tokio::task::LocalSet::new();
    let failed = local.block_on(runtime, async {
        let databases = Rc::new(Databases::start(engine).await);
        let room = Rc::new(tokio::sync::Semaphore::new(AT_ONCE));
        let running: Vec<_> = chosen.iter().map(|case| (case, start(*case, &databases, &room))).collect();
        let mut failed = vec![];
        for (case, task) in running {
            if task.await.is_err() {
                failed.push(case.name);
            }
        }
        failed
    });
    println!("{engine}: {} of {} cases passed", chosen.len() - failed.len(), chosen.len());
    failed.iter().for_each(|name| println!("{engine}: FAILED {name}"));
    failed.len()
}

fn start(case: Case, databases: &Rc<Databases>, room: &Rc<tokio::sync::Semaphore>) -> tokio::task::JoinHandle<()> {
    let (databases, room) = (Rc::clone(databases), Rc::clone(room));
    tokio::task::spawn_local(async move {
        let _permit = room.acquire().await.unwrap();
        (case.run)(databases.fresh().await).await;
    })
}
