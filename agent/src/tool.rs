//! The one place where a probe starts child processes: programs of a fixed list, by absolute path, with a time
//! limit and a limit on what they may say.

use std::{io, path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
};

/// A program that the agent may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// smartmontools: health of drives.
    Smartctl,
    /// OpenZFS: pools.
    Zpool,
    /// LVM: logical volumes.
    Lvs,
    /// Smart Array controllers.
    Ssacli,
    /// MegaRAID controllers.
    Storcli,
    /// MegaRAID controllers, as their tool was before.
    Megacli,
    /// Adaptec's controllers.
    Arcconf,
    /// systemd: whether the machine shuts down.
    Systemctl,
}

/// What one question may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub time: Duration,
    /// Of its output; more is an error and ends the program.
    pub bytes: usize,
}

/// What a program said. Its exit status is not judged here: programs give it meanings of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// None when it was ended by a signal.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("it is not installed")]
    Missing,
    #[error("it cannot be started: {0}")]
    NotStarted(io::Error),
    #[error("no answer after {0:?}")]
    TimedOut(Duration),
    #[error("its answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("its answer cannot be read: {0}")]
    Unreadable(io::Error),
}

impl Tool {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smartctl => "smartctl",
            Self::Zpool => "zpool",
            Self::Lvs => "lvs",
            Self::Ssacli => "ssacli",
            Self::Storcli => "storcli",
            Self::Megacli => "megacli",
            Self::Arcconf => "arcconf",
            Self::Systemctl => "systemctl",
        }
    }

    /// Where it is installed, if it is.
    pub fn path(self) -> Option<&'static Path> {
        self.places().iter().map(Path::new).find(|path| path.is_file())
    }

    /// Never looked up in a search path, which others may be able to change.
    const fn places(self) -> &'static [&'static str] {
        if cfg!(windows) { self.on_windows() } else { self.on_linux() }
    }

    const fn on_linux(self) -> &'static [&'static str] {
        match self {
            Self::Smartctl => &["/usr/sbin/smartctl", "/usr/bin/smartctl", "/usr/local/sbin/smartctl"],
            Self::Zpool => &["/usr/sbin/zpool", "/sbin/zpool", "/usr/local/sbin/zpool"],
            Self::Lvs => &["/usr/sbin/lvs", "/sbin/lvs"],
            Self::Ssacli => &["/usr/sbin/ssacli", "/opt/smartstorageadmin/ssacli/bin/ssacli", "/usr/sbin/hpssacli"],
            Self::Storcli => &[
                "/opt/MegaRAID/storcli/storcli64",
                "/usr/sbin/storcli64",
                "/usr/local/sbin/storcli64",
                "/opt/MegaRAID/perccli/perccli64",
            ],
            Self::Megacli => &["/opt/MegaRAID/MegaCli/MegaCli64", "/usr/sbin/megacli", "/usr/sbin/MegaCli64"],
            Self::Arcconf => &["/usr/Arcconf/arcconf", "/usr/StorMan/arcconf", "/usr/sbin/arcconf"],
            Self::Systemctl => &["/usr/bin/systemctl", "/bin/systemctl"],
        }
    }

    const fn on_windows(self) -> &'static [&'static str] {
        match self {
            Self::Smartctl => &[r"C:\Program Files\smartmontools\bin\smartctl.exe"],
            Self::Ssacli => &[r"C:\Program Files\Smart Storage Administrator\ssacli\bin\ssacli.exe"],
            Self::Storcli => &[r"C:\Program Files\MegaRAID\storcli\storcli64.exe"],
            Self::Arcconf => &[
                r"C:\Program Files\Adaptec\maxView Storage Manager\arcconf.exe",
                r"C:\Program Files\Adaptec\Adaptec Storage Manager\arcconf.exe",
            ],
            Self::Zpool | Self::Lvs | Self::Megacli | Self::Systemctl => &[],
        }
    }

    /// Runs it with `args` and gives what it said. After the time limit it is ended; this returns only
    /// when it is gone, which may be never for one that hangs in the system. Callers that cannot wait
    /// leave this running on a task of its own.
    ///
    /// # Errors
    /// See [`ToolError`].
    pub async fn ask(self, args: &[&str], limits: Limits) -> Result<Answer, ToolError> {
        ask(self.path().ok_or(ToolError::Missing)?, args, limits).await
    }
}

async fn ask(program: &Path, args: &[&str], limits: Limits) -> Result<Answer, ToolError> {
    let mut child = start(program, args).map_err(ToolError::NotStarted)?;
    let said = tokio::time::timeout(limits.time, listen(&mut child, limits.bytes)).await;
    let failure = match said {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => error,
        Err(_) => ToolError::TimedOut(limits.time),
    };
    // It may have ended by itself meanwhile.
    let _ = child.kill().await;
    Err(failure)
}

/// With an environment of its own: answers in English, and nothing inherited that changes them.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts child processes")]
fn start(program: &Path, args: &[&str]) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.args(args).env_clear().env("LC_ALL", "C").current_dir(program.parent().unwrap_or(program));
    if let Some(root) = std::env::var_os("SystemRoot") {
        // Programs for Windows do not start without it.
        command.env("SystemRoot", root);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn()
}

async fn listen(child: &mut Child, bytes: usize) -> Result<Answer, ToolError> {
    let stdout = match child.stdout.take() {
        Some(pipe) => read(pipe, bytes).await?,
        None => Vec::new(),
    };
    let status = child.wait().await.map_err(ToolError::Unreadable)?;
    Ok(Answer { status: status.code(), stdout })
}

async fn read(pipe: impl AsyncRead + Unpin, bytes: usize) -> Result<Vec<u8>, ToolError> {
    let mut said = Vec::new();
    let limit = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(1);
    pipe.take(limit).read_to_end(&mut said).await.map_err(ToolError::Unreadable)?;
    if said.len() > bytes { Err(ToolError::TooLong(bytes)) } else { Ok(said) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const SHORT: Limits = Limits { time: Duration::from_millis(50), bytes: 1_000 };
    const LONG: Limits = Limits { time: Duration::from_secs(20), bytes: 1_000 };

    async fn shell(script: &str, limits: Limits) -> Result<Answer, ToolError> {
        ask(Path::new("/bin/sh"), &["-c", script], limits).await
    }

    #[tokio::test]
    async fn what_it_says_and_its_status_are_given_unjudged() {
        let answer = shell("echo fine; exit 64", LONG).await.unwrap();
        assert_eq!(answer, Answer { status: Some(64), stdout: b"fine\n".to_vec() });
    }

    #[tokio::test]
    async fn it_inherits_no_environment_and_speaks_english() {
        let answer = shell("echo ${LC_ALL-none} ${HOME-none} ${CARGO_MANIFEST_DIR-none}", LONG).await.unwrap();
        assert_eq!(String::from_utf8(answer.stdout).unwrap(), "C none none\n");
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended() {
        let error = shell("exec tail -f /dev/null", SHORT).await.unwrap_err();
        assert!(matches!(error, ToolError::TimedOut(_)), "{error}");
    }

    #[tokio::test]
    async fn one_that_talks_without_end_is_ended() {
        let error = shell("exec yes", LONG).await.unwrap_err();
        assert!(matches!(error, ToolError::TooLong(1_000)), "{error}");
    }

    #[tokio::test]
    async fn one_that_does_not_exist_is_told() {
        let error = ask(Path::new("/nowhere/smartctl"), &[], LONG).await.unwrap_err();
        assert!(matches!(error, ToolError::NotStarted(_)), "{error}");
    }
}
