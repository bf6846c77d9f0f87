//! Waiting for what other processes do, with a deadline.

use crate::time::Stopwatch;
use anyhow::{Result, bail};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::Duration,
};

/// Asks `ready` until it gives something.
pub(crate) fn until<T>(what: &str, within: Duration, mut ready: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let watch = Stopwatch::start();
    loop {
        if let Some(found) = ready()? {
            return Ok(found);
        }
        if watch.elapsed() > within {
            bail!("{what} did not happen within {} seconds", within.as_secs());
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Measures for this long.
pub(crate) fn pause(time: Duration) {
    thread::sleep(time);
}

/// Whether an HTTP server answers `GET path` with 200.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b"200"))
    };
    ask().unwrap_or(false)
}
