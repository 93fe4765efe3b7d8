//! Measures along another order than that of the values: who is rich has how much access.

use lifecircle_types::reduce;

use super::{Distribution, Undefined};
use crate::pairs::check_length;
use crate::{Error, Result};

/// People of one rank, who share what they have.
struct Rank {
    /// Where they begin and end among all people, as shares from 0 to 1.
    from: f64,
    to: f64,
    /// What they have on average.
    mean: f64,
}

impl Distribution {
    /// People by rising rank; those of equal rank are one.
    fn ranks(&self, rank: &[f64]) -> Result<Vec<Rank>> {
        check_length("ranks", rank.len(), self.rows())?;
        if let Some(row) = rank.iter().position(|rank| !rank.is_finite()) {
            return Err(Error::BadValue { what: "ranks", row, value: rank[row] });
        }
        self.positive_mean()?;
        let mut rows: Vec<usize> = self.order.iter().copied().filter(|&row| self.people[row] > 0.0).collect();
        // −0 and 0 are one rank
        rows.sort_by(|&one, &other| (rank[one] + 0.0).total_cmp(&(rank[other] + 0.0)));
        let mut before = reduce::Running::default();
        let ranks = rows.chunk_by(|&one, &other| (rank[one] + 0.0).total_cmp(&(rank[other] + 0.0)).is_eq());
        let ranks = ranks.map(|rows| {
            let people = reduce::sum(rows.iter().map(|&row| self.people[row]));
            let amount = reduce::sum(rows.iter().map(|&row| self.people[row] * self.values[row]));
            let from = before.total() / self.all;
            before.add(people);
            Rank { from, to: before.total() / self.all, mean: amount / people }
        });
        Ok(ranks.collect())
    }

    /// The concentration index `C = (2/μ) Σ xᵢ Aᵢ Rᵢ − 1`: from −1, where only the first have something, to 1,
    /// where only the last have. `R` is the middle of a row's people among all people by rising `rank`
    /// (Kakwani, Wagstaff & van Doorslaer 1997).
    ///
    /// Rows of equal rank share one middle, so their order does not matter. With the values themselves as
    /// ranks it is the Gini index.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] and [`Error::BadValue`] for the ranks; [`Error::Undefined`] for
    /// [`Undefined::Nobody`] and [`Undefined::NothingToShare`].
    pub fn concentration(&self, rank: &[f64]) -> Result<f64> {
        let (ranks, mean) = (self.ranks(rank)?, self.positive_mean()?);
        let term = |rank: &Rank| (rank.to - rank.from) * (rank.mean / mean) * (rank.from + rank.to);
        Ok(reduce::sum(ranks.iter().map(term)) - 1.0)
    }

    /// Erreygers' corrected concentration index `4μ/(b − a) · C` of values that can lie between `a` and `b`
    /// (Erreygers 2009). The range is that of the quantity, such as 0 to 1 for coverage, not the least and most
    /// that happen to occur.
    ///
    /// # Errors
    /// As [`Distribution::concentration`]; [`Error::BadParameter`] for a range that is empty or does not hold
    /// every value that somebody has.
    pub fn erreygers(&self, rank: &[f64], range: (f64, f64)) -> Result<f64> {
        let (least, most) = range;
        let inside = |&&row: &&usize| (least..=most).contains(&self.values[row]) || self.people[row] <= 0.0;
        let holds = least < most && most.is_finite() && self.order.iter().all(|row| inside(&row));
        if !holds {
            let (what, expected) = ("the width of the range", "above zero, with every value in the range");
            return Err(Error::BadParameter { what, value: most - least, expected });
        }
        Ok(4.0 * self.mean()? / (most - least) * self.concentration(rank)?)
    }

    /// The Palma ratio: what the last tenth of people by `rank` have on average over what the first four tenths
    /// have (Palma 2011, for means as in transport studies).
    ///
    /// Rows at a boundary are split, and rows of equal rank share what they have.
    ///
    /// # Errors
    /// As [`Distribution::concentration`], and [`Undefined::ComparedWithNothing`] where the first four tenths
    /// have nothing.
    pub fn palma(&self, rank: &[f64]) -> Result<f64> {
        let ranks = self.ranks(rank)?;
        let mean = |from: f64, to: f64| {
            let part = |rank: &Rank| (rank.to.min(to) - rank.from.max(from)).max(0.0);
            reduce::sum(ranks.iter().map(|rank| part(rank) * rank.mean)) / (to - from)
        };
        let (last, first) = (mean(0.9, 1.0), mean(0.0, 0.4));
        if first > 0.0 { Ok(last / first) } else { Err(Undefined::ComparedWithNothing.into()) }
    }
}
