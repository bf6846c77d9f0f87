//! One printer for a site, whichever of its machines saw it: each agent knows only the marks that it was told.

use beforehand_shared::{
    observation::Observation,
    printer::Printer,
    printer_identity::{Identity, same},
    report::Report,
};

/// The printers of one site, by the key of their asset.
#[derive(Debug, Default)]
pub struct Printers(Vec<(String, Identity)>);

impl<'a> FromIterator<&'a Observation> for Printers {
    fn from_iter<I: IntoIterator<Item = &'a Observation>>(facts: I) -> Self {
        let printers = facts.into_iter().filter_map(|facts| match facts {
            Observation::Printer(printer) => Some((printer.key.clone(), Identity::of(printer))),
            _ => None,
        });
        Self(printers.collect())
    }
}

/// Whether there is anything to [`Printers::settle`].
pub fn sees_printer(report: &Report) -> bool {
    let all = report.runs.iter().flat_map(|run| run.outcome.observations());
    all.into_iter().any(|observation| matches!(observation, Observation::Printer(_)))
}

impl Printers {
    /// Names the printers in `report` as they are named here, and adds the marks that others saw.
    pub fn settle(&mut self, report: &mut Report) {
        for observation in report.runs.iter_mut().flat_map(|run| run.outcome.observations_mut()) {
            if let Observation::Printer(printer) = observation {
                self.settle_one(printer);
            }
        }
    }

    fn settle_one(&mut self, printer: &mut Printer) {
        let told = Identity::of(printer);
        let by_key = self.0.iter().position(|(key, _)| *key == printer.key);
        let known = by_key.or_else(|| self.0.iter().position(|(_, marks)| same(marks, &told) == Some(true)));
        let Some((key, marks)) = known.and_then(|at| self.0.get_mut(at)) else {
            self.0.push((printer.key.clone(), told));
            return;
        };
        printer.key.clone_from(key);
        *marks = told.with(marks);
        // One without any mark has no details to add them to.
        if *marks != Identity::default() {
            marks.clone().write_to(printer.details.get_or_insert_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::{printer::PrinterState, printer_details::PrinterDetails};

    fn seen(key: &str, marks: [Option<&str>; 3]) -> Printer {
        let [serial, uuid, mac] = marks.map(|mark| mark.map(str::to_owned));
        Printer {
            key: key.into(),
            uri: "ipp://192.0.2.9/".into(),
            name: "Front desk".into(),
            model: None,
            state: PrinterState::Idle,
            reasons: vec![],
            message: None,
            alerts: vec![],
            supplies: vec![],
            jobs: None,
            pages: None,
            details: Some(Box::new(PrinterDetails { serial, uuid, mac, ..PrinterDetails::default() })),
        }
    }

    /// Under which key each is kept, one after the other.
    fn kept(all: Vec<Printer>) -> Vec<String> {
        let mut printers = Printers::default();
        let settle = |mut printer: Printer| {
            printers.settle_one(&mut printer);
            printer.key
        };
        all.into_iter().map(settle).collect()
    }

    #[test]
    fn a_printer_that_two_machines_know_by_different_marks_is_one() {
        let by_ipp = seen("u-1", [None, Some("u-1"), None]);
        let by_both = seen("S1", [Some("S1"), Some("u-1"), None]);
        let by_snmp = seen("S1", [Some("S1"), None, None]);
        assert_eq!(kept(vec![by_ipp, by_both, by_snmp]), ["u-1", "u-1", "u-1"], "its history stays where it began");
    }

    #[test]
    fn printers_with_different_serial_numbers_stay_two() {
        let (one, two) = (seen("S1", [Some("S1"), Some("u-1"), None]), seen("S2", [Some("S2"), Some("u-1"), None]));
        assert_eq!(kept(vec![one, two]), ["S1", "S2"]);
    }

    #[test]
    fn what_nobody_can_tell_apart_by_marks_is_told_apart_by_its_address() {
        let at = |address| seen(address, [None, None, None]);
        assert_eq!(
            kept(vec![at("192.0.2.9"), at("192.0.2.10"), at("192.0.2.9")]),
            ["192.0.2.9", "192.0.2.10", "192.0.2.9"]
        );
    }
}
