//! What takes the space of a folder, and what grew there of late: asked for by a person at the machine, and sent to
//! nobody.

use beforehand_shared::time::{Millis, Timestamp};
use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// More entries than these are not looked at; what was seen until then is shown.
pub const MOST_ENTRIES: u64 = 5_000_000;
/// Deeper folders are not entered.
const DEEPEST: usize = 128;
/// Files and folders that are named.
const NAMED: usize = 12;

/// Bytes on the disk, and those in files that changed of late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub bytes: u64,
    /// In files that changed within a day, and within a week.
    pub day: u64,
    pub week: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Of each entry directly below the folder; files there are together under an empty name.
    pub parts: BTreeMap<PathBuf, Sum>,
    /// The largest files that changed within a week, largest first.
    pub files: Vec<(PathBuf, u64)>,
    pub entries: u64,
    /// Folders that could not be read.
    pub unread: u64,
    /// Whether there were more entries than [`MOST_ENTRIES`].
    pub cut: bool,
}

/// Walks `folder`, without following links and without leaving its file system. `progress` hears how many entries
/// were seen, now and then; after the folder in which there are `most`, it ends.
///
/// # Errors
/// When `folder` itself cannot be read.
pub fn look(folder: &Path, now: Timestamp, most: u64, mut progress: impl FnMut(u64)) -> io::Result<Found> {
    let device = device(&fs::metadata(folder)?);
    let mut found = Found::default();
    let mut waiting: Vec<(PathBuf, PathBuf, usize)> = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        take(&mut found, &mut waiting, &entry.path(), (None, 0, now, device));
    }
    while let Some((path, part, depth)) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&path) else {
            found.unread += 1;
            continue;
        };
        for entry in entries.flatten() {
            take(&mut found, &mut waiting, &entry.path(), (Some(&part), depth, now, device));
            if found.entries.is_multiple_of(50_000) {
                progress(found.entries);
            }
        }
        if found.entries >= most {
            found.cut = true;
            break;
        }
    }
    Ok(found)
}

/// Counts one entry to `part`, or to a part of its own where it lies directly below the folder.
fn take(
    found: &mut Found,
    waiting: &mut Vec<(PathBuf, PathBuf, usize)>,
    path: &Path,
    (part, depth, now, device): (Option<&PathBuf>, usize, Timestamp, Option<u64>),
) {
    let Ok(meta) = fs::symlink_metadata(path) else { return };
    found.entries += 1;
    if self::device(&meta) != device {
        return;
    }
    if meta.is_dir() {
        let part = part.map_or_else(|| path.to_owned(), Clone::clone);
        found.parts.entry(part.clone()).or_default();
        if depth < DEEPEST {
            waiting.push((path.to_owned(), part, depth + 1));
        }
        return;
    }
    let (bytes, age) = (on_disk(&meta), age(&meta, now));
    let sum = found.parts.entry(part.cloned().unwrap_or_default()).or_default();
    sum.bytes += bytes;
    sum.day += if age <= Millis::DAY { bytes } else { 0 };
    if age <= Millis::days(7) {
        sum.week += bytes;
        keep(&mut found.files, path, bytes);
    }
}

fn keep(files: &mut Vec<(PathBuf, u64)>, path: &Path, bytes: u64) {
    let at = files.partition_point(|(_, other)| *other >= bytes);
    if at < NAMED {
        files.insert(at, (path.to_owned(), bytes));
        files.truncate(NAMED);
    }
}

/// Since it was last written; a date in the future is now.
fn age(meta: &Metadata, now: Timestamp) -> Millis {
    let written = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let written = written.and_then(|since| i64::try_from(since.as_millis()).ok());
    written.map_or(Millis(i64::MAX), |written| now.since(Timestamp(written)))
}

#[cfg(unix)]
fn device(meta: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::dev(meta))
}

/// Windows mounts other volumes by links, which are not followed.
#[cfg(windows)]
const fn device(_: &Metadata) -> Option<u64> {
    None
}

/// What is really taken: of a file with holes less than its length (stat(2), blocks of 512 bytes).
#[cfg(unix)]
fn on_disk(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(meta).saturating_mul(512)
}

#[cfg(windows)]
fn on_disk(meta: &Metadata) -> u64 {
    meta.len()
}

/// For people: what grew most stands first.
pub fn table(folder: &Path, found: &Found) -> String {
    let mut parts: Vec<(&PathBuf, &Sum)> = found.parts.iter().collect();
    parts.sort_by_key(|(path, sum)| (std::cmp::Reverse((sum.week, sum.bytes)), (*path).clone()));
    let name = |path: &Path| match path.as_os_str().is_empty() {
        true => format!("files in {}", folder.display()),
        false => beforehand_shared::text::clean(&path.display().to_string(), 200),
    };
    let mut text = format!("{:>10}  {:>10}  {:>10}\n", "last day", "last week", "in all");
    for (path, sum) in parts.iter().take(NAMED) {
        let [day, week, all] = [sum.day, sum.week, sum.bytes].map(crate::print::bytes);
        text += &format!("{day:>10}  {week:>10}  {all:>10}  {}\n", name(path));
    }
    if parts.len() > NAMED {
        text += &format!("and {} more that grew less\n", parts.len() - NAMED);
    }
    if !found.files.is_empty() {
        text += "\nThe largest files written within a week:\n";
        for (path, bytes) in &found.files {
            text += &format!("{:>10}  {}\n", crate::print::bytes(*bytes), name(path));
        }
    }
    text += "\nWritten of late is not the same as grown: a database of 10 GB that is written every day stands here with all of it.\n";
    if found.unread > 0 {
        text +=
            &format!("{} folders could not be read; run this as root or administrator to see them.\n", found.unread);
    }
    if found.cut {
        text += &format!("There are more than {MOST_ENTRIES} entries; the rest was not looked at.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, time::Duration};

    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn file(path: &Path, bytes: usize, age: Millis) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![b'x'; bytes]).unwrap();
        let written = UNIX_EPOCH + Duration::from_millis(NOW.minus(age).0.unsigned_abs());
        File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
    }

    #[test]
    fn what_was_written_of_late_stands_first_and_links_are_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        file(&root.join("archive/2019.tar"), 400_000, Millis::days(900));
        file(&root.join("log/app/today.log"), 200_000, Millis::HOUR);
        file(&root.join("log/app/tuesday.log"), 100_000, Millis::days(3));
        file(&root.join("note.txt"), 5_000, Millis::days(30));
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("log/loop")).unwrap();

        let found = look(root, NOW, MOST_ENTRIES, |_| ()).unwrap();
        let log = found.parts[&root.join("log")];
        assert!(log.day >= 200_000 && log.week >= log.day + 100_000 && log.week < 400_000, "{log:?}");
        assert_eq!(found.parts[&root.join("archive")].week, 0);
        // The link itself was made just now, which is after NOW or before it: it has no bytes either way.
        assert!(found.files[0].0.ends_with("today.log") && !found.cut);

        let table = table(root, &found);
        let at = |name: &str| table.find(name).unwrap();
        assert!(at("log") < at("archive"), "{table}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(look(Path::new("/not/there"), NOW, MOST_ENTRIES, |_| ()).is_err());
    }

    #[test]
    fn after_so_many_entries_it_ends_and_says_so() {
        let place = tempfile::tempdir().unwrap();
        (0..9).for_each(|number| file(&place.path().join(format!("{number}/deep/er.log")), 10, Millis::HOUR));
        let found = look(place.path(), NOW, 12, |_| ()).unwrap();
        assert!(found.cut && (12..27).contains(&found.entries), "{found:?}");
        assert!(table(place.path(), &found).contains("was not looked at"));
        assert!(!look(place.path(), NOW, 100, |_| ()).unwrap().cut);
    }
}
