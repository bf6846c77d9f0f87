//! Linux: the drives in sysfs.

use super::{
    controllers::{Device, Host, Scsi},
    native::{self, Sysfs},
};
use crate::probe::ProbeError;
use beforehand_shared::drive::Drive;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every drive that the kernel knows, health unknown.
pub(super) fn drives() -> Result<Vec<Drive>, ProbeError> {
    let disks = entries(Path::new("/sys/block")).map_err(|error| cannot("/sys/block", &error))?;
    let controllers = entries(Path::new("/sys/class/nvme")).unwrap_or_default();
    let disks: Vec<&PathBuf> = disks.iter().filter(|path| name(path).starts_with("sd")).collect();
    let files = disks.into_iter().map(|path| of_disk(path)).chain(controllers.iter().map(|path| of_nvme(path)));
    Ok(files.filter_map(|files| native::drive(&files)).collect())
}

/// The controllers of SCSI and what they show to the kernel.
pub(super) fn scsi() -> Scsi {
    let hosts = entries(Path::new("/sys/class/scsi_host")).unwrap_or_default();
    let devices = entries(Path::new("/sys/class/scsi_generic")).unwrap_or_default();
    let host = |path: &PathBuf| {
        let number = name(path).strip_prefix("host")?.parse().ok()?;
        Some(Host { number, driver: read(&path.join("proc_name")) })
    };
    let device = |path: &PathBuf| {
        let place = path.join("device");
        let disks = entries(&place.join("block")).unwrap_or_default();
        Device {
            name: name(path),
            address: name(Path::new(&real(&place))),
            kind: read(&place.join("type")),
            disk: disks.first().map(|disk| name(disk)).unwrap_or_default(),
        }
    };
    Scsi { hosts: hosts.iter().filter_map(host).collect(), devices: devices.iter().map(device).collect() }
}

fn cannot(path: &str, error: &std::io::Error) -> ProbeError {
    ProbeError::Failed(format!("{path} cannot be read: {error}"))
}

/// In the order of their names.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the file says; nothing where there is none.
fn read(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()).unwrap_or_default()
}

fn real(path: &Path) -> String {
    fs::canonicalize(path).unwrap_or_default().to_string_lossy().into_owned()
}

fn of_disk(path: &Path) -> Sysfs {
    let file = |name: &str| read(&path.join(name));
    Sysfs {
        device: format!("/dev/{}", name(path)),
        path: real(path),
        vendor: file("device/vendor"),
        model: file("device/model"),
        serial: serial(path),
        wwid: file("device/wwid"),
        firmware: file("device/rev"),
        sectors: file("size"),
        rotational: file("queue/rotational"),
        removable: file("removable"),
        ..Sysfs::default()
    }
}

/// The unit serial number of SCSI (SPC-5, vital product data page 80h), after four bytes of heading.
fn serial(path: &Path) -> String {
    let page = fs::read(path.join("device/vpd_pg80")).unwrap_or_default();
    String::from_utf8_lossy(page.get(4..).unwrap_or_default()).trim_matches(['\0', ' ']).to_owned()
}

fn of_nvme(path: &Path) -> Sysfs {
    let file = |name: &str| read(&path.join(name));
    Sysfs {
        device: format!("/dev/{}", name(path)),
        path: real(path),
        model: file("model"),
        serial: file("serial"),
        firmware: file("firmware_rev"),
        sectors: namespaces(&name(path)).to_string(),
        transport: file("transport"),
        temperature_millidegrees: thermometer(path),
        ..Sysfs::default()
    }
}

/// Sectors of all namespaces of a controller.
fn namespaces(controller: &str) -> u64 {
    let disks = entries(Path::new("/sys/block")).unwrap_or_default();
    let prefix = format!("{controller}n");
    let own = disks.iter().filter(|path| name(path).starts_with(&prefix));
    own.filter_map(|path| read(&path.join("size")).parse::<u64>().ok()).sum()
}

/// The kernel asks NVMe drives for it without waking them.
fn thermometer(path: &Path) -> String {
    let folders =
        [path.to_owned(), path.join("hwmon")].into_iter().flat_map(|folder| entries(&folder).unwrap_or_default());
    let monitors = folders.filter(|path| name(path).starts_with("hwmon"));
    monitors.map(|path| read(&path.join("temp1_input"))).find(|text| !text.is_empty()).unwrap_or_default()
}
