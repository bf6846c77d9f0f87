//! Connectivity: paths to a target, name resolution, and endpoints that people use.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which part of the path a ping target stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRole {
    /// The default gateway: the office's own network.
    Gateway,
    /// The first router behind the gateway that is not of a local network: the far end of the access line.
    /// Travels as [`crate::observation::Observation::Hop`].
    Access,
    /// A public address: the line and the internet behind it.
    Anchor,
    /// Another machine of the same office: what both are plugged into. Travels as
    /// [`crate::observation::Observation::Neighbour`].
    Neighbour,
    /// A part that this build does not know: kept, not judged.
    #[serde(other)]
    Other,
}

/// One minute of pings (ICMP echo, RFC 792 and RFC 4443) to one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Address or name that was pinged; the key of the asset within its host.
    pub target: String,
    pub role: LinkRole,
    /// Echo requests sent.
    pub sent: u32,
    /// Requests without an answer in time.
    pub lost: u32,
    /// Median round trip in microseconds; absent when all were lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_us: Option<u32>,
    /// Mean difference of consecutive round trips in microseconds; absent with fewer than two answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter_us: Option<u32>,
}

/// One question to one name server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolver {
    /// Address of the name server, or `system` for the system's own resolution.
    pub server: String,
    /// Name that was asked for.
    pub question: String,
    /// Time to the answer in microseconds.
    pub took_us: u32,
    /// Why there was no usable answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Resolver {
    pub const fn works(&self) -> bool {
        self.error.is_none()
    }
}

/// One request to a web address, or one try of a port or a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The address; the key of the asset within its host.
    pub url: String,
    /// HTTP status, where one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Time to the first byte of the answer in microseconds.
    pub took_us: u32,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The certificate shown, where there is TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

impl Endpoint {
    /// Whether it gave a usable answer: one that it was asked wrongly is one, too.
    pub fn works(&self) -> bool {
        self.error.is_none() && self.status.is_none_or(|status| status < 500)
    }
}

/// The end-entity certificate of a TLS server (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// When the certificate that signed it ends, as the server showed it, where that is sooner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_ends: Option<Timestamp>,
    /// Absent where it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// What programs that check a certificate find, as far as that is seen without knowing authorities. Its time is left
/// to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing wrong.
    Sound,
    /// Signed by itself, by no authority.
    SelfSigned,
    /// Made for other names than the one asked for (RFC 9525).
    OtherName,
    /// The server does not send the certificate between its own and the authority's.
    NoIntermediate,
    /// What this build does not know: kept, not judged.
    #[serde(other)]
    Other,
}
