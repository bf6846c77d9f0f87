//! Building what a command needs, and saying what it cost.

use crate::{
    time::Stopwatch,
    tool::{cargo, run, target},
};
use anyhow::Result;
use std::{fs, path::PathBuf, time::Duration};

/// The programs that demonstration, benchmarks and end-to-end tests start.
const PACKAGES: [&str; 3] = ["beforehand-collector", "beforehand-agent", "beforehand-e2e"];
/// Below this, a build's cost interests nobody.
const NOTEWORTHY: Duration = Duration::from_secs(60);

/// Builds all programs and gives the directory they are in.
pub(crate) fn programs(release: bool) -> Result<PathBuf> {
    let watch = Stopwatch::start();
    let mut command = cargo();
    command.args(["build", "--bins", "--timings"]);
    command.args(PACKAGES.iter().flat_map(|package| ["-p", package]));
    if release {
        command.arg("--release");
    }
    run(&mut command)?;
    println!("built in {watch}");
    if watch.elapsed() > NOTEWORTHY {
        print_dearest();
    }
    Ok(target().join(if release { "release" } else { "debug" }))
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
