//! Asks smartctl about every drive, a few at a time. A drive that hangs costs only itself: it is
//! reported as blind, and not asked again before the earlier question has ended.

use super::{
    RIGHTS, behind,
    controllers::{self, Scsi},
    parse::{self, Candidate},
};
use crate::{
    probe::ProbeError,
    questions::Questions,
    tool::{Answer, Limits, Tool, ToolError},
};
use beforehand_shared::drive::{Drive, Verdict};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::JoinSet};

/// An answer with every log is under 200 KiB.
pub(super) const LIMITS: Limits = Limits { time: Duration::from_secs(20), bytes: 2 * 1024 * 1024 };
/// After this long a question that should have been ended hangs in the system.
const PATIENCE: Duration = Duration::from_secs(22);
const AT_A_TIME: usize = 4;

/// What the question which drives there are is called among the questions.
const LIST: &str = "the list of drives";

/// What is being asked, across runs.
#[derive(Debug, Clone)]
pub(super) struct Asking(pub(super) Questions);

impl Default for Asking {
    fn default() -> Self {
        Self(Questions::new(PATIENCE))
    }
}

impl Asking {
    /// Every drive that smartctl lists and every one that it does not list behind a RAID controller of `scsi`,
    /// those that cannot be asked among them.
    ///
    /// # Errors
    /// When there is none, or it does not answer.
    pub(super) async fn all(&self, scsi: &Scsi) -> Result<Vec<Drive>, ProbeError> {
        let scan = self.0.ask(LIST, Tool::Smartctl.ask(&["--scan-open", "--json=c"], LIMITS)).await;
        let scan = scan.map_err(ProbeError::Failed)?.map_err(|error| failed(&error))?;
        let candidates = parse::scan(&scan.stdout).map_err(|error| ProbeError::Failed(error.to_string()))?;
        let (controllers, lists) = (controllers::unlisted(scsi, &candidates), !candidates.is_empty());
        let (turns, mut tasks) = (Arc::new(Semaphore::new(AT_A_TIME)), JoinSet::new());
        for candidate in candidates {
            let (asking, turns) = (self.clone(), turns.clone());
            tasks.spawn(async move {
                let _turn = turns.acquire().await;
                asking.one(candidate).await
            });
        }
        let direct: Vec<Drive> = tasks.join_all().await.into_iter().flatten().collect();
        let behind = behind::all(self, &controllers, &direct).await;
        let may_see = lists || behind.iter().any(|it| !matches!(it.verdict, Verdict::Blind { .. }));
        if may_see { Ok([direct, behind].concat()) } else { Err(sees_nothing()) }
    }

    /// Nothing for a drive that is none.
    async fn one(&self, candidate: Candidate) -> Option<Drive> {
        let device = candidate.device();
        if let Some(why) = &candidate.closed {
            return Some(Drive::blind(&device, why));
        }
        let question = async move {
            let answer = Tool::Smartctl.ask(&question(&candidate), LIMITS).await;
            read(answer, &candidate)
        };
        self.0.ask(&device, question).await.unwrap_or_else(|why| Some(Drive::blind(&device, &why)))
    }
}

/// As the list says how to ask it, and without waking it.
pub(super) fn question(candidate: &Candidate) -> [&str; 7] {
    ["--json=c", "-x", "-n", "standby", "-d", &candidate.kind, &candidate.name]
}

fn sees_nothing() -> ProbeError {
    ProbeError::Denied(format!("smartctl finds no drive; the service may not see devices. {RIGHTS}"))
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

    fn candidate(closed: Option<&str>) -> Candidate {
        Candidate { name: "/dev/sda".to_owned(), kind: "sat".to_owned(), closed: closed.map(str::to_owned) }
    }

    #[tokio::test]
    async fn a_list_and_a_drive_that_hang_cost_only_themselves() {
        let asking = Asking(Questions::new(Duration::ZERO));
        let hangs = asking.0.ask(LIST, std::future::pending::<()>()).await;
        assert!(hangs.is_err());
        let error = asking.all(&Scsi::default()).await.unwrap_err();
        assert!(matches!(&error, ProbeError::Failed(why) if why.contains("still hangs")), "{error}");
        assert!(asking.0.ask("/dev/sda", std::future::pending::<()>()).await.is_err());
        let drive = asking.one(candidate(None)).await.unwrap();
        assert!(matches!(&drive.verdict, Verdict::Blind { why } if why.contains("still hangs")), "{drive:?}");
    }

    #[tokio::test]
    async fn a_drive_that_the_list_calls_closed_is_blind_with_that_reason() {
        let drive = Asking::default().one(candidate(Some("may not"))).await.unwrap();
        assert_eq!(drive.verdict, Verdict::Blind { why: "may not".to_owned() });
    }

    #[test]
    fn a_drive_is_asked_as_the_list_says_and_not_woken() {
        let list = br#"{"devices": [{"name": "/dev/bus/0", "type": "sat+megaraid,4", "protocol": "ATA"}]}"#;
        let question = question(&parse::scan(list).unwrap()[0]).join(" ");
        assert_eq!(question, "--json=c -x -n standby -d sat+megaraid,4 /dev/bus/0");
    }

    #[test]
    fn a_list_without_drives_is_an_error_that_says_what_to_do() {
        assert!(matches!(sees_nothing(), ProbeError::Denied(why) if why.contains("examples/drives.conf")));
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
