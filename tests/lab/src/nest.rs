//! Starts labs, each as a process tree in namespaces of its own that ends as one.

use crate::{
    course::{Trial, Tried},
    tool::{output, tool},
};
use anyhow::{Context, Result};
use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// A lab that has not ended by then has gone wrong.
const PATIENCE_SECONDS: &str = "180";
/// A relay that does not come to its turn would be a fault of its own.
const NICENESS: &str = "-15";
/// A machine that is too busy for a while spoils a lab; the same fault is then tried again.
const TRIES: u64 = 3;

/// Tries one fault, by `program`, which is the binary `lab`.
///
/// When this thread ends, so does the lab; when its first process ends, the kernel ends all others.
///
/// # Errors
/// When it cannot be tried; the text holds what the last try said.
pub fn attempt(program: &Path, trial: &Trial) -> Result<Tried> {
    let once = |again: u64| {
        let trial = Trial { seed: trial.seed + 1_000 * again, ..trial.clone() };
        let mut nest = tool("setpriv");
        nest.args(["--pdeathsig", "KILL", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL"]);
        nest.args(["--mount-proc", "nice", "-n", NICENESS, "timeout", "-s", "KILL", PATIENCE_SECONDS]);
        nest.arg(program).args(["inside", &serde_json::to_string(&trial)?]);
        let said = output(&mut nest, "")?;
        serde_json::from_str(&said).with_context(|| format!("the lab said {said}"))
    };
    let mut tried = once(0);
    for again in 1..TRIES {
        if tried.is_ok() {
            break;
        }
        tried = once(again);
    }
    tried
}

/// Tries all, `at_once` side by side; `told` hears of each as it ends. In the order of the trials.
pub fn attempt_all(
    program: &Path,
    trials: &[Trial],
    at_once: usize,
    told: impl Fn(&Trial, &Result<Tried>) + Sync,
) -> Vec<Result<Tried>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once.max(1) {
            scope.spawn(|| {
                while let Some((at, trial)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    trials.get(at).map(|trial| (at, trial))
                } {
                    let tried = attempt(program, trial);
                    told(trial, &tried);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, tried));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, tried)| tried).collect()
}
