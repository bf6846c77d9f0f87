//! The version of an agent: three numbers, one spelling each, in their natural order.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a version such as 1.2.3")]
pub struct NotAVersion(pub String);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<Option<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        let [Some(major), Some(minor), Some(patch)] = parts[..] else { return Err(NotAVersion(text.to_owned())) };
        let version = Self { major, minor, patch };
        // One spelling each: two texts of one version could be refused as one and taken as the other.
        if version.to_string() == text { Ok(version) } else { Err(NotAVersion(text.to_owned())) }
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for Version {
    type Error = NotAVersion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number_and_not_by_letter() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("0.10.0") > version("0.9.9") && version("1.0.0") > version("0.99.99"));
    }

    #[test]
    fn a_version_has_one_spelling() {
        for wrong in ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.+3", "1.2.3-rc1", " 1.2.3", "1.2.4294967296"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }
}
