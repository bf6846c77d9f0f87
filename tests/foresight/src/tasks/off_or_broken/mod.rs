//! Whether an absent machine is off or broken, in offices made by `tests/sim`, whose truth is known.

mod judged;
mod offices;
mod opponents;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    score::median,
    tasks::Task,
};
use anyhow::Result;
use beforehand_shared::time::Millis;
use judged::{Judged, OfCut};
use offices::Watched;
use opponents::LastSeen;

/// The offices that are judged; 0 to 29 are for development.
const OFFICES: std::ops::Range<u64> = 8_000..8_040;
const OURS: &str = "goodbyes, learned hours and the site as a whole";

pub struct OffOrBroken;

impl Task for OffOrBroken {
    fn name(&self) -> &'static str {
        "off_or_broken"
    }

    fn run(&self, _: &Data) -> Result<TaskReport> {
        let offices = offices::run(OFFICES)?;
        let methods = methods(&offices);
        let mut tables = vec![switched_off(&offices, &methods)];
        tables.push(cuts("one ticket for each cut", &methods, Asked::Target, &|_| true));
        let kinds: std::collections::BTreeSet<&str> =
            offices.iter().flat_map(|watched| &watched.office.cuts).map(|cut| cut.what).collect();
        tables.extend(kinds.iter().map(|kind| cuts(kind, &methods, Asked::Beside, &|cut| cut.what == *kind)));
        tables.push(faults(&methods));
        Ok(TaskReport {
            task: self.name().to_owned(),
            about: "Is an absent machine switched off or broken, and is it the machine or the whole site?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            tables,
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        })
    }
}

const PROTOCOL: [&str; 4] = [
    "Each office has 20 machines, and 30 days are judged after four weeks from which is learned; tests/sim/src/presence says how it is made. Each machine reports once a minute, each office is analysed once a minute by what runs in the collector.",
    "A ticket belongs to a cut (power or internet) if it was opened in its time or within 30 minutes after it, to a fault if it is about its machine and in the fault's time or within 30 minutes after it, and else it is about machines that were switched off.",
    "Only a single ticket that is about the site is exactly one.",
    "Opponents call for each machine that was not heard of for so long, once until it is heard of again.",
];

const REMARKS: [&str; 2] = [
    "The offices are made up: the figures say how the method does on what is commonly known of offices, not on records of real ones. No public record of when machines report and why they do not was found.",
    "The offices were written before the first figure was seen, and not changed afterwards, but for a machine that was restarted while it was off. The method was made better since, on offices 0 to 29 and 100 to 219; those of these tables were not looked at.",
];

struct Method {
    name: String,
    by: By,
    offices: Vec<Judged>,
}

fn methods(offices: &[Watched]) -> Vec<Method> {
    let ours = offices.iter().map(|watched| Judged::of(&watched.office, &watched.ours)).collect();
    let mut all = vec![Method { name: OURS.to_owned(), by: By::Ours, offices: ours }];
    for (place, limit) in LastSeen::ALL.into_iter().enumerate() {
        let theirs = offices.iter().map(|watched| Judged::of(&watched.office, &watched.opponents[place])).collect();
        all.push(Method { name: LastSeen::name(limit).to_owned(), by: By::Opponent, offices: theirs });
    }
    all
}

fn rows(methods: &[Method], values: impl Fn(&Method) -> Vec<Option<f64>>) -> Vec<Row> {
    methods.iter().map(|it| Row { method: it.name.clone(), by: it.by, values: values(it) }).collect()
}

fn switched_off(offices: &[Watched], methods: &[Method]) -> Table {
    let absences = offices.iter().map(|watched| watched.office.switched_off(Millis::minutes(6)));
    let (all, unsaid) = absences.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let values = |method: &Method| {
        let wrong = || method.offices.iter().flat_map(|judged| &judged.wrong);
        let of_site = wrong().filter(|ticket| ticket.machine.is_none()).count() as f64;
        let clean = method.offices.iter().filter(|judged| judged.wrong.is_empty()).count() as f64;
        vec![Some(wrong().count() as f64), Some(of_site), Some(clean / offices.len() as f64)]
    };
    Table {
        question: "machines that were switched off".to_owned(),
        cases: format!(
            "{all} absences of more than 6 minutes, {unsaid} without a goodbye, in {} offices",
            offices.len()
        ),
        columns: vec![
            Column::new("tickets", 0).at_most(0.0),
            Column::new("of them about the site", 0),
            Column::new("offices without any", 2),
        ],
        rows: rows(methods, values),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Target,
    Beside,
}

fn cuts(question: &str, methods: &[Method], asked: Asked, counts: &dyn Fn(&OfCut) -> bool) -> Table {
    let of = |method: &Method, value: &dyn Fn(&OfCut) -> f64| -> Vec<f64> {
        method.offices.iter().flat_map(|judged| &judged.cuts).filter(|cut| counts(cut)).map(value).collect()
    };
    let values = |method: &Method| {
        let share = |holds: &dyn Fn(&OfCut) -> bool| mean(&of(method, &|cut| f64::from(u8::from(holds(cut)))));
        let first = of(method, &|cut| cut.first.unwrap_or(f64::NAN));
        let slowest = first.iter().copied().filter(|took| !took.is_nan()).reduce(f64::max);
        let tickets = mean(&of(method, &|cut| cut.tickets as f64));
        vec![share(&OfCut::is_one), share(&|cut| cut.tickets == 0), share(&|cut| cut.tickets > 1), tickets, slowest]
    };
    let [one, none, more, mean, slowest] = [
        Column::new("exactly one, about the site", 3),
        Column::new("none", 3),
        Column::new("two or more", 3),
        Column::new("tickets on average", 1),
        Column::new("slowest first ticket, minutes", 1),
    ];
    let columns = match asked {
        Asked::Target => vec![one.at_least(1.0), none, more, mean, slowest.at_most(6.0)],
        Asked::Beside => vec![one, none, more, mean, slowest],
    };
    let cases = methods.first().map_or(0, |ours| of(ours, &|_| 1.0).len());
    Table { question: question.to_owned(), cases: format!("{cases} cuts"), columns, rows: rows(methods, values) }
}

fn faults(methods: &[Method]) -> Table {
    let all = |method: &Method| -> Vec<Option<f64>> {
        method.offices.iter().flat_map(|judged| judged.faults.iter().copied()).collect()
    };
    let values = |method: &Method| {
        let found: Vec<f64> = all(method).into_iter().flatten().collect();
        let share = found.len() as f64 / all(method).len().max(1) as f64;
        let slowest = found.iter().copied().reduce(f64::max);
        vec![Some(share), median(found), slowest]
    };
    let cases = methods.first().map_or(0, |ours| all(ours).len());
    Table {
        question: "machines that are always on and broken".to_owned(),
        cases: format!("{cases} faults of a server or a NAS, of 1 to 15 hours"),
        columns: vec![Column::new("found", 3), Column::new("median minutes until then", 1), Column::new("slowest", 1)],
        rows: rows(methods, values),
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
