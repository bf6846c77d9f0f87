//! Hard drives that fail, on the counts that they kept while they ran.

mod calibration;
mod flash;
mod fleet;
mod logistic;
mod methods;
mod record;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use beforehand_core::detectors::drive_failure::card::{self, AtRate};
use fleet::Fleet;
use methods::Method;

const HISTORIES: &str = "smart/backblaze_2013_2016_changelog.csv.gz";

pub struct DriveFailure;

impl Task for DriveFailure {
    fn name(&self) -> &'static str {
        "drive_failure"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let fleet = Fleet::read(&data.file(HISTORIES)?)?;
        eprintln!("  {} …", fleet.words());
        let methods = methods::all(&fleet, data)?;
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "Will this hard drive fail?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            tables: vec![rates(&fleet, &methods), rules(&fleet, &methods)],
            reliability: calibration::all(&fleet),
            remarks: remarks(),
        };
        match flash::table(data) {
            Ok(table) => report.tables.push(table),
            Err(why) => report.remarks.push(format!("Flash drives were not judged: {why:#}.")),
        }
        Ok(report)
    }
}

const PROTOCOL: [&str; 5] = [
    "Every change of a count is judged with what was known by then; growth is against the value that held 7 and 30 days before.",
    "A drive is found when an alarm came at least a day before it failed. False alarms are the share of healthy drives that had one at any time of their whole watched life, about 600 days.",
    "Precision counts first alarms: the drive failed within 90 days. Drives that were watched for less after it, and did not fail, are left out. The lead is from the first alarm to the failure.",
    "At a given rate of false alarms, each method's limit is the lowest that keeps to it on these very drives. Rules that say yes or no have one point each, in the second table.",
    "Reliability counts drive-days: on every day the chance that was said, and whether the drive failed within the horizon; days whose horizon nobody watched are left out.",
];

/// What the table alone does not say; the figures are those of the script that fitted the card.
fn remarks() -> Vec<String> {
    let card::Provenance { silent_of_100: silent, unseen } = card::provenance();
    let at = |records: &[AtRate], rate: f64| {
        let found = records.iter().find(|it| it.false_alarms == rate).map(|it| 100.0 * it.found);
        found.map_or_else(|| "-".to_owned(), |found| format!("{found:.1} %"))
    };
    let (folds, late) = (&unseen.five_folds, &unseen.trained_before);
    vec![
        format!(
            "The card's numbers were fitted on the drives of data/smart: on these drives its figures flatter it by what \
             five folds show, see tests/foresight/fit. There, on drives it had not seen: {} at 1 % and {} at 3 %. Trained \
             before {day} and judged after it: {} and {}.",
            at(folds, 0.01),
            at(folds, 0.03),
            at(late, 0.01),
            at(late, 0.03),
            day = unseen.judged_after,
        ),
        format!(
            "About {silent} of 100 failing drives never show any of these counts: no method that reads nothing else can \
             find more than {}.",
            100 - silent
        ),
        "The makers' own thresholds are no opponent here: the histories hold raw values alone.".to_owned(),
        "All of this is one operator's hard drives of 2013 to 2016, in racks that never sleep. An office is not like that."
            .to_owned(),
    ]
}

const RATES: [f64; 5] = [0.005, 0.01, 0.02, 0.03, 0.05];

/// What is found at the same rate of false alarms.
fn rates(fleet: &Fleet, methods: &[Method]) -> Table {
    let found = RATES.map(|rate| Column::new(&format!("found at {} %", rate * 100.0), 3));
    let [half, one, two, three, five] = found;
    let mut columns = vec![half, one.at_least(0.47), two, three.at_least(0.62), five];
    columns.push(Column::new("precision at 1 %", 2).at_least(0.48));
    columns.push(Column::new("median lead at 1 %, days", 0).at_least(40.0));
    let rows = methods.iter().filter(|method| method.is_graded).map(|method| {
        let at = RATES.map(|rate| record::at_rate(fleet, &method.scores, rate));
        let one = &at[1];
        let found = at.iter().map(|record| Some(record.found)).chain([one.precision, one.median_lead_days]);
        Row { method: method.name.clone(), by: method.by, values: found.collect() }
    });
    Table {
        question: "How many are found at the same rate of false alarms?".to_owned(),
        cases: fleet.words(),
        rows: rows.collect(),
        columns,
    }
}

/// Every rule as its source has it, and ours at the limits of its tickets.
fn rules(fleet: &Fleet, methods: &[Method]) -> Table {
    let columns = ["found", "false alarms", "precision", "median lead, days"];
    let digits = [3, 3, 2, 0];
    let rows = methods.iter().flat_map(|method| {
        method.limits.iter().map(|(name, limit)| {
            let record = record::above(fleet, &method.scores, *limit);
            let values = vec![Some(record.found), Some(record.false_alarms), record.precision, record.median_lead_days];
            let name = if name.is_empty() { method.name.clone() } else { format!("{}, {name}", method.name) };
            Row { method: name, by: method.by, values }
        })
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by_key(|row| row.by != By::Ours);
    Table {
        question: "How good is each rule as it stands?".to_owned(),
        cases: fleet.words(),
        columns: columns.iter().zip(digits).map(|(name, digits)| Column::new(name, digits)).collect(),
        rows,
    }
}
