//! One section of an asset's page: sentences, what to do, pictures, and a table.

use crate::web::ui::{chart::Chart, show::Link};
use askama::{Template, filters::HtmlSafe};

#[derive(Debug, Default, Template)]
#[template(path = "assets/part.html")]
pub(super) struct Part {
    id: &'static str,
    title: &'static str,
    pub(super) lines: Vec<String>,
    pub(super) steps: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) charts: Vec<Chart>,
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    /// What is to be known of the figures above.
    pub(super) below: Vec<String>,
}

impl HtmlSafe for Part {}

/// One value of a table; `href` may be empty.
#[derive(Debug)]
struct Cell {
    label: &'static str,
    text: String,
    href: String,
}

impl Part {
    pub(super) fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title, ..Self::default() }
    }

    /// Whether it has nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.rows.is_empty() && self.charts.is_empty() && self.below.is_empty()
    }

    /// With a table; the first cell of a row leads to its link, where there is one.
    pub(super) fn table<const N: usize>(
        &mut self,
        heads: [&'static str; N],
        rows: impl IntoIterator<Item = ([String; N], String)>,
    ) {
        let cells = |(row, href): ([String; N], String)| {
            let cell = |(label, text)| Cell { label, text, href: String::new() };
            let mut cells: Vec<Cell> = heads.into_iter().zip(row).map(cell).collect();
            if let Some(first) = cells.first_mut() {
                first.href = href;
            }
            cells
        };
        self.rows = rows.into_iter().map(cells).collect();
        self.heads = heads.to_vec();
    }
}

/// A phrase as a sentence of its own.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}
