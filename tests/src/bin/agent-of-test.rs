//! The agent with a version and an update key of the test's choice, as other builds would have them.

use beforehand_agent::{Build, VERSION, cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    // Lives as long as the program, as what is built in does.
    let given = |name: &str| std::env::var(name).ok().map(|value| &*value.leak());
    cli::main(Build {
        version: given("BEFOREHAND_TEST_VERSION").unwrap_or(VERSION),
        update_key: given("BEFOREHAND_TEST_KEY"),
    })
}
