#![doc = include_str!("../README.md")]
//!
//! | You look for | It is |
//! |---|---|
//! | what a city is grown from | [`SynthOptions`] |
//! | a city, and how to grow one | [`City`], [`grow`] |
//! | what the map shows besides streets | [`Ground`] |
//! | what is wrong with its services, by construction | [`Flaw`], [`FlawKind`] |
//! | empty space | [`VacantSpace`], [`SpaceKind`], [`Owner`] |
//! | the year after, and every change | [`SecondYear`], [`Change`], [`ChangeKind`] |
//! | its figures | [`CityProfile`], [`StreetProfile`], [`centre_ratio`] |

mod draws;
mod error;
mod estates;
mod facilities;
mod layout;
mod names;
mod options;
mod people;
mod plan;
mod profile;
mod services;
mod stock;
mod streets;
mod units;
mod years;

use lifecircle_types::{
    DemandSet, Facility, FacilitySet, Progress, StreetNode, StreetRecords, StreetWay, Tags, UnitSet,
};

pub use error::{Error, Result};
pub use facilities::{Flaw, FlawKind};
pub use options::SynthOptions;
pub use profile::{CityProfile, StreetProfile, centre_ratio};
pub use stock::{Owner, SpaceKind, VacantSpace};
pub use years::{Change, ChangeKind, SecondYear};

use crate::estates::Homes;
use crate::facilities::{Spots, kind_of};
use crate::layout::Layout;
use crate::plan::Plan;
use crate::services::KINDS;
use crate::streets::Map;

/// What the map shows besides streets: walls, water, rails, buildings, land, parks and places.
///
/// Ids are counted together with those of the streets; ways such as walls share their gates with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    /// Nodes that no street passes, by id.
    pub nodes: Vec<StreetNode>,
    /// Ways that are no streets, by id.
    pub ways: Vec<StreetWay>,
}

/// A housing estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estate {
    /// Code of its unit.
    pub unit: String,
    /// Whether it has a wall.
    pub walled: bool,
    /// Ways in, where it is no quarter of an old town.
    pub gates: u32,
    /// Residents.
    pub people: u64,
}

/// A synthetic city.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// What it was grown from.
    pub options: SynthOptions,
    /// Streets, in one piece.
    pub streets: StreetRecords,
    /// Everything else on the map.
    pub ground: Ground,
    /// Residents, one place an entrance of a building, each with the code of its estate.
    pub residents: DemandSet,
    /// Facilities of the first year.
    pub facilities: FacilitySet,
    /// What is wrong with them, in the order of units from large to small.
    pub flaws: Vec<Flaw>,
    /// Units from the city to the estate.
    pub units: UnitSet,
    /// Estates, in the order of the plan.
    pub estates: Vec<Estate>,
    /// Vacant space.
    pub vacant: Vec<VacantSpace>,
    /// The year after, where it was asked for.
    pub second_year: Option<SecondYear>,
}

/// Grows a city. Equal options give equal cities, on every platform.
///
/// Takes time and memory in proportion to the people: some seconds and less than 1 GB for twenty million.
///
/// # Errors
/// [`Error::Option`] when an option is out of its range, [`Error::Cancelled`] when `progress` asks to stop.
///
/// ```
/// use lifecircle_synth::{SynthOptions, grow};
/// use lifecircle_types::{NoProgress, UnitKind};
///
/// let city = grow(&SynthOptions { people: 20_000, seed: 7, ..SynthOptions::default() }, &NoProgress)?;
/// assert_eq!(city.residents.total().rounded(), 20_000);
/// // 20,000 people are 3 communities of 8,000, rounded
/// let communities = city.units.as_slice().iter().filter(|unit| unit.kind == UnitKind::Community);
/// assert_eq!(communities.count(), 3);
/// # Ok::<(), lifecircle_synth::Error>(())
/// ```
pub fn grow(options: &SynthOptions, progress: &dyn Progress) -> Result<City> {
    options.check()?;
    let step = |done: usize, total: usize| progress.advance(STEP, done as u64, total as u64);
    let plan = Plan::new(options);
    let total = plan.cells.len();
    step(0, total)?;
    let patches: Vec<_> = plan.cells.iter().map(|cell| plan.patch(cell.column, cell.row)).collect();
    let layouts: Vec<Layout> =
        plan.cells.iter().zip(&patches).map(|(cell, patch)| Layout::new(&plan, cell, patch)).collect();
    let mut map = Map::default();
    let marks = streets::build_sides(&plan, &layouts, &mut map);
    streets::build_barriers(&plan, &marks, &mut map);
    let (mut estates, mut entrances, mut homes) = (vec![], vec![], vec![]);
    for (at, nodes) in marks.into_iter().enumerate() {
        let (patch, layout) = (&patches[at], &layouts[at]);
        let nodes = streets::build_cuts(&plan, patch, layout, nodes, &names::lane(at), &mut map);
        streets::build_lanes(&plan, patch, layout, &nodes, &mut map);
        let first = estates.len();
        let mut work = Homes { plan: &plan, map: &mut map, estates: &mut estates, entrances: &mut entrances };
        work.build(at, patch, layout, &nodes);
        homes.push(first..estates.len());
        step(at + 1, total)?;
    }
    let spots = Spots {
        plan: &plan,
        patches: &patches,
        layouts: &layouts,
        estates: &estates,
        entrances: &entrances,
        homes: &homes,
    };
    let mut provision = facilities::provide(&spots);
    let facilities = FacilitySet::new(core::mem::take(&mut provision.facilities))?;
    let vacant = stock::vacancies(&spots);
    let second_year = (options.years > 1)
        .then(|| years::next_year(&spots, &provision, &facilities, &vacant))
        .transpose()?;
    for facility in facilities.as_slice() {
        show(facility, &mut map);
    }
    let counts = people::counts(&plan, &estates, &entrances, 0);
    let residents = DemandSet::new(people::places(&plan, &estates, &entrances, &counts), people::groups())?;
    Ok(City {
        options: *options,
        streets: StreetRecords::new(map.street_nodes, map.street_ways),
        ground: Ground { nodes: map.ground_nodes, ways: map.ground_ways },
        residents,
        facilities,
        flaws: provision.flaws,
        units: units::units(&plan, &estates)?,
        estates: estates
            .into_iter()
            .map(|estate| Estate {
                unit: estate.code,
                walled: estate.walled,
                gates: u32::try_from(estate.gates).unwrap_or(u32::MAX),
                people: estate.people,
            })
            .collect(),
        vacant,
        second_year,
    })
}

const STEP: &str = "growing the city";

/// Puts an open facility on the map, where the map has tags for it.
fn show(facility: &Facility, map: &mut Map) {
    let kind = facility.offers.first().and_then(|offer| kind_of(&offer.service)).map(|row| &KINDS[row]);
    let Some(kind) = kind.filter(|kind| !kind.tags.is_empty()) else { return };
    if facility.status != lifecircle_types::Status::OPEN {
        return;
    }
    let mut tags: Vec<(&str, &str)> = kind.tags.to_vec();
    tags.extend(facility.name.as_deref().map(|name| ("name", name)));
    tags.extend(facility.hours.as_deref().map(|hours| ("opening_hours", hours)));
    map.place(facility.position, Tags::new(tags));
}
