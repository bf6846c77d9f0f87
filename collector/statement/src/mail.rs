//! The monthly statement as a mail: plain text and HTML with the same words. The PDF travels
//! beside it; pictures are made of table cells, for mail programs show no SVG.

use crate::{
    plain::Page,
    view::{Coming, Statement},
};
use askama::Template;
use beforehand_core::month::{MonthFigures, MonthInput};

/// Both bodies of a mail, and its subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailBody {
    /// One line, without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "statement.html")]
struct Html<'a> {
    subject: &'a str,
    it: &'a Statement,
}

/// The mail that carries the statement.
pub fn mail(input: &MonthInput, figures: &MonthFigures) -> MailBody {
    let it = Statement::new(input, figures);
    let mark = if it.simulated { "[simulated] " } else { "" };
    let count = it.figures.first().map_or("", |figure| figure.value.as_str());
    let from = if it.provider.name.is_empty() { String::new() } else { format!("{}, ", it.provider.name) };
    let subject = format!("{mark}{from}statement for {}: {count}", it.month);
    let html = html(&Html { subject: &subject, it: &it });
    MailBody { text: text(&it), html, subject }
}

/// Writing to a string cannot fail; should a template yet, the plain text still says everything.
pub(crate) fn html(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

impl Coming {
    /// The colour of its bar, readable on white and on black.
    pub(crate) fn colour(&self) -> &'static str {
        match self.severity {
            "act" => "#d0453b",
            "soon" => "#b87514",
            _ => "#8a67b8",
        }
    }
}

fn text(it: &Statement) -> String {
    let mut page = Page::default();
    page.sides(&it.provider.name, &it.month);
    page.paragraph(&format!("Statement for {}", it.client));
    if it.simulated {
        page.paragraph("SIMULATED: all figures are made up.");
    }
    page.gap();
    page.paragraph(&it.summary);
    page.gap();
    for figure in &it.figures {
        page.paragraph(&format!("{}: {}", figure.label, figure.value));
        page.indented(&figure.note);
    }
    if it.trend.len() > 1 {
        page.gap();
        page.paragraph(&it.trend_sentence);
    }
    happened(it, &mut page);
    coming(it, &mut page);
    page.gap();
    page.paragraph(
        "Every line with its evidence, what we cannot see, all forecasts and every figure behind the money are in \
         the attached PDF. If a line is not as you saw it, tell us, and the count falls at once.",
    );
    page.gap();
    page.paragraph(&it.provider.signed_by);
    page.paragraph(&it.provider.name);
    page.paragraph(&it.provider.reach);
    page.finish()
}

fn happened(it: &Statement, page: &mut Page) {
    page.heading("What happened");
    if it.happened.is_empty() {
        page.paragraph(&format!("Nothing that needed anyone. {}", it.sight.watched));
    }
    for line in &it.happened {
        page.item(&line.date, &format!("{} {} ({})", line.asset, line.text.trim_start(), line.outcome));
    }
    page.paragraph(&it.happened_more);
}

fn coming(it: &Statement, page: &mut Page) {
    page.heading("What is coming");
    if it.coming.is_empty() {
        page.paragraph(&it.coming_sentence);
    }
    for line in it.coming.iter().take(3) {
        let sure = if line.sure.is_empty() { String::new() } else { format!("; {}", line.sure) };
        page.item(line.severity, &format!("{}: {}, {}{sure}", line.asset, line.kind, line.when));
    }
}
