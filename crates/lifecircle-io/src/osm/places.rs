//! From kept elements to the extract: streets, facilities, buildings, land, areas.

use std::collections::BTreeMap;

use geo_types::{Coord, MultiPolygon, Rect, coord};
use lifecircle_types::{
    Building, Facility, FacilitySet, Fate, Imported, InvalidSet, Issues, LonLat, Offer, ResidentialLand,
    Severity, Shape, StreetRecords, StreetWay, Tags,
};

use super::keys;
use super::nodes::Nodes;
use super::outline::{NoArea, Outline};
use super::passes::{AreaRoles, RawWay, Relations, Ways};
use super::walk::{MapFile, at_once, in_order};
use super::{AdminArea, OsmExtract};
use crate::area::ring_holds;

/// Outlines that are drawn before they are taken.
const BATCH: usize = 4096;

/// A facility from the tags of an element.
pub(super) fn facility(
    id: String,
    tags: &Tags,
    offers: Vec<Offer>,
    position: LonLat,
    source: &str,
) -> Facility {
    let text = |key: &str| tags.get(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut facility = Facility::new(id, position, source);
    facility.name = text("name");
    facility.hours = text("opening_hours");
    facility.provider = keys::provider(tags);
    facility.offers = one_offer_per_service(offers);
    facility
}

/// Of several offers of one service the first stays.
fn one_offer_per_service(mut offers: Vec<Offer>) -> Vec<Offer> {
    offers.sort_by(|a, b| a.service.cmp(&b.service));
    offers.dedup_by(|later, earlier| later.service == earlier.service);
    offers
}

/// What is collected besides the facilities of nodes.
struct Collected<'f> {
    file: &'f MapFile<'f>,
    facilities: Vec<Facility>,
    /// Boundaries of the facilities that are areas.
    sites: Vec<Site>,
    extract: OsmExtract,
    issues: Issues,
}

struct Site {
    /// Row of the facility.
    facility: usize,
    boundary: MultiPolygon<f64>,
}

impl MapFile<'_> {
    /// Walks over the file and puts the extract together.
    pub(super) fn extract(&self) -> crate::error::Result<Imported<OsmExtract>> {
        let mut relations = self.relations()?;
        let ways = self.ways(&mut relations)?;
        let nodes = self.nodes(&relations, &ways)?;
        extract(self, relations, ways, nodes)
            .map_err(|source| crate::error::Error::Set { file: self.name.into(), source })
    }
}

/// Puts the extract together.
fn extract(
    file: &MapFile<'_>,
    relations: Relations,
    ways: Ways,
    mut nodes: Nodes,
) -> Result<Imported<OsmExtract>, InvalidSet> {
    let mut all = Collected {
        file,
        facilities: vec![],
        sites: vec![],
        extract: OsmExtract::default(),
        issues: relations.issues,
    };
    all.issues.extend(core::mem::take(&mut nodes.issues));
    all.extract.place_fate = core::mem::take(&mut nodes.place_fate);
    all.nodes(core::mem::take(&mut nodes.places));

    // what the outer ways of taken relations need not stand for again, by way
    let mut taken: BTreeMap<i64, Taken> = BTreeMap::new();
    for relation in &relations.found {
        let outline = Outline::of_relation(relation, &ways, &nodes);
        let id = format!("relation/{}", relation.id);
        let as_what = all.area(&id, &relation.tags, relation.roles, &outline, &nodes, &Taken::default());
        if as_what != Taken::default() {
            for &outer in &relation.outer {
                taken.entry(outer).or_default().add(&as_what);
            }
        }
    }
    let nothing = Taken::default();
    let areas: Vec<&RawWay> = ways.found.iter().filter(|way| way.roles.any()).collect();
    for batch in areas.chunks(BATCH) {
        for (way, outline) in batch.iter().zip(in_order(batch, |way: &&RawWay| Outline::of_way(way, &nodes)))
        {
            let taken = taken.get(&way.id).unwrap_or(&nothing);
            all.area(&format!("way/{}", way.id), &way.tags, way.roles, &outline, &nodes, taken);
        }
    }
    (all.extract.barriers, all.extract.barrier_fate) = super::barriers::barriers(&ways.found, &nodes);
    all.issues.extend(ways.issues);
    all.streets(ways.found, nodes);
    all.finish()
}

/// What a relation stands for.
#[derive(Clone, Debug, Default, PartialEq)]
struct Taken {
    offers: Vec<Offer>,
    building: bool,
    land: bool,
}

impl Taken {
    fn add(&mut self, other: &Self) {
        self.offers.extend(other.offers.iter().cloned());
        self.building |= other.building;
        self.land |= other.land;
    }
}

const OF_A_RELATION: &str = "outline of a relation that stands for the same";

impl Collected<'_> {
    fn nodes(&mut self, mut places: Vec<(i64, Facility)>) {
        places.sort_by_key(|&(id, _)| id);
        let mut last = None;
        for (id, facility) in places {
            if last.replace(id) == Some(id) {
                self.issues.push(
                    Severity::Warning,
                    "element appears twice",
                    facility.id,
                    "it was taken as it stands first",
                );
            } else {
                self.extract.place_fate.rows += 1;
                self.extract.place_fate.used += 1;
                self.facilities.push(facility);
            }
        }
    }

    /// Takes an area for everything it may stand for but what is `taken`; tells what it was taken for.
    fn area(
        &mut self,
        id: &str,
        tags: &Tags,
        roles: AreaRoles,
        outline: &Result<Outline, NoArea>,
        nodes: &Nodes,
        taken: &Taken,
    ) -> Taken {
        if let Some(level) = roles.admin_level {
            self.admin_area(id, tags, level, outline);
        }
        Taken {
            offers: if roles.place { self.place(id, tags, outline, nodes, &taken.offers) } else { vec![] },
            building: roles.building && self.building(id, tags, outline, taken.building),
            land: roles.land && self.land(id, outline, taken.land),
        }
    }

    fn place(
        &mut self,
        id: &str,
        tags: &Tags,
        outline: &Result<Outline, NoArea>,
        nodes: &Nodes,
        taken: &[Offer],
    ) -> Vec<Offer> {
        let area_m2 = outline.as_ref().ok().map(|outline| outline.measured.area_m2);
        let mut offers = self.file.classifier.classify(tags, Shape { area_m2 });
        if offers.is_empty() {
            return offers;
        }
        let fate = &mut self.extract.place_fate;
        fate.rows += 1;
        let outline = match outline {
            Ok(outline) => outline,
            Err(reason) => {
                fate.reject(reason);
                self.issues.push(
                    Severity::Warning,
                    "place without a usable outline",
                    id,
                    format!("{reason}: it was left out"),
                );
                return vec![];
            }
        };
        offers.retain(|offer| taken.iter().all(|other| other.service != offer.service));
        if offers.is_empty() {
            fate.reject(OF_A_RELATION);
            return offers;
        }
        let mut facility = facility(id.into(), tags, offers, outline.measured.inside, self.file.source);
        facility.site_area_m2 = area_m2;
        facility.entrances = outline.entrances(nodes, keys::is_open_ground(tags));
        self.sites.push(Site { facility: self.facilities.len(), boundary: outline.boundary.clone() });
        let offers = facility.offers.clone();
        fate.used += 1;
        self.facilities.push(facility);
        offers
    }

    fn building(&mut self, id: &str, tags: &Tags, outline: &Result<Outline, NoArea>, taken: bool) -> bool {
        let fate = &mut self.extract.building_fate;
        fate.rows += 1;
        let outline = match outline {
            Ok(_) if taken => {
                fate.reject(OF_A_RELATION);
                return false;
            }
            Ok(outline) => outline,
            Err(reason) => {
                fate.reject(reason);
                return false;
            }
        };
        fate.used += 1;
        let mut number = |kind: &str, text: &str| {
            self.issues.push(
                Severity::Note,
                kind,
                id,
                format!("`{}` is no usable number, it was left out", crate::error::shorten(text)),
            );
        };
        let levels = keys::levels(tags).unwrap_or_else(|text| {
            number("number of storeys cannot be read", text);
            None
        });
        let dwellings = keys::dwellings(tags).unwrap_or_else(|text| {
            number("number of dwellings cannot be read", text);
            None
        });
        self.extract.buildings.push(Building {
            id: id.into(),
            position: outline.measured.inside,
            footprint_m2: outline.measured.area_m2,
            levels,
            dwellings,
            usage: keys::building_use(tags),
        });
        true
    }

    fn land(&mut self, id: &str, outline: &Result<Outline, NoArea>, taken: bool) -> bool {
        let fate = &mut self.extract.land_fate;
        fate.rows += 1;
        match outline {
            Ok(_) if taken => fate.reject(OF_A_RELATION),
            Ok(outline) => {
                fate.used += 1;
                self.extract
                    .residential_land
                    .push(ResidentialLand { id: id.into(), boundary: outline.boundary.clone() });
                return true;
            }
            Err(reason) => fate.reject(reason),
        }
        false
    }

    fn admin_area(&mut self, id: &str, tags: &Tags, level: u8, outline: &Result<Outline, NoArea>) {
        let fate = &mut self.extract.area_fate;
        fate.rows += 1;
        match outline {
            Ok(outline) => {
                fate.used += 1;
                self.extract.areas.push(AdminArea {
                    id: id.into(),
                    name: tags.get("name").map(str::to_owned),
                    admin_level: level,
                    boundary: outline.boundary.clone(),
                });
            }
            Err(reason) => {
                fate.reject(reason);
                let name = tags.get("name").unwrap_or("without a name");
                self.issues.push(
                    Severity::Note,
                    "boundary is incomplete",
                    id,
                    format!("{name}, level {level}: {reason}; it was left out"),
                );
            }
        }
    }

    fn streets(&mut self, ways: Vec<RawWay>, mut nodes: Nodes) {
        let mut tags = core::mem::take(&mut nodes.tags).into_iter().peekable();
        let (street_nodes, street_ways) = at_once(
            || {
                let rows = nodes.of_streets();
                let mut street_nodes = in_order(&rows, |&row| nodes.street_node(row));
                for (&row, node) in rows.iter().zip(&mut street_nodes) {
                    while tags.next_if(|tagged| tagged.0 < row).is_some() {}
                    if let Some((_, tags)) = tags.next_if(|tagged| tagged.0 == row) {
                        node.tags = tags;
                    }
                }
                street_nodes
            },
            || self.street_ways(ways, &nodes.missing()),
        );
        self.extract.streets = StreetRecords::new(street_nodes, street_ways);
    }

    fn street_ways(&mut self, ways: Vec<RawWay>, missing: &[i64]) -> Vec<StreetWay> {
        let mut kept = vec![];
        for way in ways {
            let Some(tags) = way.street else { continue };
            let fate = &mut self.extract.street_fate;
            fate.rows += 1;
            if way.nodes.len() < 2 {
                fate.reject("fewer than two nodes");
                continue;
            }
            fate.used += 1;
            let missing = if missing.is_empty() {
                0
            } else {
                way.nodes.iter().filter(|id| missing.binary_search(id).is_ok()).count()
            };
            if missing > 0 {
                self.issues.push(
                    Severity::Note,
                    "street leaves the extract",
                    format!("way/{}", way.id),
                    format!("{missing} of its {} nodes are missing", way.nodes.len()),
                );
            }
            kept.push(StreetWay { id: way.id, nodes: way.nodes, tags });
        }
        kept
    }

    /// Leaves out points that map an area a second time: inside it, with no other service and no other name.
    fn leave_out_doubles(&mut self) {
        let double = |point: &Facility, area: &Facility| {
            let same_name = point.name.is_none() || area.name.is_none() || point.name == area.name;
            same_name && point.offers.iter().all(|offer| area.offer(&offer.service).is_some())
        };
        let boxed: Vec<(Rect<f64>, &Site)> =
            self.sites.iter().filter_map(|site| Some((bounds(&site.boundary)?, site))).collect();
        let near = Cells::new(boxed.iter().map(|(bounds, _)| *bounds));
        let mut doubles: BTreeMap<usize, usize> = BTreeMap::new();
        for (row, point) in self.facilities.iter().enumerate().filter(|(_, f)| f.site_area_m2.is_none()) {
            let at = Coord { x: point.position.lon(), y: point.position.lat() };
            let holds = |&at_box: &usize| {
                let (bounds, site) = &boxed[at_box];
                let (low, high) = (bounds.min(), bounds.max());
                low.x <= at.x
                    && at.x <= high.x
                    && low.y <= at.y
                    && at.y <= high.y
                    && double(point, &self.facilities[site.facility])
                    && site.boundary.iter().any(|polygon| ring_holds(&polygon.exterior().0, at))
            };
            if let Some(first) = near.at(at).filter(holds).min() {
                doubles.insert(row, boxed[first].1.facility);
            }
        }
        for (&row, &area) in &doubles {
            if self.facilities[area].name.is_none() {
                self.facilities[area].name = self.facilities[row].name.clone();
            }
            self.extract.place_fate.used -= 1;
            self.extract.place_fate.reject("a point inside an area of the same service");
        }
        let mut row = 0;
        self.facilities.retain(|_| {
            row += 1;
            !doubles.contains_key(&(row - 1))
        });
    }

    fn finish(mut self) -> Result<Imported<OsmExtract>, InvalidSet> {
        self.leave_out_doubles();
        let extract = &mut self.extract;
        extract.places = FacilitySet::new(self.facilities)?;
        extract.buildings.sort_by(|a, b| a.id.cmp(&b.id));
        extract.residential_land.sort_by(|a, b| a.id.cmp(&b.id));
        extract.areas.sort_by(|a, b| a.id.cmp(&b.id));
        let mut fate = Fate::default();
        for part in [
            &extract.street_fate,
            &extract.place_fate,
            &extract.building_fate,
            &extract.land_fate,
            &extract.area_fate,
            &extract.barrier_fate,
        ] {
            fate += part;
        }
        Ok(Imported { value: self.extract, issues: self.issues, fate })
    }
}

/// Boxes by the cells of a grid that they touch; those of many cells stand apart.
struct Cells {
    by_cell: BTreeMap<[i32; 2], Vec<usize>>,
    wide: Vec<usize>,
}

impl Cells {
    /// Cells of a degree: about 500 m each.
    const PER_DEGREE: f64 = 200.0;
    const MOST: i32 = 64;

    fn new(boxes: impl Iterator<Item = Rect<f64>>) -> Self {
        let mut cells = Self { by_cell: BTreeMap::new(), wide: vec![] };
        for (row, bounds) in boxes.enumerate() {
            let ([west, south], [east, north]) = (Self::cell(bounds.min()), Self::cell(bounds.max()));
            if (east - west + 1).saturating_mul(north - south + 1) > Self::MOST {
                cells.wide.push(row);
                continue;
            }
            for cell in (west..=east).flat_map(|x| (south..=north).map(move |y| [x, y])) {
                cells.by_cell.entry(cell).or_default().push(row);
            }
        }
        cells
    }

    fn cell(at: Coord<f64>) -> [i32; 2] {
        [at.x, at.y].map(|degrees| {
            #[expect(clippy::cast_possible_truncation, reason = "degrees are at most 180")]
            let cell = libm::floor(degrees * Self::PER_DEGREE) as i32;
            cell
        })
    }

    /// The boxes that may hold a spot.
    fn at(&self, spot: Coord<f64>) -> impl Iterator<Item = usize> + '_ {
        let here = self.by_cell.get(&Self::cell(spot)).map_or(&[][..], Vec::as_slice);
        here.iter().chain(&self.wide).copied()
    }
}

/// The box around an area.
fn bounds(area: &MultiPolygon<f64>) -> Option<Rect<f64>> {
    let mut corners = area.iter().flat_map(|polygon| polygon.exterior().coords());
    let first = *corners.next()?;
    let (low, high) = corners.fold((first, first), |(low, high), c| {
        (coord! { x: low.x.min(c.x), y: low.y.min(c.y) }, coord! { x: high.x.max(c.x), y: high.y.max(c.y) })
    });
    Some(Rect::new(low, high))
}
