//! Seen working, 1: a volume that fills at a known pace gets a ticket with dates before it is
//! full; freeing space, with the work logged, closes the case, and the ledger counts it. A sawtooth
//! beside it never opens one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_agent::identity::Identity;
use beforehand_core::{
    asset::AssetId,
    case::Case,
    ledger::Subject,
    outcome::Outcome,
    series::Metric,
    ticket::{Verdict, Work},
    unpack::Receipt,
};
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place, volume::Loop},
    time::{eventually, now},
};
use beforehand_shared::{
    PROTOCOL_VERSION,
    asset::AssetKind,
    ids::{BootId, Incarnation},
    observation::Observation,
    report::Report,
    run::{Outcome as Ran, ProbeRun},
    time::{Millis, Timestamp},
    volume::Volume,
    wire,
};
use beforehand_store::{NewFrame, Store, TicketFilter, TicketRow};
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(120);
const GIB: u64 = 1 << 30;
/// Longer than the three weeks for which the rule only learns.
const HISTORY: Millis = Millis::days(24);
/// When the volume would be full at the pace of its history.
const FULL_IN_DAYS: f64 = 3.4;
/// Users lose files below this.
const FLOOR: f64 = 200.0 * 1_048_576.0;
/// The level that is left when the history ends.
const LEFT: u64 = 3 * GIB / 2;

/// The past of the two volumes, as the same agent would have reported it before it was enrolled anew.
struct Past<'a> {
    identity: &'a Identity,
    incarnation: Incarnation,
    filling: &'a Loop,
    sawtooth: &'a Loop,
    now: Timestamp,
}

impl Past<'_> {
    fn volume(&self, volume: &Loop, free: f64) -> Observation {
        let (total_bytes, _) = volume.space().unwrap();
        Observation::Volume(Volume {
            mount: volume.key(),
            device: "/dev/loop".to_owned(),
            fs: "ext4".to_owned(),
            total_bytes,
            free_bytes: free as u64,
            ..Volume::default()
        })
    }

    /// Straight down to what is really left, at a pace that reaches the floor in [`FULL_IN_DAYS`].
    fn filling(&self, at: Timestamp) -> f64 {
        let left = self.filling.space().unwrap().1 as f64;
        let per_day = (left - FLOOR) / FULL_IN_DAYS;
        per_day.mul_add(self.now.since(at).as_days(), left)
    }

    /// Full backups every night, thrown away once a week: up and down over more than a third.
    fn sawtooth(&self, at: Timestamp) -> f64 {
        let (total, left) = self.sawtooth.space().unwrap();
        let nights_until_now = (self.now.since(at).0.div_euclid(Millis::DAY.0)) % 7;
        (total as f64 * 0.06).mul_add(nights_until_now as f64, left as f64)
    }

    fn frame(&self, seq: u64, at: Timestamp) -> NewFrame {
        let observations =
            vec![self.volume(self.filling, self.filling(at)), self.volume(self.sawtooth, self.sawtooth(at))];
        let (boot, mono_ms) = (BootId(Uuid::from_u128(5)), seq * 3_600_000);
        let outcome = Ran::Seen { observations };
        let report = Report {
            protocol: PROTOCOL_VERSION,
            host: self.identity.host,
            incarnation: self.incarnation,
            seq,
            boot,
            made_at: at,
            mono_ms,
            goodbye: None,
            gaps: Vec::new(),
            runs: vec![ProbeRun { probe: "disk_space".to_owned(), at, mono_ms, took_ms: 2, outcome }],
        };
        let body = wire::encode(&report).unwrap();
        NewFrame {
            client: self.identity.client,
            host: self.identity.host,
            incarnation: self.incarnation,
            seq,
            receipt: Receipt { received_at: at, sent_at: at, sent_mono_ms: mono_ms, sent_boot: boot },
            peer: None,
            body_sha256: Sha256::digest(&body).into(),
            body,
        }
    }

    async fn store(&self, store: &Store) {
        let start = self.now.minus(HISTORY);
        store.new_incarnation(self.identity.client, self.identity.host, self.incarnation, start).await.unwrap();
        let hours = HISTORY.0 / Millis::HOUR.0;
        let frames: Vec<NewFrame> =
            (1..hours).map(|hour| self.frame(hour.unsigned_abs(), start.plus(Millis::hours(hour)))).collect();
        store.commit_frames(&frames).await.unwrap();
    }
}

struct Lab {
    store: Store,
    identity: Identity,
}

impl Lab {
    async fn tickets(&self, volume: &Loop) -> Vec<TicketRow> {
        let asset = Some(AssetId::new(AssetKind::Volume, self.identity.host, &volume.key()));
        let filter = TicketFilter { client: Some(self.identity.client), asset, ..TicketFilter::default() };
        self.store.tickets(&filter).await.unwrap()
    }

    /// Its whole past was unpacked, and what the agent has seen since.
    async fn digested(&self, volume: &Loop, since: Timestamp) {
        let (client, asset) =
            (self.identity.client, AssetId::new(AssetKind::Volume, self.identity.host, &volume.key()));
        let known = self.store.asset(client, &asset).await.unwrap().unwrap();
        assert!(known.seen_at > since && known.retired_at.is_none(), "the agent still sees it");
        let (start, end) = (since.minus(HISTORY), now());
        let hours = self.store.hours(client, &asset, &Metric::FreeBytes, (start, end)).await.unwrap();
        assert!(hours.len() > 500, "{} of its hours are kept", hours.len());
        let (low, high) =
            hours.iter().fold((f64::MAX, 0.0_f64), |(low, high), hour| (low.min(hour.min), high.max(hour.max)));
        let total = volume.space().unwrap().0 as f64;
        assert!(high - low > total / 3.0, "it went up and down between {low} and {high} of {total}");
    }

    /// The site was judged later than `since`, with all that had arrived.
    async fn judged_after(&self, since: Timestamp) {
        eventually("a later judgement", SOON, || async {
            self.store.sites_due(since, Millis(0)).await.unwrap().is_empty().then_some(())
        })
        .await;
    }

    async fn case(&self, row: &TicketRow) -> Case {
        let case = row.ticket.case.clone().unwrap();
        self.store.case(self.identity.client, &case).await.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn a_filling_volume_is_ticketed_with_dates_and_counted_as_prevented_once_space_is_freed() {
    let place = Place::new("volume").unwrap();
    let filling = Loop::mount(&place, "data", 16 * 1024).unwrap();
    let sawtooth = Loop::mount(&place, "backup", 4 * 1024).unwrap();
    filling.take("projects", filling.space().unwrap().1 - LEFT).unwrap();
    sawtooth.take("backups", sawtooth.space().unwrap().1 * 7 / 10).unwrap();
    let mut collector = Collector::start(&place, "").await.unwrap();
    collector.add_client(CLIENT, &["--time-zone", "Europe/Dublin"]).await.unwrap();
    let settings = format!(
        "[disk_space]\nevery = \"1s\"\ninclude = [{:?}, {:?}]\n\n[printer]\nenabled = false\n",
        filling.key(),
        sawtooth.key()
    );
    let mut agent = Agent::enrol(&place, &collector, CLIENT, &settings).unwrap();
    collector.stop();
    let lab = Lab { store: collector.store().await.unwrap(), identity: agent.identity().unwrap() };
    let incarnation = Incarnation(Uuid::from_u128(11));
    let past = Past { identity: &lab.identity, incarnation, filling: &filling, sawtooth: &sawtooth, now: now() };
    past.store(&lab.store).await;
    let full_at = past.now.plus(Millis((FULL_IN_DAYS * Millis::DAY.0 as f64) as i64));
    agent.run().unwrap();
    collector.serve().await.unwrap();

    let ticket = eventually("a ticket", SOON, || async { lab.tickets(&filling).await.into_iter().next() }).await;
    let outlook = lab.case(&ticket).await.latest.outlook.unwrap();
    let (early, late) = (outlook.q10.unwrap(), outlook.q90.unwrap_or(Timestamp(i64::MAX)));
    assert!(early > ticket.ticket.opened_at, "the ticket is there before the volume is full");
    let margin = Millis::hours(18);
    assert!(early.minus(margin) < full_at && full_at < late.plus(margin), "{early} to {late}, in truth {full_at}");
    assert!(filling.space().unwrap().1 as f64 > FLOOR);

    let (client, number) = (lab.identity.client, ticket.ticket.number);
    lab.store.acknowledge(client, number, "Kim", now()).await.unwrap();
    filling.remove("projects").unwrap();
    let text = "Moved last year's projects to the archive.".to_owned();
    let work = Work { at: now(), who: "Kim".to_owned(), minutes: 20, text, acted: true };
    lab.store.log_work(client, number, &work).await.unwrap();
    let case =
        eventually("the closing of the case", SOON, || async { Some(lab.case(&ticket).await).filter(Case::is_closed) })
            .await;
    lab.store.resolve(client, number, Verdict::Fixed, ("Kim", now())).await.unwrap();

    let entry = eventually("the ledger's entry", SOON, || async {
        let subject = Subject::Case { id: case.id.clone() };
        lab.store.ledger(client).await.unwrap().into_iter().find(|entry| entry.subject == subject)
    })
    .await;
    assert_eq!(entry.outcome, Outcome::PreventedLikely, "{}", entry.because);
    let chance = entry.p.unwrap().p;
    assert!(chance > 0.0 && chance < 1.0, "{chance}");
    assert!(entry.because.len() > 20 && entry.evidence.minutes_worked == 20);
    lab.digested(&sawtooth, past.now).await;
    agent.stop();
    lab.judged_after(now()).await;
    assert!(lab.tickets(&sawtooth).await.is_empty(), "a sawtooth is no trouble");
    assert!(collector.command(&["ledger", "verify"]).is_ok());
}
