//! Public data kept beside the repository: what real devices said. Where it is absent, the tests that read it
//! check nothing, and say so past the capture of what tests print.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// A folder of the public data, if it is there.
pub(crate) fn public_data(folder: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("BEFOREHAND_DATA").map_or(beside, PathBuf::from).join(folder);
    if data.is_dir() {
        return Some(data);
    }
    // It is only a remark.
    let _ = writeln!(std::io::stderr(), "NOT CHECKED: no public data at {} (BEFOREHAND_DATA)", data.display());
    None
}
