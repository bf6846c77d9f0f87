//! Two drives that hold the same: one that dies or loses its cable is missed by nobody until the other goes, too.

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    array::{Array, ArrayKind, ArrayState, Member, MemberState},
    asset::AssetKind,
    ids::HostId,
    time::{Millis, Timestamp},
};

const NAME: &str = "md0";
/// Cables that come off, a year and mirror.
const OFF_A_YEAR: f64 = 0.05;
/// Without it the office cannot work: on the third day everything is set up anew.
const ENDURED: Millis = Millis::days(3);

#[derive(Debug, Clone)]
struct Slot {
    device: String,
    serial: String,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Working,
    /// Its drive gives no data.
    Dead,
    /// Its drive is well and not reached.
    CableOff,
    /// Per cent of it is filled again.
    Filling(f64),
}

#[derive(Debug, Clone)]
pub struct Mirror {
    host: HostId,
    slots: [Slot; 2],
    next_off: Timestamp,
    trouble: f64,
    /// How long a whole rebuild takes.
    rebuild_hours: f64,
    failed_for: Millis,
    random: Random,
}

impl Mirror {
    pub(crate) fn new(host: HostId, devices: [&str; 2], trouble: f64, start: Timestamp, mut random: Random) -> Self {
        let trouble = trouble.max(0.01);
        let slot = |device: &str| Slot { device: device.to_owned(), serial: String::new(), state: State::Working };
        Self {
            host,
            slots: devices.map(slot),
            next_off: start.plus(days(random.exponential(365.0 / (OFF_A_YEAR * trouble)))),
            trouble,
            rebuild_hours: random.between(4.0, 20.0),
            failed_for: Millis(0),
            random,
        }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Array, self.host, NAME)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    /// Learns how a drive of its machine is: a new one in the place of a dead one is filled.
    pub(crate) fn see(&mut self, (device, serial, is_alive): (&str, &str, bool)) {
        let Some(slot) = self.slots.iter_mut().find(|slot| slot.device == device) else { return };
        if !is_alive {
            slot.state = State::Dead;
        } else if slot.serial != serial && !slot.serial.is_empty() {
            slot.state = State::Filling(0.0);
        }
        slot.serial = serial.to_owned();
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        if tick.at >= self.next_off {
            let pick = self.random.whole(0, 1) as usize;
            if self.slots[pick].state == State::Working {
                self.slots[pick].state = State::CableOff;
            }
            self.next_off = tick.at.plus(days(self.random.exponential(365.0 / (OFF_A_YEAR * self.trouble))));
        }
        if self.is_broken() {
            self.failed_for = Millis(self.failed_for.0 + tick.step.0);
            if self.failed_for > ENDURED {
                self.set_up_anew();
            }
            return;
        }
        let filled = 100.0 * tick.step.as_hours() / self.rebuild_hours;
        for slot in &mut self.slots {
            if let State::Filling(percent) = slot.state {
                let percent = percent + filled;
                slot.state = if percent >= 100.0 { State::Working } else { State::Filling(percent) };
            }
        }
    }

    /// With the same drives, those that live; a dead one stays missing until there is a new one.
    fn set_up_anew(&mut self) {
        self.failed_for = Millis(0);
        for slot in &mut self.slots {
            slot.state = if slot.state == State::Dead { State::Dead } else { State::Working };
        }
        if self.slots.iter().all(|slot| slot.state == State::Dead) {
            self.slots[0].state = State::Working;
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        !self.slots.iter().any(|slot| slot.state == State::Working)
    }

    pub(crate) fn needs_help(&self) -> bool {
        self.slots.iter().any(|slot| matches!(slot.state, State::Dead | State::CableOff))
    }

    /// The devices whose drives are to be replaced.
    pub(crate) fn dead(&self) -> Vec<String> {
        self.slots.iter().filter(|slot| slot.state == State::Dead).map(|slot| slot.device.clone()).collect()
    }

    pub(crate) fn act(&mut self) -> Deed {
        if self.is_broken() {
            self.set_up_anew();
            return Deed::did("Set up the mirror anew and restored the backup.", 240);
        }
        for slot in self.slots.iter_mut().filter(|slot| slot.state == State::CableOff) {
            slot.state = State::Filling(0.0);
        }
        Deed::did("Gave the mirror its second drive back and watched it fill.", 60)
    }

    pub(crate) fn observe(&self) -> Array {
        let missing = self.slots.iter().filter(|slot| slot.state != State::Working).count() as u32;
        let filling = self.slots.iter().find_map(|slot| match slot.state {
            State::Filling(percent) => Some(percent),
            _ => None,
        });
        let state = match (missing, filling) {
            (0, _) => ArrayState::Healthy,
            (2, _) => ArrayState::Failed,
            (_, Some(percent)) => {
                let left = (100.0 - percent) / 100.0 * self.rebuild_hours * 60.0;
                ArrayState::Rebuilding { percent: Some(percent), minutes_left: Some(left as u32) }
            }
            (_, None) => ArrayState::Degraded,
        };
        Array {
            key: NAME.to_owned(),
            name: NAME.to_owned(),
            kind: ArrayKind::Md,
            level: Some("raid1".to_owned()),
            state,
            tolerates: Some(1_u32.saturating_sub(missing)),
            wanted: Some(2),
            missing,
            device: Some(format!("/dev/{NAME}")),
            members: self.slots.iter().map(member).collect(),
            ..Array::default()
        }
    }
}

fn member(slot: &Slot) -> Member {
    let state = match slot.state {
        State::Working => MemberState::Working,
        State::Dead => MemberState::Failed,
        State::CableOff => MemberState::Missing,
        State::Filling(_) => MemberState::Rebuilding,
    };
    Member {
        name: slot.device.trim_start_matches("/dev/").to_owned(),
        device: Some(slot.device.clone()),
        serial: (!slot.serial.is_empty()).then(|| slot.serial.clone()),
        state,
        errors: None,
    }
}
