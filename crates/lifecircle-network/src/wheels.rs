//! What bars a wheelchair, and how much of a map tells.
//!
//! Streets whose tags say nothing are open: closing them would close most of every map. How much of what is open is not
//! told at all stands in the [`WheelAudit`], so that no data does not read as accessible.

use std::collections::BTreeMap;

use lifecircle_types::Tags;

use crate::costs::WalkCosts;
use crate::ids::ArcIx;
use crate::network::StreetNetwork;
use crate::profile::{Stairs, WalkProfile};
use crate::terrain::Terrain;
use crate::walk_rules::{Slope, Winter};

lifecircle_types::word_enum! {
    /// Why a street is closed to a wheelchair.
    WheelBar, "bar to wheels" {
        /// `wheelchair=no`.
        Tagged = "tagged",
        /// Stairs without a ramp for wheelchairs.
        Stairs = "stairs",
        /// The `incline` that the map states.
        Incline = "incline",
        /// The `surface`, or a track of an unpaved grade.
        Surface = "surface",
        /// The `smoothness`.
        Smoothness = "smoothness",
        /// The `width`.
        Width = "width",
        /// A raised kerb, or another thing in the way that wheels do not pass.
        Kerb = "kerb",
        /// The slope of the ground, in one direction at least.
        Slope = "slope",
        /// Winter.
        Winter = "winter",
    }
}

/// What wheels can pass. A street tagged `wheelchair=yes` or `designated` is open whatever its surface, smoothness,
/// incline and width; `limited` opens and closes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wheels {
    /// Steepest `incline` tagged on a street, in thousandths, inclusive; 83 (one in twelve) unless set.
    pub incline_permille: u16,
    /// Narrowest `width` tagged on a street, in millimetres, inclusive; 900 unless set.
    pub width_mm: u16,
}

impl Default for Wheels {
    fn default() -> Self {
        Self { incline_permille: 83, width_mm: 900 }
    }
}

impl Wheels {
    /// Why a street with `tags` is closed, stairs, winter, kerbs and the ground aside.
    pub(crate) fn closed_by(self, tags: &Tags) -> impl Iterator<Item = WheelBar> + use<> {
        const LOOSE: [&str; 20] = [
            "unpaved",
            "gravel",
            "pebblestone",
            "sand",
            "mud",
            "dirt",
            "earth",
            "ground",
            "grass",
            "clay",
            "rock",
            "stone",
            "stepping_stones",
            "woodchips",
            "snow",
            "ice",
            "salt",
            "unhewn_cobblestone",
            "cobblestone",
            "grass_paver",
        ];
        const ROUGH: [&str; 5] = ["bad", "very_bad", "horrible", "very_horrible", "impassable"];
        let is = |key: &str, values: &[&str]| tags.get(key).is_some_and(|value| values.contains(&value));
        let over = |limit: u16, found: Option<f64>| found.is_some_and(|found| found > f64::from(limit));
        let opened = is("wheelchair", &["yes", "designated"]);
        let narrow =
            tags.get("width").and_then(metres).is_some_and(|m| m * 1000.0 < f64::from(self.width_mm));
        let unless_opened = [
            (WheelBar::Incline, over(self.incline_permille, tags.get("incline").and_then(permille))),
            (
                WheelBar::Surface,
                is("surface", &LOOSE)
                    || tags.get("surface").is_none()
                        && is("tracktype", &["grade2", "grade3", "grade4", "grade5"]),
            ),
            (WheelBar::Smoothness, is("smoothness", &ROUGH)),
            (WheelBar::Width, narrow),
        ]
        .map(|(bar, closed)| (bar, closed && !opened));
        [(WheelBar::Tagged, tags.has("wheelchair", "no"))]
            .into_iter()
            .chain(unless_opened)
            .filter(|(_, closed)| *closed)
            .map(|(bar, _)| bar)
    }

    /// Whether a point with these tags stops wheels: a raised kerb, a stile, a turnstile, a kissing gate, or
    /// `wheelchair=no`.
    pub(crate) fn stopped_by(tags: &Tags) -> bool {
        const IN_THE_WAY: [&str; 6] =
            ["stile", "kissing_gate", "turnstile", "full-height_turnstile", "cycle_barrier", "log"];
        tags.has("kerb", "raised")
            || tags.has("wheelchair", "no")
            || !tags.has("wheelchair", "yes")
                && tags.get("barrier").is_some_and(|kind| IN_THE_WAY.contains(&kind))
    }
}

/// The segments that a kerb, or another thing in the way, closes to wheels: those with one inside, and those for people
/// on foot that end at one. A road that passes the kerbs of a crossing goes on.
pub(crate) fn stopped(network: &StreetNetwork) -> Vec<bool> {
    let mut stopped = vec![false; network.segment_count()];
    for (segment, _, tags) in &network.inner_tags {
        let crossing_of_road = tags.has("highway", "crossing") && !is_foot_way(network, *segment as usize);
        stopped[*segment as usize] |= Wheels::stopped_by(tags) && !crossing_of_road;
    }
    for (node, tags) in &network.node_tags {
        if Wheels::stopped_by(tags) {
            for arc in network.out_arcs(crate::ids::NodeIx(*node)) {
                let segment = network.segment_of(arc);
                stopped[segment] |= is_foot_way(network, segment);
            }
        }
    }
    stopped
}

fn is_foot_way(network: &StreetNetwork, segment: usize) -> bool {
    let class = network.ways[network.way_of[segment] as usize].tags.get("highway");
    matches!(class, Some("footway" | "path" | "pedestrian" | "cycleway" | "steps" | "corridor"))
}

/// How many metres of street are closed to a wheelchair, why, and of how many nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WheelAudit {
    /// Metres of street that the same walker could use on foot.
    pub streets_m: f64,
    /// Of these, metres closed to the wheelchair, in one direction at least.
    pub closed_m: f64,
    /// Metres by reason; a street closed for two counts under both.
    pub closed_by_m: BTreeMap<WheelBar, f64>,
    /// Metres that are open only because the map says nothing of wheelchair, surface, smoothness, incline and width.
    pub untold_m: f64,
    /// Metres without a tag, by key: of the streets that are open.
    pub unknown_m: BTreeMap<&'static str, f64>,
}

/// Keys that tell something about wheels.
const TELLING: [&str; 5] = ["wheelchair", "surface", "smoothness", "incline", "width"];

impl WheelAudit {
    /// Measures the streets of `network` for a walker on wheels; in O(n + m).
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, NetworkBuilder, WalkProfile, WheelAudit};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let audit = WheelAudit::new(&network, &WalkProfile::wheelchair(), None);
    /// assert_eq!((audit.streets_m, audit.closed_m, audit.untold_m), (400.0, 0.0, 400.0));
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    #[must_use]
    pub fn new(network: &StreetNetwork, walker: &WalkProfile, terrain: Option<&Terrain>) -> Self {
        let on_foot = WalkProfile {
            stairs: Stairs::Allowed,
            slope: Slope::Ignored,
            wheels: None,
            winter: None,
            ..walker.clone()
        };
        let foot = WalkCosts::lengths(network, &on_foot);
        let wheels = walker.wheels.unwrap_or_default();
        let stopped = stopped(network);
        let mut audit = Self::default();
        let mut millimetres: BTreeMap<WheelBar, u64> = BTreeMap::new();
        let mut unknown: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut all, mut closed, mut untold) = (0_u64, 0_u64, 0_u64);
        for (row, segment) in network.segments().enumerate() {
            if !foot.permits(segment.along()) {
                continue;
            }
            let (tags, length) = (segment.tags(), u64::from(segment.length().get()));
            let mut bars: Vec<WheelBar> = wheels.closed_by(tags).collect();
            let stairs = tags.has("highway", "steps") && !tags.has("ramp:wheelchair", "yes");
            bars.extend((stairs && walker.stairs == Stairs::Impassable).then_some(WheelBar::Stairs));
            bars.extend(stopped[row].then_some(WheelBar::Kerb));
            bars.extend((walker.winter.is_some() && Winter::closes(tags)).then_some(WheelBar::Winter));
            let steep = |arc: ArcIx| is_too_steep(walker.slope, terrain, arc);
            let on_slope =
                !tags.has("highway", "steps") && (steep(segment.along()) || steep(segment.against()));
            bars.extend(on_slope.then_some(WheelBar::Slope));
            all += length;
            if !bars.is_empty() {
                closed += length;
                for bar in bars {
                    *millimetres.entry(bar).or_default() += length;
                }
                continue;
            }
            let silent = TELLING.iter().filter(|key| tags.get(key).is_none());
            for key in silent.clone() {
                *unknown.entry(key).or_default() += length;
            }
            if silent.count() == TELLING.len() {
                untold += length;
            }
        }
        audit.streets_m = as_metres(all);
        audit.closed_m = as_metres(closed);
        audit.untold_m = as_metres(untold);
        audit.closed_by_m = millimetres.into_iter().map(|(bar, mm)| (bar, as_metres(mm))).collect();
        audit.unknown_m = unknown.into_iter().map(|(key, mm)| (key, as_metres(mm))).collect();
        audit
    }
}

/// Whether a stretch of `arc` cannot be passed for its grade.
pub(crate) fn is_too_steep(slope: Slope, terrain: Option<&Terrain>, arc: ArcIx) -> bool {
    terrain.is_some_and(|terrain| terrain.grades(arc).flatten().any(|grade| slope.factor(grade).is_none()))
}

#[expect(clippy::cast_precision_loss, reason = "2^53 mm of street circle the earth 200 times")]
fn as_metres(millimetres: u64) -> f64 {
    millimetres as f64 / 1000.0
}

/// A tagged incline in thousandths, up or down: `8%`, `-8 %`, `5°`; `None` for a word.
fn permille(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let grade = if let Some(degrees) = text.strip_suffix('°') {
        let radians = number(degrees)?.to_radians();
        1000.0 * libm::tan(radians)
    } else {
        10.0 * number(text.strip_suffix('%').unwrap_or(text))?
    };
    Some(grade.abs())
}

/// A tagged width in metres: `1.5`, `1.5 m`; `None` for another unit.
fn metres(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('m').trim_end().parse().ok().filter(|width: &f64| *width > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_bar_wheels() {
        let check = |tags: &[(&str, &str)], expected: &[WheelBar]| {
            let found: Vec<WheelBar> =
                Wheels::default().closed_by(&Tags::new(tags.iter().copied())).collect();
            assert_eq!(found, expected, "{tags:?}");
        };
        check(&[], &[]);
        check(&[("wheelchair", "no")], &[WheelBar::Tagged]);
        check(&[("wheelchair", "limited")], &[]);
        check(&[("incline", "up")], &[]);
        check(&[("incline", "8%")], &[]);
        check(&[("incline", "-8.4 %")], &[WheelBar::Incline]);
        check(&[("incline", "5°")], &[WheelBar::Incline]); // tan 5° = 8.7 %
        check(&[("incline", "4°")], &[]);
        check(&[("surface", "asphalt"), ("tracktype", "grade3")], &[]);
        check(&[("tracktype", "grade3")], &[WheelBar::Surface]);
        check(
            &[("surface", "mud"), ("smoothness", "bad"), ("width", "0.5 m")],
            &[WheelBar::Surface, WheelBar::Smoothness, WheelBar::Width],
        );
        check(&[("surface", "gravel"), ("wheelchair", "yes")], &[]);
        check(&[("width", "3'")], &[]); // feet are not read
    }

    #[test]
    fn points_that_stop_wheels() {
        let stops = |key: &str, value: &str| Wheels::stopped_by(&Tags::new([(key, value)]));
        assert!(stops("kerb", "raised") && stops("barrier", "stile") && stops("wheelchair", "no"));
        assert!(!stops("kerb", "lowered") && !stops("kerb", "flush") && !stops("barrier", "bollard"));
    }
}
