//! Enrolment of machines.

pub(super) mod post;
