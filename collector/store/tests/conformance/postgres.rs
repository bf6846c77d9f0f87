//! A PostgreSQL of our own in a temporary directory, reached through a socket only, and stopped
//! when the tests are over, however they end. The end-to-end tests start it from this file too.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

pub(crate) struct Cluster {
    dir: TempDir,
    server: Child,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let user = Account::of_postgres();
        user.own(dir.path());
        let data = dir.path().join("data");
        let made = user
            .command("initdb")
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"])
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let log = std::fs::File::create(dir.path().join("log")).unwrap();
        // Nothing here has to survive a power cut.
        let settings = ["fsync=off", "listen_addresses=", "max_connections=200", "shared_buffers=32MB"];
        let mut server = user.command("postgres");
        server.arg("-D").arg(&data).arg("-k").arg(dir.path()).stdout(Stdio::null()).stderr(log);
        server.args(settings.iter().flat_map(|setting| ["-c", setting]));
        let cluster = Self { server: server.spawn().unwrap(), dir };
        cluster.wait(&user).await;
        cluster
    }

    /// The URL of the database `name`; that of `postgres` is there from the start, and empty.
    pub(crate) fn url(&self, name: &str) -> String {
        let socket = self.dir.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{name}")
    }

    async fn wait(&self, user: &Account) {
        for _ in 0..300 {
            let ready = user.command("pg_isready").arg("--quiet").arg("-h").arg(self.dir.path()).status().unwrap();
            if ready.success() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start: {log}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.server);
        // Immediate shutdown: the directory goes away with it.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        let _ = self.server.wait();
    }
}

/// Whom the server runs as: it refuses to run as root.
struct Account {
    root: bool,
    programs: PathBuf,
}

impl Account {
    fn of_postgres() -> Self {
        let versions = Path::new("/usr/lib/postgresql");
        let mut found: Vec<PathBuf> = std::fs::read_dir(versions)
            .expect("PostgreSQL is not installed: apt-get install postgresql")
            .map(|entry| entry.unwrap().path().join("bin"))
            .filter(|bin| bin.join("initdb").exists())
            .collect();
        found.sort();
        let programs = found.pop().expect("PostgreSQL's server programs are not installed");
        Self { root: rustix::process::geteuid().is_root(), programs }
    }

    fn own(&self, dir: &Path) {
        if self.root {
            let owned = run("chown").arg("postgres").arg(dir).status().unwrap();
            assert!(owned.success(), "there is no user postgres");
        }
    }

    /// The server stops with the tests, even when these are killed.
    fn command(&self, program: &str) -> Command {
        let mut command = run("setpriv");
        command.args(["--pdeathsig", "QUIT"]);
        if self.root {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command.arg("--").arg(self.programs.join(program)).current_dir("/");
        command
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests bring up a real PostgreSQL")]
fn run(program: &str) -> Command {
    Command::new(program)
}
