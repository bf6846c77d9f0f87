//! Lists as CSV (RFC 4180), safe to open in a spreadsheet.

use super::page::Answer;
use axum::{http::header, response::IntoResponse};

/// A download called `name`.csv.
pub(crate) fn answer(name: &str, head: &[&str], rows: &[Vec<String>]) -> Answer {
    let mut text = line(head.iter().copied());
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str)));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((headers, text).into_response())
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(cell).collect();
    cells.join(",") + "\r\n"
}

/// Quoted, and with an apostrophe in front of what a spreadsheet would run as a formula.
fn cell(text: &str) -> String {
    let begins = text.trim_start().chars().next();
    let formula = matches!(begins, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠'))
        || text.starts_with(['\t', '\r', '\n']);
    let guard = if formula && text.parse::<f64>().is_err() { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for formula in ["=1+1", "+cmd", "-2+3", "@SUM(A1)", " =HYPERLINK(\"x\")", "\t=1", "＝1"] {
            assert!(cell(formula).starts_with("\"'"), "{formula}");
        }
        assert_eq!(cell("-5.5"), "\"-5.5\"");
        assert_eq!(cell("a \"b\",\nc"), "\"a \"\"b\"\",\nc\"");
    }
}
