//! A real IPP printer on loopback: CUPS's `ippeveprinter`. It needs Avahi and Avahi needs a
//! message bus, so it gets both for itself.

use super::{collector::free_address, place::Place};
use crate::{
    http,
    time::eventually,
    tool::{Service, output, tool},
};
use anyhow::Result;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::net::{TcpStream, UnixStream};

#[derive(Debug)]
pub struct Printer {
    pub port: u16,
    folder: PathBuf,
    /// In the order in which they must end.
    _services: [Service; 3],
}

const AVAHI: &str = "[server]\nallow-interfaces=lo\nuse-ipv4=yes\nuse-ipv6=no\n";

impl Printer {
    /// # Errors
    /// When one of the programs is not installed or does not start.
    pub async fn start(place: &Place) -> Result<Self> {
        let folder = place.path("printer");
        fs::create_dir_all(folder.join("spool"))?;
        let bus = start_bus(&folder).await?;
        let address = format!("unix:path={}", folder.join("bus").display());
        let settings = folder.join("avahi.conf");
        fs::write(&settings, AVAHI)?;
        let mut avahi = tool("avahi-daemon");
        avahi.arg("-f").arg(&settings).args(["--no-chroot", "--no-drop-root", "--no-rlimits"]);
        let avahi_log = folder.join("avahi.log");
        let avahi = Service::start(avahi.env("DBUS_SYSTEM_BUS_ADDRESS", &address), &avahi_log)?;
        eventually("Avahi's start", Duration::from_secs(20), || async {
            avahi.said().contains("Server startup complete").then_some(())
        })
        .await;
        let port = free_address()?.port();
        let job = job_command(&folder)?;
        let mut device = tool("ippeveprinter");
        device.args(["-r", "off", "-n", "localhost", "-f", "text/plain", "-p", &port.to_string()]);
        device.arg("-d").arg(folder.join("spool")).arg("-c").arg(job).arg("Front desk printer");
        let device = Service::start(device.env("DBUS_SYSTEM_BUS_ADDRESS", &address), &folder.join("printer.log"))?;
        eventually("the printer's start", Duration::from_secs(20), || async move {
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        Ok(Self { port, folder, _services: [device, avahi, bus] })
    }

    pub fn uri(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// Sets how much toner is left, through the printer's own page.
    ///
    /// # Errors
    /// When the printer does not answer.
    pub async fn set_toner(&self, per_cent: u8) -> Result<()> {
        let page = format!("http://localhost:{}/supplies?supply0=25&supply1={per_cent}", self.port);
        http::client()?.get(page).send().await?.error_for_status()?;
        Ok(())
    }

    /// Prints a page during which the device's state changes as said, such as `+media-jam-error`.
    ///
    /// # Errors
    /// When the job is not taken.
    pub fn print_with(&self, state: &str) -> Result<()> {
        fs::write(self.folder.join("state"), format!("STATE: {state}\n"))?;
        let page = self.folder.join("page.txt");
        fs::write(&page, "A page.\n")?;
        let mut print = tool("ipptool");
        print.arg("-t").arg("-f").arg(&page).args(["-d", "filetype=text/plain"]).arg(self.uri()).arg("print-job.test");
        output(&mut print)?;
        Ok(())
    }
}

/// Every job says what stands in the file `state` on its standard error, which the device takes as
/// its own state.
fn job_command(folder: &Path) -> Result<PathBuf> {
    let script = folder.join("job.sh");
    fs::write(&script, format!("#!/bin/sh\ncat '{}' >&2\n", folder.join("state").display()))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

async fn start_bus(folder: &Path) -> Result<Service> {
    let (socket, settings) = (folder.join("bus"), folder.join("bus.conf"));
    fs::write(
        &settings,
        format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>system</type>\
             <listen>unix:path={}</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow user=\"*\"/>\
             <allow own=\"*\"/><allow send_destination=\"*\"/><allow send_type=\"*\"/><allow receive_type=\"*\"/>\
             </policy></busconfig>\n",
            socket.display()
        ),
    )?;
    let mut daemon = tool("dbus-daemon");
    daemon.arg("--config-file").arg(&settings).arg("--nofork");
    let service = Service::start(&mut daemon, &folder.join("bus.log"))?;
    eventually("the message bus's start", Duration::from_secs(10), || async {
        UnixStream::connect(&socket).await.ok()
    })
    .await;
    Ok(service)
}
