//! Asks smartctl about every drive, a few at a time. A drive that hangs costs only itself: it is
//! reported as blind, and not asked again before the earlier question has ended.

use super::parse::{self, Candidate};
use crate::{
    probe::ProbeError,
    tool::{Answer, Limits, Tool, ToolError},
};
use beforehand_shared::drive::Drive;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::Semaphore, task::JoinSet};

/// An answer with every log is under 200 KiB.
const LIMITS: Limits = Limits { time: Duration::from_secs(20), bytes: 2 * 1024 * 1024 };
/// After this long a question that should have been ended hangs in the system.
const PATIENCE: Duration = Duration::from_secs(22);
const AT_A_TIME: usize = 4;

/// Why smartctl may list nothing. The packaged service has a `/dev` of its own without drives in it.
const UNSEEN: &str = "smartctl finds no drive; the service may not see devices. Linux: let it by \
    /usr/share/doc/beforehand-agent/examples/drives.conf, as its first lines say. Windows: let the service run as \
    LocalSystem";

/// Which drives are being asked, across runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking(Arc<Mutex<BTreeSet<String>>>);

/// Ends the question however its task ends.
struct Asked(Asking, String);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Asking {
    /// Every drive that smartctl lists, those that cannot be asked among them.
    ///
    /// # Errors
    /// When it lists nothing.
    pub(super) async fn all(&self) -> Result<Vec<Drive>, ProbeError> {
        let scan = Tool::Smartctl.ask(&["--scan-open", "--json=c"], LIMITS).await.map_err(|error| failed(&error))?;
        let candidates = listed(&scan.stdout)?;
        let (turns, mut tasks) = (Arc::new(Semaphore::new(AT_A_TIME)), JoinSet::new());
        for candidate in candidates {
            let (asking, turns) = (self.clone(), turns.clone());
            tasks.spawn(async move {
                let _turn = turns.acquire().await;
                asking.one(candidate).await
            });
        }
        Ok(tasks.join_all().await.into_iter().flatten().collect())
    }

    /// Nothing for a drive that is none.
    async fn one(&self, candidate: Candidate) -> Option<Drive> {
        let device = candidate.device();
        if let Some(why) = &candidate.closed {
            return Some(Drive::blind(&device, why));
        }
        let Some(asked) = self.begin(&device) else {
            return Some(Drive::blind(&device, "an earlier question to it still hangs in the system"));
        };
        // A task of its own, which may outlive this run.
        let question = tokio::spawn(async move {
            let _asked = asked;
            let args = ["--json=c", "-x", "-n", "standby", "-d", &candidate.kind, &candidate.name];
            (Tool::Smartctl.ask(&args, LIMITS).await, candidate)
        });
        match tokio::time::timeout(PATIENCE, question).await {
            Ok(Ok((answer, candidate))) => read(answer, &candidate),
            Ok(Err(error)) => Some(Drive::blind(&device, &format!("the probe stopped with an error: {error}"))),
            Err(_) => Some(Drive::blind(&device, "it does not answer, and the question hangs in the system")),
        }
    }

    fn begin(&self, device: &str) -> Option<Asked> {
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(device.to_owned());
        fresh.then(|| Asked(self.clone(), device.to_owned()))
    }
}

/// At least one.
fn listed(scan: &[u8]) -> Result<Vec<Candidate>, ProbeError> {
    let candidates = parse::scan(scan).map_err(|error| ProbeError::Failed(error.to_string()))?;
    if candidates.is_empty() { Err(ProbeError::Denied(UNSEEN.to_owned())) } else { Ok(candidates) }
}

fn read(answer: Result<Answer, ToolError>, candidate: &Candidate) -> Option<Drive> {
    let blind = |why: String| Some(Drive::blind(&candidate.device(), &why));
    match answer {
        Ok(answer) => parse::drive(&answer.stdout, candidate).unwrap_or_else(|error| blind(error.to_string())),
        Err(error) => blind(format!("smartctl: {error}")),
    }
}

fn failed(error: &ToolError) -> ProbeError {
    match error {
        ToolError::TimedOut(after) => ProbeError::TimedOut(*after),
        ToolError::NotStarted(cause) if cause.kind() == std::io::ErrorKind::PermissionDenied => {
            ProbeError::Denied("smartctl may not be started by the agent's user".to_owned())
        }
        other => ProbeError::Failed(format!("smartctl: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::drive::Verdict;

    fn candidate(closed: Option<&str>) -> Candidate {
        Candidate { name: "/dev/sda".to_owned(), kind: "sat".to_owned(), closed: closed.map(str::to_owned) }
    }

    #[tokio::test]
    async fn a_drive_that_still_hangs_is_not_asked_again_until_the_question_has_ended() {
        let asking = Asking::default();
        let hanging = asking.begin("/dev/sda").unwrap();
        let drive = asking.one(candidate(None)).await.unwrap();
        assert!(matches!(&drive.verdict, Verdict::Blind { why } if why.contains("still hangs")), "{drive:?}");
        assert!(asking.begin("/dev/sdb").is_some(), "another drive may be asked meanwhile");
        drop(hanging);
        assert!(asking.begin("/dev/sda").is_some());
    }

    #[tokio::test]
    async fn a_drive_that_the_list_calls_closed_is_blind_with_that_reason() {
        let drive = Asking::default().one(candidate(Some("may not"))).await.unwrap();
        assert_eq!(drive.verdict, Verdict::Blind { why: "may not".to_owned() });
    }

    #[test]
    fn a_list_without_drives_is_an_error_that_says_what_to_do() {
        let error = listed(br#"{"smartctl": {"exit_status": 0}}"#).unwrap_err();
        assert!(matches!(error, ProbeError::Denied(why) if why.contains("examples/drives.conf")));
    }

    #[test]
    fn what_smartctl_does_not_answer_in_time_is_blind() {
        let drive = read(Err(ToolError::TimedOut(Duration::from_secs(20))), &candidate(None)).unwrap();
        assert!(
            matches!(&drive.verdict, Verdict::Blind { why } if why == "smartctl: no answer after 20s"),
            "{drive:?}"
        );
    }
}
