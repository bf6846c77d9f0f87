//! Runs the tasks, prints their table, writes the report and the page made from it.

use anyhow::{Context, Result, bail};
use beforehand_foresight::{
    data::Data,
    page,
    report::{NotRun, Report},
    table,
    tasks::{self, Task},
};
use clap::Parser;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Parser)]
#[command(about = "Measures how well trouble is foreseen, beside what other tools do on the same data")]
struct Cli {
    /// Folder of public data: usage/, smart/, net/ …
    #[arg(long)]
    data: PathBuf,
    /// Only this task.
    #[arg(long)]
    task: Option<String>,
    /// Report of an earlier run: its tasks stand in report and page where this run has not measured them anew. Of several
    /// the first counts.
    #[arg(long)]
    beside: Vec<PathBuf>,
    /// Where the report goes as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where the page made from the report goes.
    #[arg(long)]
    page: Option<PathBuf>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let data = Data::open(&cli.data)?;
    // Read before anything is measured: a wrong name is to cost nothing.
    let earlier = cli.beside.iter().map(|path| earlier(path)).collect::<Result<Vec<Report>>>()?;
    let mut report = run(&chosen(cli.task.as_deref())?, &data, cli.task.is_some())?;
    earlier.into_iter().for_each(|earlier| report.add(earlier));
    print!("{}", table::text(&report));
    if let Some(path) = &cli.json {
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text + "\n").with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &cli.page {
        fs::write(path, page::markdown(&report)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn earlier(path: &Path) -> Result<Report> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
}

fn chosen(name: Option<&str>) -> Result<Vec<&'static dyn Task>> {
    let tasks: Vec<_> = tasks::ALL.iter().copied().filter(|task| name.is_none_or(|name| task.name() == name)).collect();
    if tasks.is_empty() {
        let names: Vec<_> = tasks::ALL.iter().map(|task| task.name()).collect();
        bail!("no task is called {}: there are {}", name.unwrap_or_default(), names.join(", "));
    }
    Ok(tasks)
}

/// A task that was asked for by name must run; of all tasks, those whose data is there.
fn run(tasks: &[&dyn Task], data: &Data, by_name: bool) -> Result<Report> {
    let mut report = Report::default();
    for task in tasks {
        eprintln!("{} …", task.name());
        match task.run(data) {
            Ok(done) => report.tasks.push(done),
            Err(why) if by_name => {
                return Err(why.context(format!("{} cannot be measured by {}", task.name(), data.root())));
            }
            Err(why) => report.not_run.push(NotRun { task: task.name().to_owned(), why: format!("{why:#}") }),
        }
    }
    Ok(report)
}
