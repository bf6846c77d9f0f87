//! What the spool promises, on real files: nothing is lost silently, nothing is numbered twice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use beforehand_agent::{
    report::Draft,
    spool::{Limits, RING_BYTES, Spool, SpoolError, file::Stored},
};
use beforehand_shared::{
    ids::Incarnation,
    report::{GapReason, Report},
    run::{Outcome, ProbeRun},
    time::Timestamp,
};
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use support::*;
use uuid::Uuid;

fn files(dir: PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn queued(state: &Path) -> Vec<PathBuf> {
    files(state.join("spool/q"))
}

fn filled(state: &Path, reports: u64) {
    let mut spool = open(state);
    (1..=reports).for_each(|n| assert_eq!(spool.push(draft(&format!("report {n}"), n)), n));
}

fn reasons(reports: &[Report]) -> Vec<GapReason> {
    gaps(reports).iter().map(|gap| gap.reason).collect()
}

/// Every number up to the last is delivered, or named as lost, and none is both.
fn assert_complete(reports: &[Report], last: u64) {
    let delivered: BTreeSet<u64> = seqs(reports).into_iter().collect();
    let lost = lost(reports);
    assert_eq!(delivered.len(), reports.len(), "a number was used twice");
    assert!(delivered.is_disjoint(&lost), "{:?}", delivered.intersection(&lost));
    assert_eq!(delivered.union(&lost).copied().collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
}

/// The process that [`killed_at_any_moment_nothing_acknowledged_by_the_disk_is_lost`] kills: pushes,
/// sends and drops, and writes down each report that the spool has taken.
#[test]
fn child_that_fills_a_spool() {
    let Some(state) = std::env::var_os("SPOOL_OF_THE_CHILD") else { return };
    let limits = Limits { waiting: 20, ..LIMITS };
    let mut spool = open_with(Path::new(&state), limits);
    for n in 1u64.. {
        let seq = spool.push(draft("from the child", n));
        println!("pushed {seq}");
        if n.is_multiple_of(3)
            && let Some(waiting) = spool.next_waiting()
        {
            spool.acknowledge(waiting.seq);
            println!("sent {}", waiting.seq);
        }
    }
}

/// Runs the child until it has written `lines` lines, kills it, and returns all that it wrote.
#[expect(clippy::disallowed_methods, reason = "the test must be able to kill a real process")]
fn kill_after(state: &Path, lines: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_fills_a_spool", "--nocapture"])
        .env("SPOOL_OF_THE_CHILD", state)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut said: Vec<String> = out.by_ref().take(lines).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(out);
    said
}

/// R01.
#[test]
fn killed_at_any_moment_nothing_acknowledged_by_the_disk_is_lost() {
    let state = tempfile::tempdir().unwrap();
    let (mut delivered, mut last) = (BTreeSet::new(), 0);
    for round in 0..25 {
        let said = kill_after(state.path(), 4 + round * 7 % 40);
        let numbers = |word: &str| {
            let lines = said.iter().filter_map(move |line| line.split(word).nth(1));
            lines.filter_map(|n| n.trim().parse::<u64>().ok()).collect::<Vec<_>>()
        };
        last = last.max(numbers("pushed ").into_iter().max().unwrap_or(last));
        delivered.extend(numbers("sent "));
    }
    let mut spool = open(state.path());
    let after = spool.push(draft("from the parent", 1));
    assert!(after > last, "the number {after} was used before {last}");
    delivered.extend(seqs(&drain(&mut spool)));
    // Every report that was acknowledged is still kept, and with it what it tells.
    let kept = files(state.path().join("spool/acked"));
    let kept = kept.iter().map(|path| Stored::decode(&fs::read(path).unwrap()).unwrap());
    let kept: Vec<Report> = kept.map(|stored| beforehand_shared::wire::decode(&stored.body).unwrap()).collect();
    delivered.extend(seqs(&kept));
    let lost = lost(&kept);
    let silent: Vec<u64> = (1..=after).filter(|seq| !delivered.contains(seq) && !lost.contains(seq)).collect();
    assert_eq!(silent, [] as [u64; 0]);
    let both: Vec<&u64> = delivered.intersection(&lost).collect();
    assert!(both.is_empty(), "delivered and told as lost: {both:?}");
    assert!(last > 100 && !lost.is_empty());
}

/// R02: a power cut may leave any part of what was being written.
#[test]
fn a_report_cut_at_any_byte_costs_only_itself() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 3);
    let last = queued(state.path()).pop().unwrap();
    let whole = fs::read(&last).unwrap();
    for len in 0..whole.len() {
        fs::write(&last, &whole[..len]).unwrap();
        let copy = tempfile::tempdir().unwrap();
        copy_spool(state.path(), copy.path());
        let mut spool = open(copy.path());
        assert_eq!(spool.push(draft("after the cut", 9)), 4);
        let mut reports = drain(&mut spool);
        spool.push(draft("later", 10));
        reports.extend(drain(&mut spool));
        assert_complete(&reports, 5);
        assert_eq!(lost(&reports), BTreeSet::from([3]));
    }
}

/// R02: whatever lies in `tmp` never had a number, so none is missed.
#[test]
fn a_report_that_never_got_its_name_leaves_no_hole() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 2);
    let whole = fs::read(&queued(state.path())[1]).unwrap();
    for len in [0, 1, 47, 48, whole.len()] {
        fs::write(state.path().join("spool/tmp/report"), &whole[..len]).unwrap();
        let spool = open(state.path());
        assert_eq!(spool.last_seq(), 2);
        assert_eq!(spool.waiting(), 2);
    }
}

/// R02: the marks are written in place, so either slot may be torn.
#[test]
fn torn_marks_leave_the_marks_before_them() {
    let state = tempfile::tempdir().unwrap();
    let mut spool = open(state.path());
    spool.push(draft("one", 1));
    let waiting = spool.next_waiting().unwrap();
    spool.refuse(waiting.seq);
    drop(spool);
    let marks = state.path().join("spool/marks");
    let whole = fs::read(&marks).unwrap();
    for slot in [0, whole.len() / 2] {
        let mut torn = whole.clone();
        torn[slot..slot + 600].fill(0xA5);
        fs::write(&marks, torn).unwrap();
        open(state.path());
    }
    fs::write(&marks, b"short").unwrap();
    assert_eq!(open(state.path()).push(draft("still going", 2)), 1);
}

fn copy_spool(from: &Path, to: &Path) {
    for folder in ["spool/q", "spool/acked"] {
        fs::create_dir_all(to.join(folder)).unwrap();
        for file in files(from.join(folder)) {
            fs::copy(&file, to.join(folder).join(file.file_name().unwrap())).unwrap();
        }
    }
}

/// R03, R04.
#[test]
fn a_flipped_bit_costs_one_report_which_is_named() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 5);
    let third = queued(state.path()).remove(2);
    let mut bytes = fs::read(&third).unwrap();
    let middle = bytes.len() - 10;
    bytes[middle] ^= 0x10;
    fs::write(&third, bytes).unwrap();
    let mut spool = open(state.path());
    let mut reports = drain(&mut spool);
    assert_eq!(seqs(&reports), [1, 2, 4, 5]);
    spool.push(draft("after", 6));
    reports.extend(drain(&mut spool));
    assert_complete(&reports, 6);
    assert!(reasons(&reports).contains(&GapReason::Corrupt));
}

/// R04, R05.
#[test]
fn damaged_files_are_set_aside_and_only_the_latest_is_kept() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 4);
    let paths = queued(state.path());
    fs::write(&paths[0], b"").unwrap();
    fs::write(&paths[1], b"garbage that was never ours, but long enough for a header of forty-eight bytes").unwrap();
    let mut other_version = fs::read(&paths[2]).unwrap();
    other_version[4] = 99;
    fs::write(&paths[2], other_version).unwrap();
    fs::write(state.path().join("spool/q/README"), b"not a report at all").unwrap();
    let mut spool = open(state.path());
    spool.push(draft("after", 5));
    let mut reports = drain(&mut spool);
    spool.push(draft("later", 6));
    reports.extend(drain(&mut spool));
    assert_eq!(seqs(&reports), [4, 5, 6]);
    assert_complete(&reports, 6);
    assert_eq!(files(state.path().join("spool/bad")).len(), 1);
}

/// R06.
#[test]
fn a_full_disk_keeps_reports_in_memory_and_recovers_without_a_restart() {
    let Some(disk) = SmallDisk::mount() else { return };
    let mut spool = open(disk.path());
    spool.push(draft("while there is room", 1));
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 2 << 20]).unwrap_err();
    (2..=9).for_each(|n| {
        spool.push(heavy(n, 2_000));
    });
    assert!(spool.trouble().unwrap().contains("space"), "{:?}", spool.trouble());
    assert!(spool.in_memory() > 0);
    assert!(queued(disk.path()).iter().all(|path| Stored::decode(&fs::read(path).unwrap()).is_ok()));
    fs::remove_file(ballast).unwrap();
    spool.push(draft("room again", 10));
    assert_eq!((spool.trouble(), spool.in_memory()), (None, 0));
    let reports = drain(&mut spool);
    assert_complete(&reports, 10);
    assert!(reasons(&reports).contains(&GapReason::DiskFull), "the collector is told that the disk is full");
}

/// R06.
#[test]
fn memory_is_bounded_and_what_it_drops_is_named() {
    let state = tempfile::tempdir().unwrap();
    fs::write(state.path().join("spool"), b"in the way of the folder").unwrap();
    let mut spool = open(state.path());
    let reports = 100;
    (1..=reports).for_each(|n| {
        spool.push(heavy(n, 80_000));
    });
    assert!(spool.in_memory() <= RING_BYTES);
    let mut delivered = drain(&mut spool);
    assert!(delivered.len() < 100 && delivered.len() > 10);
    spool.push(draft("the end", 101));
    delivered.extend(drain(&mut spool));
    assert_complete(&delivered, 101);
}

/// R06 and a crash within it.
#[test]
fn numbers_used_only_in_memory_are_not_used_again_after_a_crash() {
    let Some(disk) = SmallDisk::mount() else { return };
    let mut spool = open(disk.path());
    spool.push(draft("on disk", 1));
    fs::write(disk.path().join("ballast"), vec![0; 2 << 20]).unwrap_err();
    (2..=4).for_each(|n| {
        spool.push(heavy(n, 2_000));
    });
    assert!(spool.trouble().is_some());
    // Dropped without a word, as by a kill: what was in memory is gone.
    drop(spool);
    fs::remove_file(disk.path().join("ballast")).unwrap();
    let mut spool = open(disk.path());
    assert_eq!(spool.push(draft("after", 5)), 5);
    let reports = drain(&mut spool);
    assert_complete(&reports, 5);
    assert_eq!(lost(&reports), BTreeSet::from([2, 3, 4]));
}

/// A report of about so many bytes, as it does not compress.
fn heavy(n: u64, bytes: usize) -> Draft {
    let mut state = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'#' + (state % 48) as u8)
    };
    let mut heavy = draft("", n);
    let run = heavy.runs.remove(0);
    for _ in 0..bytes.div_ceil(1_000) {
        let why = std::iter::repeat_with(&mut letter).take(bytes.min(1_000)).collect();
        heavy.runs.push(ProbeRun { outcome: Outcome::NoData { why }, ..run.clone() });
    }
    heavy
}

/// A file system of 1 MiB in memory; mounting it takes the superuser.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None for a user who may not mount, and the output says so.
    #[expect(clippy::disallowed_methods, reason = "mounting has no other interface without unsafe code")]
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(dir.path()).output().unwrap();
        if mounted.status.success() {
            return Some(Self(dir));
        }
        let why = String::from_utf8_lossy(&mounted.stderr);
        let user = Command::new("id").arg("-u").output().unwrap().stdout;
        assert_ne!(user, b"0\n", "root must be able to mount a disk of 1 MiB, or a full disk is not tested: {why}");
        eprintln!("NOT TESTED: a full disk. Mounting one takes root, and this is user {user:?}: {why}");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    #[expect(clippy::disallowed_methods, reason = "as for mounting")]
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.path()).output());
    }
}

#[test]
fn a_spool_at_its_limit_drops_the_oldest_and_every_drop_stays_told() {
    let state = tempfile::tempdir().unwrap();
    let limits = Limits { waiting: 10, ..LIMITS };
    for round in 0..10 {
        let mut spool = open_with(state.path(), limits);
        (1..=25).for_each(|n| {
            spool.push(draft("x", round * 100 + n));
        });
    }
    let reports = drain(&mut open_with(state.path(), limits));
    assert_eq!(reports.len(), 10);
    // The gaps that were told only by dropped reports are carried on by later ones.
    assert_complete(&reports, 250);
}

#[test]
fn a_spool_at_its_bytes_gives_up_acknowledged_reports_first() {
    let state = tempfile::tempdir().unwrap();
    let mut spool = open_with(state.path(), Limits { bytes: 20_000, waiting: 1_000, acked: 1_000 });
    (1..=40).for_each(|n| {
        spool.push(heavy(n, 700));
    });
    assert!(spool.on_disk() <= 21_000);
    let before = spool.waiting();
    drain(&mut spool);
    (41..=50).for_each(|n| {
        spool.push(heavy(n, 700));
    });
    assert_eq!(spool.waiting(), 10, "of {before} that were acknowledged, old ones went first");
}

/// R10.
#[test]
fn a_second_agent_with_the_same_state_is_refused() {
    let state = tempfile::tempdir().unwrap();
    let first = open(state.path());
    let second = Spool::open(state.path(), (host(), LIFE), LIMITS, at(0).wall);
    assert!(matches!(second, Err(SpoolError::Locked(path)) if path == state.path().display().to_string()));
    drop(first);
    open(state.path());
}

/// R13: reports are ordered by number, and a clock that jumps wipes nothing.
#[test]
fn jumps_of_the_clock_neither_reorder_nor_drop_reports() {
    let state = tempfile::tempdir().unwrap();
    let hour = 3_600_000;
    let jumps = [0, hour, 10 * 365 * 24 * hour, -hour, -24 * hour, -1_790_000_000_000, 0];
    for (n, jump) in (1..).zip(jumps) {
        let now = Timestamp(at(n).wall.0 + jump);
        let mut spool = Spool::open(state.path(), (host(), LIFE), LIMITS, now).unwrap();
        let mut draft = draft("x", n);
        draft.made.wall = now;
        spool.push(draft);
    }
    let reports = drain(&mut open(state.path()));
    assert_complete(&reports, 7);
    assert_eq!(seqs(&reports), (1..=7).collect::<Vec<_>>());
    assert!(reports.is_sorted_by_key(|report| report.mono_ms));
    assert!(gaps(&reports).iter().all(|gap| gap.from <= gap.to), "no interval is negative");
}

#[test]
fn a_restart_is_told_with_the_time_in_which_nothing_ran() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 2);
    let mut spool = Spool::open(state.path(), (host(), LIFE), LIMITS, at(60).wall).unwrap();
    spool.push(draft("back", 60));
    let reports = drain(&mut spool);
    let gap = gaps(&reports[2..]).pop().unwrap();
    assert_eq!((gap.reason, gap.from, gap.to, gap.lost), (GapReason::NotRunning, at(2).wall, at(60).wall, 0));
    assert_eq!(gaps(&reports[..2]), [], "the first start of all has nothing to tell");
}

/// R34: after a rollback the collector names a new incarnation, and nothing is lost on the way.
#[test]
fn a_rolled_back_spool_continues_under_new_numbers() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 6);
    let mut spool = open(state.path());
    (1..=3).for_each(|seq| spool.acknowledge(seq));
    let new = Incarnation(Uuid::from_u128(8));
    spool.continue_as(new);
    drop(spool);
    let mut spool = open(state.path());
    spool.push(draft("report 7", 7));
    let reports = drain(&mut spool);
    assert!(reports.iter().all(|report| report.incarnation == new));
    assert_eq!(seqs(&reports), [1, 2, 3, 4]);
    assert_eq!(reports.iter().map(word).collect::<Vec<_>>(), ["report 4", "report 5", "report 6", "report 7"]);
}

#[test]
fn reports_of_a_former_enrolment_are_never_sent() {
    let state = tempfile::tempdir().unwrap();
    filled(state.path(), 3);
    let enrolled_anew = Incarnation(Uuid::from_u128(11));
    let mut spool = Spool::open(state.path(), (host(), enrolled_anew), LIMITS, at(5).wall).unwrap();
    spool.push(draft("for the new client", 5));
    let reports = drain(&mut spool);
    assert_eq!(reports.iter().map(word).collect::<Vec<_>>(), ["for the new client"]);
    assert_eq!((reports[0].incarnation, reports[0].seq), (enrolled_anew, 1));
}

proptest! {
    #[test]
    fn a_stored_report_is_read_back(seq: u64, at: i64, life: u128, body in prop::collection::vec(any::<u8>(), 0..300)) {
        let stored = Stored { incarnation: Incarnation(Uuid::from_u128(life)), seq, made_at: Timestamp(at), body };
        prop_assert_eq!(Stored::decode(&stored.encode()).unwrap(), stored);
    }

    #[test]
    fn any_single_change_of_a_stored_report_is_noticed(at in any::<prop::sample::Index>(), change in 1u8..) {
        let stored = Stored { incarnation: LIFE, seq: 5, made_at: Timestamp(6), body: vec![7; 40] };
        let mut bytes = stored.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(Stored::decode(&bytes).is_err());
    }

    #[test]
    fn no_bytes_make_the_codec_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Stored::decode(&bytes);
        let _ = Stored::decode(&[b"BFHR\x01\0\0\0".as_slice(), &bytes].concat());
    }
}
