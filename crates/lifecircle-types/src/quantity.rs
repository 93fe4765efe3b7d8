//! Quantities with units. Inside engines everything is an integer: time in milliseconds, length in
//! millimetres, people in millionths of a person. Additions saturate, they never wrap.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Sub};

use crate::error::InvalidQuantity;

/// A duration of travel in whole milliseconds, at most 49 days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct TravelTime(u32);

impl TravelTime {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest representable time; sums saturate here.
    pub const MAX: Self = Self(u32::MAX);

    /// A time of whole milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u32) -> Self {
        Self(millis)
    }

    /// A time of whole seconds; saturates.
    #[must_use]
    pub const fn from_secs(seconds: u32) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// A time of whole minutes; saturates.
    ///
    /// ```
    /// # use lifecircle_types::TravelTime;
    /// assert_eq!(TravelTime::from_minutes(15), TravelTime::from_secs(900));
    /// ```
    #[must_use]
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// A time from seconds, rounded to the nearest millisecond.
    ///
    /// # Errors
    /// [`InvalidQuantity`] when `seconds` is not a number, negative, or beyond 49 days.
    pub fn try_from_secs_f64(seconds: f64) -> Result<Self, InvalidQuantity> {
        scaled_u32("seconds", seconds, 1000.0).map(Self)
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u32 {
        self.0
    }

    /// Minutes, for display and tables.
    #[must_use]
    pub fn as_minutes_f64(self) -> f64 {
        f64::from(self.0) / 60_000.0
    }

    /// Seconds, for display and tables.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl fmt::Display for TravelTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(60_000) {
            write!(f, "{} min", self.0 / 60_000)
        } else {
            write!(f, "{:.1} min", self.as_minutes_f64())
        }
    }
}

/// A length in whole millimetres, at most 4,294 km.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Millimetres(u32);

impl Millimetres {
    /// No length at all.
    pub const ZERO: Self = Self(0);
    /// The longest representable length; sums saturate here.
    pub const MAX: Self = Self(u32::MAX);

    /// A length of whole millimetres.
    #[must_use]
    pub const fn new(millimetres: u32) -> Self {
        Self(millimetres)
    }

    /// A length of whole metres; saturates.
    ///
    /// ```
    /// # use lifecircle_types::Millimetres;
    /// assert_eq!(Millimetres::from_metres(1).get(), 1000);
    /// ```
    #[must_use]
    pub const fn from_metres(metres: u32) -> Self {
        Self(metres.saturating_mul(1000))
    }

    /// A length from metres, rounded to the nearest millimetre.
    ///
    /// # Errors
    /// [`InvalidQuantity`] when `metres` is not a number, negative, or beyond 4,294 km.
    pub fn try_from_metres_f64(metres: f64) -> Result<Self, InvalidQuantity> {
        scaled_u32("metres", metres, 1000.0).map(Self)
    }

    /// Whole millimetres.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Metres, for display and tables.
    #[must_use]
    pub fn as_metres_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl fmt::Display for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1000) {
            write!(f, "{} m", self.0 / 1000)
        } else {
            write!(f, "{:.1} m", self.as_metres_f64())
        }
    }
}

macro_rules! saturating_arithmetic {
    ($($name:ident),*) => {$(
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                values.fold(Self::default(), Add::add)
            }
        }
    )*};
}
saturating_arithmetic!(TravelTime, Millimetres, People);

/// A walking or driving speed, kept as an exact ratio of a length and the time it takes.
///
/// "1000 m in 15 minutes" is not a round number of metres per second; as a ratio it stays exact, so that
/// 1000 m take 15 minutes to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Speed {
    #[cfg_attr(feature = "serde", serde(rename = "length_mm"))]
    length: Millimetres,
    #[cfg_attr(feature = "serde", serde(rename = "time_ms"))]
    time: TravelTime,
}

impl Speed {
    /// The speed that covers `length` in `time`.
    ///
    /// # Errors
    /// [`InvalidQuantity`] when either is zero.
    pub fn covering(length: Millimetres, time: TravelTime) -> Result<Self, InvalidQuantity> {
        if length == Millimetres::ZERO || time == TravelTime::ZERO {
            return Err(InvalidQuantity { what: "speed", value: "zero".into(), expected: "more than zero" });
        }
        Ok(Self { length, time })
    }

    /// A speed in metres per second, rounded to the nearest mm/s.
    ///
    /// # Errors
    /// [`InvalidQuantity`] when the speed is not a number, below 0.001 m/s or above 100 m/s.
    pub fn try_from_metres_per_second(speed: f64) -> Result<Self, InvalidQuantity> {
        if !(0.001..=100.0).contains(&speed) {
            return Err(InvalidQuantity {
                what: "speed",
                value: format!("{speed} m/s"),
                expected: "0.001 to 100 m/s",
            });
        }
        Self::covering(Millimetres::try_from_metres_f64(speed)?, TravelTime::from_secs(1))
    }

    /// Metres per second, for display.
    #[must_use]
    pub fn as_metres_per_second(self) -> f64 {
        self.length.as_metres_f64() / self.time.as_secs_f64()
    }

    /// The time that `length` takes, rounded to the nearest millisecond; saturates.
    ///
    /// ```
    /// # use lifecircle_types::{Millimetres, Speed, TravelTime};
    /// let walker = Speed::covering(Millimetres::from_metres(1000), TravelTime::from_minutes(15))?;
    /// assert_eq!(walker.time_for(Millimetres::from_metres(200)), TravelTime::from_minutes(3));
    /// # Ok::<(), lifecircle_types::InvalidQuantity>(())
    /// ```
    #[must_use]
    pub fn time_for(self, length: Millimetres) -> TravelTime {
        TravelTime(ratio(length.0, self.time.0, self.length.0))
    }

    /// The length walked in `time`, rounded to the nearest millimetre; saturates.
    #[must_use]
    pub fn length_in(self, time: TravelTime) -> Millimetres {
        Millimetres(ratio(time.0, self.length.0, self.time.0))
    }

    /// The longest length that takes `limit` or less by [`Speed::time_for`]: a length keeps the limit if and only if it is
    /// not longer.
    ///
    /// ```
    /// use lifecircle_types::{Millimetres, Speed, TravelTime};
    ///
    /// let pace = Speed::try_from_metres_per_second(1.2)?;
    /// let limit = TravelTime::from_millis(900_000);
    /// let farthest = pace.farthest_within(limit);
    /// assert_eq!(pace.time_for(farthest), limit);
    /// assert!(pace.time_for(Millimetres::new(farthest.get() + 1)) > limit);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn farthest_within(self, limit: TravelTime) -> Millimetres {
        // times do not fall with the length
        let (mut kept, mut open) = (0, u32::MAX);
        while kept < open {
            let middle = kept + (open - kept).div_ceil(2);
            if self.time_for(Millimetres(middle)) <= limit {
                kept = middle;
            } else {
                open = middle - 1;
            }
        }
        Millimetres(kept)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} m/s", self.as_metres_per_second())
    }
}

fn ratio(value: u32, numerator: u32, denominator: u32) -> u32 {
    let product = u64::from(value) * u64::from(numerator);
    let rounded = (product + u64::from(denominator) / 2) / u64::from(denominator);
    u32::try_from(rounded).unwrap_or(u32::MAX)
}

/// A number of people in millionths of a person.
///
/// People are added as integers, so any order, any number of threads and any later update gives the
/// same bits. A share is formed once, at the end, by [`People::share_of`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct People(u64);

/// As a number of people, not of millionths.
#[cfg(feature = "serde")]
impl serde::Serialize for People {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

#[cfg(feature = "schema")]
crate::schema_by!(
    People,
    schemars::json_schema!({
        "description": "A number of people, to the millionth.",
        "type": "number",
        "minimum": 0
    })
);

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for People {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl People {
    /// Nobody.
    pub const ZERO: Self = Self(0);
    /// Millionths in one person.
    pub const MILLIONTHS: u64 = 1_000_000;
    /// The most people one value read from a file may hold.
    pub const LARGEST_INPUT: f64 = 1e10;

    /// A whole number of people; saturates.
    #[must_use]
    pub const fn whole(people: u64) -> Self {
        Self(people.saturating_mul(Self::MILLIONTHS))
    }

    /// A number of people in millionths.
    #[must_use]
    pub const fn from_millionths(millionths: u64) -> Self {
        Self(millionths)
    }

    /// A number of people, rounded to the nearest millionth.
    ///
    /// # Errors
    /// [`InvalidQuantity`] when `people` is not a number, negative, or more than ten billion.
    pub fn try_from_f64(people: f64) -> Result<Self, InvalidQuantity> {
        if !(0.0..=Self::LARGEST_INPUT).contains(&people) {
            return Err(InvalidQuantity {
                what: "people",
                value: people.to_string(),
                expected: "a number from 0 to 10000000000",
            });
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked above: 0 to 1e16"
        )]
        let millionths = libm::round(people * 1e6) as u64;
        Ok(Self(millionths))
    }

    /// Millionths of a person.
    #[must_use]
    pub const fn as_millionths(self) -> u64 {
        self.0
    }

    /// People as a number, for display and tables.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "display only")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// People rounded to whole persons.
    #[must_use]
    pub const fn rounded(self) -> u64 {
        self.0.saturating_add(Self::MILLIONTHS / 2) / Self::MILLIONTHS
    }

    /// This number as a share of `all`, or `None` when `all` is nobody.
    ///
    /// ```
    /// # use lifecircle_types::People;
    /// assert_eq!(People::whole(60).share_of(People::whole(100)), Some(0.6));
    /// assert_eq!(People::ZERO.share_of(People::ZERO), None);
    /// ```
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio, formed once")]
    pub fn share_of(self, all: Self) -> Option<f64> {
        (all.0 > 0).then(|| self.0 as f64 / all.0 as f64)
    }
}

impl fmt::Display for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rounded())
    }
}

/// The unit in which a network, a matrix or a cutoff counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CostUnit {
    /// Milliseconds of travel.
    Time,
    /// Millimetres along the way.
    Length,
}

impl CostUnit {
    /// The cost of `raw` milliseconds or millimetres.
    #[must_use]
    pub const fn cost(self, raw: u32) -> Cost {
        match self {
            Self::Time => Cost::Time(TravelTime(raw)),
            Self::Length => Cost::Length(Millimetres(raw)),
        }
    }
}

/// A travel time or a length: what a cutoff, a matrix entry or a search label holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Cost {
    /// A time.
    Time(TravelTime),
    /// A length.
    Length(Millimetres),
}

impl Cost {
    /// The unit of this cost.
    #[must_use]
    pub const fn unit(self) -> CostUnit {
        match self {
            Self::Time(_) => CostUnit::Time,
            Self::Length(_) => CostUnit::Length,
        }
    }

    /// Whole milliseconds or millimetres.
    #[must_use]
    pub const fn raw(self) -> u32 {
        match self {
            Self::Time(time) => time.0,
            Self::Length(length) => length.0,
        }
    }
}

impl From<TravelTime> for Cost {
    fn from(time: TravelTime) -> Self {
        Self::Time(time)
    }
}

impl From<Millimetres> for Cost {
    fn from(length: Millimetres) -> Self {
        Self::Length(length)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => time.fmt(f),
            Self::Length(length) => length.fmt(f),
        }
    }
}

fn scaled_u32(what: &'static str, value: f64, scale: f64) -> Result<u32, InvalidQuantity> {
    let scaled = libm::round(value * scale);
    if !(0.0..=f64::from(u32::MAX)).contains(&scaled) {
        return Err(InvalidQuantity {
            what,
            value: value.to_string(),
            expected: "a number that is not negative and fits the type",
        });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range checked above")]
    Ok(scaled as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_walker_is_exact_at_the_cutoff() {
        let walker = Speed::covering(Millimetres::from_metres(1000), TravelTime::from_minutes(15)).unwrap();
        assert_eq!(walker.time_for(Millimetres::from_metres(1000)), TravelTime::from_minutes(15));
        assert_eq!(walker.length_in(TravelTime::from_minutes(15)), Millimetres::from_metres(1000));
        assert!(walker.time_for(Millimetres::new(1_000_001)) > TravelTime::from_minutes(15));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [f64::NAN, -1.0, f64::INFINITY, 1e30] {
            assert!(People::try_from_f64(bad).is_err(), "{bad}");
            assert!(TravelTime::try_from_secs_f64(bad).is_err(), "{bad}");
            assert!(Millimetres::try_from_metres_f64(bad).is_err(), "{bad}");
            assert!(Speed::try_from_metres_per_second(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sums_saturate() {
        assert_eq!(TravelTime::MAX + TravelTime::from_secs(1), TravelTime::MAX);
        assert_eq!(People::whole(u64::MAX) + People::whole(1), People::whole(u64::MAX));
    }
}
