//! What is signed is read; nothing else is.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64::{Engine, prelude::BASE64_STANDARD};
use beforehand_shared::{
    limits,
    time::Timestamp,
    update::{Attempt, CameTo, Index, KeyError, UpdateKey},
};
use minisign::KeyPair;

const INDEX: &str = r#"{"format":1,"serial":7,"made_at":1,"expires_at":2,"packages":[]}"#;

fn pair() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

fn key(pair: &KeyPair) -> UpdateKey {
    UpdateKey::parse(&pair.pk.to_base64()).unwrap()
}

fn sign(pair: &KeyPair, text: &str) -> String {
    minisign::sign(None, &pair.sk, text.as_bytes(), None, None).unwrap().to_string()
}

fn open(pair: &KeyPair, index: &str, signature: &str) -> Result<Index, KeyError> {
    key(pair).open(index, signature)
}

#[test]
fn what_the_key_signed_is_read() {
    let pair = pair();
    assert_eq!(open(&pair, INDEX, &sign(&pair, INDEX)).unwrap().serial, 7);
}

#[test]
fn an_index_without_a_signature_is_refused() {
    for none in ["", "\n\n\n\n", "untrusted comment: x\n", "no signature at all"] {
        assert!(matches!(open(&pair(), INDEX, none), Err(KeyError::Unreadable(_))), "{none:?}");
    }
}

#[test]
fn the_signature_of_another_key_is_refused_even_under_the_same_number() {
    let (ours, theirs) = (pair(), pair());
    assert!(matches!(open(&ours, INDEX, &sign(&theirs, INDEX)), Err(KeyError::NotSigned(_))));
    // Their signature with our key's number in it.
    let mut lines: Vec<String> = sign(&theirs, INDEX).lines().map(str::to_owned).collect();
    let mut bytes = BASE64_STANDARD.decode(&lines[1]).unwrap();
    bytes[2..10].copy_from_slice(&BASE64_STANDARD.decode(ours.pk.to_base64()).unwrap()[2..10]);
    lines[1] = BASE64_STANDARD.encode(bytes);
    assert!(matches!(open(&ours, INDEX, &lines.join("\n")), Err(KeyError::NotSigned(_))));
}

#[test]
fn a_changed_index_is_refused() {
    let pair = pair();
    let signature = sign(&pair, INDEX);
    let changed = INDEX.replace("\"serial\":7", "\"serial\":8");
    assert!(matches!(open(&pair, &changed, &signature), Err(KeyError::NotSigned(_))));
    let comment = signature.replace("timestamp:", "timestamp:9");
    assert!(matches!(open(&pair, INDEX, &comment), Err(KeyError::NotSigned(_))));
}

#[test]
fn a_signature_without_hashing_is_refused() {
    let pair = pair();
    let mut lines: Vec<String> = sign(&pair, INDEX).lines().map(str::to_owned).collect();
    let mut bytes = BASE64_STANDARD.decode(&lines[1]).unwrap();
    bytes[1] = b'd';
    lines[1] = BASE64_STANDARD.encode(bytes);
    assert!(matches!(open(&pair, INDEX, &lines.join("\n")), Err(KeyError::NotSigned(_))));
}

#[test]
fn an_index_over_the_limit_is_not_even_hashed() {
    let pair = pair();
    let long = " ".repeat(limits::INDEX_BYTES + 1);
    assert!(matches!(open(&pair, &long, ""), Err(KeyError::TooLong { what: "index", .. })));
    let long = " ".repeat(limits::SIGNATURE_BYTES + 1);
    assert!(matches!(open(&pair, INDEX, &long), Err(KeyError::TooLong { what: "signature", .. })));
}

/// A key of small order verifies signatures that anybody can make, so a placeholder left in a build
/// would be an open door.
#[test]
fn every_key_of_small_order_is_refused() {
    let y = |hex: &str| -> [u8; 32] {
        let digits: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
        digits.try_into().unwrap()
    };
    let mut points = vec![[0; 32], y(&format!("01{}", "00".repeat(31)))];
    points.push(y("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"));
    points.push(y("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"));
    // p - 1, and the encodings p and p + 1 of 0 and 1.
    points.extend(["ec", "ed", "ee"].map(|low| y(&format!("{low}{}7f", "ff".repeat(30)))));
    for sign_bit in [0, 0x80] {
        for mut point in points.clone() {
            point[31] |= sign_bit;
            let text = BASE64_STANDARD.encode([b"Ed12345678".as_slice(), &point].concat());
            assert!(matches!(UpdateKey::parse(&text), Err(KeyError::SmallOrder)), "{point:02x?}");
        }
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let whole = pair().pk.to_base64();
    for wrong in ["", "RW", "placeholder", &whole[1..], &format!("{whole}{whole}")] {
        assert!(matches!(UpdateKey::parse(wrong), Err(KeyError::NotAKey)), "{wrong}");
    }
    assert!(UpdateKey::parse(&format!(" {whole}\n")).is_ok());
}

#[test]
fn an_attempt_that_a_later_agent_invents_is_still_read() {
    let attempt: Attempt = serde_json::from_str(r#"{"at":5,"came_to":"postponed","until":9}"#).unwrap();
    assert_eq!(attempt, Attempt { at: Timestamp(5), version: None, came_to: CameTo::Unknown });
    let written = Attempt { came_to: CameTo::Refused { why: "no".into() }, ..attempt };
    let text = serde_json::to_string(&written).unwrap();
    assert_eq!(text, r#"{"at":5,"came_to":"refused","why":"no"}"#);
}
