//! The agent's program; all it does is in the library.

fn main() -> std::process::ExitCode {
    beforehand_agent::cli::main()
}
