//! The key that updates are verified with, and the only way to an [`Index`]: through its signature.

use super::index::{Index, IndexError};
use crate::limits;
use base64::{Engine, prelude::BASE64_STANDARD};
use minisign_verify::{PublicKey, Signature};

/// A minisign public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateKey(PublicKey);

/// Why something is not trusted.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the update key cannot be read; it is one line that begins with RW, as minisign writes it")]
    NotAKey,
    #[error("the update key is one that anybody can sign for; make a new one with `cargo xtask release-key`")]
    SmallOrder,
    #[error("the {what} is longer than {limit} bytes")]
    TooLong { what: &'static str, limit: usize },
    #[error("the signature cannot be read: {0}")]
    Unreadable(minisign_verify::Error),
    #[error("the index is not signed with this build's key: {0}")]
    NotSigned(minisign_verify::Error),
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Bytes before the key itself: two of the algorithm, eight of the key's number.
const HEAD: usize = 10;

/// The y coordinates of all points whose order divides eight, in every encoding that has 255 bits
/// (RFC 7748 section 7; the list is the one of Cremers and Jackson, "Prime, Order Please!", 2019).
/// With such a key signatures can be made by anybody.
const SMALL_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

impl UpdateKey {
    /// Reads the line of base64 that minisign prints.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`], and [`KeyError::SmallOrder`] for a key that protects nothing.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = PublicKey::from_base64(text.trim()).map_err(|_| KeyError::NotAKey)?;
        let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| KeyError::NotAKey)?;
        let mut point: [u8; 32] = bytes.get(HEAD..).and_then(|point| point.try_into().ok()).ok_or(KeyError::NotAKey)?;
        // The highest bit is the sign of x, not part of y.
        point[31] &= 0x7F;
        let hex: String = point.iter().map(|byte| format!("{byte:02x}")).collect();
        if SMALL_ORDER.contains(&hex.as_str()) { Err(KeyError::SmallOrder) } else { Ok(Self(key)) }
    }

    /// The index that `signature` vouches for.
    ///
    /// # Errors
    /// Says what is wrong. The content is not looked at before the signature holds.
    pub fn open(&self, index: &str, signature: &str) -> Result<Index, KeyError> {
        for (what, text, limit) in
            [("index", index, limits::INDEX_BYTES), ("signature", signature, limits::SIGNATURE_BYTES)]
        {
            if text.len() > limit {
                return Err(KeyError::TooLong { what, limit });
            }
        }
        let signature = Signature::decode(signature).map_err(KeyError::Unreadable)?;
        // Signatures over the bare text, as old versions of minisign made them, are not taken.
        self.0.verify(index.as_bytes(), &signature, false).map_err(KeyError::NotSigned)?;
        Ok(Index::parse(index)?)
    }
}
