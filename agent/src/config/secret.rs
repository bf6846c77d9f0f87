//! Words that nobody may read: never printed, never sent, never logged.

use serde::{Deserialize, Deserializer, de::Error};
use std::fmt;

/// A password or community. Its `Debug` form says only whether there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The word itself, for the one who asks with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The reader's own words would quote what it found.
        let word = String::deserialize(deserializer);
        word.map(Self).map_err(|_| D::Error::custom("invalid type: a secret stands in quotes"))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "hidden" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?} {:?}", Secret::new("public"), Secret::default()), "hidden none");
    }
}
