//! The rings, host by host.

use super::*;
use beforehand_shared::update::Attempt;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_795_424_400_000);
const OLD: Version = Version { major: 1, minor: 0, patch: 0 };
const NEW: Version = Version { major: 1, minor: 1, patch: 0 };

fn index() -> Index {
    let package = Package {
        platform: "linux-x86_64".into(),
        version: NEW,
        file: "agent.zst".into(),
        bytes: 1,
        sha256: "00".repeat(32),
    };
    let (made_at, expires_at) = (NOW.minus(Millis::days(3)), NOW.plus(Millis::days(60)));
    Index { format: 1, serial: 1, made_at, expires_at, packages: vec![package] }
}

fn host(number: u128) -> Candidate {
    Candidate {
        client: ClientId(Uuid::from_u128(1)),
        id: HostId(Uuid::from_u128(number)),
        name: format!("PC-{number}"),
        in_service: true,
        switched_on: true,
        last_report: Some(NOW.minus(Millis::MINUTE)),
        running: OLD.to_string(),
        updates: Some(Updates { platform: "linux-x86_64".into(), able: Able::Yes, last: None }),
    }
}

fn fleet(size: u128) -> Vec<Candidate> {
    (1..=size).map(host).collect()
}

fn judge(hosts: &[Candidate]) -> (Plan, Phase) {
    let plan = plan(&index(), hosts, NOW);
    let phase = plan.courses[0].phase.clone();
    (plan, phase)
}

fn offered(hosts: &[Candidate]) -> Vec<HostId> {
    let offered = |(id, verdict): (HostId, Verdict)| matches!(verdict, Verdict::Offer(_)).then_some(id);
    plan(&index(), hosts, NOW).verdicts.into_iter().filter_map(offered).collect()
}

fn verdict(changed: Candidate) -> Verdict {
    plan(&index(), std::slice::from_ref(&changed), NOW).verdicts[&changed.id].clone()
}

fn note(host: &mut Candidate, came_to: CameTo, ago: Millis) {
    let attempt = Attempt { at: NOW.minus(ago), version: Some(NEW), came_to };
    host.updates.as_mut().unwrap().last = Some(attempt);
}

/// Makes `ids` run the new version since `ago`.
fn update(hosts: &mut [Candidate], ids: &[HostId], ago: Millis) {
    for host in hosts.iter_mut().filter(|host| ids.contains(&host.id)) {
        host.running = NEW.to_string();
        note(host, CameTo::Updated { from: OLD }, ago);
    }
}

/// How many of the first ring have settled, are waited for, and are.
fn in_ring(hosts: &[Candidate]) -> (usize, usize, usize) {
    match judge(hosts).1 {
        Phase::FirstRing(ring) => (ring.settled, ring.holding.len(), ring.size),
        other => panic!("{other:?}"),
    }
}

fn name(hosts: &[Candidate], id: HostId) -> String {
    find(&mut hosts.to_vec(), id).name.clone()
}

fn find(hosts: &mut [Candidate], id: HostId) -> &mut Candidate {
    hosts.iter_mut().find(|host| host.id == id).unwrap()
}

#[test]
fn a_tenth_goes_first_and_at_least_one() {
    for (size, first) in [(1, 1), (9, 1), (10, 1), (11, 2), (40, 4), (1_000, 100)] {
        assert_eq!(offered(&fleet(size)).len(), first, "of {size}");
    }
}

#[test]
fn who_goes_first_differs_from_version_to_version_and_not_from_moment_to_moment() {
    let hosts = fleet(100);
    assert_eq!(offered(&hosts), offered(&hosts));
    let mut later = index();
    later.packages[0].version.patch += 1;
    let plan = plan(&later, &hosts, NOW);
    let other: Vec<_> = plan
        .verdicts
        .iter()
        .filter(|(_, verdict)| **verdict == Verdict::Offer(Turn::First))
        .map(|(id, _)| *id)
        .collect();
    assert_ne!(offered(&hosts), other);
}

#[test]
fn the_rest_follows_when_the_whole_first_ring_has_run_it_for_a_day() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    update(&mut hosts, &first[1..], Millis(PROOF.0 - 1));
    assert_eq!(in_ring(&hosts), (0, 4, 4));
    assert_eq!(offered(&hosts), first[..1]);
    update(&mut hosts, &first[1..], PROOF);
    update(&mut hosts, &first[..1], Millis(PROOF.0 - 1));
    assert_eq!(in_ring(&hosts), (3, 1, 4));
    assert!(judge(&hosts).0.courses[0].words().contains(&format!("waited for: {}", name(&hosts, first[0]))));
    assert!(offered(&hosts).is_empty(), "the first have it, the rest wait");
    update(&mut hosts, &first, PROOF);
    let (plan, phase) = judge(&hosts);
    assert!(matches!(phase, Phase::Rest(_)));
    assert_eq!(offered(&hosts).len(), 36);
    assert_eq!((plan.courses[0].running, plan.courses[0].of), (4, 40));
}

#[test]
fn a_host_that_is_switched_off_holds_nobody_up_and_one_that_is_gone_is_not_chosen() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    update(&mut hosts, &first[1..], Millis::days(2));
    let absent = hosts.iter_mut().find(|host| host.id == first[0]).unwrap();
    absent.last_report = Some(NOW.minus(Millis::days(2)));
    assert!(matches!(judge(&hosts).1, Phase::Rest(_)));
    let absent = hosts.iter_mut().find(|host| host.id == first[0]).unwrap();
    absent.last_report = Some(NOW.minus(Millis::days(8)));
    let (_, phase) = judge(&hosts);
    assert!(matches!(phase, Phase::Rest(Ring { settled: 3, reporting: 4, .. })), "another takes its place");
}

#[test]
fn a_first_ring_of_which_nobody_reports_proves_nothing() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    update(&mut hosts, &first, Millis::days(3));
    for host in hosts.iter_mut().filter(|host| first.contains(&host.id)) {
        host.last_report = Some(NOW.minus(Millis::days(2)));
    }
    assert_eq!(in_ring(&hosts), (0, 0, 4));
    assert!(judge(&hosts).0.courses[0].words().contains("none of which reported within a day"));
}

#[test]
fn one_host_that_returned_stops_it_for_all() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    update(&mut hosts, &first, Millis::days(2));
    assert!(matches!(judge(&hosts).1, Phase::Rest(_)));
    let why = "it sent no report within 120 seconds".to_owned();
    let back = hosts.iter_mut().find(|host| !first.contains(&host.id)).unwrap();
    note(back, CameTo::Returned { to: OLD, why }, Millis::MINUTE);
    let (id, name) = (back.id, back.name.clone());
    let (plan, phase) = judge(&hosts);
    assert!(matches!(phase, Phase::Stopped { host, .. } if host == id));
    assert!(offered(&hosts).is_empty());
    assert_eq!(plan.verdicts[&id], Verdict::Wait(Wait::GaveUp));
    assert_eq!(plan.verdicts.values().filter(|verdict| **verdict == Verdict::Wait(Wait::Stopped)).count(), 35);
    let words = plan.courses[0].words();
    assert!(plan.courses[0].needs_a_person() && words.contains(&name) && words.contains("120 seconds"), "{words}");
}

#[test]
fn that_an_earlier_version_was_given_up_stops_nothing() {
    let mut host = host(1);
    note(&mut host, CameTo::Returned { to: OLD, why: "no".into() }, Millis::DAY);
    host.updates.as_mut().unwrap().last.as_mut().unwrap().version = Some(Version { patch: 9, ..OLD });
    assert_eq!(verdict(host), Verdict::Offer(Turn::First));
}

#[test]
fn each_host_that_waits_has_its_reason() {
    let with = |change: fn(&mut Candidate)| {
        let mut host = host(1);
        change(&mut host);
        verdict(host)
    };
    assert_eq!(with(|host| host.switched_on = false), Verdict::Wait(Wait::SwitchedOff));
    assert_eq!(with(|host| host.updates = None), Verdict::Wait(Wait::CannotTell));
    assert_eq!(with(|host| host.running = "nightly".into()), Verdict::Wait(Wait::CannotTell));
    assert_eq!(with(|host| host.running = NEW.to_string()), Verdict::Wait(Wait::Current));
    assert_eq!(with(|host| host.running = "2.0.0".into()), Verdict::Wait(Wait::Current));
    let said = |able: Able| {
        let mut host = host(1);
        host.updates.as_mut().unwrap().able = able;
        verdict(host)
    };
    assert_eq!(said(Able::Forbidden), Verdict::Wait(Wait::Forbidden));
    assert_eq!(said(Able::NoKey), Verdict::Wait(Wait::NoKey));
    let mut windows = host(1);
    windows.updates.as_mut().unwrap().platform = "windows-x86_64".into();
    assert_eq!(verdict(windows), Verdict::Wait(Wait::OtherPlatform));
    let expired = plan(&index(), &fleet(3), index().expires_at);
    assert!(expired.verdicts.values().all(|verdict| *verdict == Verdict::Wait(Wait::Expired)));
}

#[test]
fn hosts_of_clients_that_do_not_want_it_are_no_part_of_the_tenth() {
    let mut hosts = fleet(100);
    hosts.iter_mut().skip(10).for_each(|host| host.switched_on = false);
    assert_eq!(offered(&hosts).len(), 1);
    hosts.iter_mut().for_each(|host| host.switched_on = false);
    assert_eq!(judge(&hosts).1, Phase::Nobody);
}

#[test]
fn a_version_that_somebody_installed_by_hand_counts_from_the_making_of_the_index() {
    let mut host = host(1);
    host.running = NEW.to_string();
    assert!(matches!(judge(&[host.clone()]).1, Phase::Rest(_)), "made three days ago");
    // A clock that is ahead proves nothing, and holds up nothing.
    note(&mut host, CameTo::Updated { from: OLD }, Millis::days(-400));
    assert!(matches!(judge(&[host]).1, Phase::Rest(_)));
}

#[test]
fn what_was_stopped_stays_stopped_when_the_host_that_returned_leaves() {
    let leave: [fn(&mut Candidate); 3] = [
        |host| host.switched_on = false,
        |host| host.in_service = false,
        |host| host.updates.as_mut().unwrap().able = Able::Forbidden,
    ];
    for leave in leave {
        let mut hosts = fleet(40);
        note(&mut hosts[7], CameTo::Returned { to: OLD, why: "it sent no report".into() }, Millis::MINUTE);
        leave(&mut hosts[7]);
        let (plan, phase) = judge(&hosts);
        assert!(matches!(phase, Phase::Stopped { host, .. } if host == hosts[7].id));
        assert!(offered(&hosts).is_empty());
        assert_ne!(plan.verdicts[&hosts[7].id], Verdict::Wait(Wait::GaveUp), "it has a reason of its own");
    }
}

#[test]
fn a_host_of_the_first_ring_that_cannot_install_it_holds_nobody_up_and_is_named() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    for came_to in [CameTo::Refused { why: "no".into() }, CameTo::Failed { why: "disk full".into() }] {
        update(&mut hosts, &first[1..], PROOF);
        note(find(&mut hosts, first[0]), came_to, Millis::MINUTE);
        let (plan, phase) = judge(&hosts);
        assert!(matches!(phase, Phase::Rest(_)));
        let words = plan.courses[0].words();
        assert!(
            words.contains(&format!("Not waited for, because it was not installed there: {}", name(&hosts, first[0])))
        );
    }
    let mut alone = fleet(3);
    let first = offered(&alone)[0];
    note(find(&mut alone, first), CameTo::Failed { why: "disk full".into() }, Millis::MINUTE);
    let course = judge(&alone).0.courses.remove(0);
    assert!(matches!(course.phase, Phase::FirstRing(_)) && course.needs_a_person(), "nobody has proved it");
    assert!(course.words().contains("none of the first hosts could install it"), "{}", course.words());
}

#[test]
fn a_host_of_the_first_ring_that_does_nothing_is_waited_for_a_day_and_only_if_nobody_proves_it_longer() {
    let mut hosts = fleet(40);
    let first = offered(&hosts);
    assert_eq!(in_ring(&hosts), (0, 4, 4), "nobody has proved it");
    update(&mut hosts, &first[1..], Millis::days(2));
    note(find(&mut hosts, first[0]), CameTo::Waiting, Millis::hours(2));
    assert_eq!(in_ring(&hosts), (3, 1, 4), "it was fetched only now");
    note(find(&mut hosts, first[0]), CameTo::Waiting, Millis::days(2));
    assert!(matches!(judge(&hosts).1, Phase::Rest(_)));
    // Versions installed by hand do not say when it was offered to the others.
    for id in &first[1..] {
        find(&mut hosts, *id).updates.as_mut().unwrap().last = None;
    }
    find(&mut hosts, first[0]).updates.as_mut().unwrap().last = None;
    assert_eq!(in_ring(&hosts), (3, 1, 4));
}
