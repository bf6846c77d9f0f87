//! What the forecaster must do on volumes whose course is known, minute by minute.

use beforehand_foresight::tasks::volume_full::{
    generated::{self, Habit, SAWTEETH},
    ours,
    runaway::{self, Told},
    usage::Usage,
};
use beforehand_shared::time::{Millis, Timestamp};

/// Every instant of the last two weeks that is `apart` from the one before.
fn instants(volume: &Usage, apart: usize) -> impl Iterator<Item = Timestamp> {
    let later = volume.points.len() / 2;
    volume.points[later..].iter().step_by(apart).map(|point| point.at)
}

#[test]
fn no_habit_that_never_filled_its_volume_opens_a_ticket() {
    for habit in SAWTEETH {
        let volume = generated::volume(habit, 7);
        // Forty-seven minutes, so that every minute of an hour comes up.
        let called = instants(&volume, 47).find(|at| ours::calls(&volume, *at));
        assert_eq!(called, None, "{habit:?}");
    }
}

#[test]
fn nobody_is_called_for_a_habit_in_the_days_in_which_it_is_learnt() {
    for habit in SAWTEETH {
        let volume = generated::volume(habit, 8);
        let early = volume.points[..3 * 24 * 60].iter().step_by(17).map(|point| point.at);
        let called = early.into_iter().find(|at| ours::calls(&volume, *at));
        assert_eq!(called, None, "{habit:?}");
    }
}

#[test]
fn nobody_is_called_for_a_weekly_job_that_is_seen_for_the_first_time() {
    const DAY: usize = 24 * 60;
    for number in 0..3 {
        let volume = generated::volume(Habit::WeeklyRewrite, number);
        let early = volume.points[3 * DAY..14 * DAY].iter().step_by(30).map(|point| point.at);
        let called = early.into_iter().find(|at| ours::calls(&volume, *at));
        assert_eq!(called, None, "{number}");
    }
}

#[test]
fn a_writer_that_runs_away_is_told_half_an_hour_before_the_volume_is_full_or_within_two_minutes() {
    for (habit, pace) in [
        (Habit::Quiet, 10),
        (Habit::Quiet, 60),
        (Habit::Office, 31),
        (Habit::Office, 240),
        (Habit::NightlyBackup, 20),
        (Habit::NightlyBackup, 90),
        (Habit::LogRotation, 45),
        (Habit::WeeklyCleanup, 35),
        (Habit::WeeklyCleanup, 120),
    ] {
        let told = runaway::runaway(habit, pace, 11).told(ours::calls);
        assert!(told.is_some_and(Told::in_time), "{habit:?} full in {pace} minutes: {told:?}");
    }
}

#[test]
fn a_copy_that_ends_calls_nobody_once_it_has_ended() {
    let volume = generated::volume(Habit::Office, 12);
    // A fifth of what is free within twenty minutes, then nothing more.
    let begins = 24 * 24 * 60 + 11 * 60;
    let before = volume.points[begins].used;
    let copied = 0.2 * (volume.size - before);
    let mut points = volume.points;
    for (minute, point) in points[begins..].iter_mut().enumerate() {
        point.used += copied * (minute as f64 / 20.0).min(1.0);
    }
    let volume = Usage::of("copy".to_owned(), volume.size, points);
    let after = volume.points[begins + 22..begins + 600].iter().step_by(7);
    let called = after.map(|point| point.at).find(|at| ours::calls(&volume, *at));
    assert_eq!(called.map(|at| at.since(volume.points[begins].at)), None::<Millis>);
}
