//! What a printer has in its tables, one line a value: identifier, type (2 number, 6 identifier, else text), value.
#![no_main]

use beforehand_agent::probes::printer::snmp::{
    parse,
    table::{Oid, Table, Value},
};
use beforehand_shared::time::Timestamp;

fn oid(text: &str) -> Option<Oid> {
    text.split('.').map(|arc| arc.parse().ok()).collect()
}

fn binding(line: &str) -> Option<(Oid, Value)> {
    let mut parts = line.splitn(3, '|');
    let (at, kind, value) = (oid(parts.next()?)?, parts.next()?, parts.next()?);
    let value = match kind {
        "2" => Value::Number(value.parse().ok()?),
        "6" => Value::Oid(oid(value)?),
        _ => Value::Bytes(value.as_bytes().to_vec()),
    };
    Some((at, value))
}

libfuzzer_sys::fuzz_target!(|lines: &str| {
    let table: Table = lines.lines().filter_map(binding).collect();
    if parse::is_printer(&table) {
        let _ = parse::printer(&table, "192.0.2.9", Timestamp(1_790_000_000_000));
    }
});
