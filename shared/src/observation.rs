//! A typed fact about an asset at a time: the one list of what agents can say.

use crate::{
    array::Array,
    asset::AssetKind,
    block_device::BlockDevice,
    drive::Drive,
    host::Host,
    interface::Interface,
    link::{Endpoint, Link, Resolver},
    printer::{Printer, Queue},
    printer_details::{FoundPrinter, SilentPrinter},
    route::Route,
    volume::Volume,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Observation {
    Host(Host),
    Volume(Volume),
    Link(Link),
    /// A link with the role [`crate::link::LinkRole::Access`]. A kind of its own, because collectors that know no such
    /// role would refuse the whole report; they keep an unknown kind unread.
    Hop(Link),
    /// A link with the role [`crate::link::LinkRole::Neighbour`], for the same reason.
    Neighbour(Link),
    Route(Route),
    Interface(Interface),
    Resolver(Resolver),
    Endpoint(Endpoint),
    Printer(Printer),
    Queue(Queue),
    SilentPrinter(SilentPrinter),
    FoundPrinter(FoundPrinter),
    /// In a box: it is much larger than the others.
    Drive(Box<Drive>),
    BlockDevice(BlockDevice),
    Array(Array),
    /// A kind this build does not know: kept in the frame, not judged.
    #[serde(other)]
    Unknown,
}

impl Observation {
    /// Kind and key of the asset this is about; the key is unique within the host, or within the
    /// site where [`AssetKind::shared_by_site`] holds.
    pub fn asset(&self) -> Option<(AssetKind, &str)> {
        Some(match self {
            Self::Host(_) => (AssetKind::Host, ""),
            Self::Volume(volume) => (AssetKind::Volume, &volume.mount),
            Self::Link(link) | Self::Hop(link) | Self::Neighbour(link) => (AssetKind::Link, &link.target),
            Self::Route(route) => (AssetKind::Route, route.occasion.word()),
            Self::Interface(interface) => (AssetKind::Interface, &interface.name),
            Self::Resolver(resolver) => (AssetKind::Resolver, &resolver.server),
            Self::Endpoint(endpoint) => (AssetKind::Endpoint, &endpoint.url),
            Self::Printer(printer) => (AssetKind::Printer, &printer.key),
            Self::Queue(queue) => (AssetKind::Queue, &queue.name),
            Self::Drive(drive) => (AssetKind::Drive, &drive.key),
            Self::BlockDevice(device) => (AssetKind::BlockDevice, &device.device),
            Self::Array(array) => (AssetKind::Array, &array.key),
            // Of a printer that says nothing, or that nobody watches, there is no state to keep.
            Self::SilentPrinter(_) | Self::FoundPrinter(_) | Self::Unknown => return None,
        })
    }
}
