//! One spooled report as bytes: a header that names and checks it, then the compressed report.

use beforehand_shared::{ids::Incarnation, time::Timestamp};
use uuid::Uuid;

const MAGIC: [u8; 4] = *b"BFHR";
const VERSION: u32 = 1;
/// magic 4, version 4, checksum 4, length 4, seq 8, time 8, incarnation 16.
pub const HEADER_BYTES: usize = 48;
const CHECKED_FROM: usize = 12;

/// A report as it lies in the spool. The header repeats what the report says inside, so that the
/// spool need not expand it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub incarnation: Incarnation,
    pub seq: u64,
    pub made_at: Timestamp,
    /// The report as it travels.
    pub body: Vec<u8>,
}

/// Why bytes are not a spooled report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("it does not begin as a spooled report does")]
    NotOurs,
    #[error("it has version {0} of the format; this agent reads {VERSION}")]
    OtherVersion(u32),
    #[error("it ends too early or too late")]
    Length,
    #[error("its checksum is wrong")]
    Checksum,
}

impl Stored {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.body.len());
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(u32::try_from(self.body.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(self.seq.to_le_bytes());
        bytes.extend(self.made_at.0.to_le_bytes());
        bytes.extend(self.incarnation.0.as_bytes());
        bytes.extend(&self.body);
        let checksum = crc32fast::hash(&bytes[CHECKED_FROM..]);
        bytes[8..CHECKED_FROM].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// # Errors
    /// [`Damage`] says in which way `bytes` are not what [`Stored::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        let (Some(magic), Some(version)) = (field(bytes, 0), field(bytes, 4)) else { return Err(Damage::NotOurs) };
        if magic != MAGIC {
            return Err(Damage::NotOurs);
        }
        if u32::from_le_bytes(version) != VERSION {
            return Err(Damage::OtherVersion(u32::from_le_bytes(version)));
        }
        let body = bytes.get(HEADER_BYTES..).ok_or(Damage::Length)?;
        let number = |at| field(bytes, at).map(u32::from_le_bytes).ok_or(Damage::Length);
        if usize::try_from(number(12)?) != Ok(body.len()) {
            return Err(Damage::Length);
        }
        if number(8)? != crc32fast::hash(&bytes[CHECKED_FROM..]) {
            return Err(Damage::Checksum);
        }
        Ok(Self {
            incarnation: Incarnation(Uuid::from_bytes(field(bytes, 32).ok_or(Damage::Length)?)),
            seq: u64::from_le_bytes(field(bytes, 16).ok_or(Damage::Length)?),
            made_at: Timestamp(i64::from_le_bytes(field(bytes, 24).ok_or(Damage::Length)?)),
            body: body.to_vec(),
        })
    }

    pub const fn name(&self) -> Name {
        Name { seq: self.seq, made_at: self.made_at, incarnation: self.incarnation }
    }
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

/// What a file's name says, so that opening the spool reads no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub seq: u64,
    pub made_at: Timestamp,
    pub incarnation: Incarnation,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:020}.{}.{}.report", self.seq, self.made_at.0, self.incarnation)
    }
}

impl Name {
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(".report")?.split('.');
        let (seq, made_at, incarnation) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(())?;
        Some(Self {
            seq: seq.parse().ok()?,
            made_at: Timestamp(made_at.parse().ok()?),
            incarnation: incarnation.parse().ok()?,
        })
    }
}
