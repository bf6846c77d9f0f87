//! An SNMP agent of the test on loopback (versions 1 and 2c), which answers as it is told: well, or badly.

use beforehand_agent::probes::printer::snmp::table::{Oid, Value};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::net::UdpSocket;

/// A question as it came.
pub(crate) struct Question {
    pub(crate) version: u8,
    pub(crate) community: Vec<u8>,
    pub(crate) id: Vec<u8>,
    pub(crate) repetitions: u8,
    pub(crate) oids: Vec<Oid>,
}

pub(crate) struct SnmpAgent {
    pub(crate) address: SocketAddr,
    questions: Arc<AtomicUsize>,
}

impl SnmpAgent {
    /// One that sends whatever `answers` makes of each question.
    pub(crate) async fn start(mut answers: impl FnMut(&Question) -> Vec<Vec<u8>> + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let questions = Arc::new(AtomicUsize::new(0));
        let count = questions.clone();
        tokio::spawn(async move {
            let mut packet = vec![0; 65_536];
            while let Ok((len, from)) = socket.recv_from(&mut packet).await {
                count.fetch_add(1, Ordering::Relaxed);
                for answer in answers(&question(&packet[..len])) {
                    // One that is too large for a packet is not sent.
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Self { address, questions }
    }

    /// One that answers from a recording.
    pub(crate) async fn of(bindings: Vec<(Oid, Value)>) -> Self {
        let table: BTreeMap<Oid, Value> = bindings.into_iter().collect();
        Self::start(move |question| vec![from_table(&table, question)]).await
    }

    pub(crate) fn questions(&self) -> usize {
        self.questions.load(Ordering::Relaxed)
    }
}

/// The right answer to GETNEXT and GETBULK.
pub(crate) fn from_table(table: &BTreeMap<Oid, Value>, question: &Question) -> Vec<u8> {
    let next = |oid: &Oid| table.range(oid.clone()..).find(|(other, _)| *other != oid);
    if question.version == 0 {
        let found: Vec<_> = question.oids.iter().map(next).collect();
        // noSuchName, at the place of the first that has no successor.
        return match found.iter().position(Option::is_none) {
            Some(place) => answer(question, 2, place as u8 + 1, &[]),
            None => {
                answer(question, 0, 0, &found.into_iter().flatten().map(|(oid, it)| bound(oid, it)).collect::<Vec<_>>())
            }
        };
    }
    let (mut at, mut bindings) = (question.oids.clone(), Vec::new());
    for _ in 0..question.repetitions.max(1) {
        for oid in &mut at {
            match next(oid) {
                Some((other, value)) => {
                    bindings.push(bound(other, value));
                    oid.clone_from(other);
                }
                None => bindings.push(tlv(0x30, &[encoded(oid), tlv(0x82, &[])].concat())),
            }
        }
    }
    answer(question, 0, 0, &bindings)
}

pub(crate) fn answer(question: &Question, status: u8, place: u8, bindings: &[Vec<u8>]) -> Vec<u8> {
    answer_to(question, &question.id, (status, place), bindings)
}

/// An answer with another number than the question's.
pub(crate) fn answer_to(question: &Question, id: &[u8], error: (u8, u8), bindings: &[Vec<u8>]) -> Vec<u8> {
    let list = tlv(0x30, &bindings.concat());
    let pdu = [tlv(2, id), tlv(2, &[error.0]), tlv(2, &[error.1]), list].concat();
    tlv(0x30, &[tlv(2, &[question.version]), tlv(4, &question.community), tlv(0xA2, &pdu)].concat())
}

pub(crate) fn bound(oid: &[u32], value: &Value) -> Vec<u8> {
    let value = match value {
        Value::Number(number) => tlv(2, &(*number as i32).to_be_bytes()),
        Value::Bytes(bytes) => tlv(4, bytes),
        Value::Oid(other) => encoded(other),
    };
    tlv(0x30, &[encoded(oid), value].concat())
}

/// An object identifier (X.690, section 8.19).
fn encoded(oid: &[u32]) -> Vec<u8> {
    let (first, rest) = match oid {
        [first, second, rest @ ..] => (first * 40 + second, rest),
        _ => (0, &[][..]),
    };
    let base_128 = |number: u32| {
        let mut digits = vec![(number & 0x7F) as u8];
        let mut left = number >> 7;
        while left > 0 {
            digits.insert(0, (left & 0x7F) as u8 | 0x80);
            left >>= 7;
        }
        digits
    };
    tlv(6, &std::iter::once(first).chain(rest.iter().copied()).flat_map(base_128).collect::<Vec<_>>())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = match content.len() {
        len @ ..128 => vec![len as u8],
        len => vec![0x82, (len >> 8) as u8, len as u8],
    };
    [&[tag][..], &len, content].concat()
}

/// The parts of a content, each with its tag.
fn parts(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut parts = Vec::new();
    while let [tag, len, rest @ ..] = bytes {
        let (len, rest) = match *len {
            0x81 => (rest[0] as usize, &rest[1..]),
            0x82 => (usize::from(rest[0]) << 8 | usize::from(rest[1]), &rest[2..]),
            len => (len as usize, rest),
        };
        parts.push((*tag, &rest[..len]));
        bytes = &rest[len..];
    }
    parts
}

fn question(packet: &[u8]) -> Question {
    let message = parts(parts(packet)[0].1);
    let pdu = parts(message[2].1);
    let oid = |binding: &(u8, &[u8])| decoded(parts(binding.1)[0].1);
    Question {
        version: message[0].1[0],
        community: message[1].1.to_vec(),
        id: pdu[0].1.to_vec(),
        repetitions: *pdu[2].1.last().unwrap(),
        oids: parts(pdu[3].1).iter().map(oid).collect(),
    }
}

fn decoded(bytes: &[u8]) -> Oid {
    let (mut oid, mut number) = (Vec::new(), 0_u32);
    for byte in bytes {
        number = number << 7 | u32::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            oid.push(number);
            number = 0;
        }
    }
    let first = oid[0];
    [&[first / 40, first % 40], &oid[1..]].concat()
}
