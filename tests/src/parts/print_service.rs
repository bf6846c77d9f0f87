//! A real print service on loopback: a CUPS of its own, with one queue in front of a printer that
//! does not exist.

use super::{
    announced_printer::{self, AnnouncedPrinter},
    collector::free_address,
    place::Place,
};
use crate::{
    time::eventually,
    tool::{Service, output, tool},
};
use anyhow::Result;
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tokio::net::TcpStream;

#[derive(Debug)]
pub struct PrintService {
    pub address: SocketAddr,
    folder: PathBuf,
    _service: Service,
}

const SOON: Duration = Duration::from_secs(20);
/// The only queue.
pub const QUEUE: &str = "front_desk";
/// Nobody listens there.
pub const DEVICE: &str = "ipp://127.0.0.1:9/ipp/print";

impl PrintService {
    /// Starts one whose queue takes jobs and holds them, as somebody stopped it.
    ///
    /// # Errors
    /// When CUPS is not installed or does not start; it needs root.
    pub async fn start(place: &Place) -> Result<Self> {
        let service = Self::prepare(place, DEVICE, tool("cupsd"))?;
        let connect = || async { TcpStream::connect(service.address).await.ok() };
        eventually("the print service's start", SOON, connect).await;
        Ok(service)
    }

    /// One in the network of `printer`, whose queue names that printer by its service (DNS-SD).
    ///
    /// # Errors
    /// As for [`Self::start`].
    pub async fn start_beside(printer: &AnnouncedPrinter, place: &Place) -> Result<Self> {
        let device = format!("dnssd://{}._ipp._tcp.local/", announced_printer::NAME.replace(' ', "%20"));
        let service = Self::prepare(place, &device, printer.inside("cupsd"))?;
        let address = service.address.to_string();
        let runs = || async { output(printer.inside("lpstat").args(["-h", &address, "-p"])).ok() };
        eventually("the print service's start", SOON, runs).await;
        Ok(service)
    }

    fn prepare(place: &Place, device: &str, mut cupsd: Command) -> Result<Self> {
        let (address, folder) = (free_address()?, place.path("cups"));
        for part in ["root", "spool/tmp", "cache", "state"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // Its backends run as this user.
        output(tool("chown").arg("-R").arg("lp").arg(&folder))?;
        output(tool("chmod").arg("755").arg(place.folder()))?;
        write_settings(&folder, address, device)?;
        cupsd.arg("-f").arg("-c").arg(folder.join("cupsd.conf")).arg("-s").arg(folder.join("cups-files.conf"));
        let service = Service::start(&mut cupsd, &folder.join("cupsd.log"))?;
        Ok(Self { address, folder, _service: service })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Prints a page, as a user would.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub fn print(&self) -> Result<()> {
        let page = self.folder.join("page.txt");
        fs::write(&page, "A page.\n")?;
        output(self.client("lp").args(["-d", QUEUE]).arg(page)).map(drop)
    }

    /// Throws away all that waits.
    ///
    /// # Errors
    /// When the service refuses.
    pub fn cancel_all(&self) -> Result<()> {
        output(self.client("cancel").args(["-a", QUEUE])).map(drop)
    }

    fn client(&self, program: &str) -> Command {
        let mut command = tool(program);
        command.env("CUPS_SERVER", self.address.to_string()).env("HOME", &self.folder);
        command
    }
}

fn write_settings(folder: &Path, address: SocketAddr, device: &str) -> Result<()> {
    let path = |name: &str| folder.join(name).display().to_string();
    let files = format!(
        "ServerRoot {}\nRequestRoot {}\nTempDir {}\nCacheDir {}\nStateDir {}\nErrorLog stderr\nAccessLog {}\n\
         PageLog {}\nSystemGroup root\n",
        path("root"),
        path("spool"),
        path("spool/tmp"),
        path("cache"),
        path("state"),
        path("access.log"),
        path("page.log")
    );
    fs::write(folder.join("cups-files.conf"), files)?;
    let rules = "<Location />\n  Order allow,deny\n  Allow from 127.0.0.1\n</Location>\n\
                 <Policy default>\n  <Limit All>\n    Order allow,deny\n    Allow from 127.0.0.1\n  </Limit>\n</Policy>\n";
    let service = format!("Listen {address}\nBrowsing Off\nWebInterface No\nDefaultAuthType None\n{rules}");
    fs::write(folder.join("cupsd.conf"), service)?;
    let queue = format!(
        "<Printer {QUEUE}>\nInfo Front desk\nDeviceURI {device}\nState Stopped\nStateMessage Paused by Kim\n\
         Reason paused\nAccepting Yes\nShared No\n</Printer>\n"
    );
    fs::write(folder.join("root/printers.conf"), queue)?;
    Ok(())
}
