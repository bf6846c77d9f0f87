//! From what a printer reports to conditions, the worst first and each once.

use super::{
    generic,
    supplies::Matter,
    table::{ALERTS, COLD, Class, NO_FAULT, REASONS, Remedy, Row, SILENT, SUBUNITS},
};
use beforehand_shared::printer::{Alert, Printer, PrinterState, SupplyLevel};

/// A toner or ink cartridge with less than this is worth a note, even if the printer says nothing.
const LOW_PCT: f32 = 10.0;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub class: Class,
    /// Follows the printer's name.
    pub words: String,
    pub remedy: Remedy,
    /// The sort of supply it is about, if it is about one.
    pub matter: Option<Matter>,
    /// By the printer, and not by a number that we read.
    pub said: bool,
}

/// The class of the worst condition.
pub fn class_of(printer: &Printer) -> Option<Class> {
    of(printer).first().map(|condition| condition.class)
}

pub(super) fn of(printer: &Printer) -> Vec<Condition> {
    let mut all: Vec<Condition> = printer.reasons.iter().filter_map(|reason| of_reason(reason)).collect();
    for condition in printer.alerts.iter().filter_map(of_alert) {
        note(&mut all, condition);
    }
    if is_warming_up(printer) {
        all.retain(|condition| condition.words != COLD);
    }
    if all.is_empty() && printer.state == PrinterState::Stopped {
        let words = "has stopped and does not say why".to_owned();
        all.push(plain(Class::Failing, words, Remedy::Service));
    }
    for condition in low_supplies(printer) {
        let said = all.iter().any(|other| matches!(other.remedy, Remedy::Order | Remedy::Replace));
        if !said {
            all.push(condition);
        }
    }
    all.sort_by(|a, b| b.class.cmp(&a.class).then_with(|| a.words.cmp(&b.words)));
    all.dedup_by(|a, b| a.words == b.words);
    drop_forerunners(all)
}

/// A fuser is cold until it is warm (IANA-PRINTER-MIB, code 1001).
fn is_warming_up(printer: &Printer) -> bool {
    let said = |text: &str| generic::kebab(text).contains("warming-up");
    printer.reasons.iter().any(|reason| said(reason)) || printer.alerts.iter().any(|alert| said(&alert.code))
}

/// The same matter is often reported as a reason and as an alert; the worse class counts.
fn note(all: &mut Vec<Condition>, condition: Condition) {
    let vague = condition.words == "reports a fault" && !all.is_empty();
    if let Some(same) = all.iter_mut().find(|other| other.words == condition.words) {
        same.class = same.class.max(condition.class);
    } else if !vague {
        all.push(condition);
    }
}

/// Low toner beside empty toner says nothing new.
fn drop_forerunners(all: Vec<Condition>) -> Vec<Condition> {
    let gone = |words: &str| all.iter().any(|other| other.class > Class::Precursor && other.words.ends_with(words));
    let keep = |condition: &Condition| {
        let matter = condition.words.strip_prefix("is low on ");
        !(condition.class == Class::Precursor && matter.is_some_and(|matter| gone(&format!("out of {matter}"))))
    };
    all.iter().filter(|condition| keep(condition)).cloned().collect()
}

fn row(condition: &Row, class: Class) -> Condition {
    Condition { matter: Matter::of(condition.0), ..plain(class, condition.2.to_owned(), condition.3) }
}

const fn plain(class: Class, words: String, remedy: Remedy) -> Condition {
    Condition { class, words, remedy, matter: None, said: true }
}

/// The suffix says how the printer feels, not what it is: `media-jam-report` is a jam.
fn of_reason(reason: &str) -> Option<Condition> {
    let reason = reason.trim().to_ascii_lowercase();
    let (word, suffix) = ["-report", "-warning", "-error"]
        .into_iter()
        .find_map(|suffix| Some((reason.strip_suffix(suffix)?, suffix)))
        .unwrap_or((&reason, ""));
    if word.is_empty() || NO_FAULT.contains(&word) || word.starts_with("cups-") {
        return None;
    }
    if let Some(known) = REASONS.iter().find(|known| known.0 == word) {
        return Some(row(known, known.1));
    }
    if let Some((class, words, remedy)) = generic::read(word) {
        return Some(plain(class, words, remedy));
    }
    let class = match suffix {
        "-error" => Class::Failing,
        "-warning" => Class::Precursor,
        _ => return None,
    };
    let words = format!("reports \u{201c}{}\u{201d}", word.replace('-', " "));
    Some(plain(class, words, Remedy::None))
}

/// The severity of an alert decides (RFC 3805: critical stops it, a warning does not); the class of
/// its code counts where the severity says nothing. Of a finisher nothing stops printing.
fn of_alert(alert: &Alert) -> Option<Condition> {
    let usual = usual(alert);
    let class = usual.as_ref().map(|usual| usual.class);
    let word = generic::kebab(&alert.code);
    if SILENT.contains(&word.as_str()) {
        return None;
    }
    let class = match alert.severity.as_deref().unwrap_or("other") {
        "critical" if generic::is_finisher(&word) || is_finisher(alert) => Class::Failing,
        "critical" => Class::Failed,
        "warningBinaryChangeEvent" => class.unwrap_or(Class::Precursor).min(Class::Failing),
        // A single event that is over when it is told.
        "warning" | "warningUnaryChangeEvent" => return None,
        _ => class?,
    };
    if let Some(usual) = usual {
        return Some(Condition { class, ..usual });
    }
    let text = alert.text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    Some(plain(class, format!("reports \u{201c}{text}\u{201d}"), Remedy::None))
}

fn is_finisher(alert: &Alert) -> bool {
    alert.group.as_deref().is_some_and(|group| group.to_ascii_lowercase().starts_with("fin"))
}

/// What the code means where the severity does not decide.
fn usual(alert: &Alert) -> Option<Condition> {
    let group = alert.group.as_deref().unwrap_or_default();
    let of_group = SUBUNITS
        .iter()
        .find(|(code, part, _)| alert.code.eq_ignore_ascii_case(code) && group.to_ascii_lowercase().starts_with(part));
    if let Some((_, _, known)) = of_group {
        return Some(row(known, known.1));
    }
    let known = ALERTS.iter().find(|known| known.0.eq_ignore_ascii_case(&alert.code));
    if let Some(known) = known {
        return Some(row(known, known.1));
    }
    let by_parts = generic::finisher_by_number(&alert.code).or_else(|| generic::read(&generic::kebab(&alert.code)));
    by_parts.map(|(class, words, remedy)| plain(class, words, remedy))
}

/// Cartridges with a number that is low. The number alone is not trusted with a ticket: many
/// printers count in steps, and some never count.
fn low_supplies(printer: &Printer) -> Vec<Condition> {
    let low = printer.supplies.iter().filter(|supply| {
        let ink = ["toner", "ink", "ink-cartridge", "toner-cartridge"].contains(&supply.kind.as_str());
        ink && matches!(supply.level, SupplyLevel::Left(left) if left <= LOW_PCT)
    });
    low.map(|supply| Condition {
        class: Class::Precursor,
        words: format!("is low on {}", supply.name),
        remedy: Remedy::None,
        matter: Some(Matter::Colour),
        said: false,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(reasons: &[&str], alerts: &[(&str, &str)]) -> Printer {
        Printer {
            key: "p".into(),
            uri: "ipp://192.0.2.7/ipp/print".into(),
            name: "Kyocera".into(),
            model: None,
            state: PrinterState::Idle,
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            message: None,
            alerts: alerts
                .iter()
                .map(|(code, severity)| Alert {
                    code: (*code).into(),
                    severity: Some((*severity).into()),
                    group: None,
                    text: None,
                })
                .collect(),
            supplies: vec![],
            jobs: None,
            pages: None,
        }
    }

    #[test]
    fn the_suffix_does_not_change_what_it_is() {
        for reason in ["media-jam", "media-jam-report", "media-jam-warning", "media-jam-error"] {
            assert_eq!(class_of(&printer(&[reason], &[])), Some(Class::Failed), "{reason}");
        }
    }

    #[test]
    fn noise_of_real_printers_is_no_fault() {
        let noise =
            printer(&["none", "cups-ipp-conformance-failure-report"], &[("other", "other"), ("unknown", "other")]);
        assert_eq!(class_of(&noise), None);
    }

    #[test]
    fn a_reason_and_its_alert_are_one_condition() {
        let both = printer(&["toner-empty-error", "toner-low-report"], &[("markerTonerEmpty", "critical")]);
        let words: Vec<String> = of(&both).into_iter().map(|condition| condition.words).collect();
        assert_eq!(words, ["is out of toner"]);
    }

    #[test]
    fn the_severity_of_an_alert_decides() {
        assert_eq!(class_of(&printer(&[], &[("inputMediaSupplyEmpty", "critical")])), Some(Class::Failed));
        assert_eq!(class_of(&printer(&[], &[("jam", "warningBinaryChangeEvent")])), Some(Class::Failing));
    }
}
