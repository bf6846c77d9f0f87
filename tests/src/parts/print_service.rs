//! A real print service on loopback: a CUPS of its own, with one queue in front of a printer that
//! does not exist.

use super::{collector::free_address, place::Place};
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
        let (address, folder) = (free_address()?, place.path("cups"));
        for part in ["root", "spool/tmp", "cache", "state"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // Its backends run as this user.
        output(tool("chown").arg("-R").arg("lp").arg(&folder))?;
        output(tool("chmod").arg("755").arg(place.folder()))?;
        write_settings(&folder, address)?;
        let mut cupsd = tool("cupsd");
        cupsd.arg("-f").arg("-c").arg(folder.join("cupsd.conf")).arg("-s").arg(folder.join("cups-files.conf"));
        let service = Service::start(&mut cupsd, &folder.join("cupsd.log"))?;
        eventually("the print service's start", Duration::from_secs(20), || async move {
            TcpStream::connect(address).await.ok()
        })
        .await;
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

fn write_settings(folder: &Path, address: SocketAddr) -> Result<()> {
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
        "<Printer {QUEUE}>\nInfo Front desk\nDeviceURI {DEVICE}\nState Stopped\nStateMessage Paused by Kim\n\
         Reason paused\nAccepting Yes\nShared No\n</Printer>\n"
    );
    fs::write(folder.join("root/printers.conf"), queue)?;
    Ok(())
}
