//! Plain text for mail, 72 columns wide.

use std::fmt::Write;

const WIDTH: usize = 72;
/// Width of the column of dates and marks before an item.
const MARK: usize = 8;

/// Text being written, line by line.
#[derive(Default)]
pub(crate) struct Page(String);

impl Page {
    /// One text at the left, one at the right.
    pub(crate) fn sides(&mut self, left: &str, right: &str) {
        let gap = WIDTH.saturating_sub(left.chars().count() + right.chars().count()).max(2);
        self.line(&format!("{left}{}{right}", " ".repeat(gap)));
    }

    /// Nothing for an empty text.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.wrapped(text, ["", ""]);
    }

    pub(crate) fn indented(&mut self, text: &str) {
        self.wrapped(text, ["  ", "  "]);
    }

    /// A mark in its own column, the text beside it.
    pub(crate) fn item(&mut self, mark: &str, text: &str) {
        self.wrapped(text, [&format!("{mark:<MARK$}"), &" ".repeat(MARK)]);
    }

    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        self.line(text);
        self.line(&"-".repeat(text.chars().count()));
    }

    /// One empty line, never two.
    pub(crate) fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// A line as it is, such as an address that must not be broken.
    pub(crate) fn line(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{}", text.trim_end());
    }

    /// Words on lines of at most [`WIDTH`]; a longer word stands on a line of its own.
    fn wrapped(&mut self, text: &str, [first, rest]: [&str; 2]) {
        let mut line = first.to_owned();
        let mut empty = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let room = line.chars().count() + usize::from(!empty) + word.chars().count();
            if !empty && room > WIDTH {
                self.line(&line);
                rest.clone_into(&mut line);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        if !empty {
            self.line(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_at_most_72_columns_and_items_hang() {
        let mut page = Page::default();
        page.item("3 Nov", &"word ".repeat(30));
        let text = page.finish();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("        word")));
    }

    #[test]
    fn gaps_do_not_add_up() {
        let mut page = Page::default();
        page.gap();
        page.paragraph("a");
        page.gap();
        page.gap();
        page.paragraph("b");
        assert_eq!(page.finish(), "a\n\nb\n");
    }
}
