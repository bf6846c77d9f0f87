//! Recordings of SNMP answers: a line for each identifier, its type and its value (`1.3.6.1.2.1.1.1.0|4|text`).

use beforehand_agent::probes::printer::snmp::table::{Oid, Value};

pub(crate) fn oid(text: &str) -> Option<Oid> {
    text.trim_start_matches('.').split('.').map(|number| number.parse().ok()).collect()
}

/// The identifiers and values of a recording, in the order of its lines. What is no line of one goes on with the
/// text before it: some texts have several lines.
pub(crate) fn bindings(text: &str) -> Vec<(Oid, Value)> {
    let mut all: Vec<(Oid, Value)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (binding(line), all.last_mut()) {
            (Some(binding), _) => all.push(binding),
            (None, Some((_, Value::Bytes(bytes)))) => bytes.extend(format!("\n{line}").bytes()),
            (None, _) => {}
        }
    }
    all
}

fn binding(line: &str) -> Option<(Oid, Value)> {
    let mut parts = line.splitn(3, '|');
    let (at, kind, value) = (parts.next()?, parts.next()?, parts.next()?);
    let at = oid(at).filter(|_| at.contains('.'))?;
    let value = match kind {
        "2" | "65" | "66" | "67" | "70" => Value::Number(value.trim().parse().ok()?),
        "4x" | "64x" => Value::Bytes(hex::decode(value.trim()).ok()?),
        "6" => Value::Oid(oid(value)?),
        _ => Value::Bytes(value.bytes().collect()),
    };
    Some((at, value))
}
