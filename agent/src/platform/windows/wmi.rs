//! Storage management by WMI, on one thread of its own that lives as long as the agent: COM belongs to
//! a thread, and a question that hangs must not hang a probe.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};
use wmi::{WMIConnection, WMIError};

const NAMESPACE: &str = r"ROOT\Microsoft\Windows\Storage";
const PATIENCE: Duration = Duration::from_secs(20);
/// Two ways in which WMI refuses.
const ACCESS_DENIED: [u32; 2] = [0x8004_1003, 0x8007_0005];

type Question = Box<dyn FnOnce(&mut Option<WMIConnection>) + Send>;

/// The thread, once it runs.
static THREAD: Mutex<Option<Sender<Question>>> = Mutex::new(None);

/// The answer to `question`.
///
/// # Errors
/// Says why there is none.
pub(crate) fn ask<T: Send + 'static>(
    question: impl FnOnce(&WMIConnection) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (reply, answer) = mpsc::channel();
    let question: Question = Box::new(move |connection| {
        let said = connected(connection).and_then(question);
        if said.is_err() {
            *connection = None;
        }
        // Whoever asked may have stopped waiting.
        let _ = reply.send(said);
    });
    send(question)?;
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(format!("WMI does not answer within {PATIENCE:?}")))
}

fn send(question: Question) -> Result<(), String> {
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    let unsent = match thread.as_ref() {
        Some(sender) => sender.send(question).err().map(|error| error.0),
        None => Some(question),
    };
    let Some(question) = unsent else { return Ok(()) };
    let (sender, questions) = mpsc::channel();
    // The queue cannot be closed yet: its other end is in this function.
    let _ = sender.send(question);
    thread::Builder::new()
        .name("wmi".to_owned())
        .spawn(move || answer_all(&questions))
        .map_err(|error| format!("no thread for WMI: {error}"))?;
    *thread = Some(sender);
    Ok(())
}

fn answer_all(questions: &Receiver<Question>) {
    let mut connection = None;
    while let Ok(question) = questions.recv() {
        question(&mut connection);
    }
}

fn connected(connection: &mut Option<WMIConnection>) -> Result<&WMIConnection, String> {
    let open = match connection.take() {
        Some(open) => open,
        None => WMIConnection::with_namespace_path(NAMESPACE).map_err(|error| words(&error))?,
    };
    Ok(connection.insert(open))
}

pub(crate) fn words(error: &WMIError) -> String {
    match error {
        WMIError::HResultError { hres } if ACCESS_DENIED.contains(&hres.cast_unsigned()) => {
            "its counters need administrator rights: let the service run as LocalSystem".to_owned()
        }
        other => format!("WMI: {other}"),
    }
}
