//! `digest`: what new frames say becomes facts and samples.

use super::{ANALYZE, Done, Task, TaskError};
use crate::app::App;
use beforehand_core::{
    asset::AssetId,
    network::change::{Change, Known},
    series::{Metric, Sample},
    unpack::{
        self, FactUpdate,
        printers::{Printers, sees_printer},
    },
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    printer_details::{FoundPrinter, Way},
    report::{Gap, GapReason, Report},
    text,
    time::{Millis, Timestamp},
    wire,
};
use beforehand_statement::words;
use beforehand_store::{self as store, FoundRow, FrameRow, GapRow, HostUpdate, StoreError};
use futures::{FutureExt, future::BoxFuture};
use std::collections::BTreeMap;

/// Frames of one run.
const FRAMES: u32 = 2_000;
/// Frames of one transaction. SQLite has one writer: while it digests, no report becomes durable.
const AT_ONCE: usize = 25;
/// Characters of a model's name.
const MODEL_CHARS: usize = 120;

pub(super) struct Digest;

impl Task for Digest {
    fn name(&self) -> &'static str {
        super::DIGEST
    }

    fn every(&self) -> Millis {
        Millis::seconds(5)
    }

    fn rest(&self) -> Millis {
        Millis(200)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let frames = app.store.undigested(FRAMES).await?;
    if frames.is_empty() {
        return Ok(Done::default());
    }
    let count = frames.len();
    let mut by_site: BTreeMap<(ClientId, SiteId), Vec<FrameRow>> = BTreeMap::new();
    for frame in frames {
        by_site.entry((frame.client, frame.site)).or_default().push(frame);
    }
    let sites = by_site.len();
    for ((client, site), frames) in by_site {
        let hosts = frames.iter().map(|frame| frame.host).collect();
        let mut connections = app.store.connections(client, &hosts).await?;
        for frames in frames.chunks(AT_ONCE) {
            let digest = of_site(app, (client, site), frames, &mut connections).await?;
            let digested = app.store.digest(&digest).await?;
            if digested.refused_samples > 0 {
                tracing::warn!(%client, %site, samples = digested.refused_samples, "a host has too many series");
            }
        }
    }
    let said = format!(
        "{} of {}",
        words::count(count as u64, "report", "reports"),
        words::count(sites as u64, "site", "sites")
    );
    Ok(Done { said, more: count == FRAMES as usize, pokes: &[ANALYZE] })
}

/// What the frames of one site say, put together.
async fn of_site(
    app: &App,
    (client, site): (ClientId, SiteId),
    frames: &[FrameRow],
    connections: &mut Known,
) -> Result<store::Digest, StoreError> {
    let (mut gathered, mut printers) = (Gathered::default(), None::<Printers>);
    for frame in frames {
        match wire::decode(&frame.body) {
            Ok(mut report) => {
                if sees_printer(&report) {
                    let known = match printers.take() {
                        Some(known) => known,
                        None => app.store.printer_facts(client, site).await?.iter().collect(),
                    };
                    printers.insert(known).settle(&mut report);
                }
                gathered.add(frame, &report, connections);
            }
            Err(error) => {
                tracing::error!(host = %frame.host, seq = frame.seq, "a stored report cannot be read: {error}");
                gathered.gaps.push(unreadable(frame));
            }
        }
    }
    Ok(store::Digest {
        client,
        site,
        frames: frames.iter().map(|frame| (frame.host, frame.incarnation, frame.seq)).collect(),
        host_updates: gathered.hosts,
        facts: gathered.facts.into_values().collect(),
        samples: gathered.samples.into_iter().map(|((asset, metric), samples)| (asset, metric, samples)).collect(),
        gaps: gathered.gaps,
        found: gathered.found,
        changes: gathered.changes,
    })
}

#[derive(Default)]
struct Gathered {
    hosts: Vec<HostUpdate>,
    /// The latest of each asset.
    facts: BTreeMap<AssetId, FactUpdate>,
    samples: BTreeMap<(AssetId, Metric), Vec<Sample>>,
    gaps: Vec<GapRow>,
    found: Vec<FoundRow>,
    changes: Vec<Change>,
}

impl Gathered {
    fn add(&mut self, frame: &FrameRow, report: &Report, connections: &mut Known) {
        let unpacked = unpack::unpack(report, &frame.receipt);
        let arrived = frame.peer.map(|peer| connections.arrived(frame.host, frame.receipt.received_at, peer));
        self.changes.extend(arrived.into_iter().flatten());
        for fact in unpacked.facts {
            self.changes.extend(connections.learn(fact.host, fact.at, &fact.observation));
            let newer = self.facts.get(&fact.asset).is_none_or(|known| known.at <= fact.at);
            if newer {
                self.facts.insert(fact.asset.clone(), fact);
            }
        }
        for (asset, metric, sample) in unpacked.samples {
            self.samples.entry((asset, metric)).or_default().push(sample);
        }
        self.found.extend(unpacked.found.iter().filter_map(|(at, printer)| found(frame, *at, printer)));
        self.gaps.extend(unpacked.gaps.iter().map(|gap| row(frame, gap)));
        self.hosts.push(HostUpdate {
            host: frame.host,
            received_at: frame.receipt.received_at,
            peer: frame.peer,
            goodbye: unpacked.goodbye,
            about: unpacked.host,
            probes: unpacked.probes,
        });
    }
}

/// Nothing where only a name is known: it cannot be adopted by that.
fn found(frame: &FrameRow, at: Timestamp, printer: &FoundPrinter) -> Option<FoundRow> {
    let how = match printer.found_by {
        Way::DnsSd => "it announces itself",
        Way::Scan => "it answered when addresses were tried",
        Way::Queue => "a print queue leads to it",
        Way::Ipp | Way::Snmp | Way::Other => "it answered",
    };
    Some(FoundRow {
        site: frame.site,
        address: printer.address.parse().ok()?,
        host: frame.host,
        model: text::clean(printer.model.as_deref().unwrap_or_default(), MODEL_CHARS),
        how: how.to_owned(),
        seen_at: at,
    })
}

fn row(frame: &FrameRow, gap: &Gap) -> GapRow {
    GapRow {
        host: frame.host,
        incarnation: frame.incarnation,
        from: gap.from,
        to: gap.to,
        reason: gap.reason,
        lost: gap.lost,
        seqs: gap.seqs,
    }
}

fn unreadable(frame: &FrameRow) -> GapRow {
    let at = frame.receipt.received_at;
    let gap = Gap { from: at, to: at, reason: GapReason::Corrupt, lost: 1, seqs: Some((frame.seq, frame.seq)) };
    row(frame, &gap)
}
