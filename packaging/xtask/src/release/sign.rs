//! Packs programs, lists them in an index and signs it.

use super::key;
use crate::time;
use anyhow::{Context, Result, bail, ensure};
use beforehand_shared::{
    limits,
    time::Millis,
    update::{FORMAT, INDEX_FILE, Index, Package, SIGNATURE_FILE, UpdateKey, Version},
};
use clap::Args;
use minisign::PublicKey;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub(crate) struct SignIndex {
    /// The private key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The version of all programs given.
    #[arg(long)]
    version: Version,
    /// Days until nobody installs from this index any more.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=400))]
    days: u16,
    /// Number of this index; must grow [default: the seconds since 1970].
    #[arg(long)]
    serial: Option<u64>,
    /// Where index, signature and packages go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Programs with their platforms, such as linux-x86_64=PATH; docs/updates.md says which to sign.
    #[arg(required = true, value_name = "PLATFORM=FILE")]
    programs: Vec<String>,
}

/// The best ratio that unpacks within the window that agents allow.
const LEVEL: i32 = 19;

impl SignIndex {
    pub(crate) fn run(self) -> Result<()> {
        let secret = key::read(&self.key)?;
        let public = PublicKey::from_secret_key(&secret)?;
        fs::create_dir_all(&self.out)?;
        let packages = self.programs.iter().map(|program| self.pack(program)).collect::<Result<Vec<_>>>()?;
        let made_at = time::now();
        let index = Index {
            format: FORMAT,
            serial: self.serial.unwrap_or_else(|| made_at.0.unsigned_abs() / 1_000),
            made_at,
            expires_at: made_at.plus(Millis::days(i64::from(self.days))),
            packages,
        };
        let text = serde_json::to_string_pretty(&index)?;
        let comment = format!("beforehand serial {} version {}", index.serial, self.version);
        let signature = minisign::sign(Some(&public), &secret, text.as_bytes(), Some(&comment), None)?.to_string();
        // As every agent will do.
        let read = UpdateKey::parse(&public.to_base64())?.open(&text, &signature)?;
        ensure!(read == index, "what was signed does not read as it was written");
        fs::write(self.out.join(INDEX_FILE), text)?;
        fs::write(self.out.join(SIGNATURE_FILE), signature)?;
        println!("{}: serial {}, signed by {}", self.out.display(), index.serial, public.to_base64());
        Ok(())
    }

    fn pack(&self, program: &str) -> Result<Package> {
        let (platform, path) = program.split_once('=').context("give each program as PLATFORM=FILE")?;
        let bytes = fs::read(path).with_context(|| format!("{path} cannot be read"))?;
        if bytes.len() as u64 > limits::PROGRAM_BYTES {
            bail!("{path} has {} bytes; agents unpack at most {}", bytes.len(), limits::PROGRAM_BYTES);
        }
        let packed = zstd::bulk::compress(&bytes, LEVEL)?;
        let file = format!("beforehand-agent-{}-{platform}.zst", self.version);
        fs::write(Path::new(&self.out).join(&file), &packed)?;
        let sha256 = hex::encode(Sha256::digest(&packed));
        println!("{file}: {} bytes, {} unpacked", packed.len(), bytes.len());
        Ok(Package { platform: platform.to_owned(), version: self.version, file, bytes: packed.len() as u64, sha256 })
    }
}
