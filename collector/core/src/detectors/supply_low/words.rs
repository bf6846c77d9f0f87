//! What people read about a supply.

use super::{
    Judged,
    foresee::{Dates, Foresight, Why},
    judge::Cause,
    sensor::Sensor,
    work::Unit,
};
use crate::{
    calendar::Calendar,
    detectors::fact,
    finding::{ChartRef, Evidence, Fact, Finding, FindingKind, Severity},
    input::Input,
    series::Metric,
};
use beforehand_shared::{
    printer::{Supply, SupplyLevel},
    time::{Millis, Timestamp},
};

/// Nothing where all is well and no case waits for a word.
pub(super) fn finding(input: &Input, judged: &Judged) -> Option<Finding> {
    let supply = judged.printer.supplies.get(judged.place)?;
    let severity = judged.judgement.severity;
    if severity == Severity::Quiet {
        input.case_on(&judged.asset, FindingKind::SupplyLow)?;
    }
    let words = Words { input, judged, supply, calendar: Calendar::new(&input.time_zone) };
    let shown = severity >= Severity::Watch;
    let dates = words.dates();
    Some(Finding {
        kind: FindingKind::SupplyLow,
        asset: judged.asset.clone(),
        severity,
        sentence: words.sentence(),
        steps: if shown { words.steps() } else { Vec::new() },
        evidence: if shown { words.evidence() } else { Evidence::default() },
        outlook: dates.filter(|_| shown).map(|dates| dates.outlook(words.sensor())),
    })
}

struct Words<'a> {
    input: &'a Input,
    judged: &'a Judged<'a>,
    supply: &'a Supply,
    calendar: Calendar,
}

impl Words<'_> {
    fn foresight(&self) -> Option<&Foresight> {
        self.judged.foresight.as_ref()
    }

    fn dates(&self) -> Option<&Dates> {
        self.foresight().and_then(|foresight| foresight.dates.as_ref().ok())
    }

    fn sensor(&self) -> Sensor {
        self.foresight().map_or(Sensor::Unknown, |foresight| foresight.sensor)
    }

    fn is_waste(&self) -> bool {
        self.supply.kind.to_ascii_lowercase().starts_with("waste")
    }

    /// `Black Toner of Kyocera`.
    fn name(&self) -> String {
        self.input.name_of(&self.judged.asset)
    }

    fn gone(&self) -> &'static str {
        if self.is_waste() { "full" } else { "empty" }
    }

    fn sentence(&self) -> String {
        let (name, gone) = (self.name(), self.gone());
        match self.judged.judgement.cause {
            Cause::Empty => format!("{name} is {gone}, says the printer. It does not print until it is replaced."),
            Cause::Changed => format!("{name} was replaced or refilled: {}.", self.level()),
            Cause::Unsaid => format!("{name} is not called low any more."),
            Cause::Said => {
                format!(
                    "{name} is {} says the printer; when it will be {gone} cannot be told, because {}. Order it now.",
                    if self.is_waste() { "almost full," } else { "low," },
                    self.why_not()
                )
            }
            Cause::NearlyEmpty => {
                format!(
                    "{name} has {} and no date can be given yet, because {}. Order it now.",
                    self.level(),
                    self.why_not()
                )
            }
            Cause::Dated => self.dated(),
            Cause::Enough if self.dates().is_none() => {
                format!("When {name} will be {gone} cannot be told, because {}.", self.why_not())
            }
            Cause::Enough => format!("{name} is enough for now."),
        }
    }

    /// "Order Black Toner of Kyocera by Friday: it will be empty between 14 and 22 December (80 %)."
    fn dated(&self) -> String {
        let (name, gone, now) = (self.name(), self.gone(), self.input.now);
        let Some(dates) = self.dates() else { return format!("{name} is low.") };
        let order = self.order_words();
        if self.sensor() == Sensor::ThreeSteps && self.foresight().is_some_and(Foresight::is_low) {
            let days = dates.quantile(0.5).map_or(0.0, |date| date.since(now).as_days());
            return format!("{order}: it is low, and at the usual pace will be {gone} in about {days:.0} days.");
        }
        match (dates.quantile(0.1), dates.quantile(0.9)) {
            (Some(from), Some(to)) => {
                format!("{order}: it will be {gone} {} (80 %).", self.calendar.range_words(from, to, now))
            }
            (Some(from), None) => {
                format!("{order}: it will be {gone} {} or later.", self.calendar.on_words(from, now))
            }
            _ => format!("{name} is enough for two years."),
        }
    }

    fn order_words(&self) -> String {
        let (name, now) = (self.name(), self.input.now);
        match self.judged.judgement.order_by {
            Some(by) if by <= now => format!("Order {name} today"),
            Some(by) => format!("Order {name} by {}", self.calendar.date_words(by, now)),
            None => format!("Order {name}"),
        }
    }

    fn level(&self) -> String {
        match self.supply.level {
            SupplyLevel::Left(left) if self.foresight().is_some_and(|foresight| foresight.turned) => {
                format!("{:.0} % left", 100.0 - left)
            }
            SupplyLevel::Left(left) => format!("{left:.0} % left"),
            SupplyLevel::Some => "some left, no number given".to_owned(),
            SupplyLevel::Unknown | SupplyLevel::Unlimited => "no level given".to_owned(),
        }
    }

    fn why_not(&self) -> &'static str {
        match self.foresight().map(|foresight| &foresight.dates) {
            None => Why::NoLevel.words(),
            Some(Err(why)) => why.words(),
            Some(Ok(_)) => "its dates lie too far apart",
        }
    }

    fn steps(&self) -> Vec<String> {
        let model = self.judged.printer.model.as_deref().unwrap_or(&self.judged.printer.name);
        let order = format!("Order {} for {model}, unless one lies ready.", self.supply.name);
        let put = "Put it in when the printer stops or pages get pale, not before: what is left is paid for.";
        match self.judged.judgement.cause {
            Cause::Empty => vec!["Put in the one that lies ready.".to_owned(), order],
            _ if self.is_waste() => vec![order, "Replace the box when the printer asks for it.".to_owned()],
            _ => vec![order, put.to_owned()],
        }
    }

    fn evidence(&self) -> Evidence {
        let mut facts = vec![fact("Level", self.level()), fact("Its sensor", self.sensor().words())];
        if self.sensor() == Sensor::ThreeSteps && self.foresight().is_some_and(|it| it.dates.is_ok() && !it.is_low()) {
            facts.push(fact("Reckoned", "by the pages since it is new, and what earlier ones did until they were low"));
        }
        if let Some(by) = self.judged.judgement.order_by {
            facts.push(fact("Order by", self.calendar.date_words(by, self.input.now)));
        }
        facts.extend(self.dates().into_iter().flat_map(|dates| self.figures(dates)));
        if let Some(life) = self.foresight().and_then(|foresight| foresight.lives.last()) {
            let since = self.calendar.date_words(life.from, self.input.now);
            facts.push(fact(life.began.words(), since));
        }
        let metric = Metric::SupplyPct(self.supply.name.clone());
        let from = self.input.now.minus(Millis::days(90));
        Evidence { facts, chart: Some(ChartRef { asset: self.judged.of.clone(), metric, from, limit: Some(0.0) }) }
    }

    fn figures(&self, dates: &Dates) -> Vec<Fact> {
        let date = |at: Option<Timestamp>| at.map(|at| self.calendar.date_words(at, self.input.now));
        let mut facts = Vec::new();
        if let Some(middle) = date(dates.quantile(0.5)) {
            facts.push(fact("Most likely", middle));
        }
        if dates.unit == Unit::Pages {
            facts.push(fact("Pages a week, lately", format!("{:.0}", dates.pace.week())));
            facts.push(fact("Pages from one per cent", format!("{:.0}", dates.per_point.units)));
        }
        facts
    }
}

impl Why {
    /// Follows "because".
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoLevel => "the printer gives no number for it",
            Self::Still => "its level has not moved since it is watched",
            Self::Noisy => "its level goes up as much as down",
            Self::TooFewMoves => "its level has not moved often enough to know how it falls",
            Self::TooYoung => "too little has been printed since it is watched",
            Self::NotLow => "its sensor shows full, low and empty only, and is not at low",
            Self::TooNew => "its level has just changed",
        }
    }
}

impl Sensor {
    pub fn words(self) -> String {
        match self {
            Self::Fine => "by single points".to_owned(),
            Self::Steps(step) => format!("steps of {step:.0} points"),
            Self::ThreeSteps => "full, low and empty only".to_owned(),
            Self::Still => "has not moved yet".to_owned(),
            Self::Noisy => "goes up as much as down".to_owned(),
            Self::Unknown => "not known yet".to_owned(),
        }
    }
}

impl super::Began {
    const fn words(self) -> &'static str {
        match self {
            Self::Unseen => "Watched since",
            Self::New => "New since",
            Self::Refilled => "Refilled, or a used one, since",
            Self::Exchanged => "Another used one, or changed places, since",
        }
    }
}
