//! The index of packages. Whoever installs reads it through [`super::UpdateKey::open`] alone, which
//! verifies its signature first.

use super::Version;
use crate::{limits, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The format that this build reads.
pub const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    pub format: u32,
    /// Grows with every index that is signed, so that an older one can be told.
    pub serial: u64,
    pub made_at: Timestamp,
    /// After this nobody installs from it: whoever holds an old index back gains little.
    pub expires_at: Timestamp,
    pub packages: Vec<Package>,
}

/// The program for one platform, compressed with zstd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Operating system and processor, such as `linux-x86_64`.
    pub platform: String,
    pub version: Version,
    /// Name of the file beside the index.
    pub file: String,
    /// Its size and lower-case hexadecimal SHA-256, as it is fetched.
    pub bytes: u64,
    pub sha256: String,
}

/// Why a signed text is not an index that can be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("the index cannot be read: {0}")]
    Unreadable(serde_json::Error),
    #[error("the index has format {got}; this build reads format {FORMAT}")]
    OtherFormat { got: u32 },
    #[error("the index has {got} packages; the limit is {}", MOST)]
    TooMany { got: usize },
    #[error("the index names the file {0:?}, which is not a plain name")]
    FileName(String),
    #[error("the package {file} has {bytes} bytes; the limit is {}", limits::PACKAGE_BYTES)]
    TooLarge { file: String, bytes: u64 },
    #[error("the checksum of {0} is not a SHA-256 in lower-case hexadecimal")]
    Checksum(String),
    #[error("the index has two packages for {0}")]
    Twice(String),
}

/// More platforms than this there will hardly be.
const MOST: usize = 64;

impl Index {
    /// Reads what nobody has verified: for whoever hands an index on and installs nothing from it.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn read_unverified(text: &str) -> Result<Self, IndexError> {
        Self::parse(text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, IndexError> {
        let index: Self = serde_json::from_str(text).map_err(IndexError::Unreadable)?;
        if index.format != FORMAT {
            return Err(IndexError::OtherFormat { got: index.format });
        }
        if index.packages.len() > MOST {
            return Err(IndexError::TooMany { got: index.packages.len() });
        }
        index.packages.iter().try_for_each(Package::check)?;
        let twice = index
            .packages
            .iter()
            .enumerate()
            .find(|(at, package)| index.packages[..*at].iter().any(|earlier| earlier.platform == package.platform));
        match twice {
            Some((_, package)) => Err(IndexError::Twice(package.platform.clone())),
            None => Ok(index),
        }
    }

    /// The package for `platform`.
    pub fn package(&self, platform: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.platform == platform)
    }
}

impl Package {
    fn check(&self) -> Result<(), IndexError> {
        if !is_plain_name(&self.file) {
            return Err(IndexError::FileName(self.file.clone()));
        }
        if self.bytes > limits::PACKAGE_BYTES {
            return Err(IndexError::TooLarge { file: self.file.clone(), bytes: self.bytes });
        }
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if self.sha256.len() != 64 || !self.sha256.bytes().all(is_hex) {
            return Err(IndexError::Checksum(self.file.clone()));
        }
        Ok(())
    }
}

/// Letters, digits, `.`, `_` and `-`, not beginning with a dot: no path leads out of its folder.
fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Index)) -> Result<Index, IndexError> {
        let package = Package {
            platform: "linux-x86_64".into(),
            version: Version { major: 1, minor: 0, patch: 0 },
            file: "agent.zst".into(),
            bytes: 1,
            sha256: "ab".repeat(32),
        };
        let mut index = Index {
            format: FORMAT,
            serial: 1,
            made_at: Timestamp(0),
            expires_at: Timestamp(1),
            packages: vec![package],
        };
        change(&mut index);
        Index::parse(&serde_json::to_string(&index).unwrap())
    }

    #[test]
    fn no_name_of_a_file_leads_out_of_its_folder() {
        assert!(with(|_| {}).is_ok());
        for name in ["", ".", "..", "../agent", "/etc/passwd", "a/b", "a\\b", "a\0b", "C:x", ".agent", &"a".repeat(101)]
        {
            let read = with(|index| index.packages[0].file = name.to_owned());
            assert!(matches!(read, Err(IndexError::FileName(_))), "{name}");
        }
    }

    #[test]
    fn a_package_over_the_limit_is_refused_by_what_the_index_says() {
        assert!(with(|index| index.packages[0].bytes = limits::PACKAGE_BYTES).is_ok());
        let read = with(|index| index.packages[0].bytes = limits::PACKAGE_BYTES + 1);
        assert!(matches!(read, Err(IndexError::TooLarge { .. })));
    }

    #[test]
    fn an_index_of_another_format_or_with_two_packages_for_one_platform_is_refused() {
        assert!(matches!(with(|index| index.format = 2), Err(IndexError::OtherFormat { got: 2 })));
        let read = with(|index| index.packages.push(index.packages[0].clone()));
        assert!(matches!(read, Err(IndexError::Twice(_))));
    }
}
