//! What devices answered, read by the agent's own parsers and compared value by value with what is known of them.

mod brother;
mod compared;
mod ipp;
mod mdstat;
#[path = "../../../../../agent/tests/support/snmprec.rs"]
mod recording;
mod smartctl;
mod snmp;

pub use compared::Compared;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::{Result, bail};

pub struct Readings;

type Compare = fn(&Data) -> Result<Compared>;

/// What is compared, each with the folder or file of its truth.
const SETS: [(&str, &str, Compare); 5] = [
    ("printers by SNMP", snmp::TRUTH, snmp::compare),
    ("Brother's own records", brother::TRUTH, brother::compare),
    ("printers by IPP", ipp::TRUTH, ipp::compare),
    ("drives by smartctl", smartctl::TRUTH, smartctl::compare),
    ("arrays of md", mdstat::TRUTH, mdstat::compare),
];

const PROTOCOL: [&str; 3] = [
    "Recorded answers of real devices go through the agent's own parsers; what another decoder made of the same answers stands beside them (`printers/*/truth.json`, `smartctl/INDEX.csv`, `raid/node_exporter_expected_md.txt`).",
    "Each value and each verdict counts once: the level, kind and name of a supply are three.",
    "Where a truth is known to be wrong, the value is left out and named below.",
];

impl Task for Readings {
    fn name(&self) -> &'static str {
        "readings"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let (mut rows, mut remarks, mut all) = (Vec::new(), Vec::new(), Compared::default());
        for (name, truth, compare) in SETS {
            if data.file(truth).is_err() {
                remarks.push(format!("Of {name} nothing was there ({truth})."));
                continue;
            }
            let compared = compare(data)?;
            rows.push(row(name, &compared));
            remarks.extend(compared.differ.iter().map(|it| format!("Read otherwise, {name}: {it}.")));
            remarks.extend(compared.excused.iter().map(|it| format!("Left out, {name}: {it}.")));
            all.add(&compared);
        }
        if rows.is_empty() {
            bail!("neither printers/ nor smartctl/ nor raid/ holds a truth");
        }
        rows.insert(0, row("all", &all));
        Ok(TaskReport {
            task: self.name().to_owned(),
            about: "Is what a device says read as it is meant?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            tables: vec![Table {
                question: "values and verdicts".to_owned(),
                cases: format!("{} values of {} sets", all.count(), rows.len() - 1),
                columns: vec![
                    Column::new("read as the truth says", 4).at_least(1.0),
                    Column::new("values", 0),
                    Column::new("read otherwise", 0),
                    Column::new("left out, with a reason", 0),
                ],
                rows,
            }],
            remarks,
            ..TaskReport::default()
        })
    }
}

fn row(name: &str, compared: &Compared) -> Row {
    let share = (compared.count() > 0).then(|| compared.equal as f64 / compared.count() as f64);
    let counts = [compared.count(), compared.differ.len(), compared.excused.len()];
    let values = [share].into_iter().chain(counts.map(|count| Some(count as f64))).collect();
    Row { method: name.to_owned(), by: By::Ours, values }
}
