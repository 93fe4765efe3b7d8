//! Amounts of which not all is known.

use lifecircle_taxonomy::{Amount, Goal};

use crate::assessment::Attainment;

/// An amount between what is certain and what may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Between {
    pub(crate) low: f64,
    /// `None` has no end.
    pub(crate) high: Option<f64>,
}

impl Between {
    pub(crate) const fn exactly(value: f64) -> Self {
        Self { low: value, high: Some(value) }
    }

    pub(crate) const ZERO: Self = Self::exactly(0.0);

    pub(crate) fn add(self, other: Self) -> Self {
        let high = self.high.zip(other.high).map(|(a, b)| a + b);
        Self { low: self.low + other.low, high }
    }

    pub(crate) fn is_exact(self) -> bool {
        self.high.is_some_and(|high| high.total_cmp(&self.low).is_eq())
    }

    /// Met where both ends keep the goal, missed where no amount between them does, open otherwise.
    pub(crate) fn stands_to(self, goal: &Goal) -> Attainment {
        let high_holds = self.high.map_or(goal.amount.at_most.is_none(), |high| goal.holds(high));
        let below = goal.amount.at_least.is_some_and(|least| self.high.is_some_and(|high| high < least));
        let above = goal.amount.at_most.is_some_and(|most| self.low > most);
        if goal.holds(self.low) && high_holds {
            Attainment::Met
        } else if self.is_exact() || below || above {
            Attainment::Missed
        } else {
            Attainment::Open
        }
    }

    /// How it stands to a least amount.
    pub(crate) fn reaches(self, least: f64) -> Attainment {
        let amount = Amount { at_least: Some(least), at_most: None };
        self.stands_to(&Goal { amount, ..Goal::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_stands_to_a_goal_as_both_its_ends_do() {
        let check = |(low, high), (at_least, at_most), strictly, expected| {
            let goal = Goal { amount: Amount { at_least, at_most }, strictly, year: None };
            assert_eq!(Between { low, high }.stands_to(&goal), expected, "{low} to {high:?}, {goal:?}");
        };
        use Attainment::{Met, Missed, Open};
        check((90.0, Some(95.0)), (Some(90.0), None), false, Met);
        check((90.0, None), (Some(90.0), None), false, Met);
        check((80.0, Some(89.0)), (Some(90.0), None), false, Missed);
        check((80.0, Some(90.0)), (Some(90.0), None), false, Open);
        check((80.0, None), (Some(90.0), None), false, Open);
        check((80.0, Some(90.0)), (None, Some(90.0)), false, Met);
        check((80.0, None), (None, Some(90.0)), false, Open);
        check((91.0, None), (None, Some(90.0)), false, Missed);
        check((5.0, Some(6.0)), (Some(4.0), Some(6.0)), false, Met);
        check((5.0, Some(7.0)), (Some(4.0), Some(6.0)), false, Open);
        check((90.0, Some(90.0)), (Some(90.0), None), true, Missed);
        check((90.1, Some(90.1)), (Some(90.0), None), true, Met);
    }
}
