//! How a machine becomes a host: a single-use token, bound to a site, against a secret that the
//! machine makes itself and of which the collector keeps only a hash.

use crate::ids::{ClientId, HostId, Incarnation, SiteId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    pub token: String,
    pub host_name: String,
    pub os: String,
    pub agent: String,
    /// Lower-case hexadecimal SHA-256 of the secret; the secret itself never travels here.
    pub secret_sha256: String,
    /// Hash of the machine's own identity, to link a reinstalled agent with its former self.
    pub machine: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
    pub incarnation: Incarnation,
    /// Names for people, to print.
    pub client_name: String,
    pub site_name: String,
}

/// Paths of the protocol.
pub const REPORTS_PATH: &str = "/api/v1/reports";
pub const ENROL_PATH: &str = "/api/v1/enrol";
