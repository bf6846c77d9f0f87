//! Reading the folder of public data, whose layout `docs/foresight.md` describes.

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// The root of the data.
#[derive(Debug, Clone)]
pub struct Data(PathBuf);

impl Data {
    /// # Errors
    /// When it is no folder.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.is_dir() {
            bail!("{} is no folder: --data names a folder that holds usage/, smart/, net/ …", root.display());
        }
        Ok(Self(root.to_owned()))
    }

    /// For messages.
    pub fn root(&self) -> std::path::Display<'_> {
        self.0.display()
    }

    /// A file below the root.
    ///
    /// # Errors
    /// When it is not there.
    pub fn file(&self, relative: &str) -> Result<PathBuf> {
        let path = self.0.join(relative);
        if !path.is_file() {
            bail!("{relative} is missing");
        }
        Ok(path)
    }

    /// The files below `relative` whose name ends with one of `endings`, sorted.
    ///
    /// # Errors
    /// When there is none.
    pub fn files(&self, relative: &str, endings: &[&str]) -> Result<Vec<PathBuf>> {
        let folder = self.0.join(relative);
        let entries = fs::read_dir(&folder).with_context(|| format!("{relative}/ is missing"))?;
        let mut found: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        found.retain(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)));
        if found.is_empty() {
            bail!("{relative}/ holds no *{}", endings.join(" or *"));
        }
        found.sort();
        Ok(found)
    }
}

/// Every row of a CSV file with a header, compressed or not.
///
/// # Errors
/// When it cannot be read; names the file and the line.
pub fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = BufReader::new(File::open(path).with_context(name)?);
    let text: Box<dyn Read> = match path.extension().is_some_and(|end| end == "gz") {
        true => Box::new(MultiGzDecoder::new(file)),
        false => Box::new(file),
    };
    csv::Reader::from_reader(text).deserialize().collect::<Result<_, _>>().with_context(name)
}

/// The name of a file without its folder and its endings.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.trim_end_matches(".gz").trim_end_matches(".csv").to_owned()
}
