//! The sheet about one disturbance of a line: what several machines measured, for the support desk of whoever runs it.
//! Times, addresses, loss and round trips as they were; how it was measured, and what was not.

mod tables;
mod words;

use crate::{
    chart::{Style, losses},
    pdf::{Picture, RenderError, Template, set},
    words::{Zone, name},
};
use beforehand_core::{
    month::Provider,
    site::LineContract,
    site_view::{Part, evidence::Evidence},
};
use beforehand_shared::{ids::HostId, time::Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use tables::Table;

const TEMPLATE: Template = ("sheet.typ", include_str!("../../templates/sheet.typ"));

/// Whose line, and what was measured on it.
#[derive(Debug, Clone)]
pub struct LineSheet<'a> {
    pub provider: &'a Provider,
    pub client: &'a str,
    pub simulated: bool,
    pub site: &'a str,
    /// IANA name.
    pub time_zone: &'a str,
    pub line: &'a LineContract,
    pub machines: BTreeMap<HostId, String>,
    pub evidence: &'a Evidence,
    /// Of the ticket about it.
    pub ticket: Option<i64>,
    pub made_at: Timestamp,
}

/// What the template reads.
#[derive(Serialize)]
struct Data {
    provider: String,
    reach: String,
    client: String,
    simulated: bool,
    /// What, and when.
    heading: [String; 2],
    summary: Vec<String>,
    facts: Vec<[String; 2]>,
    chart: Picture,
    rows: Table,
    targets: Table,
    traces: Option<Table>,
    how: Vec<String>,
    missing: Vec<String>,
    made: String,
}

/// One or two pages, A4.
pub fn line_sheet(sheet: &LineSheet<'_>) -> Result<Vec<u8>, RenderError> {
    let zone = Zone::named(sheet.time_zone);
    let style = Style::print(640, 0, zone.time_zone());
    let parts: Vec<(Part, String)> = asked(sheet.evidence).map(|part| (part, words::short(part).to_owned())).collect();
    let reach = [&sheet.provider.phone, &sheet.provider.email].into_iter().map(|text| name(text));
    let data = Data {
        provider: name(&sheet.provider.name),
        reach: reach.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        client: name(sheet.client),
        simulated: sheet.simulated,
        heading: words::heading(sheet.evidence, &zone),
        summary: words::summary(sheet.evidence, &zone),
        facts: words::facts(sheet, &zone),
        chart: losses(sheet.evidence, &parts, &style).into(),
        rows: tables::rows(sheet.evidence, &zone),
        targets: tables::targets(sheet),
        traces: tables::traces(sheet, &zone),
        how: words::how(sheet.evidence),
        missing: words::missing(sheet),
        made: zone.minute(sheet.made_at),
    };
    let identity = format!("line {} {} {}", sheet.site, sheet.evidence.from.0, sheet.made_at.0);
    set(TEMPLATE, &data, identity)
}

/// Parts of the way that any machine asked.
fn asked(evidence: &Evidence) -> impl Iterator<Item = Part> {
    Part::PINGED.into_iter().filter(|part| evidence.targets.iter().any(|target| target.part == *part))
}
