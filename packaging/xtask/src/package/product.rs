//! What there is to pack.

use clap::ValueEnum;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Product {
    Agent,
    Collector,
}

impl Product {
    pub(crate) const ALL: [Self; 2] = [Self::Agent, Self::Collector];

    /// Of program, package, service, user and state directory alike.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Agent => "beforehand-agent",
            Self::Collector => "beforehand-collector",
        }
    }

    /// Of its folder below `packaging/linux` and of its configuration.
    pub(crate) const fn short(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Collector => "collector",
        }
    }

    /// The cargo profile with which it is shipped.
    pub(crate) const fn cargo_profile(self) -> &'static str {
        match self {
            Self::Agent => "small",
            Self::Collector => "release",
        }
    }

    pub(crate) const fn summary(self) -> &'static str {
        match self {
            Self::Agent => "looks at this machine and tells the Beforehand collector what it sees",
            Self::Collector => "opens tickets before users notice, and counts what was prevented",
        }
    }

    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Agent => {
                "The agent watches volumes, drives, connections and printers of one machine and\n\
                 reports to one collector. It changes nothing, listens on no port and obeys no command."
            }
            Self::Collector => {
                "The collector receives the reports of agents, opens tickets before users notice,\n\
                 and sends every client an honest monthly count of what was prevented."
            }
        }
    }
}
