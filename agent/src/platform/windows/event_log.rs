//! Warnings and errors for the event log of Windows, where administrators look first.

use crate::time::Clock;
use std::{
    collections::BTreeMap,
    io,
    ptr::null_mut,
    sync::{Mutex, PoisonError},
};
use tracing::{Event, Level, Subscriber, field::Field};
use tracing_subscriber::{Layer, layer::Context};
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::{
    Foundation::HANDLE,
    System::EventLog::{
        DeregisterEventSource, EVENTLOG_ERROR_TYPE, EVENTLOG_WARNING_TYPE, REPORT_EVENT_TYPE, RegisterEventSourceW,
        ReportEventW,
    },
};

/// Longer texts are cut short by the event log itself.
const TEXT_CHARS: usize = 10_000;
/// `EventCreate.exe` holds a message that is nothing but its text, for every number up to 1000.
const MESSAGES: &str = r"%SystemRoot%\System32\EventCreate.exe";
const NUMBER: u32 = 1;
/// Errors, warnings and information.
const KINDS: u32 = 7;

fn key(source: &str) -> String {
    format!(r"SYSTEM\CurrentControlSet\Services\EventLog\Application\{source}")
}

/// Makes `source` known, so that its events are shown as they were written.
pub fn register(source: &str) -> io::Result<()> {
    let key = LOCAL_MACHINE.create(key(source))?;
    key.set_expand_string("EventMessageFile", MESSAGES)?;
    Ok(key.set_u32("TypesSupported", KINDS)?)
}

/// Makes `source` unknown again; nothing if it was.
pub fn unregister(source: &str) {
    // What is not there need not be removed.
    drop(LOCAL_MACHINE.remove_tree(key(source)));
}

/// Writes one error.
pub fn tell(source: &str, text: &str) {
    EventLog::new(source).write(EVENTLOG_ERROR_TYPE, text);
}

/// Writes what is a warning or worse, the same message once an hour at most: the log file has them all,
/// and the event log belongs to others too.
pub struct EventLog {
    source: Vec<u16>,
    /// When each message was last written, in milliseconds since boot.
    written: Mutex<BTreeMap<String, u64>>,
}

const AGAIN_MS: u64 = 3_600_000;

impl EventLog {
    pub fn new(source: &str) -> Self {
        Self { source: source.encode_utf16().chain([0]).collect(), written: Mutex::default() }
    }

    fn is_due(&self, message: &str) -> bool {
        let now = Clock::system().now().mono_ms;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|_, at| now.saturating_sub(*at) < AGAIN_MS);
        let is_new = !written.contains_key(message);
        written.entry(message.to_owned()).or_insert(now);
        is_new
    }

    #[expect(unsafe_code, reason = "the event log is written by calls with pointers")]
    fn write(&self, kind: REPORT_EVENT_TYPE, text: &str) {
        let text: Vec<u16> = text.chars().take(TEXT_CHARS).collect::<String>().encode_utf16().chain([0]).collect();
        let texts = [text.as_ptr()];
        // SAFETY: all texts end with a zero and live until the end; there is one text, as is said.
        unsafe {
            let log: HANDLE = RegisterEventSourceW(std::ptr::null(), self.source.as_ptr());
            if log.is_null() {
                return;
            }
            ReportEventW(log, kind, 0, NUMBER, null_mut(), 1, 0, texts.as_ptr(), std::ptr::null());
            DeregisterEventSource(log);
        }
    }
}

impl<S: Subscriber> Layer<S> for EventLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let kind = match *event.metadata().level() {
            Level::ERROR => EVENTLOG_ERROR_TYPE,
            Level::WARN => EVENTLOG_WARNING_TYPE,
            _ => return,
        };
        let mut text = Text::default();
        event.record(&mut text);
        if self.is_due(&text.message) {
            self.write(kind, &format!("{}{}", text.message, text.fields));
        }
    }
}

/// The message, then the other fields as `name=value`.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl tracing::field::Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.fields += &format!(" {name}={value:?}"),
        }
    }
}
