//! The other end for agents that want one: enough of a Zabbix server (its protocol of active checks)
//! and a scraper for exporters. Both on loopback, both end with the process.

use anyhow::{Context, Result};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// What a Zabbix agent is asked for, each once a minute.
const ITEMS: [&str; 7] = [
    "vfs.fs.size[/,free]",
    "net.if.in[lo]",
    "net.if.out[lo]",
    "beforehand.ping[127.0.0.1]",
    "beforehand.ping[127.0.0.2]",
    "beforehand.ping[127.0.0.3]",
    "beforehand.smart",
];
/// <https://www.zabbix.com/documentation/6.0/en/manual/appendix/protocols/header_datalen>
const HEADER: &[u8] = b"ZBXD\x01";
/// No message of an agent comes near it.
const LONGEST: u32 = 1 << 20;

/// Answers agents that ask for their active checks and deliver their values.
pub(super) fn zabbix_server(address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).with_context(|| format!("{address} is taken"))?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // An agent that breaks off comes again.
            let _ = answer(stream);
        }
    });
    Ok(())
}

fn answer(mut stream: TcpStream) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut head = [0; 13];
    stream.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[5], head[6], head[7], head[8]]).min(LONGEST);
    let mut body = vec![0; length as usize];
    stream.read_exact(&mut body)?;
    let reply = reply();
    stream.write_all(HEADER)?;
    stream.write_all(&u32::try_from(reply.len())?.to_le_bytes())?;
    stream.write_all(&[0; 4])?;
    Ok(stream.write_all(reply.as_bytes())?)
}

/// One answer to every question: agents may compress what they send, and take from the answer what
/// they asked for, their checks or a receipt.
fn reply() -> String {
    let item = |(id, key): (usize, &&str)| {
        format!(r#"{{"key":"{key}","key_orig":"{key}","itemid":{id},"delay":"60","lastlogsize":0,"mtime":0}}"#)
    };
    let items: Vec<String> = (1..).zip(&ITEMS).map(item).collect();
    let info = "processed: 1; failed: 0; total: 1; seconds spent: 0.000001";
    format!(r#"{{"response":"success","info":"{info}","data":[{}]}}"#, items.join(","))
}

/// Scrapes each address once a minute, as a Prometheus server would.
pub(super) fn scraper(addresses: Vec<SocketAddr>) {
    thread::spawn(move || {
        loop {
            for address in &addresses {
                let _ = scrape(*address);
            }
            thread::sleep(Duration::from_secs(60));
        }
    });
}

fn scrape(address: SocketAddr) -> Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /metrics HTTP/1.0\r\nHost: {address}\r\nAccept-Encoding: gzip\r\n\r\n")?;
    let mut answer = Vec::new();
    Ok(stream.read_to_end(&mut answer)?)
}
