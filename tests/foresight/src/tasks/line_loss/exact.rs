//! The sequential test as an absorbing Markov chain: the sums that it can reach, to a fiftieth, with
//! the chance of each next one; the mean time is the solution of a linear system.

use crate::report::{By, Column, Row, Table};
use beforehand_core::math::cusum::{LIMIT, LossTest};
use std::collections::{BTreeMap, VecDeque};

const PINGS: u32 = 5;
pub(super) const USUAL: f64 = 0.005;
/// Loss and the minutes within which it is to be found.
pub(super) const ASKED: [(f64, f64); 5] = [(1.0, 1.0), (0.5, 2.0), (0.2, 5.0), (0.1, 11.0), (0.05, 28.0)];

struct Chain {
    /// For each state the next one by pings lost; nothing for the alarm.
    next: Vec<[Option<usize>; PINGS as usize + 1]>,
}

impl Chain {
    fn of_our_test() -> Self {
        let start = LossTest::new(USUAL);
        let mut known: BTreeMap<u64, usize> = BTreeMap::from([(key(0.0), 0)]);
        let mut open: VecDeque<LossTest> = VecDeque::from([start]);
        let mut next = Vec::new();
        while let Some(test) = open.pop_front() {
            let mut row = [None; PINGS as usize + 1];
            for (lost, place) in (0..).zip(&mut row) {
                let mut after = test;
                let sum = after.add(PINGS, lost);
                if sum < LIMIT {
                    let number = known.len();
                    *place = Some(*known.entry(key(sum)).or_insert_with(|| {
                        open.push_back(after);
                        number
                    }));
                }
            }
            next.push(row);
        }
        Self { next }
    }

    /// Mean minutes until the alarm, from a sum of zero.
    fn mean(&self, loss: f64) -> f64 {
        let chance = binomial(loss);
        let n = self.next.len();
        let mut rows: Vec<Vec<f64>> = (0..n)
            .map(|state| {
                let mut row = vec![0.0; n + 1];
                (row[state], row[n]) = (1.0, 1.0);
                for (next, chance) in self.next[state].iter().zip(chance) {
                    if let Some(next) = next {
                        row[*next] -= chance;
                    }
                }
                row
            })
            .collect();
        solve(&mut rows)[0]
    }

    /// Minutes until half of all have alarmed.
    fn median(&self, loss: f64) -> f64 {
        let chance = binomial(loss);
        let mut at = vec![0.0; self.next.len()];
        at[0] = 1.0;
        let mut minutes = 0.0;
        while at.iter().sum::<f64>() > 0.5 {
            let mut after = vec![0.0; at.len()];
            for (state, mass) in at.iter().enumerate() {
                for (next, chance) in self.next[state].iter().zip(chance) {
                    if let Some(next) = next {
                        after[*next] += mass * chance;
                    }
                }
            }
            at = after;
            minutes += 1.0;
        }
        minutes
    }
}

/// Sums within a fiftieth are one state, or there would be no end of them.
fn key(sum: f64) -> u64 {
    (sum * 50.0).round() as u64
}

/// How likely so many of the pings are lost.
pub(super) fn binomial(loss: f64) -> [f64; PINGS as usize + 1] {
    let ways = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0];
    let of = |lost: usize| ways[lost] * loss.powi(lost as i32) * (1.0 - loss).powi((PINGS as usize - lost) as i32);
    std::array::from_fn(of)
}

/// Gauss and Jordan with the largest pivot; the last column is the right-hand side.
fn solve(rows: &mut [Vec<f64>]) -> Vec<f64> {
    let n = rows.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
        rows.swap(column, pivot.unwrap_or(column));
        let lead = rows[column].clone();
        for (number, row) in rows.iter_mut().enumerate() {
            let factor = row[column] / lead[column];
            if number != column && factor != 0.0 {
                row[column..].iter_mut().zip(&lead[column..]).for_each(|(cell, lead)| *cell -= factor * lead);
            }
        }
    }
    (0..n).map(|state| rows[state][n] / rows[state][state]).collect()
}

pub(super) fn table() -> Table {
    let chain = Chain::of_our_test();
    let medians = ASKED.map(|(loss, _)| Some(chain.median(loss)));
    let means = ASKED.map(|(loss, _)| Some(chain.mean(loss)));
    let days = Some(chain.mean(USUAL) / 1440.0);
    let mut columns =
        ASKED.map(|(loss, most)| Column::new(&format!("{:.0} %", 100.0 * loss), 1).at_most(most)).to_vec();
    columns.push(Column::new("days to a false alarm", 0).at_least(85.0));
    let row = |method: &str, minutes: [Option<f64>; 5]| Row {
        method: method.to_owned(),
        by: By::Ours,
        values: minutes.into_iter().chain([days]).collect(),
    };
    super::table(
        "minutes until loss is found, exact",
        format!("{} sums that the test can reach", chain.next.len()),
        columns,
        vec![row("sequential test, median", medians), row("sequential test, mean", means)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_knows_what_is_found_at_once_and_how_rare_a_false_alarm_is() {
        let chain = Chain::of_our_test();
        assert!((chain.mean(1.0) - 1.0).abs() < 1e-9);
        let days = chain.mean(USUAL) / 1440.0;
        assert!((85.0..120.0).contains(&days), "{days}");
    }
}
