//! `cargo xtask fuzz`: hostile input for every parser, by libFuzzer (`tests/fuzz`).

use crate::tool::{in_workspace, output, root, run, succeeds, target, tool};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What one input may take: past these libFuzzer reports a crash.
const LIMITS: [&str; 3] = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=65536"];

#[derive(Args)]
pub(crate) struct Fuzz {
    /// Only these parsers: the names of the files in tests/fuzz/fuzz_targets.
    parsers: Vec<String>,
    /// How long each of them.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

impl Fuzz {
    pub(crate) fn run(self) -> Result<()> {
        let path = cargo_fuzz()?;
        let listed = output(fuzz(&path).args(["list", "--fuzz-dir", "tests/fuzz"]))?;
        let chosen = |name: &&str| self.parsers.is_empty() || self.parsers.iter().any(|wanted| wanted == name);
        for parser in listed.lines().filter(chosen) {
            println!("\n=== {parser}, {} minutes", self.minutes);
            let corpus = target().join("fuzz/corpus").join(parser);
            seed(parser, &corpus)?;
            let mut fuzz = fuzz(&path);
            // The parsers hold no unsafe code: a panic, a hang or too much memory is what can happen.
            fuzz.args(["run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none", "--target-dir"]);
            fuzz.arg(target().join("fuzz")).arg(parser).arg(&corpus).arg("--").args(LIMITS);
            fuzz.arg(format!("-max_total_time={}", self.minutes * 60)).arg("-print_final_stats=1").arg("-verbosity=0");
            run(&mut fuzz)
                .with_context(|| format!("{parser} fell; the input lies in tests/fuzz/artifacts/{parser}"))?;
        }
        Ok(())
    }
}

fn fuzz(program: &Path) -> Command {
    let mut fuzz = in_workspace(tool(program));
    // libFuzzer's coverage is not stable in rustc.
    fuzz.env("RUSTC_BOOTSTRAP", "1");
    fuzz
}

/// cargo-fuzz where it is installed, or once built below `target/tools`.
fn cargo_fuzz() -> Result<PathBuf> {
    if succeeds(tool("cargo-fuzz").arg("--version")) {
        return Ok("cargo-fuzz".into());
    }
    let own = target().join("tools");
    let program = own.join("bin/cargo-fuzz");
    if !program.exists() {
        println!("cargo-fuzz is missing: building it once (some minutes)");
        run(crate::tool::cargo()
            .args(["install", "--quiet", "--locked", "--debug", "cargo-fuzz", "--root"])
            .arg(&own))?;
    }
    Ok(program)
}

/// The inputs of the probes' own cases that are meant for this parser: `testdata/*/input.PARSER…`.
fn seed(parser: &str, corpus: &Path) -> Result<()> {
    fs::create_dir_all(corpus)?;
    for probe in fs::read_dir(root().join("agent/src/probes"))? {
        let Ok(cases) = fs::read_dir(probe?.path().join("testdata")) else { continue };
        for case in cases {
            let case = case?.path();
            for input in fs::read_dir(&case)? {
                let input = input?.path();
                let name = input.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.strip_prefix("input.").and_then(|rest| rest.split('.').next()) == Some(parser) {
                    let case = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    fs::write(corpus.join(case), bytes(&name, &input)?)?;
                }
            }
        }
    }
    Ok(())
}

/// What the parser is given: a file, or the bytes it spells in hexadecimal.
fn bytes(name: &str, input: &Path) -> Result<Vec<u8>> {
    let raw = fs::read(input)?;
    if !name.ends_with(".hex") {
        return Ok(raw);
    }
    let digits: String = String::from_utf8(raw)?.split_whitespace().collect();
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2).unwrap_or_default(), 16);
    (0..digits.len()).step_by(2).map(pair).collect::<Result<_, _>>().context("not hexadecimal")
}
