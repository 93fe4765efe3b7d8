//! Weights from judgements of pairs.

/// Weights from pairwise judgements by the analytic hierarchy process (层次分析法).
///
/// Every pair of criteria is judged by how much more the first matters than the second, from 1/9 to 9. The weights
/// are the principal eigenvector of the matrix of judgements, summing to 1. Judgements that contradict one another
/// push its eigenvalue above the number of criteria; the consistency ratio compares that with judgements made at
/// random, and 0.1 is the most that is taken. Source: Saaty, *The Analytic Hierarchy Process*, 1980.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The weights, in the order of the criteria.
    pub weights: Vec<f64>,
    /// The principal eigenvalue; the number of criteria where no judgement contradicts another.
    pub eigenvalue: f64,
    /// `(λ − n)/((n − 1)·RI)`; 0 for one criterion or two, which cannot contradict.
    pub consistency_ratio: f64,
}

/// What judgements made at random come to on average, from 3 criteria to 10.
const RANDOM_INDEX: [f64; 8] = [0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];

impl Judgement {
    /// The most criteria that are judged at once.
    pub const MOST: usize = RANDOM_INDEX.len() + 2;
    /// The consistency ratio from which on judgements are taken to contradict one another.
    pub const CONTRADICTION: f64 = 0.1;

    /// Weighs criteria by the rows above the diagonal: the first says how much more the first criterion matters than
    /// the second, the third …, the next how much more the second matters than the third ….
    ///
    /// ```
    /// # use lifecircle_taxonomy::Judgement;
    /// let judged = Judgement::of_pairs(&[vec![3.0, 5.0], vec![2.0]])?;
    /// assert!((judged.weights[0] - 0.648329).abs() < 1e-6);
    /// assert!((judged.consistency_ratio - 0.003185).abs() < 1e-6);
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// A message: rows of the wrong length, a judgement outside 1/9 to 9, or more than [`Self::MOST`] criteria.
    pub fn of_pairs(above: &[Vec<f64>]) -> Result<Self, String> {
        let n = above.len() + 1;
        if n > Self::MOST {
            return Err(format!(
                "{n} criteria are too many to judge in pairs: put them into groups of at most {}",
                Self::MOST
            ));
        }
        let mut matrix = vec![vec![1.0; n]; n];
        for (row, judged) in above.iter().enumerate() {
            let expected = n - 1 - row;
            if judged.len() != expected {
                return Err(format!(
                    "row {} of the judgements has {} of them and needs {expected}: criterion {} against each that follows",
                    row + 1,
                    judged.len(),
                    row + 1
                ));
            }
            for (after, &times) in judged.iter().enumerate() {
                // a little beyond, for who writes 0.11
                if !(0.1..=9.0).contains(&times) {
                    return Err(format!(
                        "a judgement is {times}: from 1/9 (matters far less) to 9 (far more)"
                    ));
                }
                let column = row + 1 + after;
                matrix[row][column] = times;
                matrix[column][row] = 1.0 / times;
            }
        }
        Ok(Self::of_matrix(&matrix))
    }

    /// By powers of the matrix: positive, so they converge to the principal eigenvector.
    #[expect(clippy::cast_precision_loss, reason = "at most ten criteria")]
    fn of_matrix(matrix: &[Vec<f64>]) -> Self {
        let n = matrix.len();
        let mut weights = vec![1.0 / n as f64; n];
        let mut eigenvalue = n as f64;
        for _ in 0..ROUNDS {
            let next: Vec<f64> =
                matrix.iter().map(|row| row.iter().zip(&weights).map(|(a, w)| a * w).sum()).collect();
            eigenvalue = next.iter().sum();
            let next: Vec<f64> = next.into_iter().map(|weight| weight / eigenvalue).collect();
            let moved = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            weights = next;
            if moved < 1e-15 {
                break;
            }
        }
        let consistency_ratio = match n.checked_sub(3) {
            None => 0.0,
            Some(at) => (eigenvalue - n as f64) / (n as f64 - 1.0) / RANDOM_INDEX[at],
        };
        Self { weights, eigenvalue, consistency_ratio }
    }

    /// Whether the judgements contradict one another too much to be used.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        self.consistency_ratio >= Self::CONTRADICTION
    }
}

/// Far more than a matrix of judgements needs to converge.
const ROUNDS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_criteria_cannot_contradict() {
        let judged = Judgement::of_pairs(&[vec![3.0]]).unwrap();
        assert_eq!(judged.weights, [0.75, 0.25]);
        assert!(judged.consistency_ratio.abs() < f64::EPSILON);
    }

    #[test]
    fn a_circle_of_preferences_contradicts_itself() {
        // the first before the second, the second before the third, the third before the first
        let judged = Judgement::of_pairs(&[vec![5.0, 1.0 / 5.0], vec![5.0]]).unwrap();
        assert!(judged.contradicts_itself(), "{judged:?}");
        for weight in judged.weights {
            assert!((weight - 1.0 / 3.0).abs() < 1e-12);
        }
    }

    #[test]
    fn judgements_have_to_fit() {
        assert!(Judgement::of_pairs(&[vec![3.0, 2.0], vec![]]).unwrap_err().contains("row 2"));
        assert!(Judgement::of_pairs(&[vec![12.0]]).unwrap_err().contains("12"));
        assert!(Judgement::of_pairs(&vec![vec![]; 10]).unwrap_err().contains("groups"));
    }
}
