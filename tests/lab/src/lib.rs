//! A network laboratory: real agents in namespaces of Linux, a network that fails as a script says, and where
//! the analysis believes the fault to be. The truth is known.
//!
//! One lab is one process tree in namespaces of its own (network, mounts, processes), connected to nothing. When its
//! first process ends, however that happens, the kernel ends all others and takes the networks away with them.
//!
//! # Time
//!
//! Detection counts in minutes; a lab has seconds. So agents look once a second ([`hosts::ROUND`]), and every instant in
//! their reports is moved apart by [`stretch::SCALE`] before the analysis reads it: a second of the lab is a minute.
//! Round trips and losses are as they were measured. What an agent waits for a silent name server (6 s) or web
//! address (15 s) is not shortened, so such rounds come less often than they would. What is usual is learned from the
//! healthy rounds before the fault, repeated backwards ([`stretch::Recording::with_past`]).

pub mod answer;
pub mod course;
pub mod fault;
pub mod hosts;
pub mod inject;
pub mod judge;
pub mod matrix;
pub mod nearest_hop;
pub mod nest;
pub mod network;
pub mod relay;
pub mod shaper;
pub mod simulated;
pub mod stretch;
pub mod time;
pub mod tool;
