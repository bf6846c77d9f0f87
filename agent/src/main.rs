//! The agent's program; all it does is in the library.

fn main() -> std::process::ExitCode {
    beforehand_agent::cli::main(beforehand_agent::Build {
        update_key: option_env!("BEFOREHAND_UPDATE_KEY"),
        ..beforehand_agent::Build::default()
    })
}
