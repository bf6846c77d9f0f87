//! A laser printer: toner that falls with the pages, jams, and paper that runs out.

use super::{Deed, Tick};
use crate::random::Random;
use beforehand_core::{asset::AssetId, finding::FindingKind};
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    printer::{Printer, PrinterState, Supply, SupplyLevel},
    time::{Millis, Timestamp},
};

const PAGES_PER_HOUR: f64 = 14.0;
const PAGES_PER_CARTRIDGE: f64 = 6_000.0;
/// Per cent left at which the device warns.
const LOW: f64 = 8.0;
const CARTRIDGE: &str = "Black Toner Cartridge";

#[derive(Debug, Clone)]
pub struct Device {
    /// Any host; a printer belongs to the site.
    host: HostId,
    key: String,
    name: String,
    toner: f64,
    pages: f64,
    /// Whether the people there change the cartridge themselves when it warns.
    careful: bool,
    next_jam: Millis,
    jammed: Option<Millis>,
    no_paper_until: Timestamp,
    empty_for: Millis,
    random: Random,
}

impl Device {
    pub(crate) fn new(host: HostId, name: &str, trouble: f64, mut random: Random) -> Self {
        let toner = random.between(25.0, 95.0);
        let next_jam = wait(&mut random, 24.0 / trouble.max(0.01));
        Self {
            host,
            key: random.uuid().to_string(),
            name: name.to_owned(),
            toner,
            pages: random.between(8_000.0, 90_000.0).floor(),
            careful: false,
            next_jam,
            jammed: None,
            no_paper_until: Timestamp(0),
            empty_for: Millis(0),
            random,
        }
    }

    /// Its cartridge, unless the printer itself is in trouble.
    pub(crate) fn asset(&self) -> AssetId {
        let printer = self.printer();
        if self.jammed.is_some() { printer } else { AssetId::supply(&printer, CARTRIDGE) }
    }

    pub(crate) const fn kind(&self) -> FindingKind {
        if self.jammed.is_some() { FindingKind::PrinterFault } else { FindingKind::SupplyLow }
    }

    pub(crate) fn printer(&self) -> AssetId {
        AssetId::new(AssetKind::Printer, self.host, &self.key)
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        self.mend(tick);
        if !tick.busy || self.is_broken() {
            return;
        }
        let printed = PAGES_PER_HOUR * tick.step.as_hours() * self.random.between(0.2, 1.8);
        self.pages += printed;
        self.toner = (self.toner - printed / PAGES_PER_CARTRIDGE * 100.0).max(0.0);
        self.next_jam = Millis(self.next_jam.0 - tick.step.0);
        if self.next_jam.0 <= 0 {
            self.next_jam = wait(&mut self.random, 30.0);
            // Most jams are cleared by whoever stands there; some wait for help.
            let patience = if self.random.chance(0.7) { 0.3 } else { 5.0 };
            self.jammed = Some(Millis((patience * Millis::HOUR.0 as f64) as i64));
        }
        if self.random.chance(0.03 * tick.step.as_hours()) {
            self.no_paper_until = tick.at.plus(Millis::minutes(6));
        }
        if self.careful && self.toner < 2.0 {
            self.replace();
        }
    }

    fn mend(&mut self, tick: &Tick) {
        if let Some(left) = self.jammed
            && tick.busy
        {
            self.jammed = (left > tick.step).then(|| Millis(left.0 - tick.step.0));
        }
        self.empty_for = if self.toner <= 0.0 { Millis(self.empty_for.0 + tick.step.0) } else { Millis(0) };
        if self.empty_for > Millis::days(2) {
            self.replace();
        }
    }

    fn replace(&mut self) {
        self.toner = 100.0;
        self.careful = self.random.chance(0.2);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.toner <= 0.0 || self.jammed.is_some()
    }

    pub(crate) const fn is_foreseeable(&self) -> bool {
        self.jammed.is_none()
    }

    pub(crate) fn needs_help(&self) -> bool {
        self.jammed.is_some() || self.toner < LOW + 4.0
    }

    pub(crate) fn act(&mut self) -> Deed {
        if self.jammed.take().is_some() {
            return Deed::did("Took the jammed sheet out and cleaned the rollers.", 30);
        }
        self.replace();
        Deed::did("Put in the cartridge that was ordered.", 15)
    }

    fn reasons(&self, at: Timestamp) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if self.jammed.is_some() {
            reasons.push("media-jam-error");
        }
        if self.toner <= 0.0 {
            reasons.push("toner-empty-error");
        } else if self.toner < LOW {
            reasons.push("toner-low-warning");
        }
        if at < self.no_paper_until {
            reasons.push("media-empty-error");
        }
        reasons
    }

    pub(crate) fn observe(&self, at: Timestamp) -> Printer {
        let stopped = self.is_broken() || at < self.no_paper_until;
        Printer {
            key: self.key.clone(),
            uri: "ipp://192.0.2.40/ipp/print".to_owned(),
            name: self.name.clone(),
            model: Some("Brother HL-L6400DW".to_owned()),
            state: if stopped { PrinterState::Stopped } else { PrinterState::Idle },
            reasons: self.reasons(at).into_iter().map(str::to_owned).collect(),
            message: None,
            alerts: Vec::new(),
            supplies: vec![Supply {
                name: CARTRIDGE.to_owned(),
                kind: "toner".to_owned(),
                colour: Some("black".to_owned()),
                level: SupplyLevel::Left(self.toner.ceil() as f32),
            }],
            jobs: Some(if stopped { 2 } else { 0 }),
            pages: Some(self.pages as u64),
            details: None,
        }
    }
}

/// Busy time until something that comes every `days` working days.
fn wait(random: &mut Random, days: f64) -> Millis {
    Millis((random.exponential(days) * 9.5 * Millis::HOUR.0 as f64) as i64)
}
