//! Census totals placed on the ground.
//!
//! People of an area are placed in three rounds, each of which takes what it has room for and leaves the rest:
//!
//! 1. **dwellings** — residential buildings, and buildings of unspecified use that are about as large as a house.
//!    A dwelling has room for `floor / floor_per_person` people, where floor is footprint × storeys, or for its
//!    flats where the map counts them;
//! 2. **residential land** — points on a square grid, with room for `people_per_hectare`;
//! 3. **streets** — points along residential streets; where an area has too few of those, along its minor roads.
//!    Streets have room for everyone.
//!
//! A map seldom shows every dwelling. In areas whose dwellings suffice, people fill only part of the room; where they
//! do not suffice, the dwellings that are shown are filled to that same part and not to the brim, and the rest of the
//! people stand on land and streets.
//!
//! Within a round people are shared in proportion to floor, area or length, in whole persons by largest remainder.
//! No point takes more than `most_on_one_point` of its control total's people, unless its building states its
//! storeys or flats; where an area has too few points for that, the limit is lifted as far as needed and an issue
//! says so. An area without any point keeps its people as one unplaced row.

use geo::{Area, BoundingRect, Contains, InteriorPoint, MultiPolygon, Point};
use lifecircle_types::{
    Building, BuildingUse, ControlTotal, DemandSet, Fate, Imported, Issues, LocalFrame, LonLat, People,
    Placement, ResidentPlace, ResidentialLand, Severity, StreetRecords, UnitIx, UnitSet,
};

use crate::areal::{UnitIndex, find_area};
use crate::remainder::{capped_remainder, largest_remainder};
use crate::{Error, Result};

/// The ground on which people can be placed.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Buildings.
    pub buildings: &'a [Building],
    /// Residential land.
    pub land: &'a [ResidentialLand],
    /// Streets.
    pub streets: &'a StreetRecords,
}

/// How people are placed. The defaults are this crate's conventions, not findings.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SpreadOptions {
    /// Dwelling floor per person in square metres (35, as Chinese practice estimates residents from floor).
    pub floor_per_person_m2: f64,
    /// People per flat where the map counts flats (2.3).
    pub people_per_flat: f64,
    /// Storeys of a dwelling that does not state them (2).
    pub usual_levels: u16,
    /// Footprint of an unspecified building that counts as a dwelling: 30 to 500 m².
    pub house_footprint_m2: (f64, f64),
    /// People that a hectare of residential land has room for (100).
    pub people_per_hectare: u32,
    /// Grid of points on land and step of points along streets, in metres (40).
    pub step_m: f64,
    /// One in how many people of a control total may stand on one point (100: 1 %).
    pub most_on_one_point: u64,
}

impl Default for SpreadOptions {
    fn default() -> Self {
        Self {
            floor_per_person_m2: 35.0,
            people_per_flat: 2.3,
            usual_levels: 2,
            house_footprint_m2: (30.0, 500.0),
            people_per_hectare: 100,
            step_m: 40.0,
            most_on_one_point: 100,
        }
    }
}

/// A point that can take people.
struct Spot {
    id: String,
    position: LonLat,
    unit: UnitIx,
    placement: Placement,
    /// Share of its round: floor in dm², area in m², length in dm.
    weight: u64,
    /// People it has room for.
    room: u64,
    /// Its building states storeys or flats.
    stated: bool,
}

/// Places the people of `totals` on the ground inside their areas.
///
/// An area is found by the code or the name of a unit with a boundary. Every control total ends used, whole, and
/// the rows of the result name the unit in which they lie.
///
/// # Errors
/// [`Error::UnknownArea`], [`Error::NoBoundary`], [`Error::CountedTwice`].
pub fn spread(
    units: &UnitSet,
    totals: &[ControlTotal],
    ground: Ground<'_>,
    options: &SpreadOptions,
) -> Result<Imported<DemandSet>> {
    let total_of_unit = assign_areas(units, totals)?;
    let mut spots: Vec<Spots> = totals.iter().map(|_| Spots::default()).collect();
    let index = UnitIndex::new(units);
    let total_at = |position| {
        let unit = index.locate(position)?;
        units.lineage(unit).find_map(|unit| Some((total_of_unit[unit.index()]?, unit)))
    };
    for building in ground.buildings {
        if let Some(spot) = dwelling(building, options)
            && let Some((total, unit)) = total_at(building.position)
        {
            spots[total].dwellings.push(Spot { unit, ..spot });
        }
    }
    for (id, position, square_metres) in land_points(ground.land, options.step_m) {
        if let Some((total, unit)) = total_at(position) {
            let weight = whole(square_metres).max(1);
            let room = weight * u64::from(options.people_per_hectare) / 10_000;
            let placement = Placement::Land;
            spots[total].land.push(Spot { id, position, unit, placement, weight, room, stated: false });
        }
    }
    for (id, position, decimetres, class) in street_points(ground.streets, options.step_m) {
        if let Some((total, unit)) = total_at(position) {
            let placement = Placement::Street;
            let spot =
                Spot { id, position, unit, placement, weight: decimetres, room: u64::MAX, stated: false };
            spots[total].streets[class].push(spot);
        }
    }
    let mut places = Vec::new();
    let mut issues = Issues::new();
    let mut fate = Fate { rows: totals.len() as u64, ..Fate::default() };
    fill_as_usual(totals, &mut spots);
    for (total, spots) in totals.iter().zip(spots) {
        place(total, spots, units, options, &mut places, &mut issues);
        fate.used += 1;
    }
    Ok(Imported { value: DemandSet::new(places, vec![])?, issues, fate })
}

#[derive(Default)]
struct Spots {
    dwellings: Vec<Spot>,
    land: Vec<Spot>,
    /// Residential streets, then minor roads.
    streets: [Vec<Spot>; 2],
}

impl Spots {
    fn dwelling_room(&self) -> u64 {
        self.dwellings.iter().map(|spot| spot.room).sum()
    }
}

/// Where dwellings do not suffice, scales their room to the part that is filled where they do.
fn fill_as_usual(totals: &[ControlTotal], spots: &mut [Spots]) {
    let suffices =
        |total: &ControlTotal, spots: &Spots| spots.dwelling_room() >= total.people && total.people > 0;
    let sufficient = || totals.iter().zip(spots.iter()).filter(|(total, spots)| suffices(total, spots));
    let people: u64 = sufficient().map(|(total, _)| total.people).sum();
    let room: u64 = sufficient().map(|(_, spots)| spots.dwelling_room()).sum();
    if room == 0 {
        return;
    }
    for (total, spots) in totals.iter().zip(spots.iter_mut()) {
        if !suffices(total, spots) {
            for spot in &mut spots.dwellings {
                let scaled =
                    (u128::from(spot.room) * u128::from(people) + u128::from(room) / 2) / u128::from(room);
                spot.room = u64::try_from(scaled).unwrap_or(u64::MAX).max(1);
            }
        }
    }
}

/// Which control total each unit belongs to.
fn assign_areas(units: &UnitSet, totals: &[ControlTotal]) -> Result<Vec<Option<usize>>> {
    let mut total_of_unit = vec![None; units.len()];
    for (row, total) in totals.iter().enumerate() {
        for name in &total.areas {
            let unit = find_area(units, name)?;
            if units[unit].boundary.is_none() {
                return Err(Error::NoBoundary { name: name.clone() });
            }
            if total_of_unit[unit.index()].replace(row).is_some() {
                return Err(Error::CountedTwice { name: name.clone() });
            }
        }
    }
    Ok(total_of_unit)
}

fn dwelling(building: &Building, options: &SpreadOptions) -> Option<Spot> {
    let (least, most) = options.house_footprint_m2;
    match building.usage {
        BuildingUse::Residential => {}
        BuildingUse::Unspecified if (least..=most).contains(&building.footprint_m2) => {}
        BuildingUse::Unspecified | BuildingUse::Other => return None,
    }
    let levels = building.levels.unwrap_or(options.usual_levels).max(1);
    let floor = building.footprint_m2 * f64::from(levels);
    let people = match building.dwellings {
        Some(flats) if flats > 0 => f64::from(flats) * options.people_per_flat,
        _ => floor / options.floor_per_person_m2,
    };
    Some(Spot {
        id: building.id.clone(),
        position: building.position.rounded(),
        unit: UnitIx(0),
        placement: Placement::Dwelling,
        weight: whole(floor * 100.0).max(1),
        room: whole(people).max(1),
        stated: building.levels.is_some() || building.dwellings.is_some(),
    })
}

/// Grid points inside residential land, each with the square metres it stands for.
fn land_points(land: &[ResidentialLand], step: f64) -> Vec<(String, LonLat, f64)> {
    let mut points = Vec::new();
    for parcel in land {
        let Some(corner) =
            parcel.boundary.bounding_rect().and_then(|b| LonLat::new(b.min().x, b.min().y).ok())
        else {
            continue;
        };
        let frame = LocalFrame::around(corner);
        let Some(plane) = projected(&parcel.boundary, &frame) else {
            continue;
        };
        let area = plane.unsigned_area();
        let mut inside = grid_inside(&plane, step);
        if inside.is_empty() {
            inside.extend(plane.interior_point());
        }
        let each = area / f64::from(u32::try_from(inside.len()).unwrap_or(u32::MAX).max(1));
        for (number, point) in inside.into_iter().enumerate() {
            if let Some(position) = frame.unproject(point.0) {
                points.push((format!("{}/land/{number}", parcel.id), position.rounded(), each));
            }
        }
    }
    points
}

fn projected(boundary: &MultiPolygon<f64>, frame: &LocalFrame) -> Option<MultiPolygon<f64>> {
    use geo::MapCoords;
    boundary.try_map_coords(|c| LonLat::new(c.x, c.y).map(|position| frame.project(position))).ok()
}

/// Points of a square grid strictly inside a polygon, row by row; at most a million.
fn grid_inside(plane: &MultiPolygon<f64>, step: f64) -> Vec<Point<f64>> {
    let Some(bounds) = plane.bounding_rect() else {
        return vec![];
    };
    let steps = |length: f64| whole(length / step).min(1000);
    let at = |low: f64, n: u64| low + (f64::from(u32::try_from(n).unwrap_or(u32::MAX)) + 0.5) * step;
    let rows = (0..=steps(bounds.height())).map(|n| at(bounds.min().y, n));
    rows.flat_map(|y| (0..=steps(bounds.width())).map(move |n| Point::new(at(bounds.min().x, n), y)))
        .filter(|point| plane.contains(point))
        .collect()
}

/// Points along streets on which people live: id, position, decimetres of street, class (0 residential, 1 minor).
fn street_points(streets: &StreetRecords, step: f64) -> Vec<(String, LonLat, u64, usize)> {
    let mut points = Vec::new();
    for way in streets.ways() {
        let class = match way.tags.get("highway") {
            Some("residential" | "living_street") => 0,
            Some("unclassified" | "tertiary" | "service") => 1,
            _ => continue,
        };
        let mut number = 0;
        for pair in way.nodes.windows(2) {
            let (Some(a), Some(b)) = (streets.node(pair[0]), streets.node(pair[1])) else {
                continue;
            };
            let length = a.position.metres_to(b.position);
            let pieces = u32::try_from(whole((length / step).ceil()).max(1)).unwrap_or(u32::MAX);
            for piece in 0..pieces.min(10_000) {
                let along = (f64::from(piece) + 0.5) / f64::from(pieces);
                let between = |from: f64, to: f64| from + (to - from) * along;
                let position = LonLat::new(
                    between(a.position.lon(), b.position.lon()),
                    between(a.position.lat(), b.position.lat()),
                );
                if let Ok(position) = position {
                    let decimetres = whole(length / f64::from(pieces) * 10.0).max(1);
                    points.push((
                        format!("way/{}/street/{number}", way.id),
                        position.rounded(),
                        decimetres,
                        class,
                    ));
                    number += 1;
                }
            }
        }
    }
    points
}

/// Places one control total and appends its rows.
fn place(
    total: &ControlTotal,
    spots: Spots,
    units: &UnitSet,
    options: &SpreadOptions,
    places: &mut Vec<ResidentPlace>,
    issues: &mut Issues,
) {
    let label = total.areas.join("|");
    let most = (total.people / options.most_on_one_point.max(1)).max(1);
    let limit = |spot: &Spot| {
        if spot.stated { spot.room } else { spot.room.min(most) }
    };
    let [residential, minor] = spots.streets;
    let mut filled: Vec<(Spot, u64)> = Vec::new();
    let mut left = total.people;
    for round in [spots.dwellings, spots.land, residential, minor] {
        let weights: Vec<u64> = round.iter().map(|spot| spot.weight).collect();
        let caps: Vec<u64> = round.iter().map(limit).collect();
        let (shares, unplaced) = capped_remainder(left, &weights, &caps);
        left = unplaced;
        filled.extend(round.into_iter().zip(shares));
    }
    if left > 0 && !filled.is_empty() {
        let weights: Vec<u64> = filled.iter().map(|(_, share)| (*share).max(1)).collect();
        for ((_, share), more) in filled.iter_mut().zip(largest_remainder(left, &weights)) {
            *share += more;
        }
        issues.push(
            Severity::Warning,
            "few places to stand on",
            label.clone(),
            format!(
                "{} points for {} people: {left} people stand on points beyond their limit",
                filled.len(),
                total.people
            ),
        );
        left = 0;
    }
    if left > 0 {
        issues.push(
            Severity::Warning,
            "area without dwellings, land or streets",
            label.clone(),
            format!("{left} people stay unplaced and count as unserved"),
        );
        places.push(ResidentPlace {
            id: format!("unplaced/{label}"),
            position: None,
            people: People::whole(left),
            unit: None,
            placement: Placement::Unplaced,
            groups: vec![],
        });
    }
    places.extend(filled.into_iter().filter(|(_, share)| *share > 0).map(|(spot, share)| ResidentPlace {
        id: spot.id,
        position: Some(spot.position),
        people: People::whole(share),
        unit: Some(units[spot.unit].code.clone()),
        placement: spot.placement,
        groups: vec![],
    }));
}

/// A measure as a whole number; negative and undefined measures are 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates by the rules of `as`")]
fn whole(measure: f64) -> u64 {
    libm::round(measure) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Polygon};
    use lifecircle_types::{StreetNode, StreetWay, Tags, Unit, UnitKind};

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> MultiPolygon<f64> {
        let ring = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)];
        MultiPolygon::new(vec![Polygon::new(LineString::from(ring), vec![])])
    }

    fn units() -> UnitSet {
        let unit = |code: &str, x| {
            let mut unit = Unit::new(code, UnitKind::Community);
            unit.boundary = Some(rectangle(x, 0.0, 0.01, 0.01));
            unit
        };
        UnitSet::new(vec![unit("east", 0.01), unit("west", 0.0)]).unwrap()
    }

    fn house(id: &str, lon: f64, levels: Option<u16>) -> Building {
        Building {
            id: id.into(),
            position: LonLat::new(lon, 0.005).unwrap(),
            footprint_m2: 70.0,
            levels,
            dwellings: None,
            usage: BuildingUse::Residential,
        }
    }

    fn spread_over(buildings: &[Building], land: &[ResidentialLand], people: u64) -> Imported<DemandSet> {
        let node =
            |id, lon| StreetNode { id, position: LonLat::new(lon, 0.002).unwrap(), tags: Tags::default() };
        let tags = Tags::new([("highway", "residential")]);
        let streets = StreetRecords::new(
            vec![node(1, 0.001), node(2, 0.009)],
            vec![StreetWay { id: 7, nodes: vec![1, 2], tags }],
        );
        let totals = [ControlTotal { areas: vec!["west".into()], people }];
        spread(&units(), &totals, Ground { buildings, land, streets: &streets }, &SpreadOptions::default())
            .unwrap()
    }

    fn by_placement(set: &DemandSet, placement: Placement) -> People {
        set.placements()
            .iter()
            .zip(set.people())
            .filter(|(p, _)| **p == placement)
            .map(|(_, people)| *people)
            .sum()
    }

    #[test]
    fn dwellings_fill_first_then_land_then_streets() {
        // 100 houses of 70 m² and two storeys hold 140 / 35 = 4 people each; the parcel of 0.0018° x 0.0018°
        // is 200.15 m square, 4.006 ha, and holds about 400
        let houses: Vec<_> =
            (0..100).map(|n| house(&format!("way/{n}"), 0.001 + f64::from(n) * 0.00005, None)).collect();
        let land =
            [ResidentialLand { id: "way/900".into(), boundary: rectangle(0.002, 0.006, 0.0018, 0.0018) }];
        let few = spread_over(&houses, &land, 300).value;
        assert_eq!(by_placement(&few, Placement::Dwelling), People::whole(300));
        let more = spread_over(&houses, &land, 700).value;
        assert_eq!(by_placement(&more, Placement::Dwelling), People::whole(400));
        assert_eq!(
            by_placement(&more, Placement::Land),
            People::whole(175),
            "25 points of 7 people, 1 % of 700"
        );
        assert_eq!(by_placement(&more, Placement::Street), People::whole(125));
        assert_eq!(more.total(), People::whole(700));
    }

    #[test]
    fn one_point_holds_one_percent_unless_its_building_says_so() {
        let mut houses: Vec<_> = (0..200).map(|n| house(&format!("way/{n}"), 0.001, None)).collect();
        houses.push(house("way/tower", 0.001, Some(100)));
        let set = spread_over(&houses, &[], 400).value;
        let most = |id: &str| {
            set.ids().iter().position(|known| known == id).map_or(0, |at| set.people()[at].rounded())
        };
        assert_eq!(most("way/tower"), 80, "7000 m² of 35,000: its exact share, below its room of 200");
        assert!(set.ids().iter().all(|id| id == "way/tower" || most(id) <= 4));
        assert_eq!(set.total(), People::whole(400));
    }

    #[test]
    fn dwellings_of_a_half_mapped_area_are_filled_as_elsewhere() {
        // west: 100 houses of 4 for 200 people, half full; east: 10 houses of 4 for 100 people, so that 2 live in each
        let mut houses: Vec<_> = (0..100).map(|n| house(&format!("way/{n}"), 0.005, None)).collect();
        houses.extend((100..110).map(|n| house(&format!("way/{n}"), 0.015, None)));
        let total = |area: &str, people| ControlTotal { areas: vec![area.into()], people };
        let node =
            |id, lon| StreetNode { id, position: LonLat::new(lon, 0.002).unwrap(), tags: Tags::default() };
        let tags = Tags::new([("highway", "residential")]);
        let way = StreetWay { id: 7, nodes: vec![1, 2], tags };
        let streets = StreetRecords::new(vec![node(1, 0.011), node(2, 0.019)], vec![way]);
        let ground = Ground { buildings: &houses, land: &[], streets: &streets };
        let options = SpreadOptions { most_on_one_point: 1, ..SpreadOptions::default() };
        let set =
            spread(&units(), &[total("west", 200), total("east", 100)], ground, &options).unwrap().value;
        assert_eq!(by_placement(&set, Placement::Dwelling), People::whole(200 + 10 * 2));
        assert_eq!(by_placement(&set, Placement::Street), People::whole(80));
    }

    #[test]
    fn nobody_is_lost_where_there_is_nothing() {
        let totals = [
            ControlTotal { areas: vec!["east".into()], people: 55 },
            ControlTotal { areas: vec!["west".into()], people: 5 },
        ];
        let streets = StreetRecords::default();
        let ground = Ground { buildings: &[house("way/1", 0.001, None)], land: &[], streets: &streets };
        let placed = spread(&units(), &totals, ground, &SpreadOptions::default()).unwrap();
        assert_eq!(placed.value.total(), People::whole(60));
        assert_eq!(by_placement(&placed.value, Placement::Unplaced), People::whole(55));
        assert!(placed.fate.balances());
    }

    #[test]
    fn areas_must_exist_once() {
        let streets = StreetRecords::default();
        let ground = Ground { buildings: &[], land: &[], streets: &streets };
        let run = |areas: &[&str]| {
            let total = |area: &&str| ControlTotal { areas: vec![(*area).into()], people: 1 };
            spread(&units(), &areas.iter().map(total).collect::<Vec<_>>(), ground, &SpreadOptions::default())
        };
        let unknown = run(&["wset"]).unwrap_err();
        assert_eq!(unknown, Error::UnknownArea { name: "wset".into(), nearest: "west".into() });
        assert_eq!(run(&["west", "west"]).unwrap_err(), Error::CountedTwice { name: "west".into() });
    }
}
