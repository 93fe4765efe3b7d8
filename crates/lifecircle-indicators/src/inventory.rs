//! What could be assessed: no data is never shown as no service.
//!
//! A service is assessed when a source that would show it was read. A table of facilities shows the services it
//! lists. A map shows a service when its tags can tell it and the map holds places at all: an extract cut down to
//! streets has no schools, and that says nothing about schools. A map counts as a source of places when it holds at
//! least half of the kinds of places that tags show well, or when the study says that it is complete.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Catalogue, Quality, Service};
use lifecircle_types::{FacilitySet, Rule, ServiceKey, word_enum};

use crate::candidates::Candidates;
use crate::rules::AppliedRule;

word_enum! {
    /// Whether a service could be assessed.
    InventoryState, "inventory state" {
        /// A source that would show it was read.
        Assessed = "assessed",
        /// Only weak hints could be read.
        Partial = "partial",
        /// No source would show it, or its rule cannot be applied.
        NotAssessed = "not_assessed",
        /// No walk measures it, and a question of the study does.
        MeasuredOtherwise = "measured_otherwise",
    }
}

impl InventoryState {
    /// Whether places within its rule and outside it are told apart.
    #[must_use]
    pub const fn has_verdicts(self) -> bool {
        matches!(self, Self::Assessed | Self::Partial)
    }
}

/// An input that holds facilities.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case", tag = "kind"))]
pub enum Source {
    /// A map whose places are recognised by tags.
    Map {
        /// Name of the input.
        name: String,
        /// The study says that the map holds all places.
        complete: bool,
    },
    /// A table that lists facilities of these services, all of them.
    Table {
        /// Name of the input.
        name: String,
        /// The services it shows.
        shows: Vec<ServiceKey>,
    },
}

/// What is known about one service of the packs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InventoryEntry {
    /// The service.
    pub service: ServiceKey,
    /// Whether it could be assessed.
    pub state: InventoryState,
    /// Why, in words.
    pub reason: String,
    /// Facilities that count for certain.
    pub facilities: u32,
    /// Facilities that count only in the lenient reading.
    pub uncertain: u32,
    /// Facilities that would count but are not open on the study's day.
    pub not_open: u32,
}

/// The inventory of `rules`, one entry per rule in their order.
///
/// `usable` says for every rule whether the study can apply it, and if not, why.
#[must_use]
pub fn inventory(
    catalogue: &Catalogue,
    rules: &[AppliedRule],
    found: &[Candidates],
    sources: &[Source],
    facilities: &FacilitySet,
    usable: &[Result<(), String>],
) -> Vec<InventoryEntry> {
    let maps = maps(catalogue, sources, facilities);
    let count = |list: &[_]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    rules
        .iter()
        .zip(found)
        .zip(usable)
        .map(|((applied, found), usable)| {
            let service = &applied.rule.service;
            let places = found.strict.len() + found.lenient_only.len();
            let (state, reason) = match usable {
                Err(reason) => (InventoryState::NotAssessed, reason.clone()),
                Ok(()) => state(catalogue, applied, places, sources, &maps),
            };
            InventoryEntry {
                service: service.clone(),
                state,
                reason,
                facilities: count(&found.strict),
                uncertain: count(&found.lenient_only),
                not_open: found.not_open,
            }
        })
        .collect()
}

fn maps<'a>(catalogue: &Catalogue, sources: &'a [Source], facilities: &FacilitySet) -> Vec<MapContent<'a>> {
    let content = |source: &'a Source| match source {
        Source::Map { name, complete } => Some(MapContent::of(name, *complete, catalogue, facilities)),
        Source::Table { .. } => None,
    };
    sources.iter().filter_map(content).collect()
}

fn state(
    catalogue: &Catalogue,
    applied: &AppliedRule,
    places: usize,
    sources: &[Source],
    maps: &[MapContent<'_>],
) -> (InventoryState, String) {
    if applied.rule.rule == Rule::NoWalkingCatchment {
        return (
            InventoryState::NotAssessed,
            "comes to people or is used from afar: no walk to measure".into(),
        );
    }
    let counting: Vec<&ServiceKey> = applied.rule.counting(catalogue).collect();
    state_of(catalogue, &counting, places, sources, maps)
}

/// Of every service of the catalogue whether a source shows it, and if not, why: indicators of supply rest on it.
pub(crate) fn shown<'a>(
    catalogue: &'a Catalogue,
    sources: &[Source],
    facilities: &FacilitySet,
    places: impl Fn(&ServiceKey) -> usize,
) -> BTreeMap<&'a ServiceKey, Result<(), String>> {
    let maps = maps(catalogue, sources, facilities);
    let one = |service: &'a Service| {
        let counting: Vec<&ServiceKey> = catalogue.satisfied_by(&service.key).iter().collect();
        let shown = match state_of(catalogue, &counting, places(&service.key), sources, &maps) {
            (InventoryState::NotAssessed, reason) => Err(reason),
            _ => Ok(()),
        };
        (&service.key, shown)
    };
    catalogue.services().iter().map(one).collect()
}

/// Whether a source shows one of the services of `counting`, for which `places` facilities were found; if none does, why.
///
/// # Errors
/// The reason, in words.
pub fn shown_by(
    catalogue: &Catalogue,
    counting: &[&ServiceKey],
    places: usize,
    sources: &[Source],
    facilities: &FacilitySet,
) -> Result<(), String> {
    match state_of(catalogue, counting, places, sources, &maps(catalogue, sources, facilities)) {
        (InventoryState::NotAssessed, reason) => Err(reason),
        _ => Ok(()),
    }
}

fn state_of(
    catalogue: &Catalogue,
    counting: &[&ServiceKey],
    places: usize,
    sources: &[Source],
    maps: &[MapContent<'_>],
) -> (InventoryState, String) {
    for source in sources {
        if let Source::Table { name, shows } = source
            && shows.iter().any(|shown| counting.contains(&shown))
        {
            return (InventoryState::Assessed, format!("listed in {name}"));
        }
    }
    let quality = counting.iter().filter_map(|service| catalogue.service(service)?.map_quality()).min();
    match (quality, maps) {
        (_, []) => (InventoryState::NotAssessed, "no table lists it and no map of places was read".into()),
        (None, _) => (InventoryState::NotAssessed, "a map cannot show it and no table lists it".into()),
        (Some(quality), maps) => match (maps.iter().find(|map| map.is_source()), quality) {
            (Some(map), Quality::Weak) => (InventoryState::Partial, format!("{} only hints at it", map.name)),
            (Some(map), _) => (InventoryState::Assessed, format!("read from {}", map.name)),
            (None, _) => {
                let map = &maps[0];
                let reason = format!(
                    "{} holds only {} of {} kinds of places and is not taken as a source of places",
                    map.name, map.present, map.kinds
                );
                let state = if places > 0 { InventoryState::Partial } else { InventoryState::NotAssessed };
                (state, reason)
            }
        },
    }
}

struct MapContent<'a> {
    name: &'a str,
    complete: bool,
    /// Kinds of places that tags show well, and how many of them the map holds.
    kinds: usize,
    present: usize,
}

impl<'a> MapContent<'a> {
    fn of(name: &'a str, complete: bool, catalogue: &Catalogue, facilities: &FacilitySet) -> Self {
        // a family is one kind: which of its levels occur depends on the size of the place
        let kind_of = |service: &ServiceKey| match catalogue.family(service) {
            Some(family) => family.key.clone(),
            None => service.to_string(),
        };
        let shown =
            catalogue.services().iter().filter(|service| service.map_quality() == Some(Quality::Good));
        let kinds: std::collections::BTreeSet<String> = shown.map(|service| kind_of(&service.key)).collect();
        let present: std::collections::BTreeSet<String> = facilities
            .as_slice()
            .iter()
            .filter(|facility| facility.source == name)
            .flat_map(|facility| facility.offers.iter().map(|offer| kind_of(&offer.service)))
            .filter(|kind| kinds.contains(kind))
            .collect();
        Self { name, complete, kinds: kinds.len(), present: present.len() }
    }

    fn is_source(&self) -> bool {
        self.complete || self.present * 2 >= self.kinds
    }
}
