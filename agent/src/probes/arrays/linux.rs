//! Linux: what the kernel tells of its arrays, without any right, and which tools are worth asking.

use super::{
    ask::Present,
    btrfs,
    parse::{self, Drive, Known},
};
use crate::probe::ProbeError;
use beforehand_shared::array::Array;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Every array that the kernel keeps and tells of itself, and whose tools have more to tell.
pub(super) fn arrays() -> Result<(Vec<Array>, Present), ProbeError> {
    let mut arrays = match fs::read_to_string("/proc/mdstat") {
        Ok(mdstat) => parse::arrays(&mdstat, &known()),
        // The module is not loaded: there is no such array.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(ProbeError::Failed(format!("/proc/mdstat cannot be read: {error}"))),
    };
    arrays.extend(entries(Path::new("/sys/fs/btrfs")).iter().filter_map(|path| btrfs::array(&of_btrfs(path))));
    Ok((arrays, present()))
}

fn present() -> Present {
    let mapped = entries(Path::new("/sys/block")).into_iter().filter_map(|path| read(&path.join("dm/name")));
    let mapped: Vec<String> = mapped.collect();
    let lies = |parts: &[&str]| mapped.iter().any(|name| parts.iter().any(|part| name.contains(part)));
    let (lvm, thin) = (lies(&["_rimage_", "_mimage_"]), lies(&["_tdata"]));
    let zfs = Path::new("/sys/module/zfs").is_dir();
    let devices = if lvm || zfs { entries(Path::new("/sys/class/block")) } else { Vec::new() };
    let drives = devices.iter().map(|path| (format!("/dev/{}", name(path)), drive(&name(path)))).collect();
    Present { zfs, lvm, thin, drives }
}

fn of_btrfs(path: &Path) -> btrfs::Files {
    let profiles = ["allocation/data", "allocation/metadata"].into_iter().flat_map(|kind| entries(&path.join(kind)));
    let device = |entry: &PathBuf| {
        let sectors = read(&entry.join("size")).unwrap_or_default();
        (name(entry), btrfs::Device { sectors, drive: drive(&name(entry)) })
    };
    let numbered = |entry: &PathBuf| btrfs::Numbered {
        missing: read(&entry.join("missing")).unwrap_or_default(),
        errors: read(&entry.join("error_stats")).unwrap_or_default(),
    };
    btrfs::Files {
        uuid: name(path),
        label: read(&path.join("label")).unwrap_or_default(),
        profiles: profiles.filter(|path| path.is_dir()).map(|path| name(&path)).collect(),
        devices: entries(&path.join("devices")).iter().map(device).collect(),
        numbered: entries(&path.join("devinfo")).iter().map(numbered).collect(),
    }
}

fn known() -> BTreeMap<String, Known> {
    let disks = entries(Path::new("/sys/block")).into_iter().filter(|path| name(path).starts_with("md"));
    disks.map(|path| (name(&path), of_array(&path))).collect()
}

fn of_array(path: &Path) -> Known {
    let members = entries(&path.join("md")).into_iter().filter_map(|entry| {
        let member = name(&entry).strip_prefix("dev-")?.to_owned();
        let drive = drive(&member);
        Some((member, drive))
    });
    Known {
        uuid: read(&path.join("md/uuid")).or_else(|| udev(path, "E:MD_UUID=")),
        mismatches: read(&path.join("md/mismatch_cnt")).and_then(|count| count.parse().ok()),
        drives: members.collect(),
    }
}

/// What udev noted of a device when it appeared.
fn udev(path: &Path, field: &str) -> Option<String> {
    let number = read(&path.join("dev"))?;
    let notes = read(&Path::new("/run/udev/data").join(format!("b{number}")))?;
    notes.lines().find_map(|line| line.strip_prefix(field)).map(str::to_owned)
}

/// The drive that a disk or a partition of it is on, named as the probe of drives names it.
fn drive(device: &str) -> Drive {
    let Ok(path) = fs::canonicalize(Path::new("/sys/class/block").join(device)) else { return Drive::default() };
    let disk = if path.join("partition").is_file() { path.parent().map(Path::to_owned) } else { Some(path) };
    let Some(disk) = disk else { return Drive::default() };
    let page = fs::read(disk.join("device/vpd_pg80")).unwrap_or_default();
    let page = String::from_utf8_lossy(page.get(4..).unwrap_or_default()).trim_matches(['\0', ' ']).to_owned();
    let serial = Some(page).filter(|serial| !serial.is_empty()).or_else(|| read(&disk.join("device/serial")));
    Drive { device: Some(parse::drive_name(&name(&disk))), serial }
}

/// In the order of their names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the file says; nothing where there is none, or nothing in it.
fn read(path: &Path) -> Option<String> {
    let text = String::from_utf8_lossy(&fs::read(path).ok()?).trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}
