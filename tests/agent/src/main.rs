//! The agent with a version and an update key of the test's choice, as other builds would have them.
//!
//! The choice is in the environment or, for a program that is to be a file of its own, in that file's
//! last line: `agent-of-test VERSION KEY well|hung`.

use beforehand_agent::{Build, VERSION, cli};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    process::ExitCode,
    time::Duration,
};

const LINE_BYTES: i64 = 300;
/// Tests do not have the two minutes of a true build.
const HEALTHY_WITHIN: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    // Lives as long as the program, as what is built in does.
    let line: &str = last_line().unwrap_or_default().leak();
    if let ["agent-of-test", version, key, runs] = line.split(' ').collect::<Vec<_>>()[..] {
        if runs == "hung" && std::env::args().skip(1).eq(["service", "run"]) {
            loop {
                std::thread::park();
            }
        }
        return cli::main(Build { version, update_key: Some(key), healthy_within: HEALTHY_WITHIN });
    }
    let given = |name: &str| std::env::var(name).ok().map(|value| &*value.leak());
    cli::main(Build {
        version: given("BEFOREHAND_TEST_VERSION").unwrap_or(VERSION),
        update_key: given("BEFOREHAND_TEST_KEY"),
        ..Build::default()
    })
}

/// The end of this very program's file after its last line break.
fn last_line() -> Option<String> {
    let mut file = File::open(std::env::current_exe().ok()?).ok()?;
    file.seek(SeekFrom::End(-LINE_BYTES)).ok()?;
    let mut end = Vec::new();
    file.read_to_end(&mut end).ok()?;
    let line = end.rsplit(|byte| *byte == b'\n').next()?;
    String::from_utf8(line.to_vec()).ok()
}
