//! Arrays of `/proc/mdstat` (`raid`), beside what another reader makes of the same file.

use super::Compared;
use crate::data::Data;
use anyhow::Result;
use beforehand_agent::probes::arrays::parse;
use beforehand_shared::array::{Array, ArrayState, MemberState};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

pub(super) const TRUTH: &str = "raid/node_exporter_expected_md.txt";

/// By name, array and state.
type Metrics = BTreeMap<(String, String, String), f64>;

pub(super) fn compare(data: &Data) -> Result<Compared> {
    let truth = metrics(&fs::read_to_string(data.file(TRUTH)?)?);
    let arrays = parse::arrays(&fs::read_to_string(data.file("raid/node_exporter_mdstat.txt")?)?, &BTreeMap::new());
    let mut compared = Compared::default();
    // The file holds other devices too.
    let blocks = truth.keys().filter(|(metric, ..)| metric == "node_md_blocks");
    let known: BTreeSet<&String> = blocks.map(|(_, array, _)| array).collect();
    for name in known {
        match arrays.iter().find(|array| array.name == *name) {
            Some(array) => one(&mut compared, array, &truth),
            None => compared.value(name, "the array", false, &"not seen"),
        }
    }
    Ok(compared)
}

fn one(compared: &mut Compared, array: &Array, truth: &Metrics) {
    let name = array.name.as_str();
    let of = |metric: &str, state: &str| {
        truth.get(&(metric.to_owned(), name.to_owned(), state.to_owned())).copied().unwrap_or(f64::NAN)
    };
    let is = |state| of("node_md_state", state) > 0.0;
    let (wanted, works) = (of("node_md_disks_required", ""), of("node_md_disks", "active"));
    let state = match &array.state {
        ArrayState::Healthy => (is("active") || is("check")) && works >= wanted,
        ArrayState::Degraded => is("active") && works < wanted,
        ArrayState::Rebuilding { .. } => is("recovering") || is("resync"),
        ArrayState::Failed => is("inactive"),
        ArrayState::Unknown { .. } | ArrayState::Other => false,
    };
    compared.value(name, "state", state, &array.state);
    let count = |state| array.members.iter().filter(|member| member.state == state).count() as f64;
    let mut number = |what: &str, read: f64, told: f64| compared.value(name, what, read == told, &read);
    number("failed members", count(MemberState::Failed), of("node_md_disks", "failed"));
    number("spares", count(MemberState::Spare), of("node_md_disks", "spare"));
    if array.state != ArrayState::Failed {
        number("working members", count(MemberState::Working), works);
        number("missing members", f64::from(array.missing), wanted - works);
    }
    number("bytes", array.bytes.map_or(f64::NAN, |bytes| bytes as f64), 1024.0 * of("node_md_blocks", ""));
}

/// `node_md_disks{device="md0",state="active"} 2`: what stands before the braces, the labels, the value.
fn metrics(text: &str) -> Metrics {
    let metric = |line: &str| {
        let (name, rest) = line.split_once('{')?;
        let (labels, value) = rest.split_once("} ")?;
        let label = |key: &str| {
            let labels = labels.split(',').find_map(|label| label.strip_prefix(key));
            labels.unwrap_or_default().trim_matches('"').to_owned()
        };
        Some(((name.to_owned(), label("device="), label("state=")), value.parse().ok()?))
    };
    text.lines().filter_map(metric).collect()
}
