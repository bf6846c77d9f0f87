//! Alerts from `prtAlertTable` (RFC 3805), in the words of the IANA-PRINTER-MIB, which `printer-alert` of IPP uses
//! too. Pure.

use super::{mib, table::Table};
use beforehand_shared::{
    limits,
    printer::Alert,
    time::{Millis, Timestamp},
};
use std::{cmp::Reverse, collections::BTreeSet};

/// `PrtAlertCodeTC`. Severity decides what a code means, so that the same code may be a warning or a fault.
const CODES: [(i64, &str); 61] = [
    (1, "other"),
    (2, "unknown"),
    (3, "coverOpen"),
    (4, "coverClosed"),
    (5, "interlockOpen"),
    (6, "interlockClosed"),
    (7, "configurationChange"),
    (8, "jam"),
    (9, "subunitMissing"),
    (10, "subunitLifeAlmostOver"),
    (11, "subunitLifeOver"),
    (12, "subunitAlmostEmpty"),
    (13, "subunitEmpty"),
    (14, "subunitAlmostFull"),
    (15, "subunitFull"),
    (16, "subunitNearLimit"),
    (17, "subunitAtLimit"),
    (22, "subunitOffline"),
    (23, "subunitPowerSaver"),
    (24, "subunitWarmingUp"),
    (29, "subunitRecoverableFailure"),
    (30, "subunitUnrecoverableFailure"),
    (33, "subunitMotorFailure"),
    (34, "subunitMemoryExhausted"),
    (35, "subunitUnderTemperature"),
    (36, "subunitOverTemperature"),
    (37, "subunitTimingFailure"),
    (38, "subunitThermistorFailure"),
    (501, "doorOpen"),
    (502, "doorClosed"),
    (503, "powerUp"),
    (504, "powerDown"),
    (505, "printerNMSReset"),
    (506, "printerManualReset"),
    (507, "printerReadyToPrint"),
    (801, "inputMediaTrayMissing"),
    (802, "inputMediaSizeChange"),
    (807, "inputMediaSupplyLow"),
    (808, "inputMediaSupplyEmpty"),
    (809, "inputMediaChangeRequest"),
    (810, "inputManualInputRequest"),
    (901, "outputMediaTrayMissing"),
    (902, "outputMediaTrayAlmostFull"),
    (903, "outputMediaTrayFull"),
    (1_001, "markerFuserUnderTemperature"),
    (1_002, "markerFuserOverTemperature"),
    (1_004, "markerFuserThermistorFailure"),
    (1_101, "markerTonerEmpty"),
    (1_102, "markerInkEmpty"),
    (1_103, "markerPrintRibbonEmpty"),
    (1_104, "markerTonerAlmostEmpty"),
    (1_105, "markerInkAlmostEmpty"),
    (1_106, "markerPrintRibbonAlmostEmpty"),
    (1_107, "markerWasteTonerReceptacleAlmostFull"),
    (1_108, "markerWasteInkReceptacleAlmostFull"),
    (1_109, "markerWasteTonerReceptacleFull"),
    (1_110, "markerWasteInkReceptacleFull"),
    (1_111, "markerOpcLifeAlmostOver"),
    (1_112, "markerOpcLifeOver"),
    (1_115, "markerTonerCartridgeMissing"),
    (1_801, "alertRemovalOfBinaryChangeEntry"),
];

/// `PrtAlertGroupTC`.
const GROUPS: [(i64, &str); 18] = [
    (3, "hostResourcesMIBStorageTable"),
    (4, "hostResourcesMIBDeviceTable"),
    (5, "generalPrinter"),
    (6, "cover"),
    (8, "input"),
    (9, "output"),
    (10, "marker"),
    (11, "markerSupplies"),
    (12, "markerColorant"),
    (13, "mediaPath"),
    (14, "channel"),
    (15, "interpreter"),
    (16, "consoleDisplayBuffer"),
    (17, "consoleLights"),
    (18, "alert"),
    (30, "finDevice"),
    (31, "finSupply"),
    (32, "finSupplyMediaInput"),
];

/// Codes of finishing devices: 30,000 and a hundred for each device, plus one of the common codes.
const FINISHERS: std::ops::Range<i64> = 30_000..32_000;

/// The alerts, those that stop the printer first, the newest of a kind before older ones; `now` is when the
/// printer was asked.
pub(super) fn alerts(table: &Table, now: Timestamp) -> Vec<Alert> {
    let up = table.first_number(mib::SYS_UP_TIME);
    let columns = [mib::ALERT_CODE, mib::ALERT_DESCRIPTION, mib::ALERT_SEVERITY];
    let rows: BTreeSet<&[u32]> =
        columns.into_iter().flat_map(|column| table.column(column)).map(|(row, _)| row).collect();
    let mut alerts: Vec<Alert> = rows.into_iter().rev().filter_map(|row| alert(table, row, up, now)).collect();
    alerts.sort_by_key(|alert| Reverse(weight(alert)));
    alerts.truncate(limits::PRINTER_LIST);
    alerts
}

fn weight(alert: &Alert) -> u8 {
    match alert.severity.as_deref() {
        Some("critical") => 3,
        Some("warningBinaryChangeEvent") => 2,
        Some("warning") => 1,
        _ => 0,
    }
}

fn alert(table: &Table, row: &[u32], up: Option<i64>, now: Timestamp) -> Option<Alert> {
    let (code, group) = (table.number(mib::ALERT_CODE, row), table.number(mib::ALERT_GROUP, row));
    let severity = match table.number(mib::ALERT_SEVERITY, row) {
        Some(1) => Some("other"),
        Some(3) => Some("critical"),
        Some(4) => Some("warning"),
        Some(5) => Some("warningBinaryChangeEvent"),
        _ => None,
    };
    let text = table.text(mib::ALERT_DESCRIPTION, row);
    let says_something = code.is_some() || text.is_some();
    says_something.then(|| Alert {
        code: code_word(code),
        severity: severity.map(str::to_owned),
        group: group_word(group, code).map(str::to_owned),
        text,
        since: since(table.number(mib::ALERT_TIME, row), up, now),
    })
}

fn named(list: &[(i64, &'static str)], number: i64) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == number).map(|(_, word)| *word)
}

fn code_word(code: Option<i64>) -> String {
    let Some(code) = code else { return "unknown".to_owned() };
    let common = if FINISHERS.contains(&code) { code % 100 } else { code };
    named(&CODES, common).map_or_else(|| format!("code-{code}"), str::to_owned)
}

fn group_word(group: Option<i64>, code: Option<i64>) -> Option<&'static str> {
    let finishes = code.is_some_and(|code| FINISHERS.contains(&code)).then_some("finDevice");
    group.and_then(|group| named(&GROUPS, group)).or(finishes)
}

/// Both times are in hundredths of a second since the printer started. To the minute, so that the same alert
/// reads the same each time it is asked for.
fn since(began: Option<i64>, up: Option<i64>, now: Timestamp) -> Option<Timestamp> {
    let age = up?.checked_sub(began.filter(|began| *began > 0)?).filter(|age| *age >= 0)?;
    let at = now.minus(Millis(age.checked_mul(10)?)).0;
    Some(Timestamp(at - at.rem_euclid(Millis::MINUTE.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stapler_that_jams_is_a_jam_of_the_finisher() {
        assert_eq!((code_word(Some(30_208)).as_str(), group_word(None, Some(30_208))), ("jam", Some("finDevice")));
        assert_eq!(code_word(Some(77)), "code-77");
        assert_eq!(code_word(None), "unknown");
    }

    #[test]
    fn an_alert_is_as_old_as_the_printers_own_clock_says() {
        let now = Timestamp(1_790_000_000_000);
        let began = since(Some(60_000), Some(120_000), now).unwrap();
        assert!((Millis::minutes(10)..=Millis::minutes(11)).contains(&now.since(began)));
        // A counter that wrapped, or one that was never set.
        assert_eq!(since(Some(5), Some(4), now), None);
        assert_eq!(since(Some(0), Some(4), now), None);
        assert_eq!(since(Some(i64::MIN), Some(i64::MAX), now), None);
    }
}
