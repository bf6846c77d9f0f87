//! A real mail server on loopback: OpenSMTPD, which files every mail it takes into a folder.

use super::{collector::free_address, place::Place};
use crate::{
    time::eventually,
    tool::{Service, output, tool},
};
use anyhow::Result;
use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpStream;

#[derive(Debug)]
pub struct MailServer {
    pub address: SocketAddr,
    mails: PathBuf,
    _service: Service,
}

impl MailServer {
    /// # Errors
    /// When it is not installed or cannot be started; it needs root.
    pub async fn start(place: &Place) -> Result<Self> {
        let (address, mails) = (free_address()?, place.path("mails"));
        fs::create_dir_all(&mails)?;
        // It delivers as this user, who must reach the folder.
        output(tool("chown").arg("nobody").arg(&mails))?;
        output(tool("chmod").arg("755").arg(place.folder()))?;
        let config = place.path("smtpd.conf");
        fs::write(
            &config,
            format!(
                "table everybody {{ \"@\" = \"nobody\" }}\nlisten on {} port {}\n\
                 action \"keep\" maildir \"{}/%{{rcpt.user}}@%{{rcpt.domain}}\" virtual <everybody>\n\
                 match from any for any action \"keep\"\n",
                address.ip(),
                address.port(),
                mails.display()
            ),
        )?;
        let mut smtpd = tool("smtpd");
        let service = Service::start(smtpd.args(["-d", "-F", "-f"]).arg(&config), &place.path("smtpd.log"))?;
        eventually("the mail server's start", Duration::from_secs(20), || async move {
            TcpStream::connect(address).await.ok()
        })
        .await;
        Ok(Self { address, mails, _service: service })
    }

    /// The mails delivered to this address, as they arrived.
    ///
    /// # Errors
    /// When a mail cannot be read.
    pub fn received(&self, address: &str) -> Result<Vec<String>> {
        let folder = self.mails.join(address).join("new");
        let Ok(files) = fs::read_dir(folder) else { return Ok(Vec::new()) };
        files.map(|file| Ok(fs::read_to_string(file?.path())?)).collect()
    }

    /// Everybody who got mail.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn recipients(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.mails)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}
