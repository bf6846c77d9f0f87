//! Windows: echo requests by its own service, which needs no rights.
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use super::{ping::PAYLOAD, trace::Answer};
use crate::{probe::ProbeError, time::Stopwatch};
use std::{
    io,
    mem::zeroed,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ptr::{null, null_mut},
    sync::Arc,
    time::Duration,
};
use windows_sys::Win32::{
    Foundation::{ERROR_ACCESS_DENIED, HANDLE, INVALID_HANDLE_VALUE},
    NetworkManagement::IpHelper::{
        ICMP_ECHO_REPLY, ICMPV6_ECHO_REPLY_LH, IP_OPTION_INFORMATION, IP_SUCCESS, IP_TTL_EXPIRED_TRANSIT,
        Icmp6CreateFile, Icmp6SendEcho2, IcmpCloseHandle, IcmpCreateFile, IcmpSendEcho2,
    },
    Networking::WinSock::{AF_INET6, IN6_ADDR, SOCKADDR_IN6},
};

/// A handle of the service for one kind of address.
struct Socket(HANDLE);

// SAFETY: a handle is a number of the whole process, and the service takes it from any thread.
unsafe impl Send for Socket {}
// SAFETY: as above; every call brings buffers of its own.
unsafe impl Sync for Socket {}

impl Drop for Socket {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { IcmpCloseHandle(self.0) };
    }
}

/// One for each kind of address that is pinged.
pub(super) struct Sockets {
    v4: Option<Arc<Socket>>,
    v6: Option<Arc<Socket>>,
}

impl Sockets {
    pub(super) fn open(targets: &[IpAddr]) -> Result<Self, ProbeError> {
        // SAFETY: neither call takes anything.
        let v4 = targets.iter().any(IpAddr::is_ipv4).then(|| socket(unsafe { IcmpCreateFile() })).transpose()?;
        // SAFETY: as above.
        let v6 = targets.iter().any(IpAddr::is_ipv6).then(|| socket(unsafe { Icmp6CreateFile() })).transpose()?;
        Ok(Self { v4, v6 })
    }

    /// `timeout` is how long each answer may take.
    pub(super) fn pinger(&self, address: IpAddr, timeout: Duration) -> std::future::Ready<Option<Pinger>> {
        let socket = if address.is_ipv4() { self.v4.clone() } else { self.v6.clone() };
        std::future::ready(socket.map(|socket| Pinger { socket, address, timeout }))
    }
}

fn socket(handle: HANDLE) -> Result<Arc<Socket>, ProbeError> {
    if handle != INVALID_HANDLE_VALUE {
        return Ok(Arc::new(Socket(handle)));
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error().map(i32::cast_unsigned) {
        Some(ERROR_ACCESS_DENIED) => {
            let why = "Windows lets this account send no pings; the packaged service's account may";
            Err(ProbeError::Denied(why.to_owned()))
        }
        _ => Err(ProbeError::Failed(format!("no pings: {error}"))),
    }
}

pub(super) struct Pinger {
    socket: Arc<Socket>,
    address: IpAddr,
    timeout: Duration,
}

impl Pinger {
    /// The round trip; nothing if no answer came in time. Windows itself tells whole milliseconds only,
    /// so it is measured here.
    pub(super) async fn ping(&mut self, _number: u16) -> Option<Duration> {
        let (socket, address) = (self.socket.clone(), self.address);
        let timeout_ms = u32::try_from(self.timeout.as_millis()).unwrap_or(u32::MAX);
        let look = move || {
            let watch = Stopwatch::start();
            let answered = match address {
                IpAddr::V4(address) => echo_v4(&socket, address, timeout_ms),
                IpAddr::V6(address) => echo_v6(&socket, address, timeout_ms),
            };
            answered.then(|| watch.elapsed())
        };
        tokio::task::spawn_blocking(look).await.ok().flatten()
    }
}

/// Room for one answer, its payload, an ICMP error and what Windows keeps in between.
const ROOM_WORDS: usize = 32;
/// The same in bytes.
const ROOM: u32 = (ROOM_WORDS * size_of::<u64>()) as u32;

fn echo_v4(socket: &Socket, address: Ipv4Addr, timeout_ms: u32) -> bool {
    ask_v4(socket, address, (null(), &PAYLOAD), timeout_ms).is_some_and(|reply| reply.Status == IP_SUCCESS)
}

/// The first answer of whoever gave one.
fn ask_v4(
    socket: &Socket,
    address: Ipv4Addr,
    (options, payload): (*const IP_OPTION_INFORMATION, &[u8]),
    timeout_ms: u32,
) -> Option<ICMP_ECHO_REPLY> {
    let mut room = vec![0u64; ROOM_WORDS + payload.len() / size_of::<u64>()];
    let size = (room.len() * size_of::<u64>()) as u32;
    let (reply, to) = (room.as_mut_ptr(), u32::from_ne_bytes(address.octets()));
    let (data, len) = (payload.as_ptr().cast(), payload.len() as u16);
    // SAFETY: payload, options and room outlive the call, which waits for the answer as no event is given; their
    // sizes are told. What comes back is a reply at the start of the room, if there is one.
    unsafe {
        let replies =
            IcmpSendEcho2(socket.0, null_mut(), None, null(), to, data, len, options, reply.cast(), size, timeout_ms);
        (replies > 0).then(|| reply.cast::<ICMP_ECHO_REPLY>().read_unaligned())
    }
}

/// Who answers one echo request that at most `distance` routers pass on, and after what time.
pub(super) async fn within(target: IpAddr, distance: u8, timeout: Duration) -> (Answer, Duration) {
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    let look = move || {
        let IpAddr::V4(target) = target else { return Answer::Nobody };
        // SAFETY: it takes nothing.
        let Ok(socket) = socket(unsafe { IcmpCreateFile() }) else { return Answer::Nobody };
        let options =
            IP_OPTION_INFORMATION { Ttl: distance, Tos: 0, Flags: 0, OptionsSize: 0, OptionsData: null_mut() };
        let reply = ask_v4(&socket, target, (&raw const options, &PAYLOAD), timeout_ms);
        reply.map_or(Answer::Nobody, |reply| match reply.Status {
            IP_SUCCESS => Answer::Target,
            IP_TTL_EXPIRED_TRANSIT => Answer::Router(Ipv4Addr::from(reply.Address.to_ne_bytes()).into()),
            _ => Answer::Nobody,
        })
    };
    let timed = move || {
        let watch = Stopwatch::start();
        (look(), watch.elapsed())
    };
    tokio::task::spawn_blocking(timed).await.unwrap_or((Answer::Nobody, Duration::ZERO))
}

/// Sizes of packets to try: Ethernet, the same in PPPoE (RFC 2516), in tunnels, and the least of IPv6 (RFC 8200).
const SIZES: [u16; 5] = [1_500, 1_492, 1_460, 1_400, 1_280];
/// Headers of IPv4 and ICMP.
const HEADERS: u16 = 28;
const DO_NOT_FRAGMENT: u8 = 2;

/// The largest packet that reaches the target in one piece, of those that are tried.
pub(super) async fn path_mtu(target: IpAddr, timeout: Duration) -> Option<u16> {
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    let look = move || {
        let IpAddr::V4(target) = target else { return None };
        // SAFETY: it takes nothing.
        let socket = socket(unsafe { IcmpCreateFile() }).ok()?;
        let options =
            IP_OPTION_INFORMATION { Ttl: 128, Tos: 0, Flags: DO_NOT_FRAGMENT, OptionsSize: 0, OptionsData: null_mut() };
        SIZES.into_iter().find(|size| {
            let payload = vec![0; usize::from(size - HEADERS)];
            let reply = ask_v4(&socket, target, (&raw const options, &payload), timeout_ms);
            reply.is_some_and(|reply| reply.Status == IP_SUCCESS)
        })
    };
    tokio::task::spawn_blocking(look).await.ok().flatten()
}

fn echo_v6(socket: &Socket, address: Ipv6Addr, timeout_ms: u32) -> bool {
    let mut room = [0u64; ROOM_WORDS];
    let reply = room.as_mut_ptr();
    let (data, len) = (PAYLOAD.as_ptr().cast(), PAYLOAD.len() as u16);
    // SAFETY: all zeros is a valid address of this kind: none at all.
    let (mut from, mut to): (SOCKADDR_IN6, SOCKADDR_IN6) = unsafe { (zeroed(), zeroed()) };
    from.sin6_family = AF_INET6;
    to.sin6_family = AF_INET6;
    to.sin6_addr = IN6_ADDR { u: windows_sys::Win32::Networking::WinSock::IN6_ADDR_0 { Byte: address.octets() } };
    // SAFETY: as for IPv4; both addresses live on the stack until the call returns.
    unsafe {
        let replies = Icmp6SendEcho2(
            socket.0,
            null_mut(),
            None,
            null(),
            &raw const from,
            &raw const to,
            data,
            len,
            null(),
            reply.cast(),
            ROOM,
            timeout_ms,
        );
        replies > 0 && reply.cast::<ICMPV6_ECHO_REPLY_LH>().read_unaligned().Status == IP_SUCCESS
    }
}
