//! The costs of a walker by their own rules: slopes, stairs, winter and crossings.
//!
//! What a slope, stairs or winter do is a factor, so a street has a *level length*: the length on the level that takes
//! as long. Costs in level millimetres serve every walker with the same rules, whatever their pace; a time is one
//! division away. Waits at crossings are seconds at any pace, so walkers who wait have costs of their own, in which a
//! wait is the length that they would have covered.
//!
//! The level length of an arc of length `L` cut into `n` stretches of grades `g` is `L / n * sum f(g)`, rounded to the
//! millimetre; `f` is [`Slope::factor`], times the factors of stairs and winter. Stairs have the factor of stairs and no
//! slope: a raster does not see them. A time is the level length at the walker's speed, and the waits.

use lifecircle_types::{CostUnit, Millimetres, Tags, TravelTime, reduce};

use crate::costs::{WalkCosts, permitted};
use crate::crossings::Waits;
use crate::error::{Error, Result};
use crate::ids::ArcIx;
use crate::network::StreetNetwork;
use crate::profile::WalkProfile;
use crate::terrain::Terrain;
use crate::walk_rules::Slope;
use crate::wheels::stopped;

/// One direction of a street, as a walker's own cost may ask about it.
#[derive(Clone, Copy, Debug)]
pub struct StreetArc<'a> {
    network: &'a StreetNetwork,
    terrain: Option<&'a Terrain>,
    arc: ArcIx,
    level: Option<Millimetres>,
    wait: TravelTime,
    profile: &'a WalkProfile,
}

impl<'a> StreetArc<'a> {
    /// The arc.
    #[must_use]
    pub const fn arc(self) -> ArcIx {
        self.arc
    }

    /// Its length.
    #[must_use]
    pub fn length(self) -> Millimetres {
        self.network.length(self.arc)
    }

    /// The tags of its way.
    #[must_use]
    pub fn tags(self) -> &'a Tags {
        self.network.segment(self.arc).tags()
    }

    /// Rise over length from its tail to its head; `None` without a terrain, or where it has no height.
    #[must_use]
    pub fn grade(self) -> Option<f64> {
        Some(self.terrain?.rise(self.arc)? / self.length().as_metres_f64())
    }

    /// What crossings on it take.
    #[must_use]
    pub const fn wait(self) -> TravelTime {
        self.wait
    }

    /// What it takes by the rules of the profile, waits included; `None` when they close it.
    #[must_use]
    pub fn time(self) -> Option<TravelTime> {
        Some(self.profile.speed.time_for(self.level?) + self.wait)
    }
}

impl WalkCosts {
    /// Costs in level millimetres: the length on the level that takes as long as the street, by all rules of the
    /// profile. They serve every walker that [is proportional](WalkProfile::is_proportional_to) to this one; a time is
    /// [`Speed::time_for`](lifecircle_types::Speed::time_for) of a trip's cost. A wait counts the length that this
    /// walker covers in its time. Legs off the street count as level.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the terrain is of another network.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, NetworkBuilder, Slope, Terrain, TerrainOptions, WalkCosts, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let plane = |at: lifecircle_types::LonLat| Some(at.lon().to_radians() * lifecircle_types::EARTH_RADIUS_M * 0.1);
    /// let terrain = Terrain::new(&network, TerrainOptions::default(), plane)?;
    /// let walker = WalkProfile::standard().slope(Slope::Tobler);
    /// let costs = WalkCosts::level_lengths(&network, &walker, Some(&terrain))?;
    /// let [up, down] = [(1, 2), (2, 1)].map(|(from, to)| {
    ///     let is = |arc| network.osm_id(network.tail(arc)) == from && network.osm_id(network.head(arc)) == to;
    ///     costs.cost(network.arcs().find(|&arc| is(arc)).unwrap()).unwrap().raw()
    /// });
    /// // 100 m x e^0.35, and x e^0: down 10 % is as fast as the level; rises are whole millimetres
    /// assert!(up.abs_diff(141_907) < 15 && down.abs_diff(100_000) < 15);
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn level_lengths(
        network: &StreetNetwork,
        profile: &WalkProfile,
        terrain: Option<&Terrain>,
    ) -> Result<Self> {
        let level = levels(network, profile, terrain)?;
        let waits = Waits::new(network, profile);
        let wait = |arc| {
            let waits = waits.as_ref()?;
            Some(profile.speed.length_in(TravelTime::from_millis(waits.of(network.segment_of(arc)))))
        };
        Ok(Self::custom(network, profile, CostUnit::Length, |arc| {
            Some((level(arc)? + wait(arc).unwrap_or_default()).get())
        }))
    }

    /// Costs in milliseconds by all rules of the profile, on `terrain` where there is one. They differ by direction.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the terrain is of another network.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, Crossings, NetworkBuilder, WalkCosts, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// // there is no crossing in this town, so a walker who would wait takes as long as one who would not
    /// let waits = WalkProfile::standard().crossings(Crossings::typical());
    /// let costs = WalkCosts::times_on(&network, &waits, None)?;
    /// assert_eq!(costs.cost(network.arcs().next().unwrap()).unwrap().raw(), 90_000);
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn times_on(
        network: &StreetNetwork,
        profile: &WalkProfile,
        terrain: Option<&Terrain>,
    ) -> Result<Self> {
        Self::times_by(network, profile, terrain, |street| street.time())
    }

    /// Costs in milliseconds of your own, from what is known of every street: `time` says what a direction of it takes,
    /// `None` when it is closed. [`StreetArc::time`] is what the rules of the profile say. The law that an added street
    /// never lengthens a trip holds for any such costs.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the terrain is of another network.
    pub fn times_by(
        network: &StreetNetwork,
        profile: &WalkProfile,
        terrain: Option<&Terrain>,
        time: impl Fn(StreetArc<'_>) -> Option<TravelTime>,
    ) -> Result<Self> {
        let level = levels(network, profile, terrain)?;
        let waits = Waits::new(network, profile);
        let wait = |arc| waits.as_ref().map_or(0, |waits| waits.of(network.segment_of(arc)));
        Ok(Self::custom(network, profile, CostUnit::Time, |arc| {
            let wait = TravelTime::from_millis(wait(arc));
            Some(time(StreetArc { network, terrain, arc, level: level(arc), wait, profile })?.as_millis())
        }))
    }
}

/// The level length of every arc that the profile may use.
fn levels<'a>(
    network: &'a StreetNetwork,
    profile: &'a WalkProfile,
    terrain: Option<&'a Terrain>,
) -> Result<impl Fn(ArcIx) -> Option<Millimetres> + use<'a>> {
    if terrain.is_some_and(|terrain| !terrain.covers(network)) {
        let (expected, found) = (network.arc_count(), terrain.map_or(0, Terrain::arc_count));
        return Err(Error::OtherNetwork { what: "arcs", expected, found });
    }
    let permitted = permitted(network, profile);
    let stairs: Vec<bool> = network.ways.iter().map(|way| way.tags.has("highway", "steps")).collect();
    let stopped = profile.wheels.map(|_| stopped(network));
    let percent = |percent: u16| f64::from(percent.max(100)) / 100.0;
    let of_winter = profile.winter.map_or(1.0, |winter| percent(winter.percent));
    let of_stairs = f64::from(profile.stairs_percent.max(1)) / 100.0;
    let terrain = terrain.filter(|_| profile.slope != Slope::Ignored);
    Ok(move |arc: ArcIx| {
        let segment = network.segment_of(arc);
        if !permitted(arc) || stopped.as_ref().is_some_and(|stopped| stopped[segment]) {
            return None;
        }
        let factor = if stairs[network.way_of[segment] as usize] {
            of_stairs
        } else {
            terrain.map_or(Some(1.0), |terrain| mean_factor(profile.slope, terrain, arc))?
        };
        Some(stretched(network.length(arc), factor * of_winter))
    })
}

/// The mean factor of the stretches of an arc; `None` when one is impassable.
fn mean_factor(slope: Slope, terrain: &Terrain, arc: ArcIx) -> Option<f64> {
    let grades = terrain.grades(arc);
    let stretches = u32::try_from(grades.len()).unwrap_or(u32::MAX);
    let factors = grades.map(|grade| grade.map_or(Some(1.0), |grade| slope.factor(grade)));
    let factors: Vec<f64> = factors.collect::<Option<_>>()?;
    Some(reduce::sum(factors) / f64::from(stretches))
}

/// A length times a factor, to the millimetre; saturates.
fn stretched(length: Millimetres, factor: f64) -> Millimetres {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturates"
    )]
    Millimetres::new(libm::round(f64::from(length.get()) * factor) as u32)
}
