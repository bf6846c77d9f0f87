//! Printers whose rollers wear, in offices made by `tests/sim`, whose truth is known.

mod fleet;
mod judged;
mod opponents;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    score::median,
    tasks::Task,
};
use anyhow::Result;
use fleet::Watched;
use judged::{Judged, Told};
use opponents::Opponent;

/// The printers that are judged; 0 to 199 are for development.
const PRINTERS: std::ops::Range<u64> = 9_000..9_200;
const OURS: &str = "its own past";

pub struct Wearing;

impl Task for Wearing {
    fn name(&self) -> &'static str {
        "wearing"
    }

    fn run(&self, _: &Data) -> Result<TaskReport> {
        let printers = fleet::run(PRINTERS)?;
        let methods = methods(&printers);
        let mut tables = vec![worn("rollers that wear", &methods, Asked::Target, &|_| true)];
        for (words, from, to) in
            [("4 to 8 weeks", 4.0, 8.0), ("8 to 16 weeks", 8.0, 16.0), ("16 to 30 weeks", 16.0, 30.1)]
        {
            let question = format!("rollers that wear within {words}");
            tables.push(worn(&question, &methods, Asked::Beside, &|told| (from..to).contains(&told.weeks)));
        }
        tables.push(healthy(&methods));
        Ok(TaskReport {
            task: self.name().to_owned(),
            about: "Is it seen that a printer's rollers wear before its people complain?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            tables,
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        })
    }
}

const PROTOCOL: [&str; 5] = [
    "Each printer is watched for two years, of which the first 90 days are only learnt from; tests/sim/src/wearing says how it is made and from what. It is asked as an agent asks it, so that many a jam is never seen; its reports go the collector's own way, and it is analysed once a day at 10 or 11 o'clock.",
    "People complain when one page in two hundred jams because of the rollers, and once a week at least; they call for help one to five weeks later, and new rollers make it as before. Nobody acts on a ticket.",
    "In time means that a ticket was opened between the first wear and the complaint; late, between the complaint and the new rollers. The lead is counted from the first ticket to the complaint, where it was in time.",
    "A false ticket is one at a time at which no rollers wear: on printers that never do, and on the others before and after.",
    "Opponents see the same answers, each jam that is reported in one and not in the one before. A new alarm is one after none.",
];

const REMARKS: [&str; 4] = [
    "The printers are made up: the figures say how the method does on what is commonly known of printers, not on printers of real offices. No public record of jams and pages over months was found.",
    "The last line of the first tables is no method but what can be had: it knows the true rate, and calls when that has been twice what it was for a week.",
    "Between the first wear and the complaint few jams are seen: on the development printers 8 or fewer on half of them, 3 or fewer on a quarter. Somebody new or damp paper makes as many within a week or four, so that what finds more of the worn ones calls for those too.",
    "Generator, complaint and targets were written before the first figure was seen, and not changed afterwards. The method was made better since, on printers 0 to 199; those of these tables were not looked at.",
];

struct Method {
    name: String,
    by: By,
    printers: Vec<Judged>,
}

fn methods(printers: &[Watched]) -> Vec<Method> {
    let judged = |tickets: &dyn Fn(&Watched) -> Vec<_>| printers.iter().map(|it| it.judge(&tickets(it))).collect();
    let mut all = vec![Method { name: OURS.to_owned(), by: By::Ours, printers: judged(&|it| it.ours.clone()) }];
    for (place, opponent) in Opponent::ALL.into_iter().enumerate() {
        let printers = judged(&|it| it.opponents[place].clone());
        all.push(Method { name: opponent.name(), by: By::Opponent, printers });
    }
    let printers = judged(&|it| it.oracle());
    all.push(Method { name: "who knows the true rate".to_owned(), by: By::Reference, printers });
    all
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Target,
    Beside,
}

fn worn(question: &str, methods: &[Method], asked: Asked, counts: &dyn Fn(&Told) -> bool) -> Table {
    let told = |method: &Method| -> Vec<Told> {
        method.printers.iter().filter_map(|judged| judged.told).filter(|told| counts(told)).collect()
    };
    let values = |method: &Method| {
        let all = told(method);
        let share = |holds: &dyn Fn(&Told) -> bool| {
            (!all.is_empty()).then(|| all.iter().filter(|told| holds(told)).count() as f64 / all.len() as f64)
        };
        let leads = all.iter().filter_map(|told| told.lead_days).filter(|lead| *lead > 0.0).collect();
        let in_time = share(&|told| told.lead_days.is_some_and(|lead| lead > 0.0));
        let late = share(&|told| told.lead_days.is_some_and(|lead| lead <= 0.0));
        vec![in_time, late, share(&|told| told.lead_days.is_none()), median(leads)]
    };
    let in_time = Column::new("in time", 2);
    let columns = vec![
        if asked == Asked::Target { in_time.at_least(0.7) } else { in_time },
        Column::new("late", 2),
        Column::new("never", 2),
        Column::new("median days before the complaint", 0),
    ];
    let cases = methods.first().map_or(0, |ours| told(ours).len());
    Table {
        question: question.to_owned(),
        cases: format!("{cases} printers of which people complained"),
        columns,
        rows: rows(methods, values),
    }
}

fn healthy(methods: &[Method]) -> Table {
    let years = |method: &Method| method.printers.iter().map(|judged| judged.healthy_years).sum::<f64>();
    let values = |method: &Method| {
        let tickets: usize = method.printers.iter().map(|judged| judged.wrong).sum();
        let after: usize = method.printers.iter().map(|judged| judged.after_service).sum();
        let clean = method.printers.iter().filter(|judged| judged.wrong == 0).count() as f64;
        let a_year = tickets as f64 / years(method);
        vec![Some(a_year), Some(after as f64), Some(clean / method.printers.len() as f64)]
    };
    Table {
        question: "printers whose rollers do not wear".to_owned(),
        cases: methods.first().map_or_else(String::new, |ours| {
            format!("{:.0} printer-years on {} printers", years(ours), ours.printers.len())
        }),
        columns: vec![
            Column::new("false tickets a printer-year", 3).at_most(0.05),
            Column::new("of them after new rollers", 0),
            Column::new("printers without any", 2),
        ],
        rows: rows(&methods[..methods.len() - 1], values),
    }
}

fn rows(methods: &[Method], values: impl Fn(&Method) -> Vec<Option<f64>>) -> Vec<Row> {
    methods.iter().map(|it| Row { method: it.name.clone(), by: it.by, values: values(it) }).collect()
}
