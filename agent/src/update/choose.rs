//! What may be installed out of a verified index. Pure: the agent asks before it fetches, and the
//! privileged step asks again before it installs.

use super::memory::Memory;
use beforehand_shared::{
    time::{Millis, Timestamp},
    update::{Index, Package, Version},
};

/// What is known here.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    pub platform: &'a str,
    pub running: Version,
    pub memory: &'a Memory,
    pub now: Timestamp,
}

/// Why nothing is installed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotChosen {
    #[error("the index expired {} ago; it must be signed anew", words(*.ago))]
    Expired { ago: Millis },
    #[error("the index has the serial number {serial}, and one with {seen} was seen before")]
    OlderIndex { serial: u64, seen: u64 },
    #[error("the index has no package for {platform}")]
    OtherPlatform { platform: String },
    #[error("version {0} runs already")]
    Current(Version),
    #[error("version {offered} is older than {running}, which runs")]
    Older { offered: Version, running: Version },
    #[error("version {offered} is not newer than {highest}, which ran here before")]
    BelowHighest { offered: Version, highest: Version },
    #[error("version {0} did not become healthy here and is not tried again")]
    TriedBefore(Version),
}

impl NotChosen {
    /// Whether somebody should hear of it: that nothing is new, or that a failure is known, is no
    /// news.
    pub const fn is_news(&self) -> bool {
        !matches!(self, Self::Current(_) | Self::TriedBefore(_))
    }
}

/// The package to install.
///
/// # Errors
/// The first reason not to.
pub fn choose<'a>(index: &'a Index, here: &Here<'_>) -> Result<&'a Package, NotChosen> {
    if here.now >= index.expires_at {
        return Err(NotChosen::Expired { ago: here.now.since(index.expires_at) });
    }
    if index.serial < here.memory.serial {
        return Err(NotChosen::OlderIndex { serial: index.serial, seen: here.memory.serial });
    }
    let package = index.package(here.platform);
    let package = package.ok_or_else(|| NotChosen::OtherPlatform { platform: here.platform.to_owned() })?;
    let offered = package.version;
    if offered == here.running {
        return Err(NotChosen::Current(offered));
    }
    if offered < here.running {
        return Err(NotChosen::Older { offered, running: here.running });
    }
    if here.memory.refused.contains(&offered) {
        return Err(NotChosen::TriedBefore(offered));
    }
    match here.memory.highest {
        Some(highest) if offered <= highest => Err(NotChosen::BelowHighest { offered, highest }),
        _ => Ok(package),
    }
}

fn words(length: Millis) -> String {
    match length.0 / Millis::DAY.0 {
        0 => "less than a day".to_owned(),
        1 => "a day".to_owned(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn version(patch: u32) -> Version {
        Version { major: 1, minor: 0, patch }
    }

    /// An index that offers 1.0.2 for `linux-x86_64`.
    fn index() -> Index {
        let package = Package {
            platform: "linux-x86_64".into(),
            version: version(2),
            file: "agent.zst".into(),
            bytes: 1,
            sha256: "00".repeat(32),
        };
        Index { format: 1, serial: 5, made_at: NOW, expires_at: NOW.plus(Millis::DAY), packages: vec![package] }
    }

    fn with(running: u32, memory: &Memory) -> Result<Version, NotChosen> {
        let here = Here { platform: "linux-x86_64", running: version(running), memory, now: NOW };
        choose(&index(), &here).map(|package| package.version)
    }

    #[test]
    fn a_newer_version_is_installed_once() {
        assert_eq!(with(1, &Memory::default()), Ok(version(2)));
        assert_eq!(with(2, &Memory::default()), Err(NotChosen::Current(version(2))));
        let tried = Memory { refused: vec![version(2)], ..Memory::default() };
        assert_eq!(with(1, &tried), Err(NotChosen::TriedBefore(version(2))));
    }

    #[test]
    fn an_older_version_is_refused_also_when_somebody_went_back_by_hand() {
        let older = NotChosen::Older { offered: version(2), running: version(3) };
        assert_eq!(with(3, &Memory::default()), Err(older));
        for highest in [2, 3] {
            let memory = Memory { highest: Some(version(highest)), ..Memory::default() };
            let below = NotChosen::BelowHighest { offered: version(2), highest: version(highest) };
            assert_eq!(with(1, &memory), Err(below));
        }
    }

    #[test]
    fn an_index_older_than_one_seen_before_is_refused() {
        let seen = |serial| Memory { serial, ..Memory::default() };
        assert_eq!(with(1, &seen(6)), Err(NotChosen::OlderIndex { serial: 5, seen: 6 }));
        assert_eq!(with(1, &seen(5)), Ok(version(2)));
    }

    #[test]
    fn an_expired_index_is_refused_from_the_instant_on_that_it_names() {
        let memory = Memory::default();
        let mut here = Here { platform: "linux-x86_64", running: version(1), memory: &memory, now: NOW };
        here.now = index().expires_at.minus(Millis(1));
        assert!(choose(&index(), &here).is_ok());
        here.now = index().expires_at;
        assert_eq!(choose(&index(), &here), Err(NotChosen::Expired { ago: Millis(0) }));
    }

    #[test]
    fn the_package_of_another_platform_is_not_taken() {
        let memory = Memory::default();
        let here = Here { platform: "windows-x86_64", running: version(1), memory: &memory, now: NOW };
        assert_eq!(choose(&index(), &here), Err(NotChosen::OtherPlatform { platform: "windows-x86_64".into() }));
    }
}
