//! Windows: what the print spooler says, as it says it. Titles, names of users and machines are passed
//! over unread.
#![expect(unsafe_code, reason = "the spooler is asked by calls with pointers")]

use super::spooler::{RawJob, RawQueue};
use beforehand_shared::time::Timestamp;
use std::{
    io,
    ptr::{null, null_mut},
};
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::{
    Foundation::{ERROR_INSUFFICIENT_BUFFER, FILETIME, SYSTEMTIME},
    Graphics::Printing::{
        ClosePrinter, EnumJobsW, EnumPrintersW, JOB_INFO_2W, OpenPrinterW, PRINTER_ENUM_LOCAL, PRINTER_HANDLE,
        PRINTER_INFO_2W,
    },
    System::Time::SystemTimeToFileTime,
};

/// More jobs than this wait in no queue that works; the oldest come first.
const JOBS: u32 = 1_000;
/// The list may have grown between asking for its size and asking for it.
const TRIES: usize = 3;

/// Every queue of this machine with its jobs. A queue whose jobs may not be seen is shown without.
///
/// # Errors
/// What Windows says when the spooler does not answer.
pub(super) fn queues() -> io::Result<Vec<RawQueue>> {
    let list = listed(|place, len, needed, count| {
        // SAFETY: `listed` hands in a place of `len` bytes and two numbers.
        unsafe { EnumPrintersW(PRINTER_ENUM_LOCAL, null(), 2, place, len, needed, count) }
    })?;
    // SAFETY: level 2 was asked for, so these are what lies at the start of the list.
    let printers = unsafe { list.entries::<PRINTER_INFO_2W>() };
    Ok(printers.iter().map(queue).collect())
}

fn queue(info: &PRINTER_INFO_2W) -> RawQueue {
    // SAFETY: the spooler's texts end with a zero and live as long as the list that holds `info`.
    let (name, port) = unsafe { (text(info.pPrinterName), text(info.pPortName)) };
    let jobs = jobs(&name).unwrap_or_else(|error| {
        tracing::warn!(queue = name, %error, "the jobs of a queue are not seen");
        Vec::new()
    });
    RawQueue { host: host(&port), name, port, attributes: info.Attributes, status: info.Status, jobs }
}

/// A printer opened for looking at it.
struct Opened(PRINTER_HANDLE);

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { ClosePrinter(self.0) };
    }
}

fn jobs(queue: &str) -> io::Result<Vec<RawJob>> {
    let name: Vec<u16> = queue.encode_utf16().chain([0]).collect();
    let mut handle = PRINTER_HANDLE::default();
    // SAFETY: the name ends with a zero; no defaults means the right to use the printer, no more.
    if unsafe { OpenPrinterW(name.as_ptr(), &raw mut handle, null()) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let printer = Opened(handle);
    let list = listed(|place, len, needed, count| {
        // SAFETY: as for the printers; the handle is open until the end of this function.
        unsafe { EnumJobsW(printer.0, 0, JOBS, 2, place, len, needed, count) }
    })?;
    // SAFETY: level 2 was asked for.
    let jobs = unsafe { list.entries::<JOB_INFO_2W>() };
    let job = |job: &JOB_INFO_2W| RawJob {
        id: job.JobId,
        status: job.Status,
        submitted: timestamp(&job.Submitted),
        pages_done: job.PagesPrinted,
    };
    Ok(jobs.iter().map(job).collect())
}

/// What a listing call wrote: entries at the start, and the texts they point to behind them.
struct List {
    place: Vec<u64>,
    count: usize,
}

impl List {
    /// # Safety
    /// The call must have written entries of the type `T`.
    unsafe fn entries<T>(&self) -> &[T] {
        if self.count == 0 {
            return &[];
        }
        // SAFETY: the caller vouches for the type; eight bytes is as much alignment as any needs.
        unsafe { std::slice::from_raw_parts(self.place.as_ptr().cast(), self.count) }
    }
}

/// Asks `list` how much room it needs, then for the list itself. It takes the place, its bytes, and where
/// to put the bytes needed and the number of entries.
fn listed(list: impl Fn(*mut u8, u32, *mut u32, *mut u32) -> i32) -> io::Result<List> {
    let (mut place, mut needed, mut count) = (Vec::<u64>::new(), 0, 0);
    for _ in 0..TRIES {
        let len = u32::try_from(size_of_val(place.as_slice())).unwrap_or(u32::MAX);
        let start = if place.is_empty() { null_mut() } else { place.as_mut_ptr().cast() };
        if list(start, len, &raw mut needed, &raw mut count) != 0 {
            return Ok(List { place, count: count as usize });
        }
        let error = io::Error::last_os_error();
        if error.raw_os_error() != Some(ERROR_INSUFFICIENT_BUFFER as i32) {
            return Err(error);
        }
        place = vec![0; (needed as usize).div_ceil(size_of::<u64>())];
    }
    Err(io::Error::other("its list grows faster than it can be read"))
}

/// # Safety
/// `text` must be null or end with a zero.
unsafe fn text(text: *const u16) -> String {
    if text.is_null() {
        return String::new();
    }
    let mut len = 0;
    // SAFETY: the caller vouches for the zero, at which this stops.
    unsafe {
        while *text.add(len) != 0 {
            len += 1;
        }
        String::from_utf16_lossy(std::slice::from_raw_parts(text, len))
    }
}

/// Host name or address behind a port of the kind "Standard TCP/IP", from the port monitor's settings.
fn host(port: &str) -> Option<String> {
    const PORTS: &str = r"SYSTEM\CurrentControlSet\Control\Print\Monitors\Standard TCP/IP Port\Ports";
    let key = LOCAL_MACHINE.open(format!(r"{PORTS}\{port}")).ok()?;
    let set = |name: &str| key.get_string(name).ok().filter(|value| !value.is_empty());
    set("HostName").or_else(|| set("IPAddress"))
}

/// 1970 in the count of Windows, which began in 1601, in units of 100 ns.
const UNIX_EPOCH: i64 = 116_444_736_000_000_000;

/// Jobs are dated in UTC. A date that is none lies ahead, so that no job is called old for want of one.
fn timestamp(date: &SYSTEMTIME) -> Timestamp {
    let mut time = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
    // SAFETY: both live on the stack until the call returns.
    if unsafe { SystemTimeToFileTime(date, &raw mut time) } == 0 {
        return Timestamp(i64::MAX);
    }
    let units = (i64::from(time.dwHighDateTime) << 32) | i64::from(time.dwLowDateTime);
    Timestamp((units - UNIX_EPOCH) / 10_000)
}
