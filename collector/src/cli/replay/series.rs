//! `replay --series`: one anomaly score for each row of a table, by what stands above it alone.

mod table;

use anyhow::Context;
use beforehand_core::path::strange::Strange;
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};

/// Writes the scores of `file`, or of standard input for `-`, to standard output.
pub(super) fn run(file: &Path) -> anyhow::Result<()> {
    let from: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match score(BufReader::new(from), &mut out).with_context(|| file.display().to_string()) {
        // Whoever reads the scores has seen enough.
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// One line for each row, with the time as it was written. A row without a value is no surprise.
fn score(from: impl Read, out: &mut impl Write) -> anyhow::Result<()> {
    let mut table = table::Table::read(from)?;
    let mut strange = Strange::default();
    writeln!(out, "time,score")?;
    while let Some(row) = table.next()? {
        let score = row.value.map_or(0.0, |value| strange.add(row.at, value));
        writeln!(out, "{},{score:.6}", row.time)?;
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(text: &str) -> Result<String, String> {
        let mut out = Vec::new();
        score(text.as_bytes(), &mut out).map_err(|error| format!("{error:#}"))?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn every_row_gets_a_score_and_a_jump_the_highest() {
        let mut text = "time,value\n".to_owned();
        for n in 0..300 {
            let value = if n == 250 { 90.0 } else { f64::from(n * 7 % 5) };
            text += &format!("{},{value}\n", 1_700_000_000 + n * 60);
        }
        let said = scored(&text).unwrap();
        let rows: Vec<(&str, f64)> = said
            .lines()
            .skip(1)
            .map(|line| line.split_once(',').map(|(at, n)| (at, n.parse().unwrap())).unwrap())
            .collect();
        assert_eq!(rows.len(), 300);
        let highest = rows.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(highest.0, "1700015000");
        assert!(highest.1 > 0.8 && rows.iter().all(|row| (0.0..=1.0).contains(&row.1)));
    }

    #[test]
    fn what_comes_later_changes_no_score() {
        let text: String =
            (0..100).map(|n| format!("{},{}\n", 1_700_000_000 + n * 60, if n < 60 { n % 3 } else { 500 })).collect();
        let whole = scored(&format!("ts,value\n{text}")).unwrap();
        let until: String = text.split_inclusive('\n').take(60).collect();
        let part = scored(&format!("ts,value\n{until}")).unwrap();
        assert!(whole.starts_with(&part));
    }

    #[test]
    fn a_row_without_a_value_scores_nothing_and_times_stay_as_they_were() {
        let said = scored("timestamp,cpu\n2026-11-03 14:05:00,3\n2026-11-03T14:06:00Z,\n1793714820,nan\n").unwrap();
        let times: Vec<&str> = said.lines().collect();
        assert_eq!(times[2..], ["2026-11-03T14:06:00Z,0.000000", "1793714820,0.000000"]);
    }

    #[test]
    fn a_bad_row_is_named_with_what_is_wrong_with_it() {
        let cases = [
            ("", "there is no header"),
            ("ts,value\n", "there is no row below the header"),
            ("when,label\n1,2\n", "no column for the time"),
            ("time,a,b\n1,2,3\n", "which column is the value"),
            ("time,value\n1,2\nlater,3\n", "line 3: \"later\" is no time"),
            ("time,value\n1,2\n2,high\n", "line 3: \"high\" is no number"),
            ("time,value\n1,2\n2\n", "line 3: there is no value"),
            ("time,value\n5,2\n4,3\n", "line 3: it is earlier than the row before"),
        ];
        for (text, words) in cases {
            let error = scored(text).unwrap_err();
            assert!(error.contains(words), "{text:?}: {error}");
        }
    }
}
