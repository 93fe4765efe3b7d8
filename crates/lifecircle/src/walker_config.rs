//! Walkers as `study.toml` describes them: ages, pace, and the rules by which they walk.

use lifecircle_network::Stairs;
use lifecircle_types::AgeBand;
use serde::Deserialize;

/// A walker for own pace.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WalkerConfig {
    /// Key; `by_age` without a pace stands for the walkers of the field's literature, `wheelchair` for a wheelchair user
    /// at the standard walker's pace.
    pub key: String,
    /// Speed on the level.
    pub metres_per_second: Option<f64>,
    /// Ages the walker stands for.
    pub ages: Option<AgeBand>,
    /// What slopes do; needs `elevation`.
    pub slope: Option<SlopeConfig>,
    /// Whether stairs can be taken, and how slowly.
    pub stairs: Option<StairsConfig>,
    /// Waiting at crossings.
    pub crossings: Option<CrossingsConfig>,
    /// What bars wheels.
    pub wheels: Option<WheelsConfig>,
    /// It is winter: a street takes this many per cent of its time in summer, and some are closed.
    pub winter: Option<u16>,
}

/// The word for the walkers by age.
pub const BY_AGE: &str = "by_age";

/// The word for a wheelchair user.
pub const WHEELCHAIR: &str = "wheelchair";

/// What slopes do.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "slope is \"ignored\", \"tobler\", or a table such as { up_percent = 8.3, down_percent = 8.3, \
                 beyond = 250 }, beyond being the per cent of the time on the level, or left out for impassable"
)]
pub enum SlopeConfig {
    /// A rule by name.
    Named(SlopeName),
    /// The grades up to which the walker keeps their pace.
    Bounded(GradesConfig),
}

/// Rules about slopes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlopeName {
    /// Every street is level.
    Ignored,
    /// Tobler's function.
    Tobler,
}

/// Grades up to which a walker keeps their pace.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradesConfig {
    /// Steepest way up, in per cent.
    pub up_percent: f64,
    /// Steepest way down, in per cent.
    pub down_percent: f64,
    /// Per cent of the time on the level that a steeper stretch takes; impassable without.
    #[serde(default)]
    pub beyond: Option<u16>,
}

/// Whether stairs can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "stairs are \"allowed\", \"impassable\", or the per cent of the time on the level that they take, such \
                 as 250"
)]
pub enum StairsConfig {
    /// Yes or no.
    Use(Stairs),
    /// Yes, in this many per cent of the time on the level.
    Percent(u16),
}

/// Waiting at crossings.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "crossings are \"none\", \"typical\", or a table such as { cycle_s = 90, green_s = 30, main_road_s = 12 }"
)]
pub enum CrossingsConfig {
    /// A rule by name.
    Named(CrossingsName),
    /// Waits of the study's own.
    Waits(WaitsConfig),
}

/// Rules about crossings that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossingsName {
    /// Nobody waits.
    None,
    /// [`Crossings::typical`](lifecircle_network::Crossings::typical).
    Typical,
}

/// Waits of the study's own; what is left out is that of [`Crossings::typical`](lifecircle_network::Crossings::typical).
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitsConfig {
    /// Cycle of signals in seconds; 90 unless set.
    #[serde(default = "ninety")]
    pub cycle_s: u16,
    /// Green for walkers in seconds; 30 unless set.
    #[serde(default = "thirty")]
    pub green_s: u16,
    /// A wait at main roads without signals that is the same everywhere, in seconds.
    #[serde(default)]
    pub main_road_s: Option<u16>,
    /// Vehicles an hour on main roads, for the wait for a gap; 600 unless set.
    #[serde(default)]
    pub vehicles_per_hour: Option<u16>,
    /// The longest wait for a gap in seconds; 40 unless set.
    #[serde(default)]
    pub longest_gap_s: Option<u16>,
}

/// What bars wheels; what is left out is that of [`Wheels`](lifecircle_network::Wheels).
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WheelsConfig {
    /// Steepest incline that the map states, in per cent.
    pub incline_percent: Option<f64>,
    /// Narrowest width that the map states, in metres.
    pub width_m: Option<f64>,
}

const fn ninety() -> u16 {
    90
}

const fn thirty() -> u16 {
    30
}
