//! `cargo xtask test`: everything that is checked, in one list.

use crate::{
    build, debian,
    time::Stopwatch,
    tool::{cargo, root, run, succeeds, target, tool},
    windows,
};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Test {
    /// Run only these steps, in their usual order.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Install missing Debian packages.
    Packages,
    /// Formatting.
    Fmt,
    /// Clippy, warnings are errors.
    Clippy,
    /// Licences, advisories and banned dependencies.
    Deny,
    /// Programs that the end-to-end tests start.
    Build,
    /// The agent for Windows: clippy, the program, its package.
    Windows,
    /// What drives the browser.
    Browser,
    /// Unit tests, both database engines, tidy, end to end.
    Tests,
}

/// Cheap checks first; the step with the most to say comes last.
const STEPS: [Step; 8] =
    [Step::Packages, Step::Fmt, Step::Deny, Step::Browser, Step::Build, Step::Clippy, Step::Windows, Step::Tests];

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        let chosen = |step: &Step| self.only.is_empty() || self.only.contains(step);
        let mut durations = Vec::new();
        for step in STEPS.iter().filter(|step| chosen(step)) {
            let name = format!("{step:?}").to_lowercase();
            println!("\n=== {name}");
            let watch = Stopwatch::start();
            // The summary stands before the last step, so that the test runner has the last word.
            if *step == Step::Tests && !durations.is_empty() {
                println!("until here: {}", durations.join(", "));
            }
            step.run().with_context(|| format!("step {name} failed after {watch}"))?;
            durations.push(format!("{name} {watch}"));
        }
        Ok(())
    }
}

impl Step {
    fn run(self) -> Result<()> {
        match self {
            Self::Packages => debian::install(),
            Self::Fmt => run(cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => {
                run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
                // What fuzzes is a workspace of its own, and must go on compiling.
                let fuzz =
                    ["clippy", "--manifest-path", "tests/fuzz/Cargo.toml", "--locked", "--quiet", "--target-dir"];
                run(cargo().args(fuzz).arg(target()).args(["--", "-D", "warnings"]))
            }
            Self::Deny => deny(),
            Self::Build => build::programs(build::What::ProgramsAndTests).map(|_| ()),
            Self::Windows => windows::for_tests(),
            Self::Browser => browser(),
            Self::Tests => tests(),
        }
    }
}

/// cargo-deny where it is installed, or once built below `target/tools`. Advisories need the
/// network; without it they are left out, and that is said.
fn deny() -> Result<()> {
    let own = target().join("tools");
    let program = if succeeds(cargo().args(["deny", "--version"])) {
        "cargo-deny".into()
    } else {
        let program = own.join("bin/cargo-deny");
        if !program.exists() {
            println!("cargo-deny is missing: building it once (some minutes)");
            run(cargo().args(["install", "--quiet", "--locked", "--debug", "cargo-deny", "--root"]).arg(&own))?;
        }
        program
    };
    let check =
        |what: &[&str]| run(tool(&program).current_dir(root()).args(["--log-level", "error", "check"]).args(what));
    check(&["bans", "licenses", "sources"])?;
    if succeeds(tool(&program).current_dir(root()).args(["fetch", "db"])) {
        return check(&["advisories"]);
    }
    println!("the advisory database cannot be fetched from here: advisories were NOT checked");
    Ok(())
}

fn browser() -> Result<()> {
    let folder = root().join("tests/browser");
    if folder.join("node_modules/.package-lock.json").exists() {
        return Ok(());
    }
    run(tool("npm").current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

fn tests() -> Result<()> {
    let data = std::env::var_os("BEFOREHAND_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    if !data.is_dir() {
        println!("no public data at {}: what real devices said was NOT compared (BEFOREHAND_DATA)", data.display());
    }
    let has_nextest = succeeds(cargo().args(["nextest", "--version"]));
    let mut command = cargo();
    command.env("BEFOREHAND_BIN", target().join("debug")).env("BEFOREHAND_WINDOWS", windows::test_folder());
    if has_nextest {
        run(command.args(["nextest", "run", "--workspace", "--no-fail-fast"]))
    } else {
        run(command.args(["test", "--workspace", "--quiet", "--no-fail-fast"]))
    }
}
