//! The account of linking: how far homes and facilities were moved, to which street, and what found none.

use std::collections::BTreeMap;

use geo_types::{Coord, Geometry, Line, LineString, Point};
use lifecircle_network::{Approach, Approaches, Link, Standing, StreetNetwork};
use lifecircle_types::{
    ColumnValues, FacilityIx, FacilitySet, Fate, FeatureTable, InvalidSet, Issues, LonLat, Millimetres,
    Severity,
};

use crate::builder::input_names;
use crate::columns::Rows;
use crate::outcome::Outcome;
use crate::provenance::{InputRecord, InputRole, Moves};
use crate::study::Study;

impl Study {
    /// Where every resident place went: to a street, or nowhere.
    pub(crate) fn homes_linked(&self, network: &StreetNetwork, origins: &Approaches) -> InputRecord {
        let mut fate = Fate { rows: self.residents.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        let homes = self.residents.ids().iter().zip(self.residents.people());
        for ((id, people), approach) in homes.zip(origins.as_slice()) {
            links.extend(approach.link.as_ref().map(|link| (id.as_str(), link)));
            match approach.standing {
                Standing::NoPosition => fate.reject("no position"),
                Standing::TooFar => {
                    fate.reject(&self.no_street());
                    issues.push(
                        Severity::Warning,
                        "home beyond every street",
                        id,
                        format!(
                            "{people} people, who stay in every share as unserved{}",
                            farther(approach.nearest)
                        ),
                    );
                }
                Standing::Across => issues.push(
                    Severity::Warning,
                    "home cut off from every street in reach",
                    id,
                    format!("{people} people; {}", across(approach)),
                ),
                Standing::Street | Standing::Private | Standing::Gates | Standing::Island => {}
            }
        }
        for (id, code) in self.residents.ids().iter().zip(self.residents.unit_codes()) {
            let unknown = |code: &&String| !self.units.is_empty() && self.units.find(code).is_none();
            if let Some(code) = code.as_ref().filter(unknown) {
                let detail = format!("`{code}`; it was counted in the unit around it, if there is one");
                issues.push(Severity::Warning, "unit code that no unit has", id, detail);
            }
        }
        fate.moved = links.len() as u64;
        InputRecord {
            name: input_names(&self.inputs, InputRole::Residents),
            role: InputRole::Residents,
            rows_are: "homes linked to streets".into(),
            fate,
            moves: moves(network, &links, origins.as_slice()),
            issues,
        }
    }

    /// Where every facility went: its nearest door to a street, or nowhere.
    pub(crate) fn facilities_linked(&self, network: &StreetNetwork, doors: &[Approach]) -> InputRecord {
        let mut fate = Fate { rows: self.facilities.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        for (facility, door) in self.facilities.as_slice().iter().zip(doors) {
            let name = facility.name.as_deref().unwrap_or("without a name");
            if let Some(link) = &door.link {
                links.push((facility.id.as_str(), link));
                if door.standing == Standing::Across {
                    let detail = format!("{name}; {}", across(door));
                    issues.push(
                        Severity::Warning,
                        "facility cut off from every street in reach",
                        &facility.id,
                        detail,
                    );
                }
            } else {
                fate.reject(&self.no_street());
                let detail = format!("{name}: nobody can walk to it");
                issues.push(Severity::Warning, "facility beyond every street", &facility.id, detail);
            }
        }
        fate.moved = links.len() as u64;
        InputRecord {
            name: input_names(&self.inputs, InputRole::Facilities),
            role: InputRole::Facilities,
            rows_are: "facilities linked to streets".into(),
            fate,
            moves: moves(network, &links, doors),
            issues,
        }
    }

    pub(crate) fn no_street(&self) -> String {
        format!("no street within {} m", self.link.max_off_street.as_metres_f64())
    }
}

/// How far rows were moved, by their ids and links; `None` when none was.
fn moves(network: &StreetNetwork, links: &[(&str, &Link)], points: &[Approach]) -> Option<Moves> {
    let mut longest = links.first()?;
    for link in links {
        if link.1.off_street > longest.1.off_street {
            longest = link;
        }
    }
    let total: u64 = links.iter().map(|(_, link)| u64::from(link.off_street.get())).sum();
    #[expect(clippy::cast_precision_loss, reason = "a mean for display")]
    let mean_m = total as f64 / links.len() as f64 / 1000.0;
    let mut by_standing = BTreeMap::new();
    for point in points {
        *by_standing.entry(point.standing.as_str()).or_default() += 1;
    }
    Some(Moves {
        mean_m,
        longest_m: longest.1.off_street.as_metres_f64(),
        longest: longest.0.into(),
        longest_to: street_of(network, longest.1),
        by_standing,
    })
}

/// How far a street is that is too far.
fn farther(nearest: Option<Millimetres>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; the nearest street is {nearest} away"))
}

/// Name and way of the street that a link leads to.
pub(crate) fn street_of(network: &StreetNetwork, link: &Link) -> String {
    let way = format!("way/{}", network.way_id(link.arc));
    network.street_name(link.arc).map_or(way.clone(), |name| format!("{name} ({way})"))
}

/// What a leg crosses for want of a better street.
fn across(approach: &Approach) -> String {
    let leg = approach.link.map_or(Millimetres::ZERO, |link| link.off_street);
    match approach.obstacle {
        Some(obstacle) => format!("the leg of {leg} to the street meets a {obstacle}, as every other does"),
        None => format!("the leg to the street is {leg} long"),
    }
}

/// The door with the shortest leg to a street, per facility; of a facility without a street the first door.
pub(crate) fn nearest_doors(
    facilities: &FacilitySet,
    arrivals: &[(FacilityIx, LonLat)],
    doors: &Approaches,
) -> Vec<Approach> {
    let leg = |door: &Approach| door.link.map(|link| link.off_street);
    let mut nearest: Vec<Option<Approach>> = vec![None; facilities.len()];
    for ((facility, _), door) in arrivals.iter().zip(doors.as_slice()) {
        let known = &mut nearest[facility.index()];
        let shorter = match known.as_ref().map(leg) {
            None | Some(None) => known.is_none() || door.link.is_some(),
            Some(Some(known)) => leg(door).is_some_and(|leg| leg < known),
        };
        if shorter {
            *known = Some(*door);
        }
    }
    nearest.into_iter().map(|door| door.expect("every facility has an arrival")).collect()
}

/// How points stand to the streets: columns of every table of points.
pub(crate) fn link_columns(network: &StreetNetwork, points: &[Approach]) -> Vec<(String, ColumnValues)> {
    let points = Rows(points);
    vec![
        ("standing".into(), points.text(|point| Some(point.standing.as_str()))),
        ("obstacle".into(), points.text(|point| point.obstacle.map(|obstacle| obstacle.to_string()))),
        ("off_street_m".into(), points.number(|point| Some(point.link?.off_street.as_metres_f64()))),
        ("street".into(), points.text(|point| Some(street_of(network, point.link.as_ref()?)))),
    ]
}

/// Homes and doors with the legs to their streets.
pub(crate) fn links_table(outcome: &Outcome<'_>) -> Result<FeatureTable, InvalidSet> {
    let Outcome { study, network, origins, arrivals, doors, .. } = outcome;
    let homes = study.residents.ids().iter().zip(study.residents.positions());
    let homes = homes.map(|(id, at)| ("home", id.clone(), *at));
    let doors_at =
        arrivals.iter().map(|&(facility, at)| ("door", study.facilities[facility].id.clone(), Some(at)));
    let points: Vec<(&str, String, Option<LonLat>)> = homes.chain(doors_at).collect();
    let approaches = [origins.as_slice(), doors.as_slice()].concat();
    let rows = Rows(&points);
    let mut table = rows.table([
        ("what", rows.text(|point| Some(point.0))),
        ("id", rows.text(|point| Some(point.1.as_str()))),
    ])?;
    for (name, values) in link_columns(network, &approaches) {
        table.push(name, values)?;
    }
    let nearest = Rows(&approaches).number(|point| point.nearest.map(Millimetres::as_metres_f64));
    table.push("nearest_street_m", nearest)?;
    let coord = |at: LonLat| Coord { x: at.lon(), y: at.lat() };
    let leg = |((_, _, at), point): (&(&str, String, Option<LonLat>), &Approach)| {
        let from = coord((*at)?);
        Some(match point.link {
            Some(link) => {
                let to = coord(link.position.rounded());
                Geometry::LineString(LineString::from(Line::new(from, to)))
            }
            None => Geometry::Point(Point(from)),
        })
    };
    table.set_geometry(points.iter().zip(&approaches).map(leg).collect())?;
    Ok(table)
}
