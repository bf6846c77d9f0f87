//! The name of the system from os-release(5).

/// `PRETTY_NAME`, else `NAME`; none where the file names nothing.
pub fn os_name(os_release: &str) -> Option<String> {
    let value = |key: &str| {
        let lines = os_release.lines().filter_map(|line| line.trim().split_once('='));
        lines.filter(|(name, _)| *name == key).map(|(_, value)| unquoted(value)).find(|value| !value.is_empty())
    };
    value("PRETTY_NAME").or_else(|| value("NAME"))
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value).replace('\\', "")
}
