//! Gaps, and how far an incarnation's frames are complete.

use crate::{
    Store,
    digest::GapRow,
    engine::{Row, Tx},
    error::Result,
    sql::statements,
    value::{args, int, json, parse_json},
};
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation},
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

statements! {
    INSERT = "INSERT INTO gaps
        (client_id, host_id, incarnation, from_at, to_at, reason, lost, first_seq, last_seq)
        SELECT $1, k.value ->> 0, k.value ->> 1, CAST(k.value ->> 2 AS BIGINT), CAST(k.value ->> 3 AS BIGINT),
            k.value ->> 4, CAST(k.value ->> 5 AS BIGINT), CAST(k.value ->> 6 AS BIGINT), CAST(k.value ->> 7 AS BIGINT)
        FROM json_each($2) AS k WHERE true
        ON CONFLICT (client_id, host_id, incarnation, from_at, to_at, reason) DO NOTHING";
    BETWEEN = "SELECT host_id, incarnation, from_at, to_at, reason, lost, first_seq, last_seq FROM gaps
        WHERE client_id = $1 AND from_at < $3 AND to_at >= $2 ORDER BY from_at, host_id, to_at";
    HIGH_WATERS = "SELECT i.client_id, i.host_id, i.incarnation, i.high_water FROM incarnations AS i
        WHERE i.client_id = $1 AND i.incarnation IN (SELECT k.value ->> 0 FROM json_each($2) AS k)", for update;
    EXPLAINED = "SELECT g.client_id, g.host_id, g.incarnation, g.first_seq, g.last_seq
        FROM json_each($1) AS k JOIN gaps AS g ON g.client_id = k.value ->> 0 AND g.host_id = k.value ->> 1
            AND g.incarnation = k.value ->> 2
        WHERE g.last_seq > CAST(k.value ->> 3 AS BIGINT) AND g.first_seq IS NOT NULL";
    STORED = "SELECT f.client_id, f.host_id, f.incarnation, f.seq, f.seq
        FROM json_each($1) AS k JOIN frames AS f ON f.client_id = k.value ->> 0 AND f.host_id = k.value ->> 1
            AND f.incarnation = k.value ->> 2 AND f.seq > CAST(k.value ->> 3 AS BIGINT)";
    ADVANCE = "UPDATE incarnations SET high_water = CAST(k.value ->> 3 AS BIGINT),
            top_seq = CASE WHEN top_seq < CAST(k.value ->> 3 AS BIGINT) THEN CAST(k.value ->> 3 AS BIGINT) ELSE top_seq END
        FROM json_each($1) AS k
        WHERE incarnations.client_id = k.value ->> 0 AND incarnations.host_id = k.value ->> 1
            AND incarnations.incarnation = k.value ->> 2";
}

/// Names one life of one host's spool.
pub(crate) type Life = (ClientId, HostId, Incarnation);

/// Stores gaps and lets them explain what is missing below the high water.
pub(crate) async fn store(tx: &mut Tx, client: ClientId, gaps: &[GapRow]) -> Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    let mut rows = vec![];
    for gap in gaps {
        let (first, last) = (gap.seqs.map(|seqs| seqs.0), gap.seqs.map(|seqs| seqs.1));
        rows.push((gap.host, gap.incarnation, gap.from, gap.to, json(&gap.reason)?, gap.lost, first, last));
    }
    tx.execute(&INSERT, args![client, json(&rows)?]).await?;
    let lives: BTreeSet<[String; 1]> =
        gaps.iter().filter(|gap| gap.seqs.is_some()).map(|gap| [gap.incarnation.to_string()]).collect();
    if lives.is_empty() {
        return Ok(());
    }
    let rows = tx.all(&HIGH_WATERS, args![client, json(&lives)?]).await?;
    let mut reached = BTreeMap::new();
    for row in rows {
        reached.insert((row.get(0)?, row.get(1)?, row.get(2)?), row.get::<u64>(3)?);
    }
    let moved = complete(tx, reached).await?;
    advance(tx, &moved).await
}

/// How far each life is complete, given how far it was known to be: over stored frames and
/// explained gaps alike.
pub(crate) async fn complete(tx: &mut Tx, reached: BTreeMap<Life, u64>) -> Result<BTreeMap<Life, u64>> {
    let keys = json(&reached.iter().map(|((c, h, i), seq)| (c, h, i, seq)).collect::<Vec<_>>())?;
    let mut spans: BTreeMap<Life, Vec<(u64, u64)>> = BTreeMap::new();
    for sql in [&STORED, &EXPLAINED] {
        for row in tx.all(sql, args![&keys]).await? {
            let life = (row.get(0)?, row.get(1)?, row.get(2)?);
            spans.entry(life).or_default().push((row.get(3)?, row.get(4)?));
        }
    }
    Ok(reached
        .into_iter()
        .map(|(life, seq)| {
            let mut spans = spans.remove(&life).unwrap_or_default();
            spans.sort_unstable();
            let step = |seq: u64, (first, last): (u64, u64)| if first <= seq + 1 { seq.max(last) } else { seq };
            (life, spans.into_iter().fold(seq, step))
        })
        .collect())
}

pub(crate) async fn advance(tx: &mut Tx, reached: &BTreeMap<Life, u64>) -> Result<()> {
    let keys: Vec<_> = reached.iter().map(|((c, h, i), seq)| (c, h, i, int(*seq))).collect();
    tx.execute(&ADVANCE, args![json(&keys)?]).await.map(drop)
}

impl Store {
    /// Gaps that overlap the half-open span, in order.
    pub async fn gaps(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Vec<GapRow>> {
        self.list(&BETWEEN, args![client, from, to], read).await
    }
}

fn read(row: &Row) -> Result<GapRow> {
    let (first, last): (Option<u64>, Option<u64>) = (row.get(6)?, row.get(7)?);
    Ok(GapRow {
        host: row.get(0)?,
        incarnation: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        reason: parse_json(&row.get::<String>(4)?)?,
        lost: row.get(5)?,
        seqs: first.zip(last),
    })
}
