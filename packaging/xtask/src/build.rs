//! Building what a command needs, and saying what it cost.

use crate::{
    time::Stopwatch,
    tool::{cargo, run, target},
};
use anyhow::Result;
use std::{fs, path::PathBuf, time::Duration};

/// Below this, a build's cost interests nobody.
const NOTEWORTHY: Duration = Duration::from_secs(60);

/// What is built, and so with which features: cargo unifies them over all that it builds at once,
/// and another choice would build the large dependencies again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Programs,
    ProgramsAndTests,
    Release,
}

/// Builds the programs of the workspace and gives the directory they are in.
pub(crate) fn programs(what: What) -> Result<PathBuf> {
    let watch = Stopwatch::start();
    let mut command = cargo();
    command.args(["build", "--workspace", "--bins", "--timings"]);
    match what {
        What::Programs => {}
        What::ProgramsAndTests => {
            command.arg("--tests");
        }
        What::Release => {
            command.arg("--release");
        }
    }
    run(&mut command)?;
    println!("built in {watch}");
    if watch.elapsed() > NOTEWORTHY {
        print_dearest();
    }
    Ok(target().join(if what == What::Release { "release" } else { "debug" }))
}

/// The agent as it is shipped.
pub(crate) fn small_agent() -> Result<PathBuf> {
    run(cargo().args(["build", "--profile", "small", "-p", "beforehand-agent"]))?;
    Ok(target().join("small/beforehand-agent"))
}

/// Says which crates took longest, from cargo's own timings.
fn print_dearest() {
    let page = fs::read_to_string(target().join("cargo-timings/cargo-timing.html")).unwrap_or_default();
    let mut units = durations(&page);
    units.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (name, seconds) in units.iter().take(6) {
        println!("  {seconds:6.1} s  {name}");
    }
}

/// Name and seconds of every unit in the page's JSON, which has one key a line.
fn durations(page: &str) -> Vec<(String, f64)> {
    let mut name = String::new();
    let mut units = Vec::new();
    for line in page.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("\"name\": ") {
            name = rest.trim_matches([',', '"']).to_owned();
        } else if let Some(rest) = line.strip_prefix("\"duration\": ")
            && let Ok(seconds) = rest.trim_end_matches(',').parse()
        {
            units.push((name.clone(), seconds));
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timings_are_read_from_cargos_page() {
        let page = "const UNIT_DATA = [\n {\n  \"i\": 0,\n  \"name\": \"typst\",\n  \"duration\": 61.5,\n }\n];";
        assert_eq!(durations(page), [("typst".to_owned(), 61.5)]);
    }
}
