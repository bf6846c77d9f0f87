//! Walks several columns of a printer's tables side by side, whatever the printer answers: it ends after a
//! bounded number of questions. Pure.

use super::table::{Oid, Table, Value};

/// Rows of one column that are read.
pub const ROWS: usize = 64;
/// Questions of one walk. With four rows in each answer, it takes 16 for [`ROWS`].
pub const QUESTIONS: usize = 24;

/// One binding of an answer; nothing stands for the end of what the printer has.
pub type Answer = (Oid, Option<Value>);

#[derive(Debug)]
struct Column {
    prefix: Oid,
    /// The last identifier that was answered; the first question is about the column itself.
    at: Oid,
    rows: usize,
    is_done: bool,
}

/// A walk that is under way.
#[derive(Debug)]
pub struct Walk {
    columns: Vec<Column>,
    questions: usize,
    table: Table,
}

impl Walk {
    pub fn new(columns: &[&[u32]]) -> Self {
        let column = |prefix: &&[u32]| Column { prefix: prefix.to_vec(), at: prefix.to_vec(), rows: 0, is_done: false };
        Self { columns: columns.iter().map(column).collect(), questions: 0, table: Table::default() }
    }

    /// What to ask for the successors of now; nothing when the walk has ended.
    pub fn question(&mut self) -> Option<Vec<Oid>> {
        let oids: Vec<Oid> = self.columns.iter().filter(|it| !it.is_done).map(|it| it.at.clone()).collect();
        if oids.is_empty() || self.questions >= QUESTIONS {
            return None;
        }
        self.questions += 1;
        Some(oids)
    }

    /// Takes the answers to the last question: one for each identifier, then again one for each, and so on
    /// (RFC 3416, section 4.2.3). The last round may be cut short.
    pub fn take(&mut self, answers: Vec<Answer>) {
        let asked: Vec<usize> = (0..self.columns.len()).filter(|at| !self.columns[*at].is_done).collect();
        if asked.is_empty() || answers.is_empty() {
            self.columns.iter_mut().for_each(|column| column.is_done = true);
            return;
        }
        for (count, (oid, value)) in answers.into_iter().enumerate() {
            let column = &mut self.columns[asked[count % asked.len()]];
            if column.is_done {
                continue;
            }
            // One that does not increase would never end.
            let goes_on = oid.starts_with(&column.prefix) && oid > column.at && column.rows < ROWS;
            match value {
                Some(value) if goes_on => {
                    column.at.clone_from(&oid);
                    column.rows += 1;
                    self.table.insert(oid, value);
                }
                _ => column.is_done = true,
            }
        }
    }

    /// Leaves out the column that was asked for at `place`, from 0, of the last question: the printer refuses it.
    pub fn skip(&mut self, place: usize) {
        match self.columns.iter_mut().filter(|column| !column.is_done).nth(place) {
            Some(column) => column.is_done = true,
            None => self.columns.iter_mut().for_each(|column| column.is_done = true),
        }
    }

    pub fn into_table(self) -> Table {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(oid: &[u32]) -> Answer {
        (oid.to_vec(), Some(Value::Number(1)))
    }

    #[test]
    fn columns_of_different_length_are_read_side_by_side() {
        let mut walk = Walk::new(&[&[1, 1], &[1, 2]]);
        assert_eq!(walk.question(), Some(vec![vec![1, 1], vec![1, 2]]));
        walk.take(vec![number(&[1, 1, 1]), number(&[1, 2, 5]), number(&[1, 1, 2]), number(&[1, 3, 1])]);
        assert_eq!(walk.question(), Some(vec![vec![1, 1, 2]]));
        walk.take(vec![(vec![1, 1, 2], None)]);
        assert_eq!(walk.question(), None);
        let table = walk.into_table();
        assert_eq!(table.column(&[1, 1]).count() + table.column(&[1, 2]).count(), 3);
    }

    #[test]
    fn a_column_that_never_increases_ends() {
        let mut walk = Walk::new(&[&[1, 1]]);
        let mut questions = 0;
        while walk.question().is_some() {
            questions += 1;
            walk.take(vec![number(&[1, 1, 7])]);
        }
        assert_eq!(questions, 2);
    }

    #[test]
    fn a_refused_column_does_not_cost_the_others() {
        let mut walk = Walk::new(&[&[1, 1], &[1, 2]]);
        walk.question();
        walk.skip(0);
        assert_eq!(walk.question(), Some(vec![vec![1, 2]]));
        walk.skip(9);
        assert_eq!(walk.question(), None);
    }

    proptest! {
        #[test]
        fn whatever_is_answered_a_walk_ends(
            answers in prop::collection::vec(prop::collection::vec((prop::collection::vec(0u32..4, 0..5), any::<bool>()), 0..20), 0..40),
        ) {
            let mut walk = Walk::new(&[&[1], &[1, 2], &[2]]);
            let mut questions = 0;
            let mut answers = answers.into_iter().cycle().chain(std::iter::repeat(Vec::new()));
            while walk.question().is_some() {
                questions += 1;
                let given = answers.next().unwrap_or_default();
                walk.take(given.into_iter().map(|(oid, some)| (oid, some.then_some(Value::Number(0)))).collect());
            }
            prop_assert!(questions <= QUESTIONS);
            prop_assert!(walk.into_table().column(&[]).count() <= 3 * ROWS);
        }
    }
}
