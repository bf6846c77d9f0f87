//! Tells the service manager (systemd) that the collector serves, and, as long as its tasks and its
//! web server turn, that it lives. Where there is none, nothing is told.

use crate::{
    app::App,
    tasks::{TASKS, TaskStatus},
};
use beforehand_shared::time::Millis;
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A web server that does not answer within this time does not turn.
const ANSWER: Duration = Duration::from_secs(15);
/// A task may take this long over one run; judging a large provider's first night takes minutes.
const ONE_RUN: Duration = Duration::from_secs(3_600);

/// Says that the collector serves at `address`, then that it lives, until dropped.
pub async fn attend(app: App, address: SocketAddr) {
    tell("READY=1");
    let Some(patience) = patience() else { return };
    let pace = patience / 4;
    let mut turning = Turning::new(pace);
    loop {
        tokio::time::sleep(pace).await;
        if let Some(task) = turning.stuck(&app.tasks.statuses()) {
            tracing::error!(task, "a task does not end; the service manager is to start the collector again");
        } else if !web_turns(address).await {
            tracing::error!(%address, "the web server does not answer; the service manager is to start it again");
        } else {
            tell("WATCHDOG=1");
        }
    }
}

/// Says that the collector ends because it was asked to.
pub fn stopping() {
    tell("STOPPING=1");
}

/// Whether the web server takes a connection and deals with it. Any answer will do: over HTTPS it is
/// an alert, as a plain request is refused there.
pub async fn web_turns(address: SocketAddr) -> bool {
    let exchange = async {
        let mut stream = TcpStream::connect(reachable(address)).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        // A connection that is closed at once was dealt with as well.
        let _ = stream.read(&mut [0; 1]).await;
        Ok::<_, std::io::Error>(())
    };
    timeout(ANSWER, exchange).await.is_ok_and(|exchanged| exchanged.is_ok())
}

/// Where a server that listens on all addresses is reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(ip, address.port())
}

/// How often it was looked at each task without a run of it having ended. Looks are counted instead
/// of time: a machine that slept must not take its sleep for a task that is stuck.
struct Turning {
    pace: Duration,
    seen: BTreeMap<&'static str, (u64, u32)>,
}

impl Turning {
    fn new(pace: Duration) -> Self {
        Self { pace, seen: BTreeMap::new() }
    }

    /// The first task that should have ended a run since long ago.
    fn stuck(&mut self, statuses: &[TaskStatus]) -> Option<&'static str> {
        let mut stuck = None;
        for status in statuses {
            let (runs, looks) = self.seen.entry(status.name).or_insert((status.runs, 0));
            *looks = if *runs == status.runs { *looks + 1 } else { 0 };
            *runs = status.runs;
            if self.pace * *looks > every(status.name) + ONE_RUN {
                stuck = stuck.or(Some(status.name));
            }
        }
        stuck
    }
}

fn every(name: &str) -> Duration {
    let every = TASKS.iter().find(|task| task.name() == name).map_or(Millis::DAY, |task| task.every());
    Duration::from_millis(every.0.unsigned_abs())
}

#[cfg(unix)]
fn tell(state: &str) {
    if let Err(error) = sd_notify::notify(&[sd_notify::NotifyState::Custom(state)]) {
        tracing::debug!("the service manager does not listen: {error}");
    }
}

#[cfg(not(unix))]
fn tell(_state: &str) {}

/// How long the service manager waits for a sign of life, if it does.
#[cfg(unix)]
fn patience() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

#[cfg(not(unix))]
fn patience() -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(runs: u64) -> Vec<TaskStatus> {
        let (name, said) = (crate::tasks::DIGEST, String::new());
        vec![TaskStatus { name, runs, failures: 0, last_run: None, said, error: None, works: true }]
    }

    #[test]
    fn a_task_whose_run_does_not_end_is_noticed_and_one_that_runs_is_not() {
        let mut turning = Turning::new(Duration::from_secs(30));
        let looks = (every(crate::tasks::DIGEST) + ONE_RUN).as_secs() / 30;
        for look in 0..looks * 3 {
            assert_eq!(turning.stuck(&status(look / 50)), None, "a task that ends a run now and then is well");
        }
        let mut turning = Turning::new(Duration::from_secs(30));
        let noticed = (0..looks * 2).find(|_| turning.stuck(&status(7)).is_some()).unwrap();
        assert!((looks..looks + 3).contains(&noticed), "{noticed} of {looks}");
    }

    #[test]
    fn a_server_on_all_addresses_is_asked_on_loopback() {
        for (listens, asked) in
            [("0.0.0.0:8443", "127.0.0.1:8443"), ("[::]:1", "[::1]:1"), ("10.0.0.1:2", "10.0.0.1:2")]
        {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }

    #[tokio::test]
    async fn a_server_that_takes_no_connection_does_not_turn() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(!web_turns(address).await);
    }
}
