//! Where faults were, against where they were said to be.

use crate::{
    fault::Segment,
    judge::{Said, Score},
};
use std::{collections::BTreeMap, fmt};

#[derive(Debug, Default)]
pub struct Matrix(BTreeMap<(Segment, Said), usize>);

impl Matrix {
    pub fn add(&mut self, truth: Segment, said: Said) {
        *self.0.entry((truth, said)).or_default() += 1;
    }

    pub fn count(&self, score: Score) -> usize {
        self.0.iter().filter(|((truth, said), _)| said.score(*truth) == score).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12}", "truth")?;
        for said in Said::ALL {
            write!(f, "{:>10}", said.word())?;
        }
        for truth in Segment::ALL {
            write!(f, "\n{:<12}", truth.word())?;
            for said in Said::ALL {
                match self.0.get(&(truth, said)) {
                    Some(count) => write!(f, "{count:>10}")?,
                    None => write!(f, "{:>10}", ".")?,
                }
            }
        }
        let all: usize = self.0.values().sum();
        write!(f, "\n{all} faults:")?;
        for score in Score::ALL {
            write!(f, " {} {},", self.count(score), score.word())?;
        }
        Ok(())
    }
}
