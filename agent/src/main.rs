//! The agent's program; all it does is in the library.

fn main() -> std::process::ExitCode {
    beforehand_agent::cli::main(beforehand_agent::Build {
        version: beforehand_agent::VERSION,
        update_key: option_env!("BEFOREHAND_UPDATE_KEY"),
    })
}
