//! Windows: name and build of the system.

/// Every Windows has a desktop; those that call themselves servers have it for their administrators.
pub(super) fn has_desktop() -> bool {
    !os_name().contains("Server")
}

pub(super) fn os_name() -> String {
    sysinfo::System::long_os_version().unwrap_or_else(|_| "Windows".to_owned())
}
