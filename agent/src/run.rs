//! The only loop: schedule → probes → report → spool → send.

use crate::{
    config::Config,
    handed::Handed,
    http::{self, HttpError},
    identity::{Identity, IdentityError},
    platform,
    probe::{Probe, look},
    probes,
    report::{Draft, take_runs},
    schedule::{self, Slot},
    sender::{Next, Sender, SharedSpool},
    spool::{Spool, SpoolError},
    time::{Clock, Reading, millis},
    transport::Transport,
    update::{Updater, health},
};
use beforehand_shared::{
    ids::BootId,
    report::{Gap, GapReason, Goodbye},
    run::ProbeRun,
    time::{Millis, Timestamp},
};
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, mpsc::SyncSender},
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
    time::timeout,
};

/// Why the agent cannot start. Once it runs, nothing stops it but being asked to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// Sleep shorter than this is not told.
const ASLEEP_MS: u64 = 30_000;
/// How often the loop looks up although nothing is due, for the service manager's watchdog.
const LOOK_UP: Duration = Duration::from_secs(20);
/// How long a stopping agent tries to send its last report.
const GOODBYE: Duration = Duration::from_secs(3);
const GLANCE: Duration = Duration::from_millis(50);

/// What the system tells the agent.
#[derive(Debug)]
pub enum Told {
    /// The agent is to end. The last report says why.
    End(Goodbye),
    /// The machine goes to sleep, and the agent goes on when it wakes. The sender is dropped once the
    /// report that says so was sent, or could not be in time.
    Suspend(SyncSender<()>),
}

/// Runs until told to end, or until nobody is left to tell it; then says goodbye.
pub async fn run(config: &Config, clock: Clock, mut told: mpsc::Receiver<Told>) -> Result<(), RunError> {
    let identity = Identity::load(&config.state)?;
    let boot = platform::boot_id();
    let transport = Transport::new(&identity, boot, http::EXCHANGE)?;
    let owner = (identity.host, identity.incarnation);
    let spool = Spool::open(&config.state, owner, config.spool_limits(), clock.now().wall)?;
    tracing::info!(host = %identity.host, server = identity.server, waiting = spool.waiting(), "the agent looks");
    let spool = SharedSpool::new(spool);
    let [pushed, noted, told_anew] = [(); 3].map(|()| Arc::new(Notify::new()));
    let health = Health { state: config.state.clone(), version: config.build.version };
    let handed = Handed::load(&config.state);
    let beside = Beside { pushed: pushed.clone(), handed: handed.clone(), told_anew: told_anew.clone(), health };
    let sending = tokio::spawn(send(Sender::new(spool.clone(), transport, clock.clone()), beside));
    let updating = Updater::new(config, &identity, clock.clone(), noted.clone())?.map(|it| tokio::spawn(it.forever()));
    platform::notify("READY=1");
    let probes = probes::all(config, &handed);
    let doors = Doors { spool: spool.clone(), pushed, noted, told_anew };
    let mut looking = Loop::new(config, (clock, boot), probes, doors);
    let goodbye = loop {
        match looking.until_told(&mut told).await {
            Told::End(goodbye) => break goodbye,
            Told::Suspend(_done) => {
                looking.suspend().await;
                drop(timeout(GOODBYE, until_sent(&spool)).await);
            }
        }
    };
    platform::notify("STOPPING=1");
    looking.end(goodbye).await;
    drop(timeout(GOODBYE, until_sent(&spool)).await);
    sending.abort();
    updating.inspect(tokio::task::JoinHandle::abort);
    // Awaited, so that the spool is closed when this returns.
    drop(sending.await);
    Ok(())
}

async fn until_sent(spool: &SharedSpool) {
    while spool.with(|spool| spool.waiting()).await.is_some_and(|waiting| waiting > 0) {
        tokio::time::sleep(GLANCE).await;
    }
}

/// What sending has to do with the rest.
struct Beside {
    pushed: Arc<Notify>,
    handed: Handed,
    told_anew: Arc<Notify>,
    health: Health,
}

async fn send(mut sender: Sender, beside: Beside) {
    let Beside { pushed, handed, told_anew, health } = beside;
    let mut health = Some(health);
    loop {
        let next = sender.step().await;
        if sender.has_delivered()
            && let Some(health) = health.take()
        {
            health.tell().await;
        }
        match next {
            Next::GoOn => {}
            Next::Idle => {
                if sender.follow(&handed).await {
                    told_anew.notify_one();
                }
                pushed.notified().await;
            }
            Next::Wait(length) => tokio::time::sleep(length).await,
        }
    }
}

/// Who is to be called healthy once the first report was acknowledged.
struct Health {
    state: PathBuf,
    version: &'static str,
}

impl Health {
    async fn tell(self) {
        let told = tokio::task::spawn_blocking(move || health::write(&self.state, self.version)).await;
        if let Ok(Err(error)) = told {
            tracing::warn!(%error, "it cannot be noted that this version reports");
        }
    }
}

/// What the loop shares with those who run beside it.
struct Doors {
    spool: SharedSpool,
    /// A report was put into the spool.
    pushed: Arc<Notify>,
    /// There is news about the host itself.
    noted: Arc<Notify>,
    /// Other printers are to be asked.
    told_anew: Arc<Notify>,
}

struct Loop {
    probes: Vec<Arc<dyn Probe>>,
    slots: Vec<Slot>,
    /// When reports are due; its run ends at once.
    report: Slot,
    tasks: JoinSet<(usize, ProbeRun)>,
    /// Runs for the next report.
    runs: VecDeque<ProbeRun>,
    clock: Clock,
    last: Reading,
    boot: BootId,
    doors: Doors,
}

impl Loop {
    fn new(config: &Config, (clock, boot): (Clock, BootId), probes: Vec<Arc<dyn Probe>>, doors: Doors) -> Self {
        let slots = probes.iter().map(|probe| Slot::new(millis(probe.every()))).collect();
        let last = clock.now();
        // The first report does not wait a whole period: what is quick to see is sent at once.
        let every = config.report_every.ms();
        let first = last.mono_ms.saturating_sub(every).saturating_add(every.min(FIRST_REPORT_MS));
        let report = Slot { every_ms: every, last: Some(first), running: false };
        Self { probes, slots, report, tasks: JoinSet::new(), runs: VecDeque::new(), clock, last, boot, doors }
    }

    async fn until_told(&mut self, told: &mut mpsc::Receiver<Told>) -> Told {
        loop {
            self.tick().await;
            let now = self.clock.now().mono_ms;
            let slots: Vec<Slot> = self.slots.iter().copied().chain([self.report]).collect();
            let wait = schedule::next_in(&slots, now).map_or(LOOK_UP, Duration::from_millis).min(LOOK_UP);
            tokio::select! {
                told = told.recv() => return told.unwrap_or(Told::End(Goodbye::Stop)),
                Some(ended) = self.tasks.join_next(), if !self.tasks.is_empty() => self.ended(ended),
                () = self.doors.noted.notified() => self.look_again(probes::host::NAME),
                () = self.doors.told_anew.notified() => self.look_again(probes::printer::NAME),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Makes a probe due now.
    fn look_again(&mut self, name: &str) {
        for (probe, slot) in self.probes.iter().zip(&mut self.slots).filter(|(probe, _)| probe.name() == name) {
            tracing::debug!(probe = probe.name(), "looking again");
            slot.last = None;
        }
    }

    /// Does whatever is due now.
    async fn tick(&mut self) {
        let now = self.clock.now();
        platform::notify("WATCHDOG=1");
        self.notice_sleep(now).await;
        for at in schedule::due(&self.slots, now.mono_ms) {
            self.slots[at] = self.slots[at].started(now.mono_ms);
            let (probe, clock) = (self.probes[at].clone(), self.clock.clone());
            self.tasks.spawn(async move { (at, look(probe, clock).await) });
        }
        if self.report.due_in(now.mono_ms) == Some(0) {
            self.report = self.report.started(now.mono_ms).ended();
            self.report(None).await;
        }
        self.last = now;
    }

    fn ended(&mut self, ended: Result<(usize, ProbeRun), tokio::task::JoinError>) {
        match ended {
            Ok((at, run)) => {
                self.slots[at] = self.slots[at].ended();
                self.runs.push_back(run);
            }
            Err(error) => tracing::error!(%error, "a run was lost"),
        }
    }

    /// Sends the waiting runs, in one report or as many as it takes; an empty one says "I am here".
    async fn report(&mut self, goodbye: Option<Goodbye>) {
        loop {
            let runs = take_runs(&mut self.runs);
            let last = self.runs.is_empty();
            let goodbye = if last { goodbye } else { None };
            let draft = Draft { boot: self.boot, made: self.clock.now(), goodbye, runs };
            self.doors.spool.with(move |spool| spool.push(draft)).await;
            self.doors.pushed.notify_one();
            if last {
                return;
            }
        }
    }

    async fn notice_sleep(&self, now: Reading) {
        let slept = now.slept_since(&self.last);
        if slept >= ASLEEP_MS {
            let gap = asleep(now.wall, slept);
            self.doors.spool.with(move |spool| spool.add_gap(gap)).await;
        }
    }

    /// The next report waits a whole period: one that came before the machine sleeps would unsay the
    /// goodbye.
    async fn suspend(&mut self) {
        self.report(Some(Goodbye::Suspend)).await;
        self.report = Slot { last: Some(self.clock.now().mono_ms), ..self.report };
    }

    async fn end(&mut self, goodbye: Goodbye) {
        while let Some(ended) = self.tasks.try_join_next() {
            self.ended(ended);
        }
        self.tasks.abort_all();
        self.report(Some(goodbye)).await;
    }
}

/// The first report goes out this long after the start.
const FIRST_REPORT_MS: u64 = 3_000;

fn asleep(woke: Timestamp, slept_ms: u64) -> Gap {
    let slept = Millis(i64::try_from(slept_ms).unwrap_or(i64::MAX));
    Gap { from: woke.minus(slept), to: woke, reason: GapReason::Asleep, lost: 0, seqs: None }
}
