//! A progress bar on standard error.

use std::io::{IsTerminal, Write};

const WIDTH: usize = 40;

#[derive(Debug, Default)]
pub struct Progress {
    last_percent: Option<usize>,
}

impl Progress {
    /// Draws when the percentage changed; without a terminal, only every tenth.
    pub fn show(&mut self, done: f64, what: &str) {
        let percent = (done.clamp(0.0, 1.0) * 100.0) as usize;
        if self.last_percent == Some(percent) {
            return;
        }
        self.last_percent = Some(percent);
        let mut out = std::io::stderr();
        let filled = "█".repeat(percent * WIDTH / 100);
        let written = if out.is_terminal() {
            let end = if percent == 100 { "\n" } else { "" };
            write!(out, "\r  {filled:░<WIDTH$} {percent:3} %  {what}{end}").and_then(|()| out.flush())
        } else if percent.is_multiple_of(10) {
            writeln!(out, "  {percent:3} %  {what}")
        } else {
            Ok(())
        };
        // A bar that cannot be drawn stops nothing.
        drop(written);
    }
}
