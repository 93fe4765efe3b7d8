//! What slows a walker beside the length of a street: slopes, crossings, winter.
//!
//! Each rule is data of a [`WalkProfile`](crate::WalkProfile); what is not set costs nothing.

use lifecircle_types::{Millimetres, Speed, Tags, TravelTime};

/// What a slope does to a walker. Slopes need a [`Terrain`](crate::Terrain); without one every street is level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Slope {
    /// Every street is walked as if it were level.
    #[default]
    Ignored,
    /// The hiking function of Tobler (1993), its pace on the level being the walker's own: at grade `s` the pace is
    /// `exp(-3.5 |s + 0.05|) / exp(-0.175)` of that. It is 1.19 of it at a grade of -5 %, and 0.70 at +10 %.
    Tobler,
    /// The walker's own pace up to a grade, beyond which streets are impassable or slow.
    Bounded(GradeLimits),
}

/// The grades up to which a walker keeps their pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GradeLimits {
    /// Steepest way up, in thousandths, inclusive.
    pub up_permille: u16,
    /// Steepest way down, in thousandths, inclusive.
    pub down_permille: u16,
    /// What a steeper stretch is.
    pub beyond: Beyond,
}

impl GradeLimits {
    /// One in twelve (8.3 %) either way, the steepest ramp of most codes for wheelchairs; impassable beyond.
    pub const RAMP: Self = Self { up_permille: 83, down_permille: 83, beyond: Beyond::Impassable };
}

/// What a stretch beyond a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Beyond {
    /// It cannot be passed in that direction.
    Impassable,
    /// It takes this many per cent of the time on the level; 100 at least.
    Percent(u16),
}

impl Slope {
    /// How many times as long a stretch of `grade` takes as a level one; `None` when it is impassable.
    ///
    /// ```
    /// # use lifecircle_network::Slope;
    /// assert_eq!(Slope::Tobler.factor(0.0), Some(1.0));
    /// let (up, down) = (Slope::Tobler.factor(0.1).unwrap(), Slope::Tobler.factor(-0.05).unwrap());
    /// assert!((up - 0.35_f64.exp()).abs() < 1e-12); // 1.42 times
    /// assert!((down - (-0.175_f64).exp()).abs() < 1e-12); // 0.84 times
    /// ```
    #[must_use]
    pub fn factor(self, grade: f64) -> Option<f64> {
        match self {
            Self::Ignored => Some(1.0),
            Self::Tobler => Some(libm::exp(3.5 * ((grade + 0.05).abs() - 0.05))),
            Self::Bounded(limits) => {
                let most = if grade > 0.0 { limits.up_permille } else { limits.down_permille };
                if grade.abs() * 1000.0 <= f64::from(most) {
                    return Some(1.0);
                }
                match limits.beyond {
                    Beyond::Impassable => None,
                    Beyond::Percent(percent) => Some(f64::from(percent.max(100)) / 100.0),
                }
            }
        }
    }
}

/// Waiting where a walk crosses traffic.
///
/// Delays belong to the ends of streets at a junction, half of a delay to each, so that a walk across pays it once,
/// whichever way it goes. Inside its cost a delay is spread over the street, as the rest of it.
///
/// * At a signal every street that meets it bears half: `highway=traffic_signals`, or a crossing with signals
///   (`crossing=traffic_signals`, `crossing:signals=yes`). Along the road on which a crossing with signals lies
///   nobody waits, as the walk does not cross it.
/// * Elsewhere a street that meets a main road (trunk, primary, secondary, and their links) of a higher class than its
///   own bears half of the wait for a gap in its traffic, whether a crossing is mapped or not. A walk across the main
///   road pays it all; one that turns into it pays half, as it is not known on which side it goes on.
/// * Inside a street (not at a junction) a signal is paid whole; on a road a crossing is not, as the walk goes along it.
/// * Each carriageway that is mapped by itself is crossed by itself. `crossing=no` is no crossing and delays nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Crossings {
    /// Mean wait at a signal.
    pub signal: TravelTime,
    /// Wait at a main road without signals.
    pub main_road: MainRoad,
}

/// The wait before a main road is crossed without signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MainRoad {
    /// The same everywhere.
    Fixed(TravelTime),
    /// The mean wait for a gap ([`gap_wait`]), the road being 3.5 m wide a lane (`lanes`, two where not tagged).
    Gaps {
        /// Vehicles an hour, both directions together.
        vehicles_per_hour: u16,
        /// The longest wait: beyond it drivers yield or the walker goes elsewhere.
        at_most: TravelTime,
    },
}

impl Crossings {
    /// Nobody waits anywhere.
    pub const NONE: Self = Self { signal: TravelTime::ZERO, main_road: MainRoad::Fixed(TravelTime::ZERO) };

    /// Signals of 90 s with 30 s of green, and gaps in 600 vehicles an hour with at most 40 s: planning values,
    /// unconfirmed.
    #[must_use]
    pub fn typical() -> Self {
        Self {
            signal: signal_wait(TravelTime::from_secs(90), TravelTime::from_secs(30)),
            main_road: MainRoad::Gaps { vehicles_per_hour: 600, at_most: TravelTime::from_secs(40) },
        }
    }

    /// The wait of a walker of `speed` at a main road of `lanes`.
    pub(crate) fn wait_at_main_road(self, speed: Speed, lanes: u32) -> TravelTime {
        match self.main_road {
            MainRoad::Fixed(wait) => wait,
            MainRoad::Gaps { vehicles_per_hour, at_most } => {
                let width = Millimetres::new(lanes.saturating_mul(LANE_MM));
                gap_wait(width, speed, vehicles_per_hour).min(at_most)
            }
        }
    }
}

impl Default for Crossings {
    fn default() -> Self {
        Self::NONE
    }
}

const LANE_MM: u32 = 3500;

/// The mean wait at a signal of cycle `C` with effective green `g`: `(C - g)^2 / 2C` (Highway Capacity Manual), walkers
/// arriving at any moment alike. A green as long as the cycle, or longer, is no wait; so is a cycle of zero.
///
/// ```
/// # use lifecircle_network::signal_wait;
/// # use lifecircle_types::TravelTime;
/// let wait = signal_wait(TravelTime::from_secs(90), TravelTime::from_secs(30));
/// assert_eq!(wait, TravelTime::from_secs(20)); // 60 x 60 / 180
/// ```
#[must_use]
pub fn signal_wait(cycle: TravelTime, green: TravelTime) -> TravelTime {
    let red = u64::from(cycle.as_millis().saturating_sub(green.as_millis()));
    let twice = 2 * u64::from(cycle.as_millis().max(1));
    let wait = (red * red + twice / 2) / twice;
    TravelTime::from_millis(u32::try_from(wait).unwrap_or(u32::MAX))
}

/// The mean wait for a gap in which a road of `width` can be crossed: `(exp(v t) - v t - 1) / v` for `v` vehicles a
/// second and a crossing time `t` of width over speed and 3 s to start and end (Highway Capacity Manual 2010, for
/// traffic that comes at random and does not yield). No traffic is no wait; saturates.
///
/// ```
/// # use lifecircle_network::gap_wait;
/// # use lifecircle_types::{Millimetres, Speed};
/// let speed = Speed::try_from_metres_per_second(1.0)?;
/// let wait = gap_wait(Millimetres::from_metres(7), speed, 360); // t = 10 s, v t = 1
/// assert_eq!(wait.as_millis(), 7183); // 10 s x (e - 2)
/// # Ok::<(), lifecircle_types::InvalidQuantity>(())
/// ```
#[must_use]
pub fn gap_wait(width: Millimetres, speed: Speed, vehicles_per_hour: u16) -> TravelTime {
    if vehicles_per_hour == 0 {
        return TravelTime::ZERO;
    }
    let flow = f64::from(vehicles_per_hour) / 3600.0;
    let expected = flow * (speed.time_for(width).as_secs_f64() + 3.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturates"
    )]
    let millis = libm::round((libm::exp(expected) - expected - 1.0) / flow * 1000.0) as u32;
    TravelTime::from_millis(millis)
}

/// How winter slows a walker, and which streets it closes: those tagged `winter_service=no`, and those whose
/// `seasonal` names seasons and not winter (`summer`, `spring;autumn`, `dry_season`). A `seasonal=yes` does not say
/// when, and closes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Winter {
    /// Time that a street takes, in per cent of what it takes in summer; at least 100.
    pub percent: u16,
}

impl Winter {
    /// A quarter more time on snow and ice: a planning value, unconfirmed.
    pub const TYPICAL: Self = Self { percent: 125 };

    /// Whether winter closes a street with these tags.
    pub(crate) fn closes(tags: &Tags) -> bool {
        let without_winter = |seasons: &str| {
            !matches!(seasons, "yes" | "no") && !seasons.split(';').any(|season| season.trim() == "winter")
        };
        tags.has("winter_service", "no") || tags.get("seasonal").is_some_and(without_winter)
    }
}
