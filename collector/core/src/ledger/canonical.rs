//! One text for one value, whatever order a struct or a map was written in, so that it can be
//! hashed.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// JSON with sorted keys and no white space. Numbers are the shortest text that reads back as the
/// same number (after RFC 8785, which differs only in how exponents are written).
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    // Only maps whose keys are not text cannot be written; nothing that is hashed has one.
    let value = serde_json::to_value(value).unwrap_or_else(|error| Value::from(error.to_string()));
    let mut out = String::new();
    write(&value, &mut out);
    out
}

/// Lower-case hexadecimal SHA-256 of the canonical JSON.
pub fn fingerprint<T: Serialize>(value: &T) -> String {
    Sha256::digest(canonical_json(value)).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            // Sorted here: the map keeps the order of insertion when another crate asks for it.
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            list(out, ['{', '}'], fields, |(key, value), out| {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            });
        }
        Value::Array(items) => list(out, ['[', ']'], items, write),
        plain => out.push_str(&plain.to_string()),
    }
}

fn list<T>(out: &mut String, ends: [char; 2], items: impl IntoIterator<Item = T>, each: impl Fn(T, &mut String)) {
    out.push(ends[0]);
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(ends[1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_spaced() {
        let value = json!({"b": [1, {"d": null, "c": "é\""}], "a": 0.1});
        assert_eq!(canonical_json(&value), r#"{"a":0.1,"b":[1,{"c":"é\"","d":null}]}"#);
    }
}
