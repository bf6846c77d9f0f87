//! Storage management by WMI, on one thread of its own that lives as long as the agent: COM belongs to
//! a thread, and a question that hangs must not hang the probe.

use super::super::reported::{Counter, PhysicalDisk, Reported};
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

type Answer = Result<Reported, String>;

/// The thread, once it runs: asks for an answer to be sent back.
static THREAD: Mutex<Option<Sender<Sender<Answer>>>> = Mutex::new(None);

/// What storage management says.
///
/// # Errors
/// Says why it says nothing.
pub(super) fn ask() -> Answer {
    let (reply, answer) = mpsc::channel();
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    let sent = thread.as_ref().is_some_and(|sender| sender.send(reply.clone()).is_ok());
    if !sent {
        let (sender, questions) = mpsc::channel();
        // The queue cannot be closed yet: its other end is in this function.
        let _ = sender.send(reply);
        thread::Builder::new()
            .name("wmi".to_owned())
            .spawn(move || answer_all(&questions))
            .map_err(|error| format!("no thread for WMI: {error}"))?;
        *thread = Some(sender);
    }
    drop(thread);
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(format!("WMI does not answer within {PATIENCE:?}")))
}

fn answer_all(questions: &Receiver<Sender<Answer>>) {
    let mut connection = None;
    while let Ok(reply) = questions.recv() {
        let answer = look(&mut connection);
        if answer.is_err() {
            connection = None;
        }
        // Whoever asked may have stopped waiting.
        let _ = reply.send(answer);
    }
}

fn look(connection: &mut Option<WMIConnection>) -> Answer {
    let fresh = match connection.take() {
        Some(open) => open,
        None => WMIConnection::with_namespace_path(NAMESPACE).map_err(|error| words(&error))?,
    };
    let wmi = connection.insert(fresh);
    let disks: Vec<PhysicalDisk> = wmi.query().map_err(|error| words(&error))?;
    let counters: Result<Vec<Counter>, WMIError> = wmi.query();
    Ok(Reported { disks, counters: counters.map_err(|error| words(&error)) })
}

fn words(error: &WMIError) -> String {
    match error {
        WMIError::HResultError { hres } if ACCESS_DENIED.contains(&hres.cast_unsigned()) => {
            "its counters need administrator rights: let the service run as LocalSystem".to_owned()
        }
        other => format!("WMI: {other}"),
    }
}
