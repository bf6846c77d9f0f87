//! Frames: reports exactly as received. Storing one never judges it.

use crate::{
    Store,
    engine::{Bulk, Column, Row, Tx},
    error::Result,
    gaps::{self, Life},
    sql::statements,
    value::{args, int, json},
};
use beforehand_core::unpack::Receipt;
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation, SiteId},
    time::Timestamp,
};
use std::{collections::BTreeMap, net::IpAddr};

/// A report to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFrame {
    pub client: ClientId,
    pub host: HostId,
    pub incarnation: Incarnation,
    pub seq: u64,
    pub receipt: Receipt,
    /// From where it came.
    pub peer: Option<IpAddr>,
    /// As it travelled: JSON compressed with zstd.
    pub body: Vec<u8>,
    pub body_sha256: [u8; 32],
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameOutcome {
    New,
    /// It was stored before, with the same content.
    Same,
    /// That `(incarnation, seq)` is stored with other content, which stays as it is.
    Differs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    pub outcome: FrameOutcome,
    /// The highest sequence number of the incarnation up to which everything is stored or
    /// explained by a gap.
    pub high_water: u64,
}

/// A stored frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRow {
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
    pub incarnation: Incarnation,
    pub seq: u64,
    pub receipt: Receipt,
    pub peer: Option<IpAddr>,
    pub body: Vec<u8>,
}

statements! {
    NEW_INCARNATION = "INSERT INTO incarnations (client_id, host_id, incarnation, first_seen)
        VALUES ($1, $2, $3, $4) ON CONFLICT (client_id, host_id, incarnation) DO NOTHING";
    LIVES = "INSERT INTO incarnations (client_id, host_id, incarnation, first_seen)
        SELECT k.value ->> 0, k.value ->> 1, k.value ->> 2, CAST(k.value ->> 3 AS BIGINT)
        FROM json_each($1) AS k WHERE true
        ON CONFLICT (client_id, host_id, incarnation) DO UPDATE SET high_water = incarnations.high_water
        RETURNING client_id, host_id, incarnation, high_water, top_seq";
    HASHES = "SELECT CAST(k.value ->> 4 AS BIGINT), f.body_sha256
        FROM json_each($1) AS k JOIN frames AS f ON f.client_id = k.value ->> 0 AND f.host_id = k.value ->> 1
            AND f.incarnation = k.value ->> 2 AND f.seq = CAST(k.value ->> 3 AS BIGINT)";
    REACHED = "UPDATE incarnations SET high_water = CAST(k.value ->> 3 AS BIGINT), top_seq = CAST(k.value ->> 4 AS BIGINT)
        FROM json_each($1) AS k
        WHERE incarnations.client_id = k.value ->> 0 AND incarnations.host_id = k.value ->> 1
            AND incarnations.incarnation = k.value ->> 2";
    UNDIGESTED = "SELECT f.client_id, h.site_id, f.host_id, f.incarnation, f.seq, f.received_at, f.sent_at, f.sent_mono_ms,
            f.sent_boot, f.body, f.peer, i.first_seen
        FROM frames AS f
        JOIN hosts AS h ON h.client_id = f.client_id AND h.host_id = f.host_id
        JOIN incarnations AS i ON i.client_id = f.client_id AND i.host_id = f.host_id
            AND i.incarnation = f.incarnation
        WHERE f.digested = 0 ORDER BY f.received_at, f.client_id, f.host_id, f.seq LIMIT $1";
    OF_HOST = "SELECT f.client_id, h.site_id, f.host_id, f.incarnation, f.seq, f.received_at, f.sent_at, f.sent_mono_ms,
            f.sent_boot, f.body, f.peer
        FROM frames AS f JOIN hosts AS h ON h.client_id = f.client_id AND h.host_id = f.host_id
        WHERE f.client_id = $1 AND f.host_id = $2 AND f.received_at >= $3 AND f.received_at < $4
        ORDER BY f.received_at, f.seq";
    MARK = "UPDATE frames SET digested = 1 FROM json_each($2) AS k
        WHERE frames.client_id = $1 AND frames.host_id = k.value ->> 0 AND frames.incarnation = k.value ->> 1
            AND frames.seq = CAST(k.value ->> 2 AS BIGINT) AND frames.digested = 0";
}

impl Store {
    /// Stores the frames in one transaction, durably before it returns. The results are in the
    /// order of `frames`.
    ///
    /// # Errors
    /// `Unavailable`: then none of them is stored.
    pub async fn commit_frames(&self, frames: &[NewFrame]) -> Result<Vec<Committed>> {
        if frames.is_empty() {
            return Ok(vec![]);
        }
        let mut tx = self.begin().await?;
        let committed = commit(&mut tx, frames).await?;
        tx.commit().await?;
        Ok(committed)
    }

    /// Frames not yet digested, the longest waiting first; those of a host in the order they were
    /// made. At most `limit`.
    pub async fn undigested(&self, limit: u32) -> Result<Vec<FrameRow>> {
        let rows = self.db.all(&UNDIGESTED, args![limit]).await?;
        let mut frames = vec![];
        for row in &rows {
            let frame = read(row)?;
            frames.push(((frame.client, frame.host, row.get::<Timestamp>(11)?, frame.incarnation, frame.seq), frame));
        }
        frames.sort_by_key(|(key, _)| *key);
        Ok(frames.into_iter().map(|(_, frame)| frame).collect())
    }

    /// The frames of one host that arrived in the half-open span, as evidence.
    pub async fn frames_of_host(
        &self,
        client: ClientId,
        host: HostId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FrameRow>> {
        self.list(&OF_HOST, args![client, host, from, to], read).await
    }

    /// Begins another life of a host's spool. Repeating it changes nothing.
    pub async fn new_incarnation(
        &self,
        client: ClientId,
        host: HostId,
        incarnation: Incarnation,
        now: Timestamp,
    ) -> Result<()> {
        self.db.execute(&NEW_INCARNATION, args![client, host, incarnation, now]).await.map(drop)
    }
}

/// What is known of an incarnation: how far it is complete, and its highest number.
#[derive(Clone, Copy)]
struct Reach {
    high_water: u64,
    top: u64,
}

/// With few statements, however many frames: one for the incarnations (which locks them), one for
/// frames that may be repetitions, the inserts, and one for the incarnations again.
async fn commit(tx: &mut Tx, frames: &[NewFrame]) -> Result<Vec<Committed>> {
    let mut reach = lives(tx, frames).await?;
    let stored = hashes_of_old(tx, frames, &reach).await?;
    let (outcomes, fresh) = sort_out(frames, &stored);
    insert(tx, &fresh).await?;
    let mut holes = BTreeMap::new();
    for frame in &fresh {
        let reach = reach.entry(life(frame)).or_insert(Reach { high_water: 0, top: 0 });
        let complete = reach.high_water == reach.top && frame.seq == reach.top + 1;
        reach.high_water = if complete { frame.seq } else { reach.high_water };
        reach.top = reach.top.max(frame.seq);
        if !complete {
            holes.insert(life(frame), reach.high_water);
        }
    }
    if !holes.is_empty() {
        for (life, high_water) in gaps::complete(tx, holes).await? {
            if let Some(reach) = reach.get_mut(&life) {
                *reach = Reach { high_water, top: reach.top.max(high_water) };
            }
        }
    }
    if !fresh.is_empty() {
        let rows: Vec<_> = reach.iter().map(|((c, h, i), reach)| (c, h, i, reach.high_water, reach.top)).collect();
        tx.execute(&REACHED, args![json(&rows)?]).await?;
    }
    let high_water = |frame: &NewFrame| reach.get(&life(frame)).map_or(0, |reach| reach.high_water);
    Ok(frames
        .iter()
        .zip(outcomes)
        .map(|(frame, outcome)| Committed { outcome, high_water: high_water(frame) })
        .collect())
}

const fn life(frame: &NewFrame) -> Life {
    (frame.client, frame.host, frame.incarnation)
}

async fn lives(tx: &mut Tx, frames: &[NewFrame]) -> Result<BTreeMap<Life, Reach>> {
    let first_seen: BTreeMap<Life, Timestamp> =
        frames.iter().rev().map(|frame| (life(frame), frame.receipt.received_at)).collect();
    let rows: Vec<_> = first_seen.iter().map(|((c, h, i), at)| (c, h, i, at)).collect();
    let mut reach = BTreeMap::new();
    for row in tx.all(&LIVES, args![json(&rows)?]).await? {
        let life = (row.get(0)?, row.get(1)?, row.get(2)?);
        reach.insert(life, Reach { high_water: row.get(3)?, top: row.get(4)? });
    }
    Ok(reach)
}

/// Hashes of frames that are stored already, by position in `frames`. Only what is not above the
/// highest number of its incarnation can be.
async fn hashes_of_old(
    tx: &mut Tx,
    frames: &[NewFrame],
    reach: &BTreeMap<Life, Reach>,
) -> Result<BTreeMap<usize, Vec<u8>>> {
    let old = |frame: &NewFrame| reach.get(&life(frame)).is_some_and(|reach| frame.seq <= reach.top);
    let keys: Vec<_> = frames
        .iter()
        .enumerate()
        .filter(|(_, frame)| old(frame))
        .map(|(at, frame)| (frame.client, frame.host, frame.incarnation, frame.seq, at))
        .collect();
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = tx.all(&HASHES, args![json(&keys)?]).await?;
    rows.iter().map(|row| Ok((row.get::<u64>(0)? as usize, row.get(1)?))).collect()
}

/// What becomes of each frame, and those to insert, ascending by key. Of two in one batch with the
/// same key the first counts.
fn sort_out<'a>(frames: &'a [NewFrame], stored: &BTreeMap<usize, Vec<u8>>) -> (Vec<FrameOutcome>, Vec<&'a NewFrame>) {
    let mut fresh: BTreeMap<(Life, u64), &NewFrame> = BTreeMap::new();
    let outcomes = frames.iter().enumerate().map(|(at, frame)| {
        let key = (life(frame), frame.seq);
        let known = stored.get(&at).map(Vec::as_slice).or_else(|| fresh.get(&key).map(|first| &first.body_sha256[..]));
        match known {
            Some(hash) if hash == frame.body_sha256 => FrameOutcome::Same,
            Some(_) => FrameOutcome::Differs,
            None => {
                fresh.insert(key, frame);
                FrameOutcome::New
            }
        }
    });
    (outcomes.collect(), fresh.into_values().collect())
}

async fn insert(tx: &mut Tx, frames: &[&NewFrame]) -> Result<()> {
    if frames.is_empty() {
        return Ok(());
    }
    let texts = |of: fn(&NewFrame) -> String| Column::Texts(frames.iter().map(|frame| of(frame)).collect());
    let ints = |of: fn(&NewFrame) -> i64| Column::Ints(frames.iter().map(|frame| of(frame)).collect());
    let blobs = |of: fn(&NewFrame) -> Vec<u8>| Column::Blobs(frames.iter().map(|frame| of(frame)).collect());
    let columns = [
        ("client_id", texts(|frame| frame.client.to_string())),
        ("host_id", texts(|frame| frame.host.to_string())),
        ("incarnation", texts(|frame| frame.incarnation.to_string())),
        ("seq", ints(|frame| int(frame.seq))),
        ("received_at", ints(|frame| frame.receipt.received_at.0)),
        ("sent_at", ints(|frame| frame.receipt.sent_at.0)),
        ("sent_mono_ms", ints(|frame| int(frame.receipt.sent_mono_ms))),
        ("sent_boot", texts(|frame| frame.receipt.sent_boot.to_string())),
        ("peer", texts(|frame| peer_text(frame.peer))),
        ("body_sha256", blobs(|frame| frame.body_sha256.to_vec())),
        ("body", blobs(|frame| frame.body.clone())),
    ];
    tx.insert(Bulk { table: "frames", columns: &columns, then: "" }).await
}

/// Empty where it is not known.
pub(crate) fn peer_text(peer: Option<IpAddr>) -> String {
    peer.map(|peer| peer.to_string()).unwrap_or_default()
}

fn read(row: &Row) -> Result<FrameRow> {
    Ok(FrameRow {
        client: row.get(0)?,
        site: row.get(1)?,
        host: row.get(2)?,
        incarnation: row.get(3)?,
        seq: row.get(4)?,
        receipt: Receipt {
            received_at: row.get(5)?,
            sent_at: row.get(6)?,
            sent_mono_ms: row.get(7)?,
            sent_boot: row.get(8)?,
        },
        peer: row.get::<String>(10)?.parse().ok(),
        body: row.get(9)?,
    })
}
