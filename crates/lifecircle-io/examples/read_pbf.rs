//! Reads an extract and tells what it holds: `read_pbf city.osm.pbf`, or of the streets alone:
//! `read_pbf city.osm.pbf streets`.
#![expect(clippy::print_stdout, reason = "an example that shows its result")]

use std::path::Path;

use lifecircle_io::{OsmOptions, read_bytes, read_osm_pbf};
use lifecircle_types::{Certainty, NoFacilities, NoProgress, Offer, ServiceKey, Shape, TagClassifier, Tags};

/// Takes schools, parks and shops for facilities.
struct Few(ServiceKey);

impl TagClassifier for Few {
    fn keys(&self) -> Vec<&str> {
        vec!["amenity", "leisure", "shop"]
    }

    fn classify(&self, tags: &Tags, _: Shape) -> Vec<Offer> {
        if !tags.has("amenity", "school") && !tags.has("leisure", "park") && tags.get("shop").is_none() {
            return vec![];
        }
        vec![Offer { service: self.0.clone(), certainty: Certainty::Known, capacity: None }]
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name an extract ending in .osm.pbf")?;
    let bytes = read_bytes(Path::new(&path))?;
    let few = Few("place".parse()?);
    let read = match std::env::args().nth(2).as_deref() {
        Some("streets") => read_osm_pbf(&bytes, &path, &NoFacilities, &OsmOptions::streets(), &NoProgress)?,
        Some(other) => return Err(format!("`{other}` cannot be read alone, only `streets`").into()),
        None => read_osm_pbf(&bytes, &path, &few, &OsmOptions::default(), &NoProgress)?,
    };
    let extract = read.value;
    println!("streets: {} with {} nodes", extract.streets.ways().len(), extract.streets.nodes().len());
    println!("  {}", extract.street_fate);
    println!("places: {}", extract.place_fate);
    println!("buildings: {}", extract.building_fate);
    println!("residential land: {}", extract.land_fate);
    println!("areas: {}", extract.area_fate);
    for kind in read.issues.kinds() {
        println!("{}: {} x {}", kind.severity, kind.count, kind.kind);
    }
    Ok(())
}
