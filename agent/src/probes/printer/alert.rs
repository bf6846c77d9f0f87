//! Alerts from `printer-alert` and `printer-alert-description` (PWG 5100.9).

use super::supply::fields;
use beforehand_shared::{limits, printer::Alert};

/// Pairs each alert with the description at its place.
pub(super) fn alerts(alerts: &[String], descriptions: &[String]) -> Vec<Alert> {
    let read = |(at, text): (usize, &String)| alert(text, descriptions.get(at).map(String::as_str));
    alerts.iter().enumerate().filter_map(read).take(limits::PRINTER_LIST).collect()
}

fn alert(text: &str, description: Option<&str>) -> Option<Alert> {
    let fields = fields(text);
    let bare = Some(text.trim()).filter(|word| !word.is_empty() && !word.contains(['=', ';']));
    let code = fields.get("code").map(String::as_str).or(bare)?;
    if code == "none" {
        return None;
    }
    Some(Alert {
        code: code.to_owned(),
        severity: fields.get("severity").cloned(),
        group: fields.get("group").cloned(),
        text: description.map(unwrapped).filter(|text| !text.is_empty() && text != "none"),
        since: None,
    })
}

/// Some firmware writes `printer-alert-description[0] = '…'`.
fn unwrapped(description: &str) -> String {
    let text = match description.split_once('=') {
        Some((name, text)) if name.trim_start().starts_with("printer-alert-description") => text,
        _ => description,
    };
    text.trim().trim_matches('\'').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wrong_is_no_alert() {
        assert_eq!(alerts(&["none".into()], &["none".into()]), []);
        assert_eq!(alerts(&[], &["stray".into()]), []);
    }

    #[test]
    fn the_firmwares_prefixes_are_cut_off() {
        let alert = alert(
            "printer-alert[0] = code=jam;index=1;severity=critical;group=mediaPath",
            Some("printer-alert-description[0] = '08-600 A paper jam'"),
        );
        let alert = alert.unwrap();
        assert_eq!((alert.code.as_str(), alert.text.as_deref()), ("jam", Some("08-600 A paper jam")));
        assert_eq!((alert.severity.as_deref(), alert.group.as_deref()), (Some("critical"), Some("mediaPath")));
    }

    #[test]
    fn a_bare_word_is_a_code() {
        assert_eq!(alert("other", Some("Sleeping... ")).unwrap().text.as_deref(), Some("Sleeping..."));
    }
}
