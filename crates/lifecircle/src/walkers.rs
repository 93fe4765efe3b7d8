//! Walkers by rules of their own: their trips, their streets, and what the ground does to them.
//!
//! The standard walker of the packs stays on the level and waits nowhere. A walker of the study who climbs slopes, waits
//! at crossings or comes on wheels has searches of their own, over metres on the level that take as long
//! ([`WalkCosts::level_lengths`]); walkers who differ in pace alone share one.

use std::sync::Arc;

use lifecircle_indicators::{AppliedRule, Candidates, ServiceEvidence, Walker};
use lifecircle_network::{
    Crossings, Linker, Precincts, Slope, Stairs, StreetNetwork, Terrain, TerrainAccount, TerrainOptions,
    WalkCosts, WalkGraph, WalkProfile, WheelAudit,
};
use lifecircle_types::{
    Evidence, Fate, Issues, LonLat, Millimetres, Progress, Rule, Speed, TravelTime, UnitIx,
};

use crate::Result;
use crate::provenance::{InputRecord, InputRole};
use crate::study::Study;
use crate::trips::Trips;

/// Heights of the ground by position, in metres.
#[derive(Clone)]
pub(crate) struct Heights {
    pub(crate) name: String,
    pub(crate) options: TerrainOptions,
    pub(crate) at: Arc<dyn Fn(LonLat) -> Option<f64> + Send + Sync>,
}

impl core::fmt::Debug for Heights {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Heights").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Verdicts that the ground changes in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changed {
    /// Pairs within the limit on the level, and beyond it on the ground.
    pub lost: u64,
    /// Pairs beyond the limit on the level, and within it on the ground.
    pub gained: u64,
}

/// What slopes do to the verdicts of one walker. A pair is a resident place and a service whose rule has a time limit;
/// the walk is that to the nearest facility that counts for certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SlopeEffect {
    /// Pairs of places with a street, and services with a facility.
    pub pairs: u64,
    /// On the way there.
    pub there: Changed,
    /// On the way back.
    pub back: Changed,
}

/// A walker by rules of their own.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalkerAccount {
    /// Key.
    pub key: String,
    /// What bars wheels, and what the map does not tell; for those who come on wheels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wheels: Option<WheelAudit>,
    /// What slopes do to verdicts, where they do something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slopes: Option<SlopeEffect>,
}

/// The walkers of a study with their trips, and an account of those with rules of their own.
pub(crate) struct Walkers {
    pub(crate) all: Vec<Walker>,
    pub(crate) accounts: Vec<WalkerAccount>,
}

/// The walker with a key.
pub(crate) fn by_key<'a>(walkers: &'a [WalkProfile], key: &str) -> Option<&'a WalkProfile> {
    walkers.iter().find(|walker| walker.key == key)
}

/// What the walkers of a study share.
pub(crate) struct Shared<'a> {
    pub(crate) study: &'a Study,
    pub(crate) network: &'a StreetNetwork,
    pub(crate) terrain: Option<&'a Terrain>,
    /// The standard walker's trips.
    pub(crate) standard: &'a Trips<'a>,
    pub(crate) rules: &'a [AppliedRule],
    pub(crate) found: &'a [Candidates],
    pub(crate) home_units: &'a [Option<UnitIx>],
    pub(crate) progress: &'a dyn Progress,
}

/// What a walker by rules of their own pays on the open streets, and with all gates opened: lengths on the level that take
/// as long.
pub(crate) fn own_costs(
    network: &StreetNetwork,
    profile: &WalkProfile,
    terrain: Option<&Terrain>,
) -> Result<[WalkCosts; 2]> {
    let costs = |profile: &WalkProfile| WalkCosts::level_lengths(network, profile, terrain);
    Ok([costs(profile)?, costs(&profile.clone().with_gates_open())?])
}

impl Study {
    /// A walker in the scenario of the study.
    pub(crate) fn opened(&self, walker: &WalkProfile) -> WalkProfile {
        let walker = walker.clone();
        if self.open_gates { walker.with_gates_open() } else { walker }
    }

    /// The ground under the streets, and the account of it, where the study has heights.
    pub(crate) fn terrain(&self, network: &StreetNetwork) -> Result<Option<(Terrain, InputRecord)>> {
        let Some(heights) = &self.heights else { return Ok(None) };
        let terrain = Terrain::new(network, heights.options, &*heights.at)?;
        let TerrainAccount { known_m, unknown_m, .. } = terrain.account();
        let mut fate = Fate { used: whole(known_m), ..Fate::default() };
        if whole(unknown_m) > 0 {
            fate.rejected.push(("no height: walked as level".into(), whole(unknown_m)));
        }
        fate.rows = whole(known_m) + whole(unknown_m);
        let record = InputRecord {
            name: heights.name.clone(),
            role: InputRole::Elevation,
            rows_are: "metres of street on its heights".into(),
            fate,
            moves: None,
            issues: Issues::new(),
        };
        Ok(Some((terrain, record)))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "metres of street: not negative, and few"
)]
fn whole(metres: f64) -> u64 {
    metres.round() as u64
}

/// Whether a walker walks by rules that the standard walker does not have.
pub(crate) fn has_rules(walker: &WalkProfile) -> bool {
    walker.slope != Slope::Ignored
        || walker.stairs != Stairs::Allowed
        || walker.stairs_percent != 100
        || walker.crossings != Crossings::NONE
        || walker.wheels.is_some()
        || walker.winter.is_some()
}

impl Shared<'_> {
    /// Every walker of the study with their trips.
    pub(crate) fn walkers(&self) -> Result<Walkers> {
        let mut searched: Vec<(WalkProfile, Arc<[ServiceEvidence]>, Option<Slopes>)> = Vec::new();
        let (mut all, mut accounts) = (Vec::new(), Vec::new());
        for walker in &self.study.walkers {
            let profile = self.study.opened(walker);
            let mut trips = None;
            if has_rules(walker) {
                let known = searched.iter().position(|(known, ..)| known.is_proportional_to(&profile));
                let at = match known {
                    Some(at) => at,
                    None => {
                        let (own, slopes) = self.search(&profile)?;
                        searched.push((profile.clone(), own.into(), slopes));
                        searched.len() - 1
                    }
                };
                let (_, own, slopes) = &searched[at];
                trips = Some(Arc::clone(own));
                accounts.push(WalkerAccount {
                    key: walker.key.clone(),
                    wheels: walker.wheels.map(|_| WheelAudit::new(self.network, &profile, self.terrain)),
                    slopes: slopes.as_ref().map(|slopes| self.effect(own, slopes, walker.speed)),
                });
            }
            all.push(Walker { key: walker.key.clone(), speed: walker.speed, ages: walker.ages, trips });
        }
        Ok(Walkers { all, accounts })
    }

    /// Trips by the walker's rules and, where slopes matter, on the level and back.
    fn search(&self, profile: &WalkProfile) -> Result<(Vec<ServiceEvidence>, Option<Slopes>)> {
        let there = self.costs(profile, self.terrain)?;
        let back = there.each_ref().map(|costs| costs.reversed(self.network));
        let there = self.trips(there)?;
        if profile.slope == Slope::Ignored || self.terrain.is_none() {
            return Ok((there, None));
        }
        let level = self.trips(self.costs(profile, None)?)?;
        Ok((there, Some(Slopes { level, back: self.trips(back)? })))
    }

    fn costs(&self, profile: &WalkProfile, terrain: Option<&Terrain>) -> Result<[WalkCosts; 2]> {
        own_costs(self.network, profile, terrain)
    }

    fn trips(&self, [open, everything]: [WalkCosts; 2]) -> Result<Vec<ServiceEvidence>> {
        let Shared { study, network, standard, .. } = *self;
        let usual = standard.graph.costs();
        let same_streets = network.arcs().all(|arc| open.permits(arc) == usual.permits(arc));
        let graph = WalkGraph::new(network, &open)?;
        let precincts = Precincts::with_costs(graph, &everything);
        let linked = if same_streets {
            None
        } else {
            let barriers = study.obstacles(graph);
            let linker = Linker::with_precincts(graph, study.link, &precincts).barriers(&barriers);
            let doors: Vec<Option<LonLat>> = standard.arrivals.iter().map(|&(_, at)| Some(at)).collect();
            let homes = linker.approach(study.residents.positions(), self.progress)?;
            Some((homes, linker.approach(&doors, self.progress)?))
        };
        let (origins, doors) =
            linked.as_ref().map_or((standard.origins, standard.doors), |(homes, doors)| (homes, doors));
        let trips = Trips {
            drives: None,
            study,
            graph,
            precincts: &precincts,
            origins,
            arrivals: standard.arrivals,
            doors,
        };
        trips.evidence(self.rules, self.found, self.home_units, self.progress)
    }

    /// Verdicts on the ground beside those on the level, at a pace.
    fn effect(&self, there: &[ServiceEvidence], slopes: &Slopes, speed: Speed) -> SlopeEffect {
        let units = &self.study.units;
        let mut effect = SlopeEffect::default();
        for (row, applied) in self.rules.iter().enumerate() {
            if self.found[row].strict.is_empty() {
                continue;
            }
            for (place, unit) in self.home_units.iter().enumerate() {
                let zone = unit.and_then(|unit| units.zone(unit));
                let limit = [Some(applied.rule.rule_for(zone)), applied.rule.also]
                    .into_iter()
                    .flatten()
                    .find_map(|rule| if let Rule::WalkTime(limit) = rule { Some(limit) } else { None });
                let (Some(limit), false) = (limit, self.standard.origins.links(place).is_empty()) else {
                    continue;
                };
                let within =
                    |trips: &[ServiceEvidence]| is_within(trips[row].strict.get(place), speed, limit);
                effect.pairs += 1;
                let level = within(&slopes.level);
                effect.there.count(level, within(there));
                effect.back.count(level, within(&slopes.back));
            }
        }
        effect
    }
}

/// The trips beside those on the ground.
struct Slopes {
    level: Vec<ServiceEvidence>,
    back: Vec<ServiceEvidence>,
}

fn is_within(trip: Option<Evidence>, speed: Speed, limit: TravelTime) -> bool {
    trip.and_then(|trip| trip.length).is_some_and(|length: Millimetres| speed.time_for(length) <= limit)
}

impl Changed {
    fn count(&mut self, level: bool, ground: bool) {
        self.lost += u64::from(level && !ground);
        self.gained += u64::from(!level && ground);
    }
}
