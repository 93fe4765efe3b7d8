//! The account of linking: how far homes and facilities were moved, to which street, and what found none.

use lifecircle_network::{Link, LinkFate, Linkage, StreetNetwork};
use lifecircle_types::{FacilityIx, FacilitySet, Fate, Issues, LonLat, Millimetres, Severity};

use crate::builder::input_names;
use crate::provenance::{InputRecord, InputRole, Moves};
use crate::study::Study;

impl Study {
    /// Where every resident place went: to a street, or nowhere.
    pub(crate) fn homes_linked(&self, network: &StreetNetwork, origins: &Linkage) -> InputRecord {
        let mut fate = Fate { rows: self.residents.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        for ((id, people), row) in self.residents.ids().iter().zip(self.residents.people()).zip(0..) {
            match origins.fate(row) {
                LinkFate::Linked(link) => links.push((id.as_str(), link)),
                LinkFate::NoPosition => fate.reject("no position"),
                LinkFate::TooFar { nearest } => {
                    fate.reject(&self.no_street());
                    issues.push(
                        Severity::Warning,
                        "home beyond every street",
                        id,
                        format!("{people} people, who stay in every share as unserved{}", farther(*nearest)),
                    );
                }
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
            moves: moves(network, &links),
            issues,
        }
    }

    /// Where every facility went: its nearest door to a street, or nowhere.
    pub(crate) fn facilities_linked(&self, network: &StreetNetwork, doors: &[Option<Link>]) -> InputRecord {
        let mut fate = Fate { rows: self.facilities.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        for (facility, door) in self.facilities.as_slice().iter().zip(doors) {
            if let Some(link) = door {
                links.push((facility.id.as_str(), link));
            } else {
                fate.reject(&self.no_street());
                let name = facility.name.as_deref().unwrap_or("without a name");
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
            moves: moves(network, &links),
            issues,
        }
    }

    fn no_street(&self) -> String {
        format!("no street within {} m", self.link.max_off_street.as_metres_f64())
    }
}

/// How far rows were moved, by their ids and links; `None` when none was.
fn moves(network: &StreetNetwork, links: &[(&str, &Link)]) -> Option<Moves> {
    let mut longest = links.first()?;
    for link in links {
        if link.1.off_street > longest.1.off_street {
            longest = link;
        }
    }
    let total: u64 = links.iter().map(|(_, link)| u64::from(link.off_street.get())).sum();
    #[expect(clippy::cast_precision_loss, reason = "a mean for display")]
    let mean_m = total as f64 / links.len() as f64 / 1000.0;
    Some(Moves {
        mean_m,
        longest_m: longest.1.off_street.as_metres_f64(),
        longest: longest.0.into(),
        longest_to: street_of(network, longest.1),
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

/// The row of the linked door with the shortest off-street leg, per facility.
pub(crate) fn nearest_door(
    facilities: &FacilitySet,
    arrivals: &[(FacilityIx, LonLat)],
    doors: &Linkage,
) -> Vec<Option<Link>> {
    let mut nearest: Vec<Option<Link>> = vec![None; facilities.len()];
    for (row, (facility, _)) in arrivals.iter().enumerate() {
        if let Some(link) = doors.get(row) {
            let known = &mut nearest[facility.index()];
            if known.is_none_or(|known| link.off_street < known.off_street) {
                *known = Some(*link);
            }
        }
    }
    nearest
}
