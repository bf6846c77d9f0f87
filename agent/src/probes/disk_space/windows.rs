//! Windows: the system's list of disks.

use super::{
    Written,
    parse::{self, Mount},
};
use crate::{config, probe::ProbeError};
use beforehand_shared::{limits, text, volume::Volume};

pub(super) fn volumes(settings: &config::DiskSpace, _written: &Written) -> Result<Vec<Volume>, ProbeError> {
    let disks = sysinfo::Disks::new_with_refreshed_list()
        .map_err(|error| ProbeError::Failed(format!("the disks cannot be listed: {error}")))?;
    let clean = |raw: &std::ffi::OsStr| text::clean(&raw.to_string_lossy(), limits::TEXT_CHARS);
    let mut volumes = Vec::new();
    for disk in disks.iter() {
        let mount = Mount {
            mount: clean(disk.mount_point().as_os_str()),
            device: clean(disk.name()),
            fs: clean(disk.file_system()),
            id: clean(disk.mount_point().as_os_str()),
            root: "/".to_owned(),
            read_only: disk.is_read_only(),
            fs_read_only: disk.is_read_only(),
            turned_read_only: false,
        };
        for mount in parse::selected(vec![mount], settings, |_| disk.is_removable()) {
            volumes.push(Volume {
                mount: mount.mount,
                device: mount.device,
                fs: mount.fs,
                total_bytes: disk.total_space(),
                free_bytes: disk.available_space(),
                ..Volume::default()
            });
        }
    }
    Ok(volumes)
}
