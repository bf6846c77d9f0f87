//! What packages are called. The collector knows them by these names (`collector/src/installers.rs`).

use super::product::Product;

pub(super) fn deb(product: Product, version: &str) -> String {
    format!("{}_{version}_{}.deb", product.name(), debian_architecture())
}

pub(super) fn rpm(product: Product, version: &str) -> String {
    format!("{}-{version}-1.{}.rpm", product.name(), std::env::consts::ARCH)
}

/// The agent's alone, and for one architecture.
pub(crate) fn msi(version: &str) -> String {
    format!("{}-{version}-x64.msi", Product::Agent.name())
}

/// Every package of the agent.
pub(super) fn of_agent(version: &str) -> [String; 3] {
    [deb(Product::Agent, version), rpm(Product::Agent, version), msi(version)]
}

pub(super) fn debian_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
