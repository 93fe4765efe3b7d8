//! One coverage on three bases: people, residential land, and buildings or dwellings; and units with at least one.
//!
//! The three rarely agree, as people do not live evenly on land. The figures stand side by side with what makes them
//! differ: how densely people live within reach and beyond it, and how many live on no residential land at all.

use geo_types::MultiPolygon;
use lifecircle_access::{Coverage, Portion};
use lifecircle_indicators::Range;
use lifecircle_network::{
    Approaches, Link, LinkFate, Linkage, Linker, Precincts, ReachArea, SearchSpace, Standing, Target,
    WalkGraph, isochrones, nearest_each, nearest_straight, nearest_trips, petgraph::Direction,
};
use lifecircle_population::UnitIndex;
use lifecircle_types::{
    Building, BuildingUse, Cost, FacilityIx, LonLat, Millimetres, People, Progress, Rule, ServiceKey,
    UnitKind,
};

use crate::outcome::Outcome;
use crate::{Error, Result};

/// Facilities of a size, and how near they have to be: large parks serve farther than small ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeBand {
    /// Least area of the site in square metres, inclusive.
    pub from_m2: f64,
    /// Area from which on a site belongs to the next band; `None` has no upper end.
    pub below_m2: Option<f64>,
    /// When a site of this size counts as reached.
    pub rule: Rule,
}

/// How coverages on several bases are measured.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BasesOptions {
    /// How far beside a reached street land counts as reached; 50 m unless set. A rule in a straight line needs none.
    pub beside_streets: Millimetres,
    /// Bands of sizes in the place of the pack's rule. Sites whose size is not known are in none, and counted.
    pub bands: Vec<SizeBand>,
}

impl Default for BasesOptions {
    fn default() -> Self {
        Self { beside_streets: Millimetres::from_metres(50), bands: vec![] }
    }
}

impl BasesOptions {
    /// Measures with bands of sizes.
    #[must_use]
    pub fn bands(mut self, bands: impl IntoIterator<Item = SizeBand>) -> Self {
        self.bands = bands.into_iter().collect();
        self
    }
}

/// Units of a kind with at least one facility inside.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitsWithOne {
    /// The kind.
    pub kind: UnitKind,
    /// Units with one, of all of the kind.
    pub units: Portion,
}

/// Where people live within reach and beyond it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Density {
    /// Residents who reach the service, per hectare of residential land within reach.
    pub within_per_ha: Option<f64>,
    /// Residents who do not, per hectare of residential land beyond it.
    pub beyond_per_ha: Option<f64>,
    /// Residents whose home lies on no residential land of the study.
    pub off_land: People,
}

/// The coverage of one service on every base. What the study does not hold is absent: no data is no zero.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bases {
    /// The service.
    pub service: ServiceKey,
    /// What was asked, in words.
    pub rule: String,
    /// Residents, as the assessment has them; with bands those of the bands, strict in both readings.
    pub people: Option<Range>,
    /// Square metres of residential land.
    pub land: Option<Portion>,
    /// Residential buildings.
    pub buildings: Option<Portion>,
    /// Dwellings in buildings of which the map tells their number.
    pub dwellings: Option<Portion>,
    /// Units with at least one, by kind from small to large.
    pub units: Vec<UnitsWithOne>,
    /// What makes people and land differ.
    pub density: Option<Density>,
    /// Facilities in no band, as their size is not known.
    pub without_size: usize,
}

/// Which facilities have to be how near.
struct Asked {
    facilities: Vec<FacilityIx>,
    rule: Rule,
    /// The length that the rule's walk or radius allows.
    limit: Millimetres,
}

impl Outcome<'_> {
    /// The coverage of `service` on every base that the study holds: residents, residential land, residential buildings
    /// and dwellings, units. Only facilities that count for certain are taken; those outside every unit count.
    ///
    /// Land is reached where it lies beside a street that is reached from the other side: within
    /// [`BasesOptions::beside_streets`] of a street from which a walker gets to a door within the rule; overlaps count
    /// once. A building is reached as a home is.
    ///
    /// # Errors
    /// [`Error::NoRule`] when no pack has a rule of a walk or a straight line for the service, cancelled by `progress`.
    pub fn bases(
        &self,
        service: &ServiceKey,
        options: &BasesOptions,
        progress: &dyn Progress,
    ) -> Result<Bases> {
        self.with_reach(progress, |reach| self.bases_of(reach, service, options))
    }

    fn bases_of(&self, reach: &Reach<'_>, service: &ServiceKey, options: &BasesOptions) -> Result<Bases> {
        let no_rule = || Error::NoRule { service: service.to_string() };
        let row = self.rules.iter().position(|rule| rule.rule.service == *service).ok_or_else(no_rule)?;
        let applied = &self.rules[row];
        let found = &self.candidates[row].strict;
        let length = |rule: Rule| match rule {
            Rule::StraightRadius(length) => Some(length),
            other => applied.walk_limit(other),
        };
        let size = |facility: FacilityIx| self.study.facilities[facility].site_area_m2;
        let mut asked = Vec::new();
        if options.bands.is_empty() {
            let rule = applied.rule.rule;
            asked.push(Asked { facilities: found.clone(), rule, limit: length(rule).ok_or_else(no_rule)? });
        }
        for band in &options.bands {
            let fits = |area: f64| area >= band.from_m2 && band.below_m2.is_none_or(|below| area < below);
            let facilities =
                found.iter().copied().filter(|&facility| size(facility).is_some_and(fits)).collect();
            asked.push(Asked { facilities, rule: band.rule, limit: length(band.rule).ok_or_else(no_rule)? });
        }
        let words: Vec<String> = asked.iter().map(|asked| asked.rule.to_string()).collect();

        let people = if options.bands.is_empty() {
            self.assessment.services.iter().find(|known| known.service == *service).and_then(|s| s.coverage)
        } else {
            let reached = reach.points(self.study.residents.positions(), &self.origins, &asked)?;
            let people = self.study.residents.people();
            let covered = people.iter().zip(&reached).filter(|(_, reached)| **reached).map(|(p, _)| *p).sum();
            let strict = Coverage { covered, all: self.study.residents.total() };
            Some(Range { strict, lenient: strict })
        };
        let land = reach.land(&asked, options)?;
        let density = match (land, people) {
            (Some(land), Some(people)) => Some(self.density(land, people)),
            _ => None,
        };
        let (buildings, dwellings) = reach.buildings(&asked)?;
        Ok(Bases {
            service: service.clone(),
            rule: words.join(", "),
            people,
            land,
            buildings,
            dwellings,
            units: self.units_with_one(&asked),
            density,
            without_size: match options.bands.is_empty() {
                true => 0,
                false => found.iter().filter(|&&facility| size(facility).is_none()).count(),
            },
        })
    }

    /// The bases of every assessed service whose rule has a limit on land.
    pub(crate) fn bases_of_all(&self, progress: &dyn Progress) -> Result<Vec<Bases>> {
        let assessed = self.assessment.services.iter().filter(|service| service.coverage.is_some());
        let measured =
            |rule: Rule| matches!(rule, Rule::WalkTime(_) | Rule::WalkDistance(_) | Rule::StraightRadius(_));
        let services: Vec<&ServiceKey> =
            assessed.filter(|service| measured(service.rule)).map(|service| &service.service).collect();
        let options = BasesOptions::default();
        self.with_reach(progress, |reach| {
            let mut all = Vec::with_capacity(services.len());
            for (done, service) in services.iter().enumerate() {
                progress.advance("coverage by land and buildings", done as u64, services.len() as u64)?;
                all.push(self.bases_of(reach, service, &options)?);
            }
            Ok(all)
        })
    }

    fn with_reach<T>(
        &self,
        progress: &dyn Progress,
        measure: impl FnOnce(&Reach<'_>) -> Result<T>,
    ) -> Result<T> {
        let homes = self.study.buildings.iter();
        let homes: Vec<&Building> =
            homes.filter(|building| building.usage == BuildingUse::Residential).collect();
        let positions: Vec<Option<LonLat>> = homes.iter().map(|home| Some(home.position)).collect();
        self.study.on_streets(&self.network, |graph, precincts| {
            let barriers = self.study.obstacles(graph);
            let linker = Linker::with_precincts(graph, self.study.link, precincts).barriers(&barriers);
            let approaches = linker.approach(&positions, progress)?;
            measure(&Reach { outcome: self, graph, precincts, homes, positions, approaches, progress })
        })
    }

    fn units_with_one(&self, asked: &[Asked]) -> Vec<UnitsWithOne> {
        let units = &self.study.units;
        let index = UnitIndex::new(units);
        let mut has_one = vec![false; units.len()];
        for &facility in asked.iter().flat_map(|asked| &asked.facilities) {
            if let Some(unit) = index.locate(self.study.facilities[facility].position) {
                units.lineage(unit).for_each(|unit| has_one[unit.index()] = true);
            }
        }
        let of_kind = |kind: UnitKind| {
            let all: Vec<bool> = units
                .iter()
                .filter(|(_, unit)| unit.kind == kind)
                .map(|(ix, _)| has_one[ix.index()])
                .collect();
            let with = all.iter().filter(|with| **with).count();
            UnitsWithOne { kind, units: Portion::of_counts(with, all.len()) }
        };
        UnitKind::ALL.iter().map(|&kind| of_kind(kind)).filter(|with| with.units.whole > 0.0).collect()
    }

    fn density(&self, land: Portion, people: Range) -> Density {
        let per_ha = |people: People, m2: f64| (m2 > 0.0).then(|| people.as_f64() / (m2 / 10_000.0));
        let residents = &self.study.residents;
        let on_land = self.study.residential_land.iter().map(|land| land.boundary.clone());
        let on_land: Vec<MultiPolygon<f64>> = on_land.collect();
        let index = lifecircle_population::AreaIndex::new(&on_land);
        let places = residents.positions().iter().zip(residents.people());
        let off_land =
            places.filter(|(at, _)| at.is_none_or(|at| !index.holds(at))).map(|(_, people)| *people).sum();
        Density {
            within_per_ha: per_ha(people.strict.covered, land.part),
            beyond_per_ha: per_ha(people.strict.uncovered(), land.whole - land.part),
            off_land,
        }
    }
}

/// Answers what is within reach of facilities.
struct Reach<'a> {
    outcome: &'a Outcome<'a>,
    graph: WalkGraph<'a>,
    precincts: &'a Precincts,
    /// Residential buildings, where they are, and how they come to the streets.
    homes: Vec<&'a Building>,
    positions: Vec<Option<LonLat>>,
    approaches: Approaches,
    progress: &'a dyn Progress,
}

impl Reach<'_> {
    /// Rows of all doors of facilities, with their facility.
    fn doors(&self, asked: &Asked) -> Vec<(u32, usize)> {
        let doors = self.outcome.arrivals.iter().enumerate();
        doors
            .filter(|(_, (facility, _))| asked.facilities.binary_search(facility).is_ok())
            .map(|(row, (facility, _))| (facility.0, row))
            .collect()
    }

    /// Which points reach a facility by any of the rules.
    fn points(
        &self,
        points: &[Option<LonLat>],
        approaches: &Approaches,
        asked: &[Asked],
    ) -> Result<Vec<bool>> {
        let mut reached = vec![false; points.len()];
        for asked in asked {
            let doors = self.doors(asked);
            if !matches!(asked.rule, Rule::StraightRadius(_)) {
                let cutoff = Some(Cost::from(asked.limit));
                let service = [doors];
                let trips = nearest_trips(
                    self.graph,
                    self.precincts,
                    approaches,
                    &self.outcome.doors,
                    &service,
                    cutoff,
                    self.progress,
                )?;
                reached.iter_mut().zip(&trips[0]).for_each(|(reached, trip)| *reached |= trip.is_some());
            } else {
                let to: Vec<(u32, LonLat)> =
                    doors.iter().map(|&(owner, row)| (owner, self.outcome.arrivals[row].1)).collect();
                let nearest = nearest_straight(points, &to);
                for (reached, nearest) in reached.iter_mut().zip(nearest) {
                    *reached |= nearest.is_some_and(|(_, length)| length <= asked.limit);
                }
            }
        }
        Ok(reached)
    }

    /// Residential land within reach, and all of it.
    fn land(&self, asked: &[Asked], options: &BasesOptions) -> Result<Option<Portion>> {
        let land = &self.outcome.study.residential_land;
        if land.is_empty() {
            return Ok(None);
        }
        let mut areas = Vec::new();
        for asked in asked {
            let doors = self.doors(asked);
            if let Rule::StraightRadius(radius) = asked.rule {
                let at: Vec<LonLat> = doors.iter().map(|&(_, row)| self.outcome.arrivals[row].1).collect();
                areas.extend(ReachArea::around(&at, radius));
            } else {
                areas.extend(self.beside_streets(&doors, asked.limit, options.beside_streets)?);
            }
        }
        let all = MultiPolygon(land.iter().flat_map(|land| land.boundary.0.clone()).collect());
        let reached = ReachArea::joined(&areas);
        // without a place to be near to, all land lies beyond
        let [part, whole] = match reached {
            Some(area) => area.areas_of(&all),
            None => {
                let anywhere = all.0.first().and_then(|polygon| polygon.exterior().0.first());
                let anywhere = anywhere.and_then(|at| LonLat::new(at.x, at.y).ok());
                let nothing =
                    ReachArea::around(&anywhere.into_iter().collect::<Vec<_>>(), Millimetres::new(1));
                nothing.map_or([0.0, 0.0], |area| [0.0, area.areas_of(&all)[1]])
            }
        };
        Ok(Some(Portion { part, whole }))
    }

    /// The ground beside streets from which a walker gets to a door within `limit`: open streets, and private ones from
    /// which its residents do.
    fn beside_streets(
        &self,
        doors: &[(u32, usize)],
        limit: Millimetres,
        width: Millimetres,
    ) -> Result<Vec<ReachArea>> {
        let links = doors.iter().flat_map(|&(_, row)| self.outcome.doors.links(row));
        let links: Vec<Link> = links.copied().collect();
        let (cutoff, mut space) = ([Cost::from(limit)], SearchSpace::new());
        let open = isochrones(self.graph, &links, &cutoff, Direction::Incoming, &mut space)?;
        let mut areas: Vec<ReachArea> = open[0].area(width).into_iter().collect();
        if self.precincts.is_empty() {
            return Ok(areas);
        }
        // what is left of the walk at each exit, and what the doors on private streets themselves reach
        let exits = self.precincts.links(self.graph);
        let outside = Linkage::new(exits.iter().map(|[open, _]| LinkFate::Linked(*open)).collect());
        let targets = links.iter().map(|&link| Target { owner: 0, link }).collect();
        let trips = nearest_each(self.graph, &outside, &[targets], Some(cutoff[0]), self.progress)?;
        let inside =
            exits.iter().zip(&trips[0]).filter_map(|([_, private], trip)| match trip.as_ref()?.cost {
                Cost::Length(off_street) => Some(Link { off_street, ..*private }),
                Cost::Time(_) => None,
            });
        let own = doors.iter().filter_map(|&(_, row)| {
            let door = &self.outcome.doors.as_slice()[row];
            door.link.filter(|_| door.standing == Standing::Private)
        });
        let starts: Vec<Link> = inside.chain(own).collect();
        let private = self.precincts.graph(&self.outcome.network)?;
        let found = isochrones(private, &starts, &cutoff, Direction::Incoming, &mut space)?;
        areas.extend(found[0].area(width));
        Ok(areas)
    }

    /// Residential buildings and known dwellings within reach, and all of them.
    fn buildings(&self, asked: &[Asked]) -> Result<(Option<Portion>, Option<Portion>)> {
        let homes = &self.homes;
        if homes.is_empty() {
            return Ok((None, None));
        }
        let reached = self.points(&self.positions, &self.approaches, asked)?;
        let buildings = Portion::of_counts(reached.iter().filter(|reached| **reached).count(), homes.len());
        let dwellings = |(home, reached): (&&Building, &bool)| {
            let dwellings = home.dwellings? as usize;
            Some(Portion::of_counts(if *reached { dwellings } else { 0 }, dwellings))
        };
        let dwellings: Vec<Portion> = homes.iter().zip(&reached).filter_map(dwellings).collect();
        Ok((Some(buildings), (!dwellings.is_empty()).then(|| dwellings.into_iter().sum())))
    }
}
