//! Texts of observations go into pages, tickets and mails as they are: hidden and direction-changing
//! characters are dropped here, once, whatever the agent let through. Frames keep them.

use beforehand_shared::{limits, observation::Observation, text::clean};
use serde_json::Value;

/// `observation` with every text cleaned.
pub(super) fn cleaned(observation: Observation) -> Observation {
    let Ok(mut value) = serde_json::to_value(&observation) else { return observation };
    if !clean_all(&mut value) {
        return observation;
    }
    serde_json::from_value(value).unwrap_or(observation)
}

/// Whether there was something to clean.
fn clean_all(value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let better = clean(text, limits::TEXT_CHARS);
            let changed = better != *text;
            *text = better;
            changed
        }
        Value::Array(items) => items.iter_mut().fold(false, |changed, item| clean_all(item) | changed),
        Value::Object(fields) => fields.values_mut().fold(false, |changed, field| clean_all(field) | changed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::printer::{PrinterState, Queue};

    #[test]
    fn texts_at_every_depth_lose_what_hides_or_reorders() {
        let queue = |name: &str, reason: &str, message: &str| {
            Observation::Queue(Queue {
                name: name.to_owned(),
                device_uri: None,
                state: PrinterState::Idle,
                reasons: vec![reason.to_owned()],
                message: Some(message.to_owned()),
                accepting: true,
                jobs: 0,
                oldest: None,
            })
        };
        let hostile = queue("fro\u{202e}nt", "pau\u{0}sed", "A \u{1b}[31mred\u{9b} word");
        assert_eq!(cleaned(hostile), queue("front", "paused", "A [31mred word"));
        let plain = queue("Büro 2", "paused", "C:\\spool");
        assert_eq!(cleaned(plain.clone()), plain);
    }
}
