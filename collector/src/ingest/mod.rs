//! From bytes on the wire to a durable frame. Nothing here judges what a report says.

pub mod frame;
pub mod gate;
pub mod identity;
pub mod writer;
