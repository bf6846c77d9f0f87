//! Windows: name and build of the system.

pub(super) fn os_name() -> String {
    sysinfo::System::long_os_version().unwrap_or_else(|_| "Windows".to_owned())
}
