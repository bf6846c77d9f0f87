//! Linux: os-release(5).

pub(super) fn os_name() -> String {
    let text = ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| super::parse::os_name(&text)).unwrap_or_else(|| "Linux".to_owned())
}
