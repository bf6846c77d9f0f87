//! Supplies that run out, in offices made by `tests/sim`, whose truth is known.

mod fleet;
mod judged;
mod opponents;
mod watch;

use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use fleet::Printer;
use judged::{Tally, Tickets};
use opponents::{Below, LastWeek, Opponent};

/// The worlds that are judged; 0 to 15 and 100 to 179 are for development, and so are 5000 to 5039 since they were looked at.
const WORLDS: std::ops::Range<u64> = 6_000..6_040;

/// Working days before a supply is empty on which its ticket is due: delivery and margin of [`watch`].
const DUE_DAYS: usize = 5;

pub struct Supplies;

impl Task for Supplies {
    fn name(&self) -> &'static str {
        "supplies"
    }

    fn run(&self, _: &Data) -> Result<TaskReport> {
        let printers = fleet::run(WORLDS)?;
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "When will this supply have run out, and is each ordered once and in time?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        };
        report.tables.push(days_left("days left", &printers, &|_| true, Asked::Target));
        for (words, kind) in judged::KINDS {
            report.tables.push(days_left(words, &printers, &|question| question.kind == kind, Asked::Beside));
        }
        for (words, from, to) in
            [("3 to 14 days", 3.0, 14.0), ("14 to 35 days", 14.0, 35.0), ("35 to 90 days", 35.0, 90.0)]
        {
            let question = format!("days left, where {words} were left");
            report.tables.push(days_left(&question, &printers, &|it| (from..to).contains(&it.left), Asked::Beside));
        }
        report.tables.push(tickets(&printers));
        report.tables.push(untold(&printers));
        report.tables.push(cannot_carry(&printers));
        Ok(report)
    }
}

const PROTOCOL: [&str; 8] = [
    "Each world is one printer in an office, hour by hour for two years; tests/sim/src/supplies says how it is made and from what. Its reports go the collector's own way: unpacked, kept as hours and samples, analysed once a day, at 10 or 11 o'clock.",
    "Every Monday then, from the 60th day on, every supply is asked for its days left, if 3 to 90 are really left. What is really left is known: cartridges that people took out early are used up on paper.",
    "The error is |days said − true days| / true days; the interval is from the 10 to the 90 % date.",
    "No answer is no error, so the share of questions that were answered stands beside it; a supply whose sensor shows by points or steps can carry an answer.",
    "The last two lines of each table of days left are no methods. One knows how many pages are left in the cartridge, as much as they have on them lately, and foresees with our method how many the office prints. The other is what can be had: it knows what is really left, the cartridge's yield, what is printed and put on pages lately, and every holiday, and draws 41 futures from there. Only what people have not printed yet is hidden from it.",
    "A life is a cartridge from its insertion until the next; those count that began after the 60th day and whose end was seen. A ticket counts for the life in whose time it was opened or opened again.",
    "In time means three working days or more before the supply was empty, the usual delivery; ours knows of these three days and a margin of two.",
    "Opponents alarm at the same instants: the line through the last 7 days at 7 days or less, the fixed thresholds below them. A new alarm is one after none.",
];

const REMARKS: [&str; 3] = [
    "The offices are made up: the figures say how the method does on what is commonly known of printers, not on printers of real offices. No public record of levels and pages over months was found.",
    "The printers of these worlds go on printing while a cartridge is empty, so that it is known when the next would be; people replace within a few hours mostly.",
    "Generator and method were written before the first figure was seen, and the generator was not changed afterwards. The method was made better since, on worlds 0 to 15 and 100 to 179. Worlds 5000 to 5039 were judged before, until it was looked at which of their cartridges had no ticket; those of this table were not looked at.",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Target,
    Beside,
}

fn days_left(words: &str, printers: &[Printer], counts: &dyn Fn(&judged::Question) -> bool, asked: Asked) -> Table {
    let questions = || printers.iter().flat_map(|printer| &printer.questions).filter(|it| it.carries && counts(it));
    let columns = [
        Column::new("answered", 2),
        Column::new("median error", 3),
        Column::new("truth in the 80 % interval", 2),
        Column::new("median width of it, of the days left", 2),
    ];
    let [answered, error, inside, width] = columns;
    let columns = match asked {
        Asked::Target => vec![answered, error.at_most(0.15), inside.at_least(0.75), width],
        Asked::Beside => vec![answered, error, inside, width],
    };
    let ours = Tally::of(questions().map(|it| (it, it.ours.map(|dates| dates.middle))), |it| it.ours);
    let oracle = Tally::of(questions().map(|it| (it, Some(it.oracle.middle))), |it| Some(it.oracle));
    let cartridge = Tally::of(questions().map(|it| (it, it.knows_cartridge)), |_| None);
    let line = Tally::of(questions().map(|it| (it, it.last_week)), |_| None);
    let row = |method: &str, by, tally: Tally| Row { method: method.to_owned(), by, values: tally.values() };
    Table {
        question: words.to_owned(),
        cases: format!("{} questions on {} printers", questions().count(), printers.len()),
        columns,
        rows: vec![
            row("cartridge's own past", By::Ours, ours),
            row("line through the last 7 days", By::Opponent, line),
            row("who knows the cartridge, and the office as ours does", By::Reference, cartridge),
            row("who knows all but the future", By::Reference, oracle),
        ],
    }
}

fn tickets(printers: &[Printer]) -> Table {
    let lives = || printers.iter().flat_map(|printer| &printer.lives);
    let columns = vec![
        Column::new("exactly one ticket", 3).at_least(0.95),
        Column::new("none", 3),
        Column::new("two or more", 3),
        Column::new("in time", 3),
        Column::new("median days before empty", 1),
    ];
    let row = |method: &str, by, tickets: Tickets| Row { method: method.to_owned(), by, values: tickets.values() };
    let mut rows = vec![row("cartridge's own past", By::Ours, Tickets::of(lives().map(|life| (life, &life.ours[..]))))];
    for (place, opponent) in opponents().iter().enumerate() {
        let theirs = Tickets::of(lives().map(|life| (life, &life.opponents[place][..])));
        rows.push(row(&opponent.name(), By::Opponent, theirs));
    }
    Table {
        question: "one ticket for each cartridge".to_owned(),
        cases: format!("{} lives of cartridges and boxes", lives().count()),
        columns,
        rows,
    }
}

/// Whether one that had no ticket had run low.
fn untold(printers: &[Printer]) -> Table {
    let untold = || printers.iter().flat_map(|printer| &printer.lives).filter(|life| life.ours.is_empty());
    let share = |holds: &dyn Fn(&judged::Life) -> bool| {
        let all = untold().count();
        (all > 0).then(|| untold().filter(|life| holds(life)).count() as f64 / all as f64)
    };
    let early = share(&|life| life.working_days_saved().is_some_and(|days| days >= DUE_DAYS));
    Table {
        question: "cartridges without a ticket".to_owned(),
        cases: format!("{} lives", untold().count()),
        columns: vec![Column::new("taken out before a ticket was due, five working days or more before empty", 2)],
        rows: vec![Row { method: "cartridge's own past".to_owned(), by: By::Ours, values: vec![early] }],
    }
}

fn cannot_carry(printers: &[Printer]) -> Table {
    let questions = || printers.iter().flat_map(|printer| &printer.questions).filter(|it| it.useless);
    let count =
        |answered: &dyn Fn(&judged::Question) -> bool| Some(questions().filter(|it| answered(it)).count() as f64);
    let row = |method: &str, by, value| Row { method: method.to_owned(), by, values: vec![value] };
    Table {
        question: "sensors that are stuck or restless".to_owned(),
        cases: format!("{} questions", questions().count()),
        columns: vec![Column::new("dates given", 0).at_most(0.0)],
        rows: vec![
            row("cartridge's own past", By::Ours, count(&|it| it.ours.is_some())),
            row("line through the last 7 days", By::Opponent, count(&|it| it.last_week.is_some())),
        ],
    }
}

fn opponents() -> Vec<Box<dyn Opponent>> {
    vec![Box::new(LastWeek), Box::new(Below(20.0)), Box::new(Below(10.0))]
}
