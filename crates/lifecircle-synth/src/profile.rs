//! What kind of city it is, in figures that real places have too.
//!
//! | Figure | Meaning |
//! |---|---|
//! | density | people on a square kilometre of the city's area |
//! | centre ratio | density of the circle around the middle of the people that holds half of them, over that of the ring that holds the next 40 %; 1 is evenly spread |
//! | detour factor | length of the shortest way over the straight line, of pairs of homes 300 to 2000 m apart |
//! | built-up land | squares of 500 m that hold at least 5 junctions, a junction being a place where three or more streets for walkers meet |
//!
//! Densities of streets and junctions are those of built-up land, so that forests and lakes around a town do not
//! count.

use core::fmt;

use geo_types::{Coord, MultiPolygon};
use lifecircle_types::{BoundingBox, DemandSet, LocalFrame, People, UnitKind, reduce};

use crate::City;
use crate::plan::area_m2;

/// Figures of the streets; whoever has a street network measures them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreetProfile {
    /// Built-up land in square kilometres.
    pub built_up_km2: f64,
    /// Junctions on a square kilometre of it.
    pub junctions_per_km2: f64,
    /// Kilometres of street for walkers on a square kilometre of it.
    pub street_km_per_km2: f64,
    /// Mean detour factor.
    pub detour: f64,
    /// Detour factor that nine of ten pairs stay below.
    pub detour_p90: f64,
    /// Pairs of homes that were measured.
    pub pairs: usize,
}

/// Figures of a city.
///
/// ```
/// use lifecircle_synth::{CityProfile, SynthOptions, grow};
/// use lifecircle_types::NoProgress;
///
/// let city = grow(&SynthOptions { people: 20_000, ..SynthOptions::default() }, &NoProgress)?;
/// let profile = CityProfile::of(&city);
/// assert_eq!(profile.people, 20_000);
/// assert!(profile.streets.is_none(), "nobody has measured them yet");
/// # Ok::<(), lifecircle_synth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CityProfile {
    /// Residents.
    pub people: u64,
    /// Area inside its boundary in square kilometres.
    pub area_km2: f64,
    /// Units of each kind, from the city to the estate.
    pub units: [usize; 6],
    /// Buildings with residents.
    pub buildings: usize,
    /// People of a household.
    pub household: f64,
    /// Share of the residents who live in walled estates.
    pub walled_share: f64,
    /// Gates of a walled estate.
    pub gates: f64,
    /// Shares of people aged 0-14, 65 and over, and 80 and over.
    pub age_shares: [f64; 3],
    /// [`centre_ratio`] of its residents.
    pub centre_ratio: Option<f64>,
    /// Facilities for ten thousand people, of all services.
    pub facilities_per_10000: f64,
    /// Flaws in their provision.
    pub flaws: usize,
    /// Vacant spaces.
    pub vacant: usize,
    /// The streets, where they were measured.
    pub streets: Option<StreetProfile>,
}

impl CityProfile {
    /// The figures of `city`, but for those of its streets. O(n log n) for n resident places.
    #[must_use]
    pub fn of(city: &City) -> Self {
        let residents = &city.residents;
        let people = residents.total();
        let share = |names: &[&str]| {
            let of = |(group, people): (&lifecircle_types::Group, &[People])| {
                names.contains(&group.name.as_str()).then(|| people.iter().copied().sum::<People>())
            };
            let members: People = residents.groups().iter().filter_map(of).sum();
            members.share_of(people).unwrap_or(0.0)
        };
        let children = share(&["age_0_2", "age_3_5", "age_6_11", "age_12_14"]);
        let old = share(&["age_65_69", "age_70_79", "age_80_plus"]);
        let walled = || city.estates.iter().filter(|estate| estate.walled);
        let mean = |sum: u64, number: usize| sum as f64 / number.max(1) as f64;
        let kinds = [
            UnitKind::City,
            UnitKind::District,
            UnitKind::Street,
            UnitKind::Block,
            UnitKind::Community,
            UnitKind::Estate,
        ];
        let all = city.units.as_slice();
        let whole = all.iter().find(|unit| unit.kind == UnitKind::City);
        let frame = LocalFrame::around(city.options.anchor);
        let households = whole.and_then(|unit| unit.households).unwrap_or(0);
        Self {
            people: people.rounded(),
            area_km2: whole.and_then(|unit| unit.boundary.as_ref()).map_or(0.0, |area| km2(area, &frame)),
            units: kinds.map(|kind| all.iter().filter(|unit| unit.kind == kind).count()),
            buildings: residents.len() / usize::from(city.options.entrances).max(1),
            household: people.as_f64() / households.max(1) as f64,
            walled_share: walled().map(|estate| estate.people).sum::<u64>() as f64 / people.as_f64(),
            gates: mean(walled().map(|estate| u64::from(estate.gates)).sum(), walled().count()),
            age_shares: [children, old, share(&["age_80_plus"])],
            centre_ratio: centre_ratio(residents),
            facilities_per_10000: city.facilities.len() as f64 / people.as_f64() * 10_000.0,
            flaws: city.flaws.len(),
            vacant: city.vacant.len(),
            streets: None,
        }
    }
}

fn km2(area: &MultiPolygon<f64>, frame: &LocalFrame) -> f64 {
    let ring = |polygon: &geo_types::Polygon<f64>| -> Vec<Coord<f64>> {
        let corners = polygon.exterior().coords();
        let position = |at: &Coord<f64>| lifecircle_types::LonLat::new(at.x, at.y).ok();
        corners.filter_map(position).map(|position| frame.project(position)).collect()
    };
    reduce::sum(area.iter().map(|polygon| area_m2(&ring(polygon)))) / 1e6
}

/// How much denser the inner half of a population lives than the outer one: people on a square kilometre of the circle
/// around their middle that holds half of them, over those of the ring around it that holds the next 40 %.
///
/// 1 is evenly spread over a disc; `None` where nobody lives, or all in one place. O(n log n) for n places.
///
/// ```
/// # use lifecircle_synth::centre_ratio;
/// # use lifecircle_types::DemandSet;
/// assert_eq!(centre_ratio(&DemandSet::default()), None);
/// ```
#[must_use]
pub fn centre_ratio(residents: &DemandSet) -> Option<f64> {
    let placed = || residents.positions().iter().zip(residents.people());
    let extent = BoundingBox::around(placed().filter_map(|(at, _)| *at))?;
    let frame = LocalFrame::around(extent.centre());
    let homes: Vec<(Coord<f64>, f64)> =
        placed().filter_map(|(at, people)| Some((frame.project((*at)?), people.as_f64()))).collect();
    let all = reduce::sum(homes.iter().map(|home| home.1));
    let mean =
        |axis: fn(&Coord<f64>) -> f64| reduce::sum(homes.iter().map(|home| axis(&home.0) * home.1)) / all;
    let centre = Coord { x: mean(|at| at.x), y: mean(|at| at.y) };
    let mut rings: Vec<(f64, f64)> =
        homes.iter().map(|(at, people)| (libm::hypot(at.x - centre.x, at.y - centre.y), *people)).collect();
    rings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let radius = |share: f64| {
        let mut inside = 0.0;
        let reaches = |(_, people): &&(f64, f64)| {
            inside += people;
            inside >= share * all
        };
        rings.iter().find(reaches).map(|ring| ring.0)
    };
    let (half, most) = (radius(0.5)?, radius(0.9)?);
    let ratio = (0.5 / (half * half)) / (0.4 / (most * most - half * half));
    ratio.is_finite().then_some(ratio)
}

impl fmt::Display for CityProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let [_, districts, streets, blocks, communities, estates] = self.units;
        let [children, old, very_old] = self.age_shares.map(percent);
        writeln!(f, "people               {}", self.people)?;
        writeln!(
            f,
            "area                 {:.2} km², {:.0} people a km²",
            self.area_km2,
            self.people as f64 / self.area_km2
        )?;
        if let Some(ratio) = self.centre_ratio {
            writeln!(f, "centre ratio         {ratio:.2}")?;
        }
        writeln!(
            f,
            "units                {districts} districts, {streets} streets, {blocks} blocks, {communities} communities, \
             {estates} estates"
        )?;
        writeln!(
            f,
            "buildings            {}, {:.0} people each, {:.2} a household",
            self.buildings,
            self.people as f64 / self.buildings.max(1) as f64,
            self.household
        )?;
        writeln!(f, "ages                 0-14 {children}, 65 and over {old}, 80 and over {very_old}")?;
        writeln!(
            f,
            "behind walls         {}, {:.1} gates an estate",
            percent(self.walled_share),
            self.gates
        )?;
        writeln!(
            f,
            "facilities           {:.1} for 10000 people, {} flaws",
            self.facilities_per_10000, self.flaws
        )?;
        write!(f, "vacant spaces        {}", self.vacant)?;
        let Some(streets) = &self.streets else { return Ok(()) };
        write!(
            f,
            "\nbuilt-up land        {:.2} km²\njunctions            {:.0} a km²\nstreets              {:.1} km a km²\n\
             detour factor        {:.2}, nine of ten below {:.2} ({} pairs)",
            streets.built_up_km2,
            streets.junctions_per_km2,
            streets.street_km_per_km2,
            streets.detour,
            streets.detour_p90,
            streets.pairs
        )
    }
}
