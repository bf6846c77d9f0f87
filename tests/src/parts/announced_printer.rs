//! A printer that announces itself (Avahi and `ippeveprinter`) in a network of its own, which no packet leaves.

use super::place::Place;
use crate::{
    time::eventually,
    tool::{Service, output, tool},
};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

#[derive(Debug)]
pub struct AnnouncedPrinter {
    /// In the order in which they must end; the last one holds the network.
    services: Vec<Service>,
    folder: PathBuf,
    network: u32,
}

/// Of the machine in that network, and so of the printer.
pub const ADDRESS: &str = "192.168.77.1";
pub const PORT: u16 = 18_631;
/// As it announces itself.
pub const NAME: &str = "Back office printer";
const SOON: Duration = Duration::from_secs(30);
const AVAHI: &str = "[server]\nallow-interfaces=front\nuse-ipv4=yes\nuse-ipv6=no\n";
const BUS: &str = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
    \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>system</type>\
    <listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow user=\"*\"/>\
    <allow own=\"*\"/><allow send_destination=\"*\"/><allow send_type=\"*\"/><allow receive_type=\"*\"/>\
    </policy></busconfig>\n";

impl AnnouncedPrinter {
    /// # Errors
    /// When one of the programs is not installed or does not start; it needs root.
    pub async fn start(place: &Place) -> Result<Self> {
        let folder = place.path("announced");
        fs::create_dir_all(folder.join("spool"))?;
        let holder = Service::start(
            tool("unshare").args(["--net", "--mount", "sleep", "infinity"]),
            &folder.join("network.log"),
        )?;
        let mut printer = Self { network: holder.pid(), services: vec![holder], folder };
        printer.wait_for_network().await;
        for words in [
            "link add front type veth peer name back",
            "link set lo up",
            "link set front up",
            "link set back up",
            "addr add 192.168.77.1/24 dev front",
            "route add 224.0.0.0/4 dev front",
        ] {
            output(printer.inside("ip").args(words.split(' ')))?;
        }
        // Avahi believes that there is one of it where its folder is.
        fs::create_dir_all("/run/avahi-daemon")?;
        output(printer.inside("mount").args(["-t", "tmpfs", "avahi", "/run/avahi-daemon"]))?;
        printer.start_bus().await?;
        printer.start_avahi().await?;
        let spool = printer.folder.join("spool");
        let mut device = printer.inside("ippeveprinter");
        device.args(["-f", "text/plain", "-p", &PORT.to_string(), "-d"]).arg(spool).arg(NAME);
        printer.add(device, "printer.log")?;
        Ok(printer)
    }

    /// A command in the printer's network.
    pub fn inside(&self, program: impl AsRef<Path>) -> Command {
        let mut enter = tool("nsenter");
        enter.args(["--target", &self.network.to_string(), "--net", "--mount", "--"]).arg(program.as_ref());
        enter.env("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", self.folder.join("bus").display()));
        enter
    }

    fn add(&mut self, mut command: Command, log: &str) -> Result<()> {
        self.services.insert(0, Service::start(&mut command, &self.folder.join(log))?);
        Ok(())
    }

    /// `unshare` becomes the holder once it has made the network.
    async fn wait_for_network(&self) {
        let holder = format!("/proc/{}/comm", self.network);
        eventually("a network", SOON, || async { fs::read_to_string(&holder).ok().filter(|it| it.trim() == "sleep") })
            .await;
    }

    async fn start_bus(&mut self) -> Result<()> {
        let (socket, settings) = (self.folder.join("bus"), self.folder.join("bus.conf"));
        fs::write(&settings, BUS.replace("SOCKET", &socket.display().to_string()))?;
        let mut daemon = self.inside("dbus-daemon");
        daemon.arg("--nofork").arg(format!("--config-file={}", settings.display()));
        self.add(daemon, "bus.log")?;
        eventually("the message bus's start", SOON, || async { socket.exists().then_some(()) }).await;
        Ok(())
    }

    async fn start_avahi(&mut self) -> Result<()> {
        let settings = self.folder.join("avahi.conf");
        fs::write(&settings, AVAHI)?;
        let mut avahi = self.inside("avahi-daemon");
        avahi.arg("-f").arg(&settings).args(["--no-chroot", "--no-drop-root", "--no-rlimits"]);
        self.add(avahi, "avahi.log")?;
        let avahi = &self.services[0];
        eventually("Avahi's start", SOON, || async { avahi.said().contains("Server startup complete").then_some(()) })
            .await;
        Ok(())
    }
}
