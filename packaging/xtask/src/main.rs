//! The project's own commands: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`,
//! `cargo xtask fuzz`, `cargo xtask lab`, `cargo xtask package`.

mod bench;
mod build;
mod debian;
mod demo;
mod fuzz;
mod lab;
mod package;
mod release;
mod test;
mod time;
mod tool;
mod wait;
mod windows;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build, start a collector with a year of simulated clients and an agent of this machine.
    Demo(demo::Demo),
    /// Check everything, installing the Debian packages it needs.
    Test(test::Test),
    /// Measure; figures go to standard output.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Give every parser hostile input for some minutes.
    Fuzz(fuzz::Fuzz),
    /// Break real networks in many ways, and ask where the fault is. Needs root.
    Lab(lab::Lab),
    /// Make the packages that are shipped.
    Package(package::Package),
    /// Make a key pair for signing releases of the agent.
    ReleaseKey(release::ReleaseKey),
    /// Pack and sign a release of the agent.
    SignIndex(release::SignIndex),
    /// Build the agent's package for Windows.
    Windows(windows::Windows),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Demo(demo) => demo.run(),
        Command::Test(test) => test.run(),
        Command::Bench(bench) => bench.run(),
        Command::Fuzz(fuzz) => fuzz.run(),
        Command::Lab(lab) => lab.run(),
        Command::Package(package) => package.run(),
        Command::ReleaseKey(key) => key.run(),
        Command::SignIndex(sign) => sign.run(),
        Command::Windows(windows) => windows.run(),
    }
}
