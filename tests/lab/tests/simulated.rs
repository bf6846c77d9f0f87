//! Two hundred faults of simulated offices: it is hardly ever said to be somewhere else. All figures: `lab simulated`.

use beforehand_lab::{judge::Score, matrix::Matrix, simulated};

const FROM: u64 = 5_000;
const OFFICES: u64 = 200;

#[test]
fn of_two_hundred_faults_hardly_any_is_said_to_be_where_it_is_not() {
    let mut matrix = Matrix::default();
    for it in simulated::try_all(FROM, OFFICES) {
        matrix.add(it.truth, it.tried.verdict.said);
    }
    println!("{matrix}");
    let (right, wrong) = (matrix.count(Score::Right), matrix.count(Score::Wrong));
    assert!(right >= 160 && wrong <= 6, "{matrix}");
}
