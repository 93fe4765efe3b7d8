//! OpenStreetMap extracts: streets, places, buildings, residential land and administrative areas.
//!
//! A file is walked three times, so that it may be in any order and only what is needed is kept: first the
//! relations, which name their member ways; then the ways, which name their nodes; then the nodes. Each block is
//! inflated once, by the walk that wants it; the first walk sees its beginning, which tells what it holds. Of streets
//! alone, ways are read in the first walk. Positions are held only of nodes that a kept way names. Blocks are decoded
//! side by side under the feature `parallel` and taken in file order, so the result is the same.
//!
//! Ids of the result are `node/1`, `way/1` and `relation/1`. Positions are the decimal degrees of the map, to
//! seven places. An element that the file has twice is taken as it stands first.

mod barriers;
mod blob;
mod block;
mod keys;
mod nodes;
mod outline;
mod passes;
mod places;
mod rings;
mod walk;
mod wire;
mod write;
mod write_xml;
#[cfg(feature = "osm-xml")]
mod xml;

use geo_types::MultiPolygon;
use lifecircle_types::{
    Barrier, Building, FacilitySet, Fate, Imported, Progress, ResidentialLand, StreetRecords, TagClassifier,
};

use crate::error::{Error, Result};
use walk::{MapFile, Survey};

pub use write::{Compression, MemberKind, OsmData, OsmMember, OsmWriter, write_osm_pbf};
pub use write_xml::write_osm_xml;

/// What an extract holds.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OsmExtract {
    /// Every `highway=*` way with the nodes it passes.
    ///
    /// Ways keep the tags that walking and driving profiles ask for (`highway`, `name`, `foot`, `access`, `area`,
    /// `sidewalk*`, `surface`, `smoothness`, `incline`, `width`, `step_count`, `ramp*`, `wheelchair`,
    /// `oneway`, `oneway:foot`, `junction`, `bridge`, `tunnel`, `layer`, `level`, `covered`, `indoor`,
    /// `informal`, `lit`, `service`, `maxspeed`, `lanes`, `footway`, `crossing`, `conveying`, `cycleway`,
    /// `bicycle`, `vehicle`, `motor_vehicle`, `motorcar`, `motorroad`, `oneway:motor_vehicle`, `maxspeed:*`, `source:maxspeed`,
    /// `zone:maxspeed`, `seasonal`, `winter_service`, `railway`, `route`, `tracktype`, `name:en`, `name:zh`); nodes those about crossings, gates, entrances, kerbs and signals.
    pub streets: StreetRecords,
    /// The elements that the classifier takes for facilities.
    pub places: FacilitySet,
    /// Buildings that stand, by id.
    pub buildings: Vec<Building>,
    /// `landuse=residential`, by id.
    pub residential_land: Vec<ResidentialLand>,
    /// Administrative areas with a complete boundary, by id.
    pub areas: Vec<AdminArea>,
    /// What nobody walks across, by way: waters, railways on the level, walls with a gate.
    ///
    /// Waters are `waterway` = `river`, `canal`, `tidal_channel`, `dock` or `riverbank`, `natural` = `water` or
    /// `coastline`, and reservoirs, unless they dry up; a water less than 100 m across is left out, as people walk
    /// around it. Railways are those in use; walls are `barrier` = `wall`, `fence` or `city_wall`. What lies in a
    /// tunnel bars nobody, nor does what lies on a bridge, which is kept as raised. A wall that shows no opening is left out: how people pass it is not known.
    pub barriers: Vec<Barrier>,
    /// Where the elements went that the classifier takes for facilities.
    pub place_fate: Fate,
    /// Where the `highway=*` ways went.
    pub street_fate: Fate,
    /// Where the buildings went.
    pub building_fate: Fate,
    /// Where the residential land went.
    pub land_fate: Fate,
    /// Where the administrative boundaries went.
    pub area_fate: Fate,
    /// Where the barriers went.
    pub barrier_fate: Fate,
}

/// An administrative area.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminArea {
    /// Public id, such as `relation/123`.
    pub id: String,
    /// Name, where it has one.
    pub name: Option<String>,
    /// Level: 2 for countries, larger numbers for smaller areas; what a level means differs by country.
    pub admin_level: u8,
    /// Boundary in degrees.
    pub boundary: MultiPolygon<f64>,
}

/// What to read from an extract; everything by default.
///
/// ```
/// # use lifecircle_io::OsmOptions;
/// let options = OsmOptions::default().source("OpenStreetMap, 2020-03-14").without_buildings();
/// assert!(!options.buildings);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OsmOptions {
    /// What facilities name as their source; the name of the file when `None`.
    pub source: Option<String>,
    /// Whether buildings are read.
    pub buildings: bool,
    /// Whether residential land is read.
    pub residential_land: bool,
    /// Whether administrative areas are read.
    pub areas: bool,
    /// Whether barriers are read.
    pub barriers: bool,
}

impl Default for OsmOptions {
    fn default() -> Self {
        Self { source: None, buildings: true, residential_land: true, areas: true, barriers: true }
    }
}

impl OsmOptions {
    /// Streets, and facilities where the classifier knows any: all that a network takes, and the fastest reading with
    /// [`NoFacilities`](lifecircle_types::NoFacilities).
    ///
    /// ```
    /// # use lifecircle_io::{OsmData, OsmOptions, read_osm_pbf, write_osm_pbf};
    /// # use lifecircle_types::{LonLat, NoFacilities, NoProgress, Tags};
    /// # let at = |lon| LonLat::new(lon, 54.15);
    /// # let nodes = vec![(1, at(-4.48)?, Tags::default()), (2, at(-4.47)?, Tags::default())];
    /// # let ways = vec![(7, vec![1, 2], Tags::new([("highway", "residential")]))];
    /// # let mut bytes = vec![];
    /// # write_osm_pbf(&mut bytes, &OsmData { nodes, ways, ..OsmData::default() })?;
    /// let read = read_osm_pbf(&bytes, "town.osm.pbf", &NoFacilities, &OsmOptions::streets(), &NoProgress)?;
    /// assert_eq!(read.value.streets.ways()[0].nodes, [1, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn streets() -> Self {
        Self { source: None, buildings: false, residential_land: false, areas: false, barriers: false }
    }

    /// Names the source of every facility.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Leaves buildings out.
    #[must_use]
    pub fn without_buildings(mut self) -> Self {
        self.buildings = false;
        self
    }

    /// Leaves residential land out.
    #[must_use]
    pub fn without_residential_land(mut self) -> Self {
        self.residential_land = false;
        self
    }

    /// Leaves administrative areas out.
    #[must_use]
    pub fn without_areas(mut self) -> Self {
        self.areas = false;
        self
    }

    /// Leaves barriers out.
    #[must_use]
    pub fn without_barriers(mut self) -> Self {
        self.barriers = false;
        self
    }
}

/// Reads an extract in the PBF format; `name` stands in messages.
///
/// Places are nodes, closed ways and multipolygon relations that `classifier` takes for facilities. An area
/// stands for its site: its position lies inside, its entrances are the entrances and gates on its outline or,
/// where none is mapped, the nodes that its outline shares with streets open to walkers; open ground that no street
/// touches (a park, a pitch, a playground) is entered anywhere along its outline. A point inside an area of the same
/// services, of the same name or without one, is left out and counted. When a relation and one of its outer
/// ways offer the same service, the relation has it. The fate of the import is the sum of the six fates of the
/// extract.
///
/// Memory is taken for what is kept, for one block of the file a thread and for the results of some dozen blocks, at most 32
/// MiB each. `p` hears of every 64 blocks; a file that is damaged, or holds several kinds of elements in a block, is
/// read twice.
///
/// # Errors
/// [`Error::WrongFormat`], [`Error::Empty`], [`Error::Unsupported`] and [`Error::Damaged`] tell what is wrong
/// with the file; [`Error::Cancelled`] when `p` asks to stop. A file that was cut exactly between two blocks
/// looks whole and is read as it is.
pub fn read_osm_pbf(
    bytes: &[u8],
    name: &str,
    classifier: &dyn TagClassifier,
    o: &OsmOptions,
    p: &dyn Progress,
) -> Result<Imported<OsmExtract>> {
    let frame = blob::Frame::read(bytes, name)?;
    let read = |survey| {
        MapFile {
            name,
            blobs: &frame.blobs,
            keys: &keys::Keys::new(classifier, o),
            classifier,
            options: o,
            source: o.source.as_deref().unwrap_or(name),
            progress: p,
            survey,
            rooms: &blob::Rooms::default(),
        }
        .extract()
    };
    match read(Survey::Beginnings) {
        Ok(extract) => Ok(extract),
        Err(Error::Cancelled(cancelled)) => Err(cancelled.into()),
        // a file that is damaged or mixed is read once more, with all it holds seen first
        Err(_) => read(Survey::Whole),
    }
}

/// Reads an extract in the XML format, plain (`.osm`) or compressed with gzip (`.osm.gz`); the result is that of
/// [`read_osm_pbf`] for the same map.
///
/// Elements marked as deleted (`visible="false"`, or `action="delete"` of an editor) are left out and noted.
///
/// # Errors
/// [`Error::Xml`] with the line of what cannot be read, [`Error::Damaged`] for broken compression, and those of
/// [`read_osm_pbf`]. A tag or an element of more than 8 MiB and a compressed file of more than 4 GiB of text are refused.
///
/// ```
/// # use lifecircle_io::{OsmOptions, read_osm_xml};
/// # use lifecircle_types::{NoFacilities, NoProgress};
/// let text = br#"<osm version="0.6">
///     <node id="1" lat="54.15" lon="-4.48"/><node id="2" lat="54.15" lon="-4.47"/>
///     <way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
/// </osm>"#;
/// let read = read_osm_xml(text, "town.osm", &NoFacilities, &OsmOptions::default(), &NoProgress)?;
/// assert_eq!(read.value.streets.ways()[0].nodes, [1, 2]);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
#[cfg(feature = "osm-xml")]
pub fn read_osm_xml(
    bytes: &[u8],
    name: &str,
    classifier: &dyn TagClassifier,
    o: &OsmOptions,
    p: &dyn Progress,
) -> Result<Imported<OsmExtract>> {
    let (blocks, deleted) = xml::to_blocks(bytes, name)?;
    let mut read = read_osm_pbf(&blocks, name, classifier, o, p)?;
    if deleted > 0 {
        let detail = format!("{deleted} elements are marked as deleted and were left out");
        read.issues.push(lifecircle_types::Severity::Note, "deleted elements", name, detail);
    }
    Ok(read)
}

/// Reads an extract in whichever format its first bytes show: PBF or, under the feature `osm-xml`, XML or XML in
/// gzip.
///
/// # Errors
/// Those of [`read_osm_pbf`] and `read_osm_xml`.
pub fn read_osm(
    bytes: &[u8],
    name: &str,
    classifier: &dyn TagClassifier,
    o: &OsmOptions,
    p: &dyn Progress,
) -> Result<Imported<OsmExtract>> {
    #[cfg(feature = "osm-xml")]
    if matches!(crate::text::looks_like(bytes), Some("XML" | "a gzip archive")) {
        return read_osm_xml(bytes, name, classifier, o, p);
    }
    read_osm_pbf(bytes, name, classifier, o, p)
}
