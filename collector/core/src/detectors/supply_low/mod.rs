//! Cartridges, waste boxes and other supplies that run out: by when to order, with an interval.
//!
//! Method (`supply_low/3`): the level's own past says what its [`sensor`] can tell and where one cartridge
//! ended and another began ([`lives`]); pages printed between its falls say how much a point does and how
//! much is left ([`capacity`]); the office's weeks say how fast it goes ([`pace`]). The supplies of a printer
//! are looked at together ([`rounding`]). A full one behind a sensor of three steps is dated by what earlier
//! ones did; from a sensor that cannot carry a date none is made: then the printer's own word counts, and
//! nothing is said but what it says.

mod capacity;
mod days;
mod foresee;
mod judge;
mod lives;
mod overview;
mod pace;
mod rounding;
mod runs;
mod sensor;
mod together;
mod words;
mod work;

pub use capacity::{Left, PerPoint};
pub use foresee::{Dates, Foresight, HORIZONS, METHOD, Why, foresee};
pub use lives::{Began, Life};
pub use overview::{Overview, overview};
pub use sensor::Sensor;
pub use work::Unit;

use super::{Detector, printer_fault};
use crate::{
    asset::AssetId,
    detectors::printer_fault::Class,
    finding::{Finding, FindingKind},
    input::{AssetView, Input},
    series::Metric,
};
use beforehand_shared::{
    observation::Observation,
    printer::{Printer, PrinterState, Supply, SupplyLevel},
};
use judge::{Judgement, Question};

pub struct SupplyLow;

impl Detector for SupplyLow {
    fn kind(&self) -> FindingKind {
        FindingKind::SupplyLow
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let fresh = |view: &AssetView| view.is_fresh(&Metric::PrinterState, input.now);
        judged(input, fresh).into_iter().filter_map(|judged| words::finding(input, &judged)).collect()
    }
}

/// Every supply of the printers that are `wanted`.
fn judged(input: &Input, wanted: impl Fn(&AssetView) -> bool) -> Vec<Judged<'_>> {
    let printers = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
        Observation::Printer(printer) if wanted(view) => Some((asset, view, printer)),
        _ => None,
    });
    let mut judged: Vec<Judged> =
        printers.flat_map(|(asset, view, printer)| of_printer(input, asset, view, printer)).collect();
    together::raise(input, &mut judged);
    judged
}

/// A supply with what is foreseen and judged of it.
struct Judged<'a> {
    asset: AssetId,
    of: &'a AssetId,
    printer: &'a Printer,
    place: usize,
    foresight: Option<Foresight>,
    judgement: Judgement,
}

fn of_printer<'a>(input: &Input, of: &'a AssetId, view: &'a AssetView, printer: &'a Printer) -> Vec<Judged<'a>> {
    let said = printer_fault::complaints(printer);
    let foresights = foresights(input, view, printer);
    let judged = printer.supplies.iter().zip(foresights).enumerate().map(|(place, (supply, foresight))| {
        let asset = AssetId::supply(of, &supply.name);
        let said = said.iter().filter(|(at, _)| *at == place).map(|(_, class)| *class).max();
        let foresight_of = foresight.as_ref();
        let question = Question { input, asset: &asset, supply, said, foresight: foresight_of };
        let judgement = judge::judge(&question);
        Judged { asset, of, printer, place, foresight, judgement }
    });
    judged.collect()
}

/// One for each supply of the printer; nothing where it has no numbers.
fn foresights(input: &Input, view: &AssetView, printer: &Printer) -> Vec<Option<Foresight>> {
    let level = |supply: &Supply| match supply.level {
        SupplyLevel::Left(_) => view.series.get(&Metric::SupplyPct(supply.name.clone())),
        _ => None,
    };
    let levels: Vec<_> = printer.supplies.iter().map(level).collect();
    foresee(&levels, view.series.get(&Metric::Pages), &input.calendar(), input.now)
}

/// Whether a supply has run out: its printer says so, or has stopped while its level is nothing.
pub fn is_empty(input: &Input, asset: &AssetId) -> bool {
    let view = asset.printer().and_then(|printer| input.assets.get(&printer));
    let Some(Observation::Printer(printer)) = view.map(|view| &view.facts) else { return false };
    let complaints = printer_fault::complaints(printer);
    printer.supplies.iter().enumerate().filter(|(_, supply)| asset.fallback_name() == supply.name).any(
        |(place, supply)| {
            let said = complaints.iter().any(|(at, class)| *at == place && *class == Class::Failed);
            let nothing = matches!(supply.level, SupplyLevel::Left(left) if left <= 0.0);
            said || (nothing && printer.state == PrinterState::Stopped && class_is_of_supply(printer))
        },
    )
}

/// Whether nothing else explains that it stopped.
fn class_is_of_supply(printer: &Printer) -> bool {
    printer_fault::class_of(printer) != Some(Class::Failed)
}
