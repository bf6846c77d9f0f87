//! Real programs, started for a test and ended with it.

pub mod agent;
pub mod announced_printer;
pub mod browser;
pub mod collector;
pub mod console;
pub mod machine;
pub mod mail_server;
pub mod place;
pub mod print_service;
pub mod printer;
pub mod releases;
pub mod snmp_printers;
pub mod supervisor;
pub mod volume;
pub mod wine;
