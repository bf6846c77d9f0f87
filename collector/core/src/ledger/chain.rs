//! Chaining entries, finding where a chain is broken, and which entries stand.

use super::{Draft, Entry, Story, canonical::fingerprint};
use beforehand_shared::ids::ClientId;
use std::collections::BTreeMap;

/// `prev_hash` of a client's first entry.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Where a ledger stops being what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} of the ledger is not as it was written: {why}")]
pub struct Broken {
    /// The place in the ledger, counted from 1.
    pub seq: u64,
    pub why: &'static str,
}

/// The entry that `draft` becomes at place `seq`, after the entry with the hash `prev_hash`.
pub fn chain(draft: Draft, client: ClientId, seq: u64, prev_hash: &str) -> Entry {
    let mut entry = Entry {
        client,
        seq,
        at: draft.at,
        subject: draft.subject,
        site: draft.site,
        asset: draft.asset,
        asset_name: draft.asset_name,
        kind: draft.kind,
        outcome: draft.outcome,
        counted_at: draft.counted_at,
        onset: draft.onset,
        ticketed_at: draft.ticketed_at,
        p: draft.p,
        because: draft.because,
        evidence: draft.evidence,
        corrects: draft.corrects,
        by: draft.by,
        prev_hash: prev_hash.to_owned(),
        hash: String::new(),
    };
    entry.hash = hash_of(&entry);
    entry
}

/// `draft` as it enters the client's ledger: a case that is judged again, because it reopened or
/// because work or a user's report was entered late, corrects its earlier entry. None when there is
/// nothing to write: the same entry stands already, or a person decided otherwise, whom the analysis
/// does not overrule.
pub fn admit(draft: Draft, ledger: &[Entry]) -> Option<Draft> {
    let Some(old) = standing(ledger).into_iter().find(|entry| entry.subject == draft.subject) else {
        return Some(draft);
    };
    let harm = |story: &Story| (story.people, story.minutes_lost);
    let same =
        (old.outcome, old.counted_at, harm(&old.evidence)) == (draft.outcome, draft.counted_at, harm(&draft.evidence));
    if same || old.by != draft.by {
        return None;
    }
    let because = format!("More became known after it was counted as {}. {}", old.outcome.name(), draft.because);
    Some(Draft { corrects: Some(old.seq), because, ..draft })
}

/// Over everything in the entry but its own hash, which stands in it as empty text.
fn hash_of(entry: &Entry) -> String {
    fingerprint(&Entry { hash: String::new(), ..entry.clone() })
}

/// Walks the whole ledger of one client, oldest first.
///
/// # Errors
/// The first place where it is broken. Entries cut off at the end cannot be seen here; the hash of
/// the latest entry is printed on every statement for that.
pub fn verify(entries: &[Entry]) -> Result<(), Broken> {
    let mut prev_hash = START;
    for (seq, entry) in (1..).zip(entries) {
        check(entry, seq, prev_hash).map_err(|why| Broken { seq, why })?;
        if entry.client != entries[0].client {
            return Err(Broken { seq, why: "it belongs to another client" });
        }
        prev_hash = &entry.hash;
    }
    Ok(())
}

fn check(entry: &Entry, seq: u64, prev_hash: &str) -> Result<(), &'static str> {
    if entry.seq != seq {
        return Err("it does not have this number");
    }
    if entry.prev_hash != prev_hash {
        return Err("it does not continue the entry before it");
    }
    if hash_of(entry) != entry.hash {
        return Err("its content does not match its hash");
    }
    if entry.corrects.is_some_and(|old| old == 0 || old >= seq) {
        return Err("it corrects an entry that is not before it");
    }
    Ok(())
}

/// The entries that count: of each entry and all its corrections, the latest. Entries of several
/// clients may be mixed; each client's must be in order.
pub fn standing(entries: &[Entry]) -> Vec<&Entry> {
    let mut root_of: BTreeMap<(ClientId, u64), u64> = BTreeMap::new();
    let mut latest: BTreeMap<(ClientId, u64), &Entry> = BTreeMap::new();
    for entry in entries {
        let corrected = entry.corrects.and_then(|old| root_of.get(&(entry.client, old)).copied());
        let root = corrected.unwrap_or(entry.seq);
        root_of.insert((entry.client, entry.seq), root);
        latest.insert((entry.client, root), entry);
    }
    latest.into_values().collect()
}
