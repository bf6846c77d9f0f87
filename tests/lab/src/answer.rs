//! Those who answer in the lab: a name server and a web address. And one who only sends.

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use std::{
    io::{BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    thread,
    time::Duration,
};

use crate::time::Clock;

#[derive(Debug, Clone, Subcommand)]
pub enum Answerer {
    /// A name server: any name has one address.
    Dns { address: IpAddr, mood: Mood },
    /// A web address.
    Http { address: IpAddr, mood: Mood },
    /// Sends datagrams to a port where nobody listens, at this rate.
    Flood { to: IpAddr, kbit: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mood {
    Well,
    /// Says that it has failed.
    Failing,
}

const READ: Duration = Duration::from_secs(5);
/// Payload of a datagram that fills an Ethernet frame.
const DATAGRAM: usize = 1_472;
const DISCARD: u16 = 9;

impl Answerer {
    /// Answers until the process is ended.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn run(self) -> Result<()> {
        match self {
            Self::Dns { address, mood } => names(&UdpSocket::bind(SocketAddr::new(address, 53))?, mood),
            Self::Http { address, mood } => pages(&TcpListener::bind(SocketAddr::new(address, 80))?, mood),
            Self::Flood { to, kbit } => flood(SocketAddr::new(to, DISCARD), kbit),
        }
    }
}

fn names(socket: &UdpSocket, mood: Mood) -> Result<()> {
    let mut question = [0; 512];
    loop {
        let Ok((len, from)) = socket.recv_from(&mut question) else { continue };
        if let Some(answer) = name_answer(&question[..len], mood) {
            // Whoever asked may be gone.
            let _ = socket.send_to(&answer, from);
        }
    }
}

/// The question again, and one address (RFC 1035, section 4.1).
fn name_answer(question: &[u8], mood: Mood) -> Option<Vec<u8>> {
    let (id, asked) = (question.get(..2)?, question.get(12..)?);
    let (flags, answers): ([u8; 2], u8) = match mood {
        Mood::Well => ([0x81, 0x80], 1),
        Mood::Failing => ([0x81, 0x82], 0),
    };
    let mut answer = [id, &flags, &[0, 1, 0, answers, 0, 0, 0, 0], asked].concat();
    if answers > 0 {
        // The name of the question, an address of the internet for a minute: 192.0.2.1.
        answer.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
    }
    Some(answer)
}

fn pages(listener: &TcpListener, mood: Mood) -> Result<()> {
    loop {
        let Ok((stream, _)) = listener.accept() else { continue };
        thread::spawn(move || drop(page(stream, mood)));
    }
}

fn page(mut stream: TcpStream, mood: Mood) -> Result<()> {
    stream.set_read_timeout(Some(READ))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let status = match mood {
        Mood::Well => "200 OK",
        Mood::Failing => "503 Service Unavailable",
    };
    Ok(write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?)
}

fn flood(to: SocketAddr, kbit: u32) -> Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    let (clock, datagram) = (Clock::start(), [0; DATAGRAM]);
    let every_us = DATAGRAM as u64 * 8 * 1_000 / u64::from(kbit.max(1));
    for number in 1_u64.. {
        // "Nobody listens" comes back now and then, and is meant.
        let _ = socket.send_to(&datagram, to);
        clock.wait_until(Duration::from_micros(number * every_us));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_agent::probes::connectivity::dns::{DnsError, judge, question};

    #[test]
    fn the_agent_takes_the_name_servers_answers_for_what_they_are() {
        let asked = question(77, "example.com").unwrap_or_default();
        let of = |mood| judge(&asked, &name_answer(&asked, mood).unwrap_or_default());
        assert_eq!((of(Mood::Well), of(Mood::Failing)), (Ok(()), Err(DnsError::ServerFailed)));
    }
}
