//! Paths that lose pings or do not answer: made-up losses with known chances, and a recorded line.

mod exact;
mod generated;
mod home;
mod opponents;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use beforehand_core::path::lost::{Loss, Watch};
use beforehand_shared::time::Timestamp;
use opponents::Rule;

pub struct LineLoss;

impl Task for LineLoss {
    fn name(&self) -> &'static str {
        "line_loss"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "Does this path lose more pings than usual, or all?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        };
        report.tables.push(exact::table());
        report.tables.push(generated::found());
        report.tables.push(generated::quiet());
        match home::table(data) {
            Ok(table) => report.tables.push(table),
            Err(why) => report.remarks.push(format!("The recorded line was not there: {why:#}.")),
        }
        Ok(report)
    }
}

const PROTOCOL: [&str; 5] = [
    "Five pings a minute; in a quiet minute each is lost with a chance of 0.5 %. Every method hears of a minute at its end.",
    "Exact: minutes until the alarm from the absorbing Markov chain of our sequential test, its sums rounded to a fiftieth, without chance. A test that is fed by the minute can only alarm at a whole one.",
    "Made up: 1,000 lines for each loss, after three quiet hours; the minutes until the alarm are those of the median line.",
    "Quiet: 40 lines of 85 days; bursty ones lose in bursts that last two minutes on average and lose 40 % (Gilbert and Elliott), one in two days; outages of one or two minutes that need nobody come once a week.",
    "Zabbix: the least loss of five minutes above 20 % and below 100, or three rounds without answer. Netdata: above 5 % over ten minutes, or no answer for 30 seconds, which is one round here. SmokePing someloss: three rounds with any loss, at most twelve rounds apart.",
];

const REMARKS: [&str; 2] = [
    "The test counts at most three of five pings lost in one minute unless all were, so that one burst does not alarm by itself; two at most would find 50 % loss a minute later.",
    "A single short burst of a kind that users hear in a call is found by no method here and is not meant to be.",
];

/// Ours behind the interface of all.
#[derive(Default)]
struct Ours(Watch);

impl Rule for Ours {
    fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> bool {
        self.0.add(at, sent, lost) != Loss::Usual
    }
}

struct Way {
    name: &'static str,
    by: By,
    make: fn() -> Box<dyn Rule>,
}

const WAYS: [Way; 4] = [
    Way { name: "sequential test, and three rounds without answer", by: By::Ours, make: || Box::new(Ours::default()) },
    Way { name: "Zabbix ICMP Ping", by: By::Opponent, make: || Box::new(opponents::Zabbix::default()) },
    Way { name: "Netdata ping.conf", by: By::Opponent, make: || Box::new(opponents::Netdata::default()) },
    Way { name: "SmokePing someloss", by: By::Opponent, make: || Box::new(opponents::SomeLoss::default()) },
];

impl Way {
    fn row(&self, values: Vec<Option<f64>>) -> Row {
        Row { method: self.name.to_owned(), by: self.by, values }
    }
}

fn table(question: &str, cases: String, columns: Vec<Column>, rows: Vec<Row>) -> Table {
    Table { question: question.to_owned(), cases, columns, rows }
}
