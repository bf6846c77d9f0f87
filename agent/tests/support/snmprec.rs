//! Recordings of SNMP answers: a line for each identifier, its type and its value (`1.3.6.1.2.1.1.1.0|4|text`).

use beforehand_agent::probes::printer::snmp::table::{Oid, Value};

pub(crate) fn oid(text: &str) -> Oid {
    text.trim_start_matches('.').split('.').map(|number| number.parse().unwrap()).collect()
}

/// The identifiers and values of a recording, in the order of its lines.
pub(crate) fn bindings(text: &str) -> Vec<(Oid, Value)> {
    let mut all: Vec<(Oid, Value)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.splitn(3, '|').collect();
        let is_line = parts.len() == 3 && parts[0].contains('.') && parts[0].chars().all(|c| "0123456789.".contains(c));
        match (is_line, all.last_mut()) {
            (true, _) => all.push((oid(parts[0]), value(parts[1], parts[2]))),
            // Some texts have several lines.
            (false, Some((_, Value::Bytes(bytes)))) => bytes.extend(format!("\n{line}").bytes()),
            (false, _) => {}
        }
    }
    all
}

fn value(kind: &str, text: &str) -> Value {
    match kind {
        "2" | "65" | "66" | "67" | "70" => Value::Number(text.trim().parse().unwrap()),
        "4x" | "64x" => Value::Bytes(hex::decode(text.trim()).unwrap()),
        "6" => Value::Oid(oid(text)),
        _ => Value::Bytes(text.bytes().collect()),
    }
}
