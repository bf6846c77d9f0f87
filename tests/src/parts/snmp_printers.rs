//! Printers that answer SNMP in all its versions, each at an address of its own on loopback: a simulator that
//! serves recordings.

use super::{collector::free_address, place::Place};
use crate::{
    time::eventually,
    tool::{Service, output, tool},
};
use anyhow::Result;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug)]
pub struct SnmpPrinters {
    pub port: u16,
    folder: PathBuf,
    pub service: Service,
}

/// Of versions 1 and 2c.
pub const COMMUNITY: &str = "public";
/// Passwords of the users of version 3: `sha-aes` (SHA and AES), `sha256-aes`, `sha` (no privacy), `anyone` (neither).
pub const AUTH_PASSWORD: &str = "authpass123";
pub const PRIVACY_PASSWORD: &str = "privpass123";

const USERS: [&[&str]; 4] = [
    &["--v3-user=sha-aes", "--v3-auth-proto=SHA", "--v3-priv-proto=AES"],
    &["--v3-user=sha256-aes", "--v3-auth-proto=SHA256", "--v3-priv-proto=AES"],
    &["--v3-user=sha", "--v3-auth-proto=SHA"],
    &["--v3-user=anyone"],
];

impl SnmpPrinters {
    /// Starts a printer at each address, such as `127.0.0.11`, with its recording (`OID|type|value`, in order).
    ///
    /// # Errors
    /// When the simulator cannot be installed or does not start; it needs root.
    pub async fn start(place: &Place, printers: &[(&str, &str)]) -> Result<Self> {
        Self::start_on(place, free_address()?.port(), printers).await
    }

    /// The same at the port that the collector has printers asked at.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_on_usual_port(place: &Place, printers: &[(&str, &str)]) -> Result<Self> {
        Self::start_on(place, 161, printers).await
    }

    async fn start_on(place: &Place, port: u16, printers: &[(&str, &str)]) -> Result<Self> {
        let folder = place.path("snmp");
        fs::create_dir_all(folder.join("cache"))?;
        let mut simulator = tool(simulator()?);
        // As root, it wants to be told to stay so.
        simulator.args(["--process-user=root", "--process-group=root", "--log-level=error"]);
        simulator.arg(format!("--cache-dir={}", folder.join("cache").display()));
        for (address, recording) in printers {
            let data = folder.join(address);
            fs::create_dir_all(&data)?;
            write(&data, recording)?;
            simulator.arg("--v3-engine-id=auto").args(USERS.iter().flat_map(|user| options(user)));
            simulator.arg(format!("--data-dir={}", data.display()));
            simulator.arg(format!("--agent-udpv4-endpoint={address}:{port}"));
        }
        let service = Service::start(&mut simulator, &folder.join("simulator.log"))?;
        let printers = Self { port, folder, service };
        eventually("the simulator's start", Duration::from_secs(60), || async {
            fs::read_to_string("/proc/net/udp").ok()?.contains(&format!(":{port:04X} ")).then_some(())
        })
        .await;
        Ok(printers)
    }

    /// What the printer at `address`, which is started next, answers in a context of version 3, or to a community of that name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prepare_context(place: &Place, address: &str, name: &str, recording: &str) -> Result<()> {
        let data = place.path("snmp").join(address);
        fs::create_dir_all(&data)?;
        Ok(fs::write(data.join(format!("{name}.snmprec")), recording)?)
    }

    /// Gives a printer another recording, which it answers from at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn change(&self, address: &str, recording: &str) -> Result<()> {
        write(&self.folder.join(address), recording)
    }
}

/// A small laser printer with a black toner of which `left` per cent are left.
pub fn recording(serial: &str, left: u32) -> String {
    format!(
        "1.3.6.1.2.1.1.1.0|4|Example Laser 9000\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41\n\
         1.3.6.1.2.1.1.3.0|67|360000\n1.3.6.1.2.1.2.2.1.6.1|4x|00267354e26a\n\
         1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5\n1.3.6.1.2.1.25.3.2.1.3.1|4|Example Laser 9000\n\
         1.3.6.1.2.1.25.3.2.1.5.1|2|2\n1.3.6.1.2.1.25.3.5.1.1.1|2|3\n1.3.6.1.2.1.25.3.5.1.2.1|4x|0000\n\
         1.3.6.1.2.1.43.5.1.1.17.1|4|{serial}\n1.3.6.1.2.1.43.10.2.1.4.1.1|65|12345\n\
         1.3.6.1.2.1.43.11.1.1.4.1.1|2|3\n1.3.6.1.2.1.43.11.1.1.5.1.1|2|3\n\
         1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Toner\n1.3.6.1.2.1.43.11.1.1.7.1.1|2|19\n\
         1.3.6.1.2.1.43.11.1.1.8.1.1|2|100\n1.3.6.1.2.1.43.11.1.1.9.1.1|2|{left}\n"
    )
}

/// By its community, and by the empty context of version 3.
fn write(data: &Path, recording: &str) -> Result<()> {
    for name in [COMMUNITY, "self"] {
        fs::write(data.join(format!("{name}.snmprec")), recording)?;
    }
    Ok(())
}

fn options(user: &[&str]) -> Vec<String> {
    let mut options: Vec<String> = user.iter().map(|option| (*option).to_owned()).collect();
    if user.iter().any(|option| option.starts_with("--v3-auth")) {
        options.push(format!("--v3-auth-key={AUTH_PASSWORD}"));
    }
    if user.iter().any(|option| option.starts_with("--v3-priv")) {
        options.push(format!("--v3-priv-key={PRIVACY_PASSWORD}"));
    }
    options
}

/// The simulator, installed once below the folder of what is built.
fn simulator() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let tools = std::path::absolute(target.join("tools"))?;
    fs::create_dir_all(&tools)?;
    let alone = File::create(tools.join("snmpsim.lock"))?;
    alone.lock()?;
    let (folder, done) = (tools.join("snmpsim"), tools.join("snmpsim/installed"));
    if !done.exists() {
        output(tool("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        // It does not say that it needs pysmi; privacy needs cryptography.
        let packages = ["snmpsim==1.2.2", "pysmi", "cryptography"];
        output(tool(folder.join("bin/pip")).args(["install", "--quiet"]).args(packages))?;
        File::create(&done)?;
    }
    Ok(folder.join("bin/snmpsim-command-responder"))
}
