//! Rules that hold for every analysis, whatever was measured.

use super::{
    course::{Course, HostCourse, PrinterCourse, VolumeCourse},
    world::World,
};
use beforehand_core::case::CaseState;
use proptest::prelude::*;

fn course(free: Vec<(f64, f64)>, says: Vec<(f64, String, Vec<String>, u32)>) -> Course {
    Course {
        about: String::new(),
        zone: "Europe/Berlin".into(),
        start: "2026-10-05T00:00:00".into(),
        hours: 240.0,
        every_minutes: 60,
        judge_from: 0.0,
        site: None,
        hosts: vec![HostCourse {
            name: "FILESRV".into(),
            always_on: Some(true),
            desktop: None,
            off: vec![],
            held: vec![],
        }],
        volumes: vec![volume(free)],
        printers: vec![PrinterCourse {
            host: 0,
            name: "Kyocera".into(),
            uri: None,
            says,
            pages_a_day: 0.0,
            supplies: vec![],
        }],
        queues: vec![],
        elsewhere: vec![],
        asked_elsewhere: vec![],
        links: vec![],
        interfaces: vec![],
        endpoints: vec![],
        drives: vec![],
        arrays: vec![],
        devices: vec![],
        orders: None,
        closed: vec![],
        maintenance: vec![],
        acted: vec![],
        decommissioned: vec![],
    }
}

fn volume(free_gb: Vec<(f64, f64)>) -> VolumeCourse {
    VolumeCourse {
        host: 0,
        mount: "/data".into(),
        total_gb: 100.0,
        free_gb,
        health: vec![],
        needs: vec![],
        thin_pool: None,
        quota: false,
        wave: None,
    }
}

fn reasons() -> impl Strategy<Value = Vec<String>> {
    let words = ["media-jam-error", "toner-low-report", "door-open", "none", "offline-report", "x-unheard-of-error"];
    prop::collection::vec(prop::sample::select(words.map(String::from).to_vec()), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn there_is_one_open_case_for_each_asset_and_kind_and_every_ticket_was_opened_before_it_is_cleared(
        levels in prop::collection::vec(0.0..100.0_f64, 6..12),
        says in prop::collection::vec((reasons(), 0_u32..3), 1..6),
    ) {
        let free = levels.iter().enumerate().map(|(i, gb)| (i as f64 * 24.0, *gb)).collect();
        let says = says.into_iter().enumerate().map(|(i, (reasons, jobs))| (i as f64 * 30.0, "idle".to_owned(), reasons, jobs));
        let course = course(free, says.collect());
        let mut world = World::new(&course);
        while world.step(&course) {
            let mut open: Vec<_> = world.input.cases.iter().map(|case| (case.asset.clone(), case.kind)).collect();
            let all = open.len();
            open.sort();
            open.dedup();
            prop_assert_eq!(open.len(), all);
            for case in &world.input.cases {
                prop_assert!(case.worst >= case.severity);
                prop_assert!(case.ticketed_at.is_none_or(|at| at >= case.opened_at));
            }
        }
    }

    #[test]
    fn without_a_healthy_observation_nothing_closes(
        from in 1.0..60.0_f64,
        silent_from in 60.0..120.0_f64,
    ) {
        let jam = vec!["media-jam-error".to_owned()];
        let says = vec![
            (0.0, "idle".to_owned(), vec![], 0),
            (from.floor(), "stopped".to_owned(), jam, 2),
            (silent_from.floor(), "gone".to_owned(), vec![], 0),
        ];
        let course = course(vec![(0.0, 3.0), (24.0, 1.5), (240.0, 1.4)], says);
        let mut world = World::new(&course);
        while world.step(&course) {}
        let closed = world.input.closed.iter().filter(|case| matches!(case.state, CaseState::Closed { .. }));
        prop_assert_eq!(closed.count(), 0);
        prop_assert_eq!(world.input.cases.len(), 2, "the jam and the full volume");
        let recovered = world.story.iter().filter(|line| line.contains("Healthy")).count();
        prop_assert_eq!(recovered, 0);
    }
}
