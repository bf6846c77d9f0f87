//! What a run says, as written to JSON; pages and tables are made from nothing else.

use crate::tasks;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub tasks: Vec<TaskReport>,
    /// Tasks whose data was not there.
    pub not_run: Vec<NotRun>,
}

impl Report {
    /// Takes the tasks of an earlier report that this one lacks, all in the order in which they are listed.
    pub fn add(&mut self, earlier: Self) {
        for task in earlier.tasks {
            if self.tasks.iter().all(|own| own.task != task.task) {
                self.not_run.retain(|not| not.task != task.task);
                self.tasks.push(task);
            }
        }
        self.tasks.sort_by_key(|report| tasks::ALL.iter().position(|task| task.name() == report.task));
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRun {
    pub task: String,
    pub why: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskReport {
    pub task: String,
    /// What is foreseen, in one sentence.
    pub about: String,
    /// How it is measured, a sentence each.
    pub protocol: Vec<String>,
    pub tables: Vec<Table>,
    pub reliability: Vec<Reliability>,
    /// What the figures do not say, and parts of the data that were not there.
    pub remarks: Vec<String>,
}

/// One question put to every method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub question: String,
    /// How many cases there were, in words.
    pub cases: String,
    pub columns: Vec<Column>,
    /// Ours first.
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub metric: String,
    /// Digits after the decimal point.
    pub digits: usize,
    pub target: Option<Target>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub method: String,
    pub by: By,
    /// One for each column; nothing where the method says nothing of the kind.
    pub values: Vec<Option<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Ours,
    Opponent,
    /// What can be had at best: nobody to be compared with.
    Reference,
}

/// Of the cases to which a chance within each bin was given, how many came true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    pub question: String,
    pub bins: Vec<Bin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub cases: usize,
    pub mean_p: f64,
    pub share: f64,
}

impl Column {
    pub fn new(metric: &str, digits: usize) -> Self {
        Self { metric: metric.to_owned(), digits, target: None }
    }

    #[must_use]
    pub fn at_least(self, target: f64) -> Self {
        Self { target: Some(Target::AtLeast(target)), ..self }
    }

    #[must_use]
    pub fn at_most(self, target: f64) -> Self {
        Self { target: Some(Target::AtMost(target)), ..self }
    }

    pub fn show(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.*}", self.digits))
    }
}

impl Target {
    pub const fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(target) => value >= target,
            Self::AtMost(target) => value <= target,
        }
    }

    pub fn words(self, digits: usize) -> String {
        match self {
            Self::AtLeast(target) => format!("≥ {target:.digits$}"),
            Self::AtMost(target) => format!("≤ {target:.digits$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_of_an_earlier_run_stand_beside_those_that_were_measured_anew() {
        let report = |tasks: &[&str], about: &str| Report {
            tasks: tasks
                .iter()
                .map(|task| TaskReport { task: (*task).to_owned(), about: about.to_owned(), ..TaskReport::default() })
                .collect(),
            not_run: Vec::new(),
        };
        let mut now = report(&["readings"], "now");
        now.not_run.push(NotRun { task: "supplies".to_owned(), why: "not chosen".to_owned() });
        now.add(report(&["off_or_broken", "readings", "supplies"], "earlier"));
        let told: Vec<_> = now.tasks.iter().map(|task| (&*task.task, &*task.about)).collect();
        assert_eq!(told, [("supplies", "earlier"), ("readings", "now"), ("off_or_broken", "earlier")]);
        assert!(now.not_run.is_empty());
    }
}
