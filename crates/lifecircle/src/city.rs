//! A synthetic city as the files of a study, and the profile of streets, synthetic or real.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo_types::{Coord, Geometry, LineString, Point};
use lifecircle_io::{
    Error as IoError, OsmData, OutputFolder, write_csv, write_geojson, write_osm_pbf, write_osm_xml,
};
use lifecircle_network::{
    BuildOptions, LinkOptions, Linker, MatrixOptions, NetworkBuilder, Target, WalkCosts, WalkGraph,
    WalkProfile, travel_matrix,
};
use lifecircle_synth::{Change, City, Flaw, StreetProfile, VacantSpace};
use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{
    BoundingBox, ColumnValues, Cost, DemandIx, DemandSet, Facility, FacilityIx, FeatureTable, LocalFrame,
    LonLat, Millimetres, NoProgress, Progress, ServiceKey, StreetRecords, UnitSet, reduce,
};

use crate::Error;

lifecircle_types::word_enum! {
    /// A format in which a city is written.
    CityFormat, "format" {
        /// Streets and ground as `streets.osm.pbf`.
        Pbf = "pbf",
        /// Streets and ground as `streets.osm`, which is text.
        Osm = "osm",
        /// Residents and facilities as CSV.
        Csv = "csv",
        /// Streets, residents and facilities as GeoJSON.
        GeoJson = "geojson",
    }
}

lifecircle_types::word_enum! {
    /// What to do with files that are there.
    Existing, "treatment of existing files" {
        /// Nothing is written into a folder that is not empty.
        Keep = "keep",
        /// Files of the same names are replaced.
        Replace = "replace",
    }
}

/// Writes a city as a study that can be assessed at once, all files or none.
///
/// | File | Holds | Written |
/// |---|---|---|
/// | `study.toml` | the study | always |
/// | `streets.osm.pbf`, `streets.osm`, `streets.geojson` | streets; the first two the ground as well | by format |
/// | `residents.csv`, `facilities.csv` (or `.geojson`) | the tables of the first year | by format |
/// | `residents_<year>`, `facilities_<year>` | those of the second | with two years |
/// | `changes.csv` | what changed between them | with two years |
/// | `units.geojson`, `vacant.csv`, `flaws.csv` | units, vacant space, what is wrong by construction | always |
///
/// ```
/// use lifecircle::{CityFormat, CityWriter, Existing, synth};
/// use lifecircle::types::NoProgress;
///
/// # let folder = tempfile::tempdir()?;
/// let place = folder.path().join("city");
/// let writer = CityWriter::new(&place, &[CityFormat::Osm, CityFormat::Csv], Existing::Keep)?;
/// let options = synth::SynthOptions { people: 20_000, ..synth::SynthOptions::default() };
/// writer.write(&synth::grow(&options, &NoProgress)?, &NoProgress)?;
/// assert!(place.join("streets.osm").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CityWriter {
    folder: PathBuf,
    formats: Vec<CityFormat>,
}

impl CityWriter {
    /// A writer of some formats into `folder`; nothing is touched yet.
    ///
    /// # Errors
    /// [`Error::Formats`] when no format holds the streets or the tables, [`Error::NotEmpty`] for a folder with
    /// something in it that is to be kept.
    pub fn new(folder: &Path, formats: &[CityFormat], existing: Existing) -> crate::Result<Self> {
        let writer = Self { folder: folder.into(), formats: formats.into() };
        if !writer.has(CityFormat::Pbf) && !writer.has(CityFormat::Osm) {
            return Err(Error::Formats { what: "a map of its streets", formats: "`pbf` or `osm`" });
        }
        if !writer.has(CityFormat::Csv) && !writer.has(CityFormat::GeoJson) {
            let what = "tables of residents and facilities";
            return Err(Error::Formats { what, formats: "`csv` or `geojson`" });
        }
        let is_used = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        if is_used && existing == Existing::Keep {
            return Err(Error::NotEmpty { path: folder.into() });
        }
        Ok(writer)
    }

    fn has(&self, format: CityFormat) -> bool {
        self.formats.contains(&format)
    }

    /// Writes `city`. Services that the built-in catalogue does not know are left out.
    ///
    /// # Errors
    /// What the system refuses; cancelled by `progress`.
    pub fn write(&self, city: &City, progress: &dyn Progress) -> crate::Result<()> {
        let catalogue = Catalogue::builtin();
        let known = |service: &ServiceKey| catalogue.find(service).is_some();
        let mut out = OutputFolder::new(&self.folder)?;
        let step = |done| progress.advance("writing the city", done, 4);

        step(0)?;
        let map = map(city);
        if self.has(CityFormat::Pbf) {
            out.add("streets.osm.pbf", |w| write_osm_pbf(w, &map))?;
        }
        if self.has(CityFormat::Osm) {
            out.add("streets.osm", |w| write_osm_xml(w, &map))?;
        }
        drop(map);
        if self.has(CityFormat::GeoJson) {
            let table =
                streets_table(&city.streets).map_err(|source| set_error("streets.geojson", source))?;
            out.add("streets.geojson", |w| write_geojson(w, &table))?;
        }
        step(1)?;
        let mut tables = |name: String, table: FeatureTable| -> crate::Result<()> {
            if self.has(CityFormat::Csv) {
                out.add(&format!("{name}.csv"), |w| write_csv(w, &table))?;
            }
            if self.has(CityFormat::GeoJson) {
                out.add(&format!("{name}.geojson"), |w| write_geojson(w, &table))?;
            }
            Ok(())
        };
        let residents =
            |set: &DemandSet| residents_table(set).map_err(|source| set_error("residents", source));
        let facilities = |set: &[Facility]| {
            let rows: Vec<&Facility> = set
                .iter()
                .filter(|facility| facility.offers.iter().all(|offer| known(&offer.service)))
                .collect();
            facilities_table(&rows).map_err(|source| set_error("facilities", source))
        };
        tables("residents".into(), residents(&city.residents)?)?;
        tables("facilities".into(), facilities(city.facilities.as_slice())?)?;
        step(2)?;
        if let Some(next) = &city.second_year {
            tables(format!("residents_{}", next.year), residents(&next.residents)?)?;
            tables(format!("facilities_{}", next.year), facilities(next.facilities.as_slice())?)?;
            let table =
                changes_table(&next.changes, &known).map_err(|source| set_error("changes.csv", source))?;
            out.add("changes.csv", |w| write_csv(w, &table))?;
        }
        step(3)?;
        let units = units_table(&city.units).map_err(|source| set_error("units.geojson", source))?;
        out.add("units.geojson", |w| write_geojson(w, &units))?;
        let vacant = vacant_table(&city.vacant).map_err(|source| set_error("vacant.csv", source))?;
        out.add("vacant.csv", |w| write_csv(w, &vacant))?;
        let flaws = flaws_table(&city.flaws, &known).map_err(|source| set_error("flaws.csv", source))?;
        out.add("flaws.csv", |w| write_csv(w, &flaws))?;
        let study = study(city, &self.formats);
        out.add("study.toml", |w| {
            w.write_all(study.as_bytes()).map_err(|source| IoError::Write { what: "the study", source })
        })?;
        out.commit()?;
        step(4)?;
        Ok(())
    }
}

fn set_error(input: &str, source: lifecircle_types::InvalidSet) -> Error {
    Error::Set { input: input.into(), source }
}

fn study(city: &City, formats: &[CityFormat]) -> String {
    let name = city.units.as_slice().first().map_or("", |unit| unit.label());
    let streets = if formats.contains(&CityFormat::Pbf) { "streets.osm.pbf" } else { "streets.osm" };
    let ending = if formats.contains(&CityFormat::Csv) { "csv" } else { "geojson" };
    format!(
        "# a synthetic city of {} people, seed {}: nothing in it is real\nname = \"{name}\"\ndate = \
         {}-07-01\njurisdiction = \"CN-51\"\nstreets = {{ file = \"{streets}\", \
         attribution = \"a synthetic city: nothing in it is real\" }}\nresidents = \"residents.{ending}\"\nfacilities = \
         {{ file = \"facilities.{ending}\", complete = true }}\nunits = \"units.geojson\"\npacks = [\"cn-gb50180\"]\n",
        city.options.people, city.options.seed, city.options.year
    )
}

/// Streets and ground together, by id.
fn map(city: &City) -> OsmData {
    let streets = &city.streets;
    let mut nodes: Vec<_> = streets
        .nodes()
        .iter()
        .chain(&city.ground.nodes)
        .map(|node| (node.id, node.position, node.tags.clone()))
        .collect();
    nodes.sort_by_key(|node| node.0);
    let ways = streets.ways().iter().chain(&city.ground.ways);
    let mut ways: Vec<_> = ways.map(|way| (way.id, way.nodes.clone(), way.tags.clone())).collect();
    ways.sort_by_key(|way| way.0);
    OsmData { nodes, ways, relations: vec![] }
}

type Table = Result<FeatureTable, lifecircle_types::InvalidSet>;

fn point(at: LonLat) -> Option<Geometry<f64>> {
    Some(Geometry::Point(Point::new(at.lon(), at.lat())))
}

fn texts<'a, T: 'a>(
    rows: impl IntoIterator<Item = &'a T>,
    cell: impl Fn(&T) -> Option<String>,
) -> ColumnValues {
    ColumnValues::Text(rows.into_iter().map(cell).collect())
}

fn streets_table(streets: &StreetRecords) -> Table {
    let ways = streets.ways();
    let mut table = FeatureTable::new(ways.len());
    table.push("id", ColumnValues::Integer(ways.iter().map(|way| Some(way.id)).collect()))?;
    for key in ["highway", "name", "name:en", "bridge", "service", "sidewalk"] {
        table.push(key, texts(ways, |way| way.tags.get(key).map(str::to_owned)))?;
    }
    let at =
        |id: &i64| streets.node(*id).map(|node| Coord { x: node.position.lon(), y: node.position.lat() });
    let line = |way: &lifecircle_types::StreetWay| {
        Some(Geometry::LineString(LineString(way.nodes.iter().filter_map(at).collect())))
    };
    table.set_geometry(ways.iter().map(line).collect())?;
    Ok(table)
}

fn residents_table(set: &DemandSet) -> Table {
    let whole = |people: &[lifecircle_types::People]| {
        ColumnValues::Integer(people.iter().map(|people| i64::try_from(people.rounded()).ok()).collect())
    };
    let mut table = FeatureTable::new(set.len());
    table.push("id", texts(set.ids(), |id| Some(id.clone())))?;
    table.push("unit", texts(set.unit_codes(), Clone::clone))?;
    table.push("people", whole(set.people()))?;
    for (group, people) in set.groups().iter() {
        table.push(group.name.as_str(), whole(people))?;
    }
    table.set_geometry(set.positions().iter().map(|at| at.and_then(point)).collect())?;
    Ok(table)
}

fn facilities_table(rows: &[&Facility]) -> Table {
    let text = |cell: fn(&Facility) -> Option<String>| {
        ColumnValues::Text(rows.iter().map(|facility| cell(facility)).collect())
    };
    let number = |cell: fn(&Facility) -> Option<f64>| {
        ColumnValues::Number(rows.iter().map(|facility| cell(facility)).collect())
    };
    let joined = |words: Vec<String>| Some(words.join(";")).filter(|words| !words.is_empty());
    let mut table = FeatureTable::new(rows.len());
    table.push("id", text(|facility| Some(facility.id.clone())))?;
    table.push("name", text(|facility| facility.name.clone()))?;
    let services = |facility: &&Facility| {
        joined(facility.offers.iter().map(|offer| offer.service.to_string()).collect())
    };
    table.push("service", ColumnValues::Text(rows.iter().map(services).collect()))?;
    // no facility of a city offers more than one service
    table.push("capacity", number(|facility| facility.offers.first()?.capacity))?;
    table.push("hours", text(|facility| facility.hours.clone()))?;
    table.push("price", number(|facility| facility.price))?;
    table.push("provider", text(|facility| facility.provider.map(|provider| provider.to_string())))?;
    table.push("operating_mode", text(|facility| facility.operating_mode.map(|mode| mode.to_string())))?;
    table.push("operator", text(|facility| facility.operator.clone()))?;
    table.push("parent", text(|facility| facility.parent.clone()))?;
    table.push("state", text(|facility| Some(facility.status.state.to_string())))?;
    table.push("floor_area_m2", number(|facility| facility.floor_area_m2))?;
    table.push("site_area_m2", number(|facility| facility.site_area_m2))?;
    let functions = |facility: &&Facility| joined(facility.functions.clone());
    table.push("functions", ColumnValues::Text(rows.iter().map(functions).collect()))?;
    table.push("staff", number(|facility| facility.staff))?;
    table.push("users", number(|facility| facility.users))?;
    table.push("yearly_cost", number(|facility| facility.yearly_cost))?;
    table.set_geometry(rows.iter().map(|facility| point(facility.position)).collect())?;
    Ok(table)
}

fn units_table(set: &UnitSet) -> Table {
    let units = set.as_slice();
    let mut table = FeatureTable::new(units.len());
    table.push("code", texts(units, |unit| Some(unit.code.clone())))?;
    table.push("name", texts(units, |unit| unit.name.clone()))?;
    table.push("kind", texts(units, |unit| Some(unit.kind.to_string())))?;
    table.push("parent", texts(units, |unit| unit.parent.clone()))?;
    table.push("zone", texts(units, |unit| unit.zone.map(|zone| zone.to_string())))?;
    let households =
        |unit: &lifecircle_types::Unit| unit.households.and_then(|number| i64::try_from(number).ok());
    table.push("households", ColumnValues::Integer(units.iter().map(households).collect()))?;
    table
        .set_geometry(units.iter().map(|unit| unit.boundary.clone().map(Geometry::MultiPolygon)).collect())?;
    Ok(table)
}

fn vacant_table(spaces: &[VacantSpace]) -> Table {
    let number = |cell: fn(&VacantSpace) -> f64| {
        ColumnValues::Number(spaces.iter().map(|space| Some(cell(space))).collect())
    };
    let integer = |cell: fn(&VacantSpace) -> i64| {
        ColumnValues::Integer(spaces.iter().map(|space| Some(cell(space))).collect())
    };
    let mut table = FeatureTable::new(spaces.len());
    table.push("id", texts(spaces, |space| Some(space.id.clone())))?;
    table.push("unit", texts(spaces, |space| Some(space.unit.clone())))?;
    table.push("kind", texts(spaces, |space| Some(space.kind.to_string())))?;
    table.push("floor_area_m2", number(|space| space.floor_area_m2))?;
    table.push("floor", integer(|space| space.floor.into()))?;
    table.push("owner", texts(spaces, |space| Some(space.owner.to_string())))?;
    table.push("rent_per_m2", number(|space| space.rent_per_m2))?;
    table.push("since", integer(|space| space.since.into()))?;
    table.set_geometry(spaces.iter().map(|space| point(space.position)).collect())?;
    Ok(table)
}

fn flaws_table(flaws: &[Flaw], known: &dyn Fn(&ServiceKey) -> bool) -> Table {
    let flaws: Vec<&Flaw> = flaws.iter().filter(|flaw| known(&flaw.service)).collect();
    let text =
        |cell: fn(&Flaw) -> Option<String>| ColumnValues::Text(flaws.iter().map(|flaw| cell(flaw)).collect());
    let mut table = FeatureTable::new(flaws.len());
    table.push("flaw", text(|flaw| Some(flaw.kind.to_string())))?;
    table.push("unit", text(|flaw| Some(flaw.unit.clone())))?;
    table.push("service", text(|flaw| Some(flaw.service.to_string())))?;
    table.push("facility", text(|flaw| flaw.facility.clone()))?;
    Ok(table)
}

fn changes_table(changes: &[Change], known: &dyn Fn(&ServiceKey) -> bool) -> Table {
    let shown = |change: &&Change| change.service.as_ref().is_none_or(known);
    let changes: Vec<&Change> = changes.iter().filter(shown).collect();
    let text = |cell: fn(&Change) -> Option<String>| {
        ColumnValues::Text(changes.iter().map(|change| cell(change)).collect())
    };
    let mut table = FeatureTable::new(changes.len());
    table.push("change", text(|change| Some(change.kind.to_string())))?;
    table.push("subject", text(|change| Some(change.subject.clone())))?;
    table.push("service", text(|change| change.service.as_ref().map(ToString::to_string)))?;
    table.push("field", text(|change| Some(change.field.into())))?;
    table.push("before", text(|change| change.before.clone()))?;
    table.push("after", text(|change| change.after.clone()))?;
    table.push("vacant", text(|change| change.vacant.clone()))?;
    Ok(table)
}

/// Side of a square of built-up land, in metres, and the fewest junctions in it.
const SQUARE_M: f64 = 500.0;
const BUILT_UP: usize = 5;
/// Homes from which the detour is measured, and pairs from each.
const ORIGINS: usize = 60;
const PAIRS: usize = 12;

/// The profile of streets, as [`synth::CityProfile`](lifecircle_synth::CityProfile) holds it: of a synthetic city or of
/// a real place, so that the two can be compared.
///
/// A junction is a node from which the standard walker can leave in three directions or more. The detour factor is taken
/// over pairs of `homes` that lie 300 to 2000 m apart in a straight line, from every k-th home to a dozen others spread
/// evenly over the list; ways include the legs to the street, and lead through private gates and streets.
/// Pairs without a way of at most 10 km are left out.
///
/// # Errors
/// [`Error::NoWalkableStreet`] when nobody can walk on any street; `progress` may stop it.
pub fn street_profile(
    streets: &StreetRecords,
    homes: &[LonLat],
    progress: &dyn Progress,
) -> crate::Result<StreetProfile> {
    let walker = WalkProfile::standard();
    let (built_up_km2, junctions, metres) = built_up(streets, &walker);
    let network = NetworkBuilder::new(BuildOptions::default()).build(streets)?.value;
    let lengths = WalkCosts::lengths(&network, &walker.with_gates_open());
    let graph = WalkGraph::new(&network, &lengths)?;
    let linker = Linker::new(graph, LinkOptions::default());
    let options = MatrixOptions::new(Millimetres::from_metres(10_000));
    let mut detours = Vec::new();
    let origins = every(homes, ORIGINS);
    for (done, &from) in origins.iter().enumerate() {
        progress.advance("measuring detours", done as u64, origins.len() as u64)?;
        let near: Vec<LonLat> =
            homes.iter().copied().filter(|&to| (300.0..=2000.0).contains(&from.metres_to(to))).collect();
        let near = every(&near, PAIRS);
        let origin = linker.link(&[Some(from)]);
        let doors = linker.link(&near.iter().copied().map(Some).collect::<Vec<_>>());
        let targets: Vec<Target> = (0..)
            .zip(doors.links())
            .filter_map(|(owner, link)| Some(Target { owner, link: *link? }))
            .collect();
        let number = u32::try_from(near.len()).unwrap_or(u32::MAX);
        let matrix = travel_matrix(graph, &origin, &targets, number, &options, &NoProgress)?;
        for (door, &to) in near.iter().enumerate() {
            if let Some(Cost::Length(length)) = matrix.get(DemandIx(0), FacilityIx::new(door)) {
                detours.push(length.as_metres_f64() / from.metres_to(to));
            }
        }
    }
    detours.sort_by(f64::total_cmp);
    let pairs = detours.len();
    Ok(StreetProfile {
        built_up_km2,
        junctions_per_km2: junctions as f64 / built_up_km2.max(f64::MIN_POSITIVE),
        street_km_per_km2: metres / 1000.0 / built_up_km2.max(f64::MIN_POSITIVE),
        detour: reduce::sum(detours.iter().copied()) / pairs.max(1) as f64,
        detour_p90: detours.get(pairs * 9 / 10).copied().unwrap_or(0.0),
        pairs,
    })
}

/// At most `number` of `items`, evenly spread.
fn every<T: Copy>(items: &[T], number: usize) -> Vec<T> {
    let taken = number.min(items.len());
    (0..taken).map(|k| items[k * items.len() / taken]).collect()
}

/// Square kilometres of built-up land, and the junctions and metres of street on it.
fn built_up(streets: &StreetRecords, walker: &WalkProfile) -> (f64, usize, f64) {
    let Some(extent) = BoundingBox::around(streets.nodes().iter().map(|node| node.position)) else {
        return (0.0, 0, 0.0);
    };
    let frame = LocalFrame::around(extent.centre());
    let square = |at: LonLat| {
        let at = frame.project(at);
        #[expect(clippy::cast_possible_truncation, reason = "squares of the earth are few")]
        let numbers = [at.x, at.y].map(|metres| (metres / SQUARE_M).floor() as i64);
        numbers
    };
    let mut leaving: BTreeMap<i64, u32> = BTreeMap::new();
    let mut squares: BTreeMap<[i64; 2], (usize, Vec<f64>)> = BTreeMap::new();
    for way in streets.ways().iter().filter(|way| walker.permits(&way.tags)) {
        for pair in way.nodes.windows(2) {
            let (Some(a), Some(b)) = (streets.node(pair[0]), streets.node(pair[1])) else { continue };
            for node in [a, b] {
                *leaving.entry(node.id).or_default() += 1;
            }
            let middle =
                BoundingBox::around([a.position, b.position]).map_or(a.position, |pair| pair.centre());
            squares.entry(square(middle)).or_default().1.push(a.position.metres_to(b.position));
        }
    }
    for (&node, _) in leaving.iter().filter(|(_, ways)| **ways >= 3) {
        if let Some(node) = streets.node(node) {
            squares.entry(square(node.position)).or_default().0 += 1;
        }
    }
    let land: Vec<&(usize, Vec<f64>)> =
        squares.values().filter(|(junctions, _)| *junctions >= BUILT_UP).collect();
    (
        land.len() as f64 * SQUARE_M * SQUARE_M / 1e6,
        land.iter().map(|square| square.0).sum(),
        reduce::sum(land.iter().flat_map(|square| square.1.iter().copied())),
    )
}
