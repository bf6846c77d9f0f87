//! Which agents are behind.

use beforehand_shared::update::{Index, Version};

/// The newest agent that a host could have: the one released with the collector, or a later one that
/// fits its platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    with_collector: Version,
    released: Vec<(String, Version)>,
}

impl Newest {
    pub fn new(with_collector: Version, index: Option<&Index>) -> Self {
        let packages = index.into_iter().flat_map(|index| &index.packages);
        let released = packages.map(|package| (package.platform.clone(), package.version)).collect();
        Self { with_collector, released }
    }

    /// Whether a host that runs `agent` could have a newer one. What names no version is not called old.
    pub fn is_behind(&self, agent: &str, platform: Option<&str>) -> bool {
        let fitting = self.released.iter().filter(|(fits, _)| Some(fits.as_str()) == platform);
        let newest = fitting.map(|(_, version)| *version).chain([self.with_collector]).max();
        agent.parse::<Version>().is_ok_and(|runs| newest.is_some_and(|newest| runs < newest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_for_one_platform_leaves_no_other_behind() {
        let [old, ours, new] = ["0.9.0", "1.0.0", "1.1.0"].map(|version| version.parse().unwrap());
        let newest = Newest { with_collector: ours, released: vec![("linux-x86_64".to_owned(), new)] };
        let behind = |runs: Version, platform| newest.is_behind(&runs.to_string(), platform);
        assert!(behind(ours, Some("linux-x86_64")) && !behind(new, Some("linux-x86_64")));
        assert!(!behind(ours, Some("windows-x86_64")) && behind(old, Some("windows-x86_64")) && behind(old, None));
        assert!(!newest.is_behind("a build by hand", Some("linux-x86_64")));
    }
}
