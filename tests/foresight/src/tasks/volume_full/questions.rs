//! Full within a horizon: the same cases put to ours and to every opponent.

use super::{
    cases::{self, Case, Rule},
    opponents::{self, Opponent},
    ours,
    usage::Usage,
};
use crate::{
    report::{By, Column, Reliability, Row, TaskReport},
    score::{self, Judged},
};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::BTreeMap;

pub(super) struct Question {
    pub words: String,
    /// Volumes that end at the level.
    volumes: Vec<Usage>,
    horizon: Millis,
    rule: Rule,
    /// Whether the targets are set for it.
    asked: Asked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Target,
    Beside,
    /// Opponents have another horizon.
    OursOnly,
}

pub(super) fn all(fullest: &[Usage], every: &[Usage]) -> Vec<Question> {
    let at = |volumes: &[Usage], levels: &[f64]| -> Vec<Usage> {
        levels.iter().flat_map(|level| volumes.iter().map(move |volume| volume.ending_at(*level))).collect()
    };
    let many: Vec<f64> = (12..20).map(|step| f64::from(step) * 0.05).collect();
    let question = |words: &str, volumes, days, asked| Question {
        words: words.to_owned(),
        volumes,
        horizon: Millis::days(days),
        rule: Rule::Known,
        asked,
    };
    vec![
        question("fullest target at 90 % within 4 days", at(fullest, &[0.90]), 4, Asked::Target),
        Question {
            rule: Rule::Throughout,
            ..question(
                "fullest target at 90 % within 4 days, measured throughout",
                at(fullest, &[0.90]),
                4,
                Asked::Beside,
            )
        },
        Question {
            rule: Rule::ToTheMinute,
            ..question("fullest target at 90 % within 96 hours to the minute", at(fullest, &[0.90]), 4, Asked::Beside)
        },
        question("fullest target at 95 % within 4 days", at(fullest, &[0.95]), 4, Asked::Beside),
        question("any target at 60, 65 … 95 % within 4 days", at(every, &many), 4, Asked::Beside),
        question("any target at 60, 65 … 95 % within 24 hours", at(every, &many), 1, Asked::OursOnly),
        question("any target at 60, 65 … 95 % within 14 days", at(every, &many), 14, Asked::OursOnly),
    ]
}

/// A volume with its cases.
type Cases<'a> = Vec<(&'a Usage, Vec<Case>)>;

impl Question {
    pub(super) fn answer(&self, report: &mut TaskReport) {
        let cases: Cases =
            self.volumes.iter().map(|volume| (volume, cases::cases(volume, self.horizon, self.rule))).collect();
        let positive = cases.iter().flat_map(|(_, cases)| cases).filter(|case| case.filled_at.is_some()).count();
        let all = cases.iter().map(|(_, cases)| cases.len()).sum::<usize>();
        let fillings = self.volumes.iter().map(|volume| cases::fillings(volume).len()).sum::<usize>();
        let filled = cases.iter().filter(|(_, cases)| cases.iter().any(|case| case.filled_at.is_some())).count();
        let words = format!(
            "{positive} days before a filling of {all} days; {fillings} fillings, on {filled} of {} volumes",
            self.volumes.len()
        );
        let mut table = super::table(&self.words, words, self.columns());
        let ours = self.ours(&cases);
        table.rows.push(row("day-block bootstrap", By::Ours, &ours));
        if self.asked == Asked::OursOnly {
            // Tickets are for 4 days: of other horizons only the chances can be judged.
            (0..3).chain(5..8).for_each(|column| table.rows[0].values[column] = None);
        } else {
            for opponent in opponents::all() {
                table.rows.push(row(&opponent.name(), By::Opponent, &self.opponent(opponent.as_ref(), &cases)));
            }
        }
        report.tables.push(table);
        let bins = score::reliability(&ours.judged);
        report.reliability.push(Reliability { question: self.words.clone(), bins });
    }

    fn columns(&self) -> Vec<Column> {
        let columns = [
            Column::new("precision", 2),
            Column::new("recall", 2),
            Column::new("precision at recall ≥ 0.70", 2),
            Column::new("Brier", 4),
            Column::new("Brier skill", 2),
        ];
        let least = [Some(0.70), Some(0.70), None, None, Some(0.55)];
        let with = |(column, least): (Column, Option<f64>)| match least {
            Some(least) if self.asked == Asked::Target => column.at_least(least),
            _ => column,
        };
        let mut columns: Vec<Column> = columns.into_iter().zip(least).map(with).collect();
        columns.extend([
            Column::new("false days a year", 1),
            Column::new("warned", 2),
            Column::new("median lead, days", 1),
        ]);
        columns
    }

    fn ours(&self, cases: &Cases) -> Answers {
        self.answers(cases, |volume, at| ours::says(volume, at, self.horizon, 0.0))
    }

    fn opponent(&self, opponent: &dyn Opponent, cases: &Cases) -> Answers {
        self.answers(cases, |volume, at| {
            let alarm = opponent.alarms(volume, at);
            (if alarm { 1.0 } else { 0.0 }, alarm)
        })
    }

    fn answers(&self, cases: &Cases, says: impl Fn(&Usage, Timestamp) -> (f64, bool)) -> Answers {
        let mut answers = Answers { judged: Vec::new(), leads: Vec::new(), fillings: 0 };
        for (volume, cases) in cases {
            let mut alarms = BTreeMap::new();
            for case in cases {
                let (p, alarm) = says(volume, case.at);
                alarms.insert(case.at, alarm);
                answers.judged.push(Judged { p, alarm, came_true: case.filled_at.is_some() });
            }
            for (full, before) in cases::fillings(volume) {
                answers.fillings += 1;
                let run = before.iter().rev().take_while(|at| alarms.get(at).copied().unwrap_or(false));
                answers.leads.extend(run.last().map(|first| full.since(*first)));
            }
        }
        answers
    }
}

struct Answers {
    judged: Vec<Judged>,
    /// From the first alarm of an unbroken run to the filling.
    leads: Vec<Millis>,
    fillings: usize,
}

fn row(method: &str, by: By, answers: &Answers) -> Row {
    let cases = &answers.judged;
    let wrong = cases.iter().filter(|case| case.alarm && !case.came_true).count() as f64;
    let values = vec![
        score::precision(cases),
        score::recall(cases),
        (by == By::Ours).then(|| score::precision_at_recall(cases, 0.70)).flatten(),
        score::brier(cases),
        score::brier_skill(cases),
        (!cases.is_empty()).then(|| wrong / cases.len() as f64 * 365.0),
        (answers.fillings > 0).then(|| answers.leads.len() as f64 / answers.fillings as f64),
        score::median(answers.leads.iter().map(|lead| lead.as_days()).collect()),
    ];
    Row { method: method.to_owned(), by, values }
}
