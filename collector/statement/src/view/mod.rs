//! What a statement tells.
