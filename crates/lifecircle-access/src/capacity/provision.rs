//! How much capacity a standard asks for.
//!
//! Need `N = Σ aₗ bₗ / kₗ` over the levels of a standard: an amount `a` per `k` of the base `b`, such as 3 beds
//! per 1000 people of 60 and over at the community plus 2 per 1000 at the district. All of it is kept as one
//! exact fraction.

use lifecircle_types::People;

use crate::{Error, Result};

/// An amount of capacity per so much of a base, exact to the millionth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvisionNorm {
    /// Millionths of the amount, and of the base that it is per.
    amount: u64,
    per: u64,
}

impl ProvisionNorm {
    /// `amount` per `per` of the base.
    ///
    /// # Errors
    /// [`Error::BadParameter`] when either is no number, negative or above ten billion, or `per` is zero.
    pub fn new(amount: f64, per: f64) -> Result<Self> {
        let millionths = |what, value: f64, expected| {
            let millionths = People::try_from_f64(value).map(People::as_millionths);
            millionths.map_err(|_| Error::BadParameter { what, value, expected })
        };
        let amount_millionths = millionths("the amount of a norm", amount, "a number from 0 to 10000000000")?;
        let expected = "a number above 0, at most 10000000000";
        let per_millionths = millionths("the base that a norm is per", per, expected)?;
        if per_millionths == 0 {
            return Err(Error::BadParameter { what: "the base that a norm is per", value: per, expected });
        }
        Ok(Self { amount: amount_millionths, per: per_millionths })
    }

    /// `amount` per 1000 of the base.
    ///
    /// # Errors
    /// As [`ProvisionNorm::new`].
    pub fn per_thousand(amount: f64) -> Result<Self> {
        Self::new(amount, 1000.0)
    }
}

/// The capacity that a standard asks for, as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    numerator: u128,
    denominator: u128,
}

impl Need {
    /// The sum of what every level asks for: its norm and the people of its base.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the exact sum does not fit 128 bits.
    ///
    /// ```
    /// # use lifecircle_access::{Need, ProvisionNorm};
    /// # use lifecircle_types::People;
    /// // 5.5 beds per 1000 of 1,300 older people at the community, 2 at the district: 7.15 + 2.6
    /// let older = People::whole(1300);
    /// let levels = [(ProvisionNorm::per_thousand(5.5)?, older), (ProvisionNorm::per_thousand(2.0)?, older)];
    /// let need = Need::of(&levels)?;
    /// assert_eq!((need.as_f64(), need.whole(), need.shortfall(4)), (9.75, 10, 6));
    /// # Ok::<(), lifecircle_access::Error>(())
    /// ```
    pub fn of(levels: &[(ProvisionNorm, People)]) -> Result<Self> {
        let none = Some(Self { numerator: 0, denominator: 1 });
        let need = levels.iter().fold(none, |need, (norm, base)| {
            let per_person = Self::reduced(u128::from(norm.amount), u128::from(norm.per));
            let base = Self::reduced(u128::from(base.as_millionths()), u128::from(People::MILLIONTHS));
            need?.plus(per_person.times(base)?)
        });
        need.ok_or(Error::TooLarge { what: "the need of a standard" })
    }

    fn reduced(numerator: u128, denominator: u128) -> Self {
        let (mut divisor, mut rest) = (denominator, numerator);
        while rest > 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    fn times(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Some(Self::reduced(numerator, self.denominator.checked_mul(other.denominator)?))
    }

    fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Some(Self::reduced(left.checked_add(right)?, denominator))
    }

    /// The need as a number.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio, formed once")]
    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The least whole capacity that meets it; saturates.
    #[must_use]
    pub fn whole(self) -> u64 {
        u64::try_from(self.numerator.div_ceil(self.denominator)).unwrap_or(u64::MAX)
    }

    /// What `capacity` lacks, in whole units; 0 where it suffices.
    #[must_use]
    pub fn shortfall(self, capacity: u64) -> u64 {
        self.whole().saturating_sub(capacity)
    }

    /// `capacity` as a share of the need, above 1 where there is more; `None` where nothing is needed.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio, formed once")]
    pub fn share_met(self, capacity: u64) -> Option<f64> {
        (self.numerator > 0).then(|| capacity as f64 / self.as_f64())
    }
}
