//! What stops a printer for a time, and how it says so.

use crate::random::Random;
use beforehand_shared::{
    printer::{Alert, Printer, PrinterState},
    time::{Millis, Timestamp},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Jam,
    Cover,
    NoPaper,
    Fault,
    Reminder,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Spell {
    pub(super) what: What,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    /// Whether a job waits for it in a queue that the agent knows.
    pub(super) queued: bool,
}

impl Spell {
    pub(super) const fn new(what: What, from: Timestamp, length: Millis) -> Self {
        Self { what, from, to: from.plus(length), queued: false }
    }

    pub(super) fn is_on(&self, at: Timestamp) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// How long until somebody has pulled the sheet out.
pub(super) fn clearing(random: &mut Random) -> Millis {
    let minutes = match random.unit() {
        u if u < 0.55 => random.between(1.0, 4.0),
        u if u < 0.85 => random.between(4.0, 20.0),
        u if u < 0.97 => random.between(20.0, 120.0),
        _ => random.between(840.0, 1_080.0),
    };
    Millis((minutes * Millis::MINUTE.0 as f64) as i64)
}

/// How a printer words a jam.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    Reason(&'static str),
    Alert,
}

impl Style {
    pub(super) fn any(random: &mut Random) -> Self {
        match random.whole(0, 2) {
            0 => Self::Reason("media-jam-error"),
            1 => Self::Reason("media-jam-warning"),
            _ => Self::Alert,
        }
    }
}

pub(super) fn report(spells: &[Spell], at: Timestamp, style: Style, pages: f64) -> Printer {
    let (mut reasons, mut alerts, mut stopped) = (Vec::new(), Vec::new(), false);
    for spell in spells.iter().filter(|spell| spell.is_on(at)) {
        stopped |= spell.what != What::Reminder;
        match (spell.what, style) {
            (What::Jam, Style::Reason(reason)) => reasons.push(reason.to_owned()),
            (What::Jam, Style::Alert) => alerts.push(jam()),
            (What::Cover, _) => reasons.push("cover-open-error".to_owned()),
            (What::NoPaper, _) => reasons.push("media-empty-error".to_owned()),
            (What::Fault, _) => reasons.push("service-needed-error".to_owned()),
            (What::Reminder, _) => reasons.push("service-needed-report".to_owned()),
        }
    }
    Printer {
        key: "printer".to_owned(),
        uri: "ipp://192.0.2.40/ipp/print".to_owned(),
        name: "Printer".to_owned(),
        model: None,
        state: if stopped { PrinterState::Stopped } else { PrinterState::Idle },
        reasons,
        message: None,
        alerts,
        supplies: Vec::new(),
        jobs: Some(u32::from(stopped)),
        pages: Some(pages as u64),
        details: None,
    }
}

fn jam() -> Alert {
    Alert {
        code: "jam".to_owned(),
        severity: Some("critical".to_owned()),
        group: Some("mediaPath".to_owned()),
        text: None,
        since: None,
    }
}
