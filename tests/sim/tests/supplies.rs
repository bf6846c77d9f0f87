//! What every printer of the simulated offices must keep, whatever its seed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_shared::{
    printer::SupplyLevel,
    time::{Millis, Timestamp},
};
use beforehand_sim::{
    random::Random,
    supplies::{Device, Sensor, sensor::Rounding},
};

/// 2026-01-05, a Monday.
const START: Timestamp = Timestamp(1_767_571_200_000);

/// A device after so many days, and every level of its first supply that was read.
fn run(seed: u64, days: i64) -> (Device, Vec<f32>) {
    let mut device = Device::new(seed, START).unwrap();
    let mut levels = Vec::new();
    for hour in 0..24 * days {
        let at = START.plus(Millis::hours(hour));
        device.hour(at);
        let read = device.observe(at).and_then(|printer| match printer.supplies.first()?.level {
            SupplyLevel::Left(left) => Some(left),
            _ => None,
        });
        levels.extend(read);
    }
    (device, levels)
}

#[test]
fn the_same_seed_gives_the_same_printer() {
    let (first, second) = (run(3, 200), run(3, 200));
    assert_eq!((first.0.lives, first.1), (second.0.lives, second.1));
    assert_ne!(run(3, 200).1, run(4, 200).1);
}

#[test]
fn cartridges_come_one_after_the_other_and_are_empty_after_they_were_put_in() {
    let mut lives = 0;
    for seed in 0..12 {
        let (device, _) = run(seed, 500);
        for life in &device.lives {
            assert!(life.empty.is_none_or(|empty| empty > life.from));
            let next = device.lives.iter().filter(|next| next.supply == life.supply && next.from > life.from);
            assert_eq!(life.changed, next.map(|next| next.from).min(), "{life:?}");
        }
        lives += device.lives.len();
    }
    assert!(lives > 60, "{lives}");
}

#[test]
fn sensors_show_what_they_can() {
    let mut random = Random::new(1);
    let steps = |rounding| Sensor::Steps { size: 10.0, rounding };
    let mut read = |sensor: Sensor, left| sensor.read(left, &mut random);
    assert_eq!(read(Sensor::Fine, 41.2), 42.0);
    assert_eq!(read(Sensor::UsedUp, 41.2), 58.0);
    assert_eq!(read(steps(Rounding::Up), 41.2), 50.0);
    assert_eq!(read(steps(Rounding::Nearest), 41.2), 40.0);
    assert_eq!(read(steps(Rounding::Down), 9.0), 0.0);
    assert_eq!(read(Sensor::ThreeSteps, 41.2), 100.0);
    assert_eq!(read(Sensor::ThreeSteps, 9.0), 10.0);
    assert_eq!(read(Sensor::Stuck(50.0), 9.0), 50.0);
}
