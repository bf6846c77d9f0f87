//! `lab`: every fault of the list in a network of its own, and where the analysis believes it to be. Needs root.

use anyhow::{Context, Result};
use beforehand_lab::{
    answer::Answerer,
    course::{self, Trial, Tried},
    fault::{self, Chapter, Fault, Segment},
    matrix::Matrix,
    nest,
    simulated::{self, Simulated},
};
use clap::{Parser, Subcommand};
use std::{env::current_exe, fs, path::PathBuf};

#[derive(Parser)]
#[command(name = "lab", about = "Faults in networks of real namespaces, and where the analysis believes them to be")]
struct Cli {
    /// Labs side by side.
    #[arg(long, default_value_t = 10)]
    at_once: usize,
    /// Only faults whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// The second list, which no number was chosen by.
    #[arg(long)]
    unseen: bool,
    /// Seed of jitter and losses.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the stretched reports of each fault, as `beforehand-collector replay` reads them.
    #[arg(long)]
    keep: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Name the faults of the list.
    List,
    /// Faults of simulated offices, by seed. Needs no root.
    Simulated {
        #[arg(long, default_value_t = 0)]
        from: u64,
        #[arg(long, default_value_t = 240)]
        count: u64,
    },
    /// One trial, as the first process of a lab.
    #[command(hide = true)]
    Inside { trial: String },
    /// One who answers in a lab.
    #[command(subcommand, hide = true)]
    Answer(Answerer),
}

impl Cli {
    const fn chapter(&self) -> Chapter {
        if self.unseen { Chapter::Unseen } else { Chapter::Known }
    }
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    match &cli.command {
        Some(Command::Inside { trial }) => {
            let tried = course::run(&serde_json::from_str(trial)?)?;
            println!("{}", serde_json::to_string(&tried)?);
            Ok(())
        }
        Some(Command::Answer(answerer)) => answerer.clone().run(),
        Some(Command::List) => {
            for fault in fault::all(cli.chapter())? {
                println!("{}", line(&fault));
            }
            Ok(())
        }
        Some(Command::Simulated { from, count }) => {
            simulate(*from, *count);
            Ok(())
        }
        None => try_all(&cli),
    }
}

fn line(fault: &Fault) -> String {
    format!("{:<10} {} machines: {}", fault.truth.word(), fault.machines, fault.name)
}

fn try_all(cli: &Cli) -> Result<()> {
    if let Some(folder) = &cli.keep {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let wanted = |fault: &Fault| cli.only.as_ref().is_none_or(|only| fault.name.contains(only));
    let trials: Vec<Trial> = (cli.seed..)
        .zip(fault::all(cli.chapter())?.into_iter().filter(wanted))
        .map(|(seed, fault)| {
            let name = format!("{}-{}.jsonl", fault.name.replace(' ', "-"), fault.machines);
            Trial { seed, keep: cli.keep.as_ref().map(|folder| folder.join(name)), fault }
        })
        .collect();
    let tried = nest::attempt_all(&current_exe()?, &trials, cli.at_once, print);
    let spoilt = tried.iter().filter(|tried| tried.is_err()).count();
    let told = trials.iter().zip(&tried);
    sum_up(told.filter_map(|(trial, tried)| Some((trial.fault.truth, tried.as_ref().ok()?))));
    println!("\n{spoilt} faults could not be tried.");
    Ok(())
}

fn sum_up<'a>(told: impl Iterator<Item = (Segment, &'a Tried)>) {
    let (mut ours, mut nearest_hop, mut astray) = (Matrix::default(), Matrix::default(), 0);
    for (truth, tried) in told {
        ours.add(truth, tried.verdict.said);
        nearest_hop.add(truth, tried.nearest_hop);
        astray += usize::from(tried.verdict.was_astray(truth));
    }
    println!("\nThis analysis:\n{ours}\n{astray} of them were first said to be elsewhere.");
    println!("\nThe nearest bad hop:\n{nearest_hop}");
}

fn simulate(from: u64, count: u64) {
    let all = simulated::try_all(from, count);
    for Simulated { seed, name, machines, truth, tried, .. } in &all {
        let line = format!("{:<10} {machines} machines: {name}", truth.word());
        tell(&format!("{seed:<5}{line}"), *truth, tried);
    }
    sum_up(all.iter().map(|it| (it.truth, &it.tried)));
}

fn print(trial: &Trial, tried: &Result<Tried>) {
    match tried {
        Ok(tried) => tell(&line(&trial.fault), trial.fault.truth, tried),
        Err(error) => println!("spoilt   {}: {error:#}", line(&trial.fault)),
    }
}

fn tell(line: &str, truth: Segment, Tried { verdict, nearest_hop }: &Tried) {
    let course: Vec<String> =
        verdict.course.iter().map(|(minute, said)| format!("{minute} min {}", said.word())).collect();
    let score = verdict.said.score(truth).word();
    println!("{score:<9}{line}: {} (nearest hop: {})", course.join(", "), nearest_hop.word());
    verdict.sentences.iter().for_each(|sentence| println!("           {sentence}"));
}
