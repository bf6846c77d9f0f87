//! What a statement tells, said once; PDF, HTML and plain text only set it. All text from outside
//! is cleaned here, none is trusted as markup anywhere.

mod account;
mod cases;
mod coming;
mod letter;

pub(crate) use account::{Account, Definition, Input, Sight};
pub(crate) use cases::Telling;
pub(crate) use coming::{Coming, DAYS, Scored, bars};
pub(crate) use letter::{Figure, Happening, MonthBar};

use crate::words::{Zone, name};
use beforehand_core::month::{MonthFigures, MonthInput};
use serde::Serialize;

/// A statement in words and pictures.
#[derive(Debug, Serialize)]
pub(crate) struct Statement {
    pub(crate) client: String,
    pub(crate) provider: Signature,
    pub(crate) month: String,
    /// When its input was taken.
    pub(crate) taken: String,
    pub(crate) simulated: bool,
    /// The one sentence that stands above all.
    pub(crate) summary: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) trend: Vec<MonthBar>,
    /// What the trend says, for those who do not see it.
    pub(crate) trend_sentence: String,
    pub(crate) happened: Vec<Happening>,
    /// How many more there were.
    pub(crate) happened_more: String,
    /// The open forecasts, nearest first; the first three stand on page one.
    pub(crate) coming: Vec<Coming>,
    pub(crate) coming_sentence: String,
    pub(crate) prevented: Vec<Telling>,
    /// Shortened, late, missed, false, not needed, out of scope.
    pub(crate) others: Vec<Telling>,
    pub(crate) amendments: Vec<String>,
    pub(crate) sight: Sight,
    pub(crate) scored: Vec<Scored>,
    pub(crate) scored_sentence: String,
    pub(crate) account: Account,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) chances: Vec<Input>,
    pub(crate) records: Vec<Input>,
    pub(crate) definitions_version: String,
    pub(crate) input_hash: String,
    pub(crate) ledger_head: String,
}

/// The person who answers for it.
#[derive(Debug, Serialize)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) signed_by: String,
    pub(crate) reach: String,
}

/// What the parts of a statement are made from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) input: &'a MonthInput,
    pub(crate) figures: &'a MonthFigures,
    pub(crate) zone: &'a Zone,
}

impl Statement {
    pub(crate) fn new(input: &MonthInput, figures: &MonthFigures) -> Self {
        let zone = Zone::named(&input.client.time_zone);
        let source = Source { input, figures, zone: &zone };
        let (happened, happened_more) = letter::happened(source);
        let (prevented, others) = cases::tell(source);
        Self {
            client: name(&input.client.name),
            provider: Signature::of(source),
            month: figures.month.name(),
            taken: zone.minute(input.taken_at),
            simulated: input.client.simulated,
            summary: crate::words::paragraph(&beforehand_core::month::summary(figures)),
            figures: letter::figures(source),
            trend: letter::trend(figures),
            trend_sentence: crate::chart::trend_sentence(&figures.trend),
            happened,
            happened_more,
            coming: coming::coming(source),
            coming_sentence: coming::sentence(source),
            prevented,
            others,
            amendments: cases::amendments(source),
            sight: account::sight(input),
            scored: coming::scored(source),
            scored_sentence: coming::scored_sentence(figures),
            account: account::account(source),
            definitions: account::definitions(),
            chances: account::chances(figures),
            records: account::records(input),
            definitions_version: beforehand_core::month::DEFINITIONS.to_owned(),
            input_hash: name(&figures.input_hash),
            ledger_head: account::ledger_head(figures),
        }
    }
}

impl Signature {
    fn of(source: Source<'_>) -> Self {
        let provider = &source.input.provider;
        let reach = [name(&provider.phone), name(&provider.email)];
        Self {
            name: name(&provider.name),
            signed_by: name(&provider.signed_by),
            reach: reach.into_iter().filter(|way| !way.is_empty()).collect::<Vec<_>>().join(" · "),
        }
    }
}
