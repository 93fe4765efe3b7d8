//! Facilities: what each unit is provided with, and what is wrong with it.
//!
//! Sub-districts are the parts: each draws its own sites, those of its blocks, communities and estates. A unit with
//! `p` people has `max(1, round(p / m))` sites of a service whose sites are meant for `m` people, and of these some
//! are missing. A site that stands has at most one flaw; every flaw and every missing site is listed.

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use geo_types::Coord;
use lifecircle_types::{Certainty, Facility, FacilityState, Offer, Provider, ServiceKey, Status};

use crate::draws::{Draws, Purpose, count, whole};
use crate::estates::{Entrance, Estate, in_plot, wall};
use crate::layout::{BlockUse, Layout};
use crate::names;
use crate::plan::{CITY, Group, Land, Patch, Plan, area_m2};
use crate::services::{Capacity, KINDS, Kind, Place, Scale};

lifecircle_types::word_enum! {
    /// What is wrong with the provision of a service.
    FlawKind, "flaw" {
        /// A site that the unit should have is not there.
        Missing = "missing",
        /// The floor, or the site of open ground, is smaller than the least a standard asks for.
        Undersized = "undersized",
        /// One of the usual functions is lacking.
        LacksFunction = "lacks_function",
        /// Open for a few hours on working days only.
        ShortHours = "short_hours",
        /// Costs two and a half times the usual price.
        Expensive = "expensive",
        /// Every place is taken.
        Full = "full",
        /// Planned, suspended or closed.
        NotOpen = "not_open",
    }
}

/// One thing that is wrong, by construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What.
    pub kind: FlawKind,
    /// Code of the unit that the site is meant for.
    pub unit: String,
    /// The service.
    pub service: ServiceKey,
    /// Id of the facility; `None` where it is missing.
    pub facility: Option<String>,
}

/// A site as it is planned for a unit.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Row of the table of services.
    pub(crate) kind: usize,
    pub(crate) unit: String,
    pub(crate) number: usize,
    /// The people it is meant for.
    pub(crate) people: f64,
    pub(crate) at: Coord<f64>,
    pub(crate) parent: Option<String>,
    /// Chooses names.
    pub(crate) salt: usize,
}

/// What stands, what is missing, what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Provision {
    pub(crate) facilities: Vec<Facility>,
    pub(crate) flaws: Vec<Flaw>,
    pub(crate) missing: Vec<Site>,
}

/// Where things can stand.
pub(crate) struct Spots<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) patches: &'a [Patch],
    pub(crate) layouts: &'a [Layout],
    pub(crate) estates: &'a [Estate],
    pub(crate) entrances: &'a [Entrance],
    /// Estates of each cell.
    pub(crate) homes: &'a [Range<usize>],
}

/// From the middle of a street to what stands along it.
const FRONT_M: f64 = 5.0;

impl Spots<'_> {
    /// A place along a street inside a cell, outside the walls.
    pub(crate) fn front(&self, cell: usize, chance: &mut Draws) -> Coord<f64> {
        let (patch, layout) = (&self.patches[cell], &self.layouts[cell]);
        let (width, height) = patch.size();
        let (side, along) = (chance.row(4), chance.between(0.15, 0.85));
        if let Some(lanes) = &layout.lanes {
            let near = 0.07;
            let (x, y) = [(along, near), (along, 1.0 - near), (near, along), (1.0 - near, along)][side];
            return in_plot(patch, lanes, (chance.row(lanes.size), chance.row(lanes.size)), x, y);
        }
        if layout.blocks.is_empty() {
            return patch.at(0.5, 0.5);
        }
        let (u0, v0, u1, v1) = layout.blocks[chance.row(layout.blocks.len())].rectangle;
        let (du, dv) = (FRONT_M / width, FRONT_M / height);
        let (u, v) = (u0 + (u1 - u0) * along, v0 + (v1 - v0) * along);
        let (u, v) = [(u, v0 + dv), (u, v1 - dv), (u0 + du, v), (u1 - du, v)][side];
        patch.at(u, v)
    }

    /// A building of an estate.
    fn home(&self, estate: usize, chance: &mut Draws) -> Coord<f64> {
        let rows = self.estates[estate].entrances.clone();
        self.entrances[rows.start + chance.row(rows.len())].at
    }

    /// Middle and area of the blocks of a cell that are used so.
    fn blocks(&self, cell: usize, usage: BlockUse) -> impl Iterator<Item = (Coord<f64>, f64)> + '_ {
        let patch = &self.patches[cell];
        self.layouts[cell].blocks.iter().filter(move |block| block.usage == usage).map(|block| {
            let rectangle = wall(patch, block);
            let (u0, v0, u1, v1) = rectangle;
            (patch.at(f64::midpoint(u0, u1), f64::midpoint(v0, v1)), area_m2(&patch.outline(rectangle)))
        })
    }
}

/// Ids of the sites of a unit, and of those it lies in, by service.
type Mains = BTreeMap<&'static str, String>;

struct Work<'a> {
    spots: &'a Spots<'a>,
    made: Provision,
    /// Schoolyards in use, by cell.
    yards: BTreeMap<usize, usize>,
}

/// Provides the whole city.
pub(crate) fn provide(spots: &Spots<'_>) -> Provision {
    let plan = spots.plan;
    let mut work = Work { spots, made: Provision::default(), yards: BTreeMap::new() };
    let all: Vec<usize> = (0..plan.cells.len()).collect();
    let mut chance = Draws::new(plan.options.seed, Purpose::CityFacilities, 0);
    let mut city = Mains::new();
    work.unit(Scale::City, CITY, plan.options.people, &all, &mut city, &mut chance);
    let mut mains: Vec<Mains> = Vec::with_capacity(plan.districts.len());
    for (number, district) in plan.districts.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::DistrictFacilities, number);
        let mut own = city.clone();
        work.group(Scale::District, district, &mut own, &mut chance);
        mains.push(own);
    }
    for (number, street) in plan.streets.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::StreetFacilities, number);
        let district = plan.cells[street.cells[0]].lies_in[2];
        work.street(street, mains[district].clone(), &mut chance);
    }
    work.made
}

impl Work<'_> {
    fn street(&mut self, street: &Group, mut mains: Mains, chance: &mut Draws) {
        let plan = self.spots.plan;
        self.parks(street);
        self.group(Scale::Street, street, &mut mains, chance);
        let blocks: BTreeSet<usize> = street.cells.iter().map(|&cell| plan.cells[cell].lies_in[0]).collect();
        for block in blocks {
            self.group(Scale::Block, &plan.blocks[block], &mut mains.clone(), chance);
        }
        for &cell in &street.cells {
            let Some(code) = &plan.cells[cell].code else { continue };
            let mut own = mains.clone();
            self.unit(Scale::Community, code, plan.cells[cell].people, &[cell], &mut own, chance);
            for estate in self.spots.homes[cell].clone() {
                self.estate(estate, &own, chance);
            }
        }
    }

    fn group(&mut self, scale: Scale, group: &Group, mains: &mut Mains, chance: &mut Draws) {
        self.unit(scale, &group.code, group.people, &group.cells, mains, chance);
    }

    /// Everything of one scale for one unit.
    fn unit(
        &mut self,
        scale: Scale,
        code: &str,
        people: u64,
        cells: &[usize],
        mains: &mut Mains,
        chance: &mut Draws,
    ) {
        let cell_of = |cell: usize| &self.spots.plan.cells[cell];
        let hosts: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&cell| cell_of(cell).land.is_lived_in() || cell_of(cell).land == Land::Offices)
            .collect();
        if people == 0 || hosts.is_empty() {
            return;
        }
        for (row, kind) in KINDS.iter().enumerate().filter(|(_, kind)| kind.scale == scale) {
            let sites = count(people as f64 / f64::from(kind.people) + 0.5).max(1);
            for number in 1..=sites {
                let (cell, at) = if sites == 1 {
                    self.central_spot(kind, &hosts, chance)
                } else {
                    let host = chance.pick(&hosts);
                    self.spot(kind, host, &hosts, chance)
                };
                let site = Site {
                    kind: row,
                    unit: code.into(),
                    number,
                    people: people as f64 / sites as f64,
                    at,
                    parent: kind.parent.and_then(|parent| mains.get(parent)).cloned(),
                    salt: cell * 7 + number,
                };
                if let Some(id) = self.stand(site, chance) {
                    mains.entry(kind.service).or_insert(id);
                }
            }
        }
    }

    /// Of three spots the nearest to the middle of the unit: where there is one site for all, it is not put at the edge.
    fn central_spot(&mut self, kind: &Kind, hosts: &[usize], chance: &mut Draws) -> (usize, Coord<f64>) {
        let zero = Coord { x: 0.0, y: 0.0 };
        let sum = hosts.iter().fold(zero, |sum, &host| sum + self.spots.patches[host].at(0.5, 0.5));
        let middle = sum / hosts.len() as f64;
        let far = |at: Coord<f64>| libm::hypot(at.x - middle.x, at.y - middle.y);
        let host = chance.pick(hosts);
        let mut best = self.spot(kind, host, hosts, chance);
        if kind.place == Place::Front {
            for _ in 0..2 {
                let host = chance.pick(hosts);
                let other = self.spot(kind, host, hosts, chance);
                if far(other.1) < far(best.1) {
                    best = other;
                }
            }
        }
        best
    }

    fn spot(&mut self, kind: &Kind, host: usize, hosts: &[usize], chance: &mut Draws) -> (usize, Coord<f64>) {
        match kind.place {
            Place::Front => (host, self.spots.front(host, chance)),
            Place::Home => {
                let estates = self.spots.homes[host].clone();
                if estates.is_empty() {
                    return (host, self.spots.front(host, chance));
                }
                (host, self.spots.home(estates.start + chance.row(estates.len()), chance))
            }
            Place::Yard => {
                for &cell in hosts {
                    let taken = self.yards.entry(cell).or_default();
                    if let Some((at, _)) = self.spots.blocks(cell, BlockUse::School).nth(*taken) {
                        *taken += 1;
                        return (cell, at);
                    }
                }
                (host, self.spots.front(host, chance))
            }
        }
    }

    fn estate(&mut self, estate: usize, mains: &Mains, chance: &mut Draws) {
        let home = &self.spots.estates[estate];
        for (row, kind) in KINDS.iter().enumerate().filter(|(_, kind)| kind.scale == Scale::Estate) {
            let sites = count(home.people as f64 / f64::from(kind.people) + 0.5).max(1);
            for number in 1..=sites {
                let site = Site {
                    kind: row,
                    unit: home.code.clone(),
                    number,
                    people: home.people as f64 / sites as f64,
                    at: self.spots.home(estate, chance),
                    parent: kind.parent.and_then(|parent| mains.get(parent)).cloned(),
                    salt: estate * 5 + number,
                };
                self.stand(site, chance);
            }
        }
    }

    /// Parks of a sub-district: the level goes by the area.
    fn parks(&mut self, street: &Group) {
        let plan = self.spots.plan;
        for &cell in &street.cells {
            for (number, (at, area)) in self.spots.blocks(cell, BlockUse::Green).enumerate() {
                let service = match area {
                    area if area >= 50_000.0 => "circle_park_15",
                    area if area >= 10_000.0 => "circle_park_10",
                    _ => "circle_park_5",
                };
                let code = plan.cells[cell].code.clone();
                let unit = code.unwrap_or_else(|| format!("{}-{cell}", street.code));
                let mut park =
                    Facility::new(format!("{unit}-park-{}", number + 1), plan.position(at), SOURCE);
                park.name = Some(names::enterprise(cell * 3 + number, ("公园", " Park")));
                park.offers = vec![offer(service, Some(libm::round(area)))];
                park.site_area_m2 = Some(libm::round(area));
                park.hours = Some("24/7".into());
                park.price = Some(0.0);
                park.provider = Some(Provider::Government);
                self.made.facilities.push(park);
            }
        }
    }

    /// Lets a site stand, with or without a flaw, or be missing; the id of what stands open.
    fn stand(&mut self, site: Site, chance: &mut Draws) -> Option<String> {
        let kind = &KINDS[site.kind];
        let flaws = self.spots.plan.options.flaws;
        if chance.chance((0.24 * flaws * kind.gap).min(0.8)) {
            self.made.flaws.push(flaw(FlawKind::Missing, &site, None));
            self.made.missing.push(site);
            return None;
        }
        let mut facility = sound(self.spots.plan, &site, chance);
        if chance.chance(0.5 * flaws) {
            let possible: Vec<FlawKind> =
                FlawKind::ALL.iter().copied().filter(|&flaw| applies(flaw, &facility, kind)).collect();
            let chosen = chance.pick(&possible);
            spoil(&mut facility, chosen, kind, chance);
            self.made.flaws.push(flaw(chosen, &site, Some(facility.id.clone())));
        }
        let id = (facility.status == Status::OPEN).then(|| facility.id.clone());
        self.made.facilities.push(facility);
        id
    }
}

pub(crate) const SOURCE: &str = "synth";

fn offer(service: &str, capacity: Option<f64>) -> Offer {
    let service = service.parse().expect("a test reads every key of the table");
    Offer { service, certainty: Certainty::Known, capacity }
}

fn flaw(kind: FlawKind, site: &Site, facility: Option<String>) -> Flaw {
    Flaw { kind, unit: site.unit.clone(), service: offer(KINDS[site.kind].service, None).service, facility }
}

/// A site as it should be.
pub(crate) fn sound(plan: &Plan, site: &Site, chance: &mut Draws) -> Facility {
    let kind = &KINDS[site.kind];
    let id = format!("{}-{}-{}", site.unit, kind.service, site.number);
    let mut facility = Facility::new(id, plan.position(site.at), SOURCE);
    let ending = format!(" {}", kind.name.1);
    facility.name = Some(names::enterprise(site.salt, (kind.name.0, &ending)));
    let mut draw = |range: Option<(u32, u32)>| {
        range.map(|(low, high)| {
            // nearer to the small end
            let share = chance.unit() * chance.unit();
            libm::round(f64::from(low) + share * f64::from(high - low))
        })
    };
    facility.floor_area_m2 = draw(kind.floor_m2);
    facility.site_area_m2 = draw(kind.site_m2);
    let capacity = capacity(kind, &facility, site.people, chance.between(0.85, 1.15));
    facility.offers = vec![offer(kind.service, capacity)];
    facility.hours = kind.hours.map(str::to_owned);
    facility.price = kind.price.map(|price| libm::round(price * chance.between(0.85, 1.2)));
    facility.provider = Some(kind.provider);
    facility.operating_mode = Some(kind.mode);
    facility.operator = if kind.chained {
        Some(names::enterprise(site.kind * 6 + chance.row(6), ("连锁", " Chain")))
    } else if kind.provider == Provider::SocialOrganisation {
        Some(names::enterprise(chance.row(8), ("社会服务中心", " Social Services")))
    } else {
        None
    };
    facility.parent.clone_from(&site.parent);
    facility.functions = kind.functions.iter().map(|&function| function.to_owned()).collect();
    let floor = facility.floor_area_m2.unwrap_or(0.0);
    let staff = libm::round(2.0 * (1.0 + floor / 120.0 * chance.between(0.7, 1.3)).min(400.0)) / 2.0;
    if kind.floor_m2.is_some() {
        facility.staff = Some(staff);
        facility.yearly_cost = Some(libm::round(staff * 90.0 + floor * 0.12) * 1000.0);
    }
    let taken = chance.between(0.55, 0.92);
    facility.users = Some(libm::floor(match (kind.capacity, capacity) {
        (Capacity::PerThousand(_) | Capacity::PerFloor(_), Some(capacity)) => capacity * taken,
        _ => site.people * taken,
    }));
    facility
}

fn capacity(kind: &Kind, facility: &Facility, people: f64, factor: f64) -> Option<f64> {
    let floor = facility.floor_area_m2;
    match kind.capacity {
        Capacity::Unstated => None,
        Capacity::PerThousand(places) => Some(libm::round(people / 1000.0 * places * factor).max(1.0)),
        Capacity::PerFloor(places) => floor.map(|floor| libm::floor(floor / 100.0 * places).max(1.0)),
        Capacity::Area => floor.or(facility.site_area_m2),
    }
}

pub(crate) fn applies(flaw: FlawKind, facility: &Facility, kind: &Kind) -> bool {
    match flaw {
        FlawKind::Missing => false,
        FlawKind::Undersized => kind.floor_m2.is_some() || kind.site_m2.is_some(),
        FlawKind::LacksFunction => facility.functions.len() > 1,
        FlawKind::ShortHours => facility.hours.as_deref().is_some_and(|hours| hours != SHORT_HOURS),
        FlawKind::Expensive => facility.price.is_some_and(|price| price > 0.0),
        FlawKind::Full => matches!(kind.capacity, Capacity::PerThousand(_) | Capacity::PerFloor(_)),
        FlawKind::NotOpen => true,
    }
}

const SHORT_HOURS: &str = "Mo-Fr 10:00-12:00,14:00-16:00";

fn spoil(facility: &mut Facility, flaw: FlawKind, kind: &Kind, chance: &mut Draws) {
    match flaw {
        FlawKind::Missing => {}
        FlawKind::Undersized => {
            let least = kind.floor_m2.or(kind.site_m2).map_or(0, |range| range.0);
            // a day-care centre of 260 square metres instead of 350 is what planners meet
            let cut = if kind.service == "elderly_day_care" {
                90.0
            } else {
                libm::round(f64::from(least) * chance.between(0.1, 0.35)).max(1.0)
            };
            let area = Some(f64::from(least) - cut);
            if kind.floor_m2.is_some() {
                facility.floor_area_m2 = area;
            } else {
                facility.site_area_m2 = area;
            }
            if !matches!(kind.capacity, Capacity::PerThousand(_)) {
                let capacity = capacity(kind, facility, 0.0, 1.0);
                facility.offers[0].capacity = capacity;
                if let (Some(users), Some(capacity), Capacity::PerFloor(_)) =
                    (&mut facility.users, capacity, kind.capacity)
                {
                    *users = users.min(capacity);
                }
            }
        }
        FlawKind::LacksFunction => {
            let lacking = chance.row(facility.functions.len());
            facility.functions.remove(lacking);
        }
        FlawKind::ShortHours => facility.hours = Some(SHORT_HOURS.into()),
        FlawKind::Expensive => facility.price = facility.price.map(|price| libm::round(price * 2.5)),
        FlawKind::Full => facility.users = facility.offers[0].capacity,
        FlawKind::NotOpen => {
            let states = [
                FacilityState::Planned,
                FacilityState::Planned,
                FacilityState::Suspended,
                FacilityState::Closed,
            ];
            facility.status.state = chance.pick(&states);
            facility.users = None;
        }
    }
}

/// Rows of the table of services by key.
pub(crate) fn kind_of(service: &ServiceKey) -> Option<usize> {
    KINDS.iter().position(|kind| kind.service == service.as_str())
}

/// A share of a number, at least 1.
pub(crate) fn enlarged(value: f64) -> f64 {
    whole(value * 1.5).max(1) as f64
}
