//! Which C library a program needs.

use crate::tool::{output, tool};
use anyhow::{Context, Result};
use std::{fmt, path::Path};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Version(pub(super) u32, pub(super) u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The newest version of glibc of which `program` uses a symbol.
pub(super) fn needed_by(program: &Path) -> Result<Version> {
    let symbols = output(tool("objdump").arg("-T").arg(program))?;
    newest(&symbols).with_context(|| format!("{} uses no symbol of glibc", program.display()))
}

fn newest(symbols: &str) -> Option<Version> {
    let versions = symbols.split("GLIBC_").skip(1).filter_map(|rest| {
        let digits = rest.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?;
        let mut parts = digits.split('.');
        Some(Version(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    });
    versions.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let symbols = "0 DF *UND* 0 (GLIBC_2.2.5) free\n0 DF *UND* 0 (GLIBC_2.14) memcpy\n0 (GLIBC_PRIVATE) x\n\
                       0 DF *UND* 0 (GLIBC_2.9)  pipe2\n";
        assert_eq!(newest(symbols), Some(Version(2, 14)));
        assert_eq!(newest("no symbols"), None);
    }
}
