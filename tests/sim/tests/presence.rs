//! What every office of absent machines must keep, whatever its seed.

use beforehand_shared::{
    report::Report,
    time::{Millis, Timestamp},
};
use beforehand_sim::presence::{Cause, Office, Wire};
use std::collections::{BTreeMap, BTreeSet};

/// What arrives in each minute between two instants.
fn arrived(office: &Office, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Vec<Report>)> {
    let mut wire = Wire::new(office);
    let minutes = (0..).map(|minute| from.plus(Millis::minutes(minute))).take_while(|at| *at < to);
    minutes.map(|at| (at, wire.arrive(at))).collect()
}

#[test]
fn the_same_seed_gives_the_same_office() {
    assert_eq!(Office::new(3).unwrap(), Office::new(3).unwrap());
    assert_ne!(Office::new(3).unwrap(), Office::new(4).unwrap());
}

#[test]
fn a_machine_is_on_once_at_a_time_and_trouble_comes_alone() {
    for seed in 0..40 {
        let office = Office::new(seed).unwrap();
        assert_eq!(office.machines.len(), 20);
        for machine in &office.machines {
            let apart = machine.stretches.windows(2).all(|pair| pair[0].to <= pair[1].from);
            assert!(apart, "{seed}: {} is on twice at once", machine.name);
            assert!(machine.stretches.iter().all(|on| on.from < on.to), "{seed}: {}", machine.name);
        }
        assert_eq!((office.cuts.len(), office.faults.len()), (3, 2));
        let cuts = office.cuts.iter().map(|cut| (cut.from, cut.to));
        let mut all: Vec<_> = cuts.chain(office.faults.iter().map(|fault| (fault.from, fault.to))).collect();
        all.sort();
        assert!(all.windows(2).all(|pair| pair[0].1 < pair[1].0), "{seed}: {all:?}");
        assert!(all.iter().all(|(from, to)| *from > office.judged_from && *to < office.end), "{seed}: {all:?}");
    }
}

#[test]
fn nothing_arrives_in_a_cut_but_from_elsewhere_and_what_was_measured_in_it_comes_afterwards() {
    let office = Office::new(5).unwrap();
    let cut = office.cuts.iter().find(|cut| cut.cause == Cause::Internet).unwrap();
    let around = arrived(&office, cut.from.minus(Millis::DAY), cut.to.plus(Millis::HOUR));
    let at_home: BTreeSet<_> =
        office.machines.iter().filter(|machine| machine.stretches.iter().all(|on| !on.away)).map(|it| it.id).collect();
    let (mut during, mut late) = (0, 0);
    for (minute, reports) in &around {
        for report in reports.iter().filter(|report| at_home.contains(&report.host)) {
            during += usize::from(*minute > cut.from && minute.plus(Millis::MINUTE) < cut.to);
            late += usize::from(*minute > cut.from && (cut.from..cut.to).contains(&report.made_at));
        }
    }
    assert_eq!(during, 0);
    assert!(late > 100, "{late}");
}

#[test]
fn no_report_is_lost_or_comes_twice() {
    let office = Office::new(6).unwrap();
    let mut next: BTreeMap<_, u64> = BTreeMap::new();
    for (_, reports) in arrived(&office, office.judged_from, office.judged_from.plus(Millis::days(12))) {
        for report in reports {
            let expected = next.entry(report.host).or_insert(1);
            assert_eq!(report.seq, *expected);
            *expected += 1;
        }
    }
    assert_eq!(next.len(), 20);
}
