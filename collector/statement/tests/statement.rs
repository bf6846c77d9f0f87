//! Whole statements from the cases under `testdata`: what the mails say, letter by letter, and what
//! the PDF holds. `UPDATE=1` writes the expected mails anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::month::{MonthFigures, MonthInput};
use beforehand_statement::{MailBody, mail, pdf};
use std::{fs, path::PathBuf, process::Command};

const CASES: [&str; 4] = ["typical", "empty", "bad", "hostile"];

fn file(case: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(case).join(name)
}

fn load(case: &str) -> (MonthInput, MonthFigures) {
    let text = |name| fs::read_to_string(file(case, name)).unwrap();
    (serde_json::from_str(&text("input.json")).unwrap(), serde_json::from_str(&text("figures.json")).unwrap())
}

fn mail_of(case: &str) -> MailBody {
    let (input, figures) = load(case);
    mail(&input, &figures)
}

/// The PDF, kept beside the build for whoever wants to look at it.
fn pdf_of(case: &str) -> Vec<u8> {
    let (input, figures) = load(case);
    let bytes = pdf(&input, &figures).unwrap();
    fs::write(kept(case), &bytes).unwrap();
    bytes
}

fn kept(case: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{case}.pdf"))
}

fn compare(case: &str, name: &str, actual: &str) {
    let path = file(case, name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(actual.lines()).position(|(a, b)| a != b);
    assert!(
        expected == actual,
        "{} differs, first at line {}; UPDATE=1 accepts it",
        path.display(),
        differs.map_or(0, |line| line + 1)
    );
}

/// What a tool of poppler-utils says about a PDF; nothing where it is not installed.
#[expect(clippy::disallowed_methods, reason = "reads the PDF with a program that is not ours")]
fn poppler(tool: &str, case: &str) -> Option<String> {
    let mut command = Command::new(tool);
    command.arg(kept(case));
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn mails_say_what_they_are_expected_to_say() {
    for case in CASES {
        let MailBody { subject, text, html } = mail_of(case);
        compare(case, "mail.txt", &format!("{subject}\n\n{text}"));
        compare(case, "mail.html", &html);
    }
}

#[test]
fn plain_text_lines_fit_72_columns() {
    for case in ["typical", "empty", "bad"] {
        let longest = mail_of(case).text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 72, "{case}: {longest} columns");
    }
}

#[test]
fn hostile_text_stays_text_in_the_mail() {
    let mail = mail_of("hostile");
    assert!(!mail.html.contains("<script>alert") && !mail.html.contains("<img"));
    assert!(!mail.subject.contains(['\r', '\n']));
    assert!(!mail.text.contains("\nBcc:") && !mail.text.contains('\u{202e}'));
}

#[test]
fn simulated_clients_are_marked_in_every_form() {
    let mail = mail_of("typical");
    assert!(mail.subject.starts_with("[simulated]"));
    assert!(mail.text.contains("SIMULATED") && mail.html.contains("simulated: all figures are made up"));
    assert!(!mail_of("bad").html.contains("simulated"));
}

#[test]
fn the_pdf_of_a_typical_month_is_tagged_and_holds_its_figures() {
    let bytes = pdf_of("typical");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(bytes, pdf_of("typical"), "the same input gives the same bytes");
    let (Some(about), Some(text)) = (poppler("pdfinfo", "typical"), poppler("pdftotext", "typical")) else {
        return;
    };
    assert!(about.contains("Tagged:          yes"), "{about}");
    assert!(about.contains("Title:           Statement for November 2026: Harbour Dental"), "{about}");
    for said in [
        "2 proven + 1.4 likely",
        "€964 beside €1,240",
        "Katrin Ahlers",
        "simulated: all figures are made up",
        "OLD-LAPTOP",
        "Decided by Jonas Weber",
        "9f2c4e0b77d1a5c3",
        "prior 2 of 4; own record 3 of 5",
    ] {
        assert!(text.contains(said), "the PDF lacks {said:?}");
    }
}

#[test]
fn empty_and_bad_months_become_statements_too() {
    pdf_of("empty");
    pdf_of("bad");
    let (Some(empty), Some(bad)) = (poppler("pdftotext", "empty"), poppler("pdftotext", "bad")) else {
        return;
    };
    assert!(empty.contains("Nothing that needed anyone. We watched 3 machines and 4 volumes."), "{empty}");
    assert!(bad.contains("6 incidents") && bad.contains("412.5 hours of work lost"), "{bad}");
}

#[test]
fn hostile_text_reaches_the_pdf_as_text_only() {
    pdf_of("hostile");
    let Some(text) = poppler("pdftotext", "hostile") else {
        return;
    };
    assert!(text.contains("#panic(\"no\")"), "markup is shown, not run");
}
