//! The collector's binary.

use beforehand_collector::cli;
use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beforehand-collector: {error:#}");
            ExitCode::FAILURE
        }
    }
}
