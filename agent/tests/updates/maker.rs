//! The maker of packages, as the agent knows him: by his key. Every bad case is one change to a good
//! one.

use beforehand_agent::{Build, config::Config, update};
use beforehand_shared::{
    time::{Millis, Timestamp},
    update::{Index, Offer, Package, Version},
};
use minisign::KeyPair;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The present of these tests.
pub(crate) const NOW: Timestamp = Timestamp(1_795_424_400_000);
pub(crate) const OLD: Version = Version { major: 1, minor: 0, patch: 0 };
pub(crate) const NEW: Version = Version { major: 1, minor: 1, patch: 0 };
pub(crate) const NEW_PROGRAM: &[u8] = b"the new program";

pub(crate) struct Maker {
    pair: KeyPair,
    /// Lives as long as the program, as a key that is built in does.
    pub(crate) key: &'static str,
}

impl Maker {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let key = pair.pk.to_base64().leak();
        Self { pair, key }
    }

    pub(crate) fn offer(&self, index: &Index) -> Offer {
        let index = serde_json::to_string(index).unwrap();
        Offer { signature: self.sign(&index), index }
    }

    pub(crate) fn sign(&self, text: &str) -> String {
        minisign::sign(None, &self.pair.sk, text.as_bytes(), None, None).unwrap().to_string()
    }

    /// Settings of an agent that is [`OLD`] and knows this maker.
    pub(crate) fn config(&self, folder: &Path) -> Config {
        let mut config = Config { state: folder.join("state"), ..Config::default() };
        config.build = Build { version: "1.0.0", update_key: Some(self.key), ..Build::default() };
        config.update.work = folder.join("work");
        config
    }
}

pub(crate) fn packed(program: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(program, 3).unwrap()
}

pub(crate) fn package(file: &[u8]) -> Package {
    Package {
        platform: update::platform(),
        version: NEW,
        file: "agent.zst".into(),
        bytes: file.len() as u64,
        sha256: hex::encode(Sha256::digest(file)),
    }
}

/// An index that offers [`NEW`].
pub(crate) fn index(file: &[u8]) -> Index {
    let (made_at, expires_at) = (NOW.minus(Millis::DAY), NOW.plus(Millis::days(90)));
    Index { format: 1, serial: 7, made_at, expires_at, packages: vec![package(file)] }
}
