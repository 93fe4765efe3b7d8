//! What barriers cost the people beside them, and which streets hang together with no others.

use geo_types::{Coord, Geometry, LineString, MultiLineString, Point};
use lifecircle_indicators::Home;
use lifecircle_network::{
    Divide, IslandCause, Link, PlaceSeverance, Precincts, Severance, SeveranceOptions, SeveranceTask,
    SeveredBy, Standing, StreetComponent, WalkGraph, severance, street_components,
};
use lifecircle_types::{
    Barrier, FeatureTable, InvalidSet, LonLat, People, Progress, Unit, UnitIx, reduce::Running,
};

use crate::Result;
use crate::columns::Rows;
use crate::outcome::Outcome;

/// How severance is measured, and when a home counts as indirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeveranceSettings {
    /// Radius, walk and limit of a detour.
    pub options: SeveranceOptions,
    /// A home whose detour index is above so many per cent is indirect; 150 unless set.
    pub indirect_percent: u32,
}

impl Default for SeveranceSettings {
    fn default() -> Self {
        Self { options: SeveranceOptions::default(), indirect_percent: 150 }
    }
}

impl SeveranceSettings {
    /// Sets radius, walk and limit.
    #[must_use]
    pub const fn options(mut self, options: SeveranceOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets the index above which a home is indirect.
    #[must_use]
    pub const fn indirect_percent(mut self, percent: u32) -> Self {
        self.indirect_percent = percent;
        self
    }
}

/// Severance of a unit, or of the whole place.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UnitSeverance {
    /// The unit; `None` for the whole place.
    pub unit: Option<UnitIx>,
    /// Its residents.
    pub people: People,
    /// Those who have a detour index, because a walk to somebody around them was found.
    pub measured: People,
    /// The mean of their indices.
    pub detour_index: Option<f64>,
    /// Those whose index is above the limit.
    pub indirect: People,
    /// People around a resident, on average.
    pub around: Option<f64>,
    /// Of all pairs of a resident and a person around, the share to whom a walk was found.
    pub reached_share: Option<f64>,
    /// Residents from whom a barrier severs somebody.
    pub affected: People,
    /// Of all pairs, the share that a barrier severs.
    pub severed_share: Option<f64>,
    /// Of all pairs, the share that it severs and that no walk within the limit joins.
    pub lost_share: Option<f64>,
    /// Mean walk of the affected to the nearest crossing of the barrier that severs most from them, in metres, over those
    /// for whom one was found.
    pub to_crossing_m: Option<f64>,
    /// The affected for whom none was found.
    pub without_crossing: People,
}

/// What one barrier costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BarrierCost {
    /// Residents from whom it severs somebody.
    pub affected: People,
    /// Those of them who lose somebody from their walk.
    pub losing: People,
    /// People severed from an affected resident, on average.
    pub severed: Option<f64>,
    /// Mean walk of the affected to its nearest crossing, in metres, over those for whom one was found.
    pub to_crossing_m: Option<f64>,
}

/// A component of the streets, with who depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ComponentAccount {
    /// The component.
    pub component: StreetComponent,
    /// Residents linked to it.
    pub people: People,
    /// Resident places linked to it.
    pub places: usize,
    /// Facilities whose nearest door is linked to it.
    pub facilities: usize,
}

/// Severance of a city.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CitySeverance {
    /// How it was measured.
    pub settings: SeveranceSettings,
    /// Places and barriers.
    pub severance: Severance,
    /// What every barrier costs, in the order of `severance.divides`.
    pub costs: Vec<BarrierCost>,
    /// The whole place, then every unit with residents, in their order.
    pub units: Vec<UnitSeverance>,
    /// The components of the streets, the main one first.
    pub components: Vec<ComponentAccount>,
    /// The lines of the barriers.
    lines: Vec<Barrier>,
}

impl Outcome<'_> {
    /// Who is severed from whom by the barriers of the study, how far people walk around, and which streets are islands.
    ///
    /// # Errors
    /// Cancelled by `progress`.
    pub fn severance(&self, settings: &SeveranceSettings, progress: &dyn Progress) -> Result<CitySeverance> {
        self.study.on_streets(&self.network, |graph, precincts| {
            self.severance_on(graph, precincts, settings, progress)
        })
    }

    fn severance_on(
        &self,
        graph: WalkGraph<'_>,
        precincts: &Precincts,
        settings: &SeveranceSettings,
        progress: &dyn Progress,
    ) -> Result<CitySeverance> {
        let study = self.study;
        let lines = study.barrier_lines(graph);
        let people = study.residents.people();
        let task = SeveranceTask {
            graph,
            precincts,
            positions: study.residents.positions(),
            approaches: &self.origins,
            people,
            barriers: &lines,
        };
        let severance = severance(&task, &settings.options, progress)?;
        let mut sums = vec![Sum::default(); 1 + study.units.len()];
        for ((place, home), &people) in severance.places.iter().zip(&self.homes).zip(people) {
            let lineage = home.unit.into_iter().flat_map(|unit| study.units.lineage(unit));
            for row in core::iter::once(0).chain(lineage.map(|unit| 1 + unit.index())) {
                sums[row].add(place, people, settings);
            }
        }
        let unit = |row: usize| row.checked_sub(1).map(UnitIx::new);
        let units = sums.iter().enumerate().filter(|(row, sum)| *row == 0 || sum.unit.people > People::ZERO);
        let units = units.map(|(row, sum)| sum.unit(unit(row))).collect();
        let costs_of = barrier_costs(&severance, people);
        let components = self.components(graph);
        Ok(CitySeverance { settings: *settings, severance, costs: costs_of, units, components, lines })
    }

    fn components(&self, graph: WalkGraph<'_>) -> Vec<ComponentAccount> {
        let account =
            |component| ComponentAccount { component, people: People::ZERO, places: 0, facilities: 0 };
        let mut all: Vec<ComponentAccount> =
            street_components(graph, &self.study.standard_walker()).into_iter().map(account).collect();
        let mut by_first: Vec<(lifecircle_network::NodeIx, usize)> =
            all.iter().enumerate().map(|(row, account)| (account.component.first, row)).collect();
        by_first.sort_unstable();
        let row_of = |link: &Link| {
            let first = graph.costs().component(self.network.tail(link.arc));
            by_first.binary_search_by_key(&first, |entry| entry.0).ok().map(|at| by_first[at].1)
        };
        for (row, &people) in self.study.residents.people().iter().enumerate() {
            if let Some(at) = self.origins.links(row).first().and_then(row_of) {
                all[at].people += people;
                all[at].places += 1;
            }
        }
        let open = |door: &&lifecircle_network::Approach| door.standing != Standing::Private;
        for door in self.facility_doors.iter().filter(open) {
            if let Some(at) = door.link.as_ref().and_then(row_of) {
                all[at].facilities += 1;
            }
        }
        all
    }

    /// Measures what the study asks for.
    pub(crate) fn add_severance(&mut self, progress: &dyn Progress) -> Result<()> {
        if let Some(settings) = self.study.severance {
            self.severance = Some(self.severance(&settings, progress)?);
        }
        Ok(())
    }

    /// The tables of severance by file name; none where the study does not ask for it.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn severance_tables(&self) -> Result<Vec<(&'static str, FeatureTable)>> {
        let Some(city) = &self.severance else { return Ok(vec![]) };
        Ok(vec![
            ("severance.csv", self.noted("severance", self.units_severed(city))?),
            ("severance.geojson", self.noted("severance", self.places_severed(city))?),
            ("barriers.geojson", self.noted("barriers", city.barriers())?),
            ("crossings.geojson", self.noted("crossings", self.crossings(city))?),
            ("islands.geojson", self.noted("islands", islands(city))?),
        ])
    }

    fn units_severed(&self, city: &CitySeverance) -> std::result::Result<FeatureTable, InvalidSet> {
        let rows = Rows(&city.units);
        let of_unit =
            |of: fn(&Unit) -> String| rows.text(|row| row.unit.map(|unit| of(&self.study.units[unit])));
        rows.table([
            ("unit_code", of_unit(|unit| unit.code.clone())),
            ("unit_label", of_unit(|unit| unit.label().into())),
            ("unit_kind", of_unit(|unit| unit.kind.to_string())),
            ("people", rows.number(|row| Some(row.people.as_f64()))),
            ("measured", rows.number(|row| Some(row.measured.as_f64()))),
            ("detour_index", rows.number(|row| row.detour_index)),
            ("indirect", rows.number(|row| Some(row.indirect.as_f64()))),
            ("indirect_share", rows.number(|row| row.indirect.share_of(row.measured))),
            ("around_mean", rows.number(|row| row.around)),
            ("reached_share", rows.number(|row| row.reached_share)),
            ("affected", rows.number(|row| Some(row.affected.as_f64()))),
            ("affected_share", rows.number(|row| row.affected.share_of(row.people))),
            ("severed_share", rows.number(|row| row.severed_share)),
            ("lost_share", rows.number(|row| row.lost_share)),
            ("to_crossing_m", rows.number(|row| row.to_crossing_m)),
            ("without_crossing", rows.number(|row| Some(row.without_crossing.as_f64()))),
        ])
    }

    fn places_severed(&self, city: &CitySeverance) -> std::result::Result<FeatureTable, InvalidSet> {
        let (residents, places) = (&self.study.residents, &city.severance.places);
        let rows = Rows(places);
        let most = |of: fn(&Divide) -> Option<String>| {
            rows.text(|place| of(&city.severance.divides[most_severing(place)?.divide as usize]))
        };
        let unit = |home: &Home| Some(self.study.units[home.unit?].code.clone());
        let mut table = rows.table([
            ("id", Rows(residents.ids()).text(Some)),
            ("unit", Rows(&self.homes).text(unit)),
            ("people", Rows(residents.people()).number(|people| Some(people.as_f64()))),
            ("around", rows.number(|place| Some(place.around.as_f64()))),
            ("reached", rows.number(|place| Some(place.reached.as_f64()))),
            ("detour_index", rows.number(PlaceSeverance::detour_index)),
            ("severed", rows.number(|place| Some(place.severed.as_f64()))),
            ("lost", rows.number(|place| Some(place.lost.as_f64()))),
            ("barrier", most(|divide| Some(divide.id.clone()))),
            ("barrier_kind", most(|divide| Some(divide.kind.to_string()))),
            ("barrier_name", most(|divide| divide.name.clone())),
            ("to_crossing_m", rows.number(|place| Some(most_severing(place)?.to_crossing?.as_metres_f64()))),
        ])?;
        table.set_geometry(residents.positions().iter().map(|at| at.map(point)).collect())?;
        Ok(table)
    }

    fn crossings(&self, city: &CitySeverance) -> std::result::Result<FeatureTable, InvalidSet> {
        let divides = city.severance.divides.iter();
        let all: Vec<(&Divide, &Link)> =
            divides.flat_map(|divide| divide.crossings.iter().map(move |link| (divide, link))).collect();
        let rows = Rows(&all);
        let way = |link: &Link| format!("way/{}", self.network.way_id(link.arc));
        let mut table = rows.table([
            ("barrier", rows.text(|(divide, _)| Some(divide.id.clone()))),
            ("barrier_kind", rows.text(|(divide, _)| Some(divide.kind.to_string()))),
            ("barrier_name", rows.text(|(divide, _)| divide.name.clone())),
            ("street", rows.text(|(_, link)| Some(way(link)))),
            ("street_name", rows.text(|(_, link)| self.network.street_name(link.arc).map(String::from))),
        ])?;
        table.set_geometry(all.iter().map(|(_, link)| Some(point(link.position))).collect())?;
        Ok(table)
    }
}

/// The barrier that severs most people from a place; of equals the first.
fn most_severing(place: &PlaceSeverance) -> Option<&SeveredBy> {
    place.by.iter().max_by_key(|by| (by.severed, core::cmp::Reverse(by.divide)))
}

/// Sums over the homes of a unit.
#[derive(Clone, Default)]
struct Sum {
    unit: UnitSeverance,
    /// Residents times indices, and times metres to a crossing.
    index: Running,
    metres: Running,
    with_crossing: People,
    /// Pairs of a resident and a person around: all, with a walk, severed, lost; in millionths of both.
    pairs: [u128; 4],
}

impl Sum {
    fn add(&mut self, place: &PlaceSeverance, people: People, settings: &SeveranceSettings) {
        let unit = &mut self.unit;
        unit.people += people;
        if let Some(index) = place.detour_index() {
            unit.measured += people;
            self.index.add(people.as_f64() * index);
            if index * 100.0 > f64::from(settings.indirect_percent) {
                unit.indirect += people;
            }
        }
        let parts = [place.around, place.reached, place.severed, place.lost];
        for (pairs, part) in self.pairs.iter_mut().zip(parts) {
            *pairs += u128::from(people.as_millionths()) * u128::from(part.as_millionths());
        }
        if let Some(by) = most_severing(place) {
            unit.affected += people;
            if let Some(walk) = by.to_crossing {
                self.with_crossing += people;
                self.metres.add(people.as_f64() * walk.as_metres_f64());
            } else {
                unit.without_crossing += people;
            }
        }
    }

    fn unit(&self, unit: Option<UnitIx>) -> UnitSeverance {
        let over =
            |sum: Running, people: People| (people > People::ZERO).then(|| sum.total() / people.as_f64());
        #[expect(clippy::cast_precision_loss, reason = "ratios, formed once")]
        let [all, reached, severed, lost] = self.pairs.map(|pairs| pairs as f64);
        let share = |part: f64| (self.pairs[0] > 0).then(|| part / all);
        UnitSeverance {
            unit,
            detour_index: over(self.index, self.unit.measured),
            around: (self.unit.people > People::ZERO).then(|| all / 1e12 / self.unit.people.as_f64()),
            reached_share: share(reached),
            severed_share: share(severed),
            lost_share: share(lost),
            to_crossing_m: over(self.metres, self.with_crossing),
            ..self.unit.clone()
        }
    }
}

fn barrier_costs(severance: &Severance, people: &[People]) -> Vec<BarrierCost> {
    #[derive(Clone, Default)]
    struct Of {
        cost: BarrierCost,
        pairs: u128,
        with_crossing: People,
        metres: Running,
    }
    let mut all = vec![Of::default(); severance.divides.len()];
    for (place, &people) in severance.places.iter().zip(people) {
        for by in &place.by {
            let of = &mut all[by.divide as usize];
            of.cost.affected += people;
            if by.lost > People::ZERO {
                of.cost.losing += people;
            }
            of.pairs += u128::from(people.as_millionths()) * u128::from(by.severed.as_millionths());
            if let Some(walk) = by.to_crossing {
                of.with_crossing += people;
                of.metres.add(people.as_f64() * walk.as_metres_f64());
            }
        }
    }
    let cost = |of: Of| {
        #[expect(clippy::cast_precision_loss, reason = "a mean, formed once")]
        let pairs = of.pairs as f64 / 1e12;
        let mean = |sum: f64, people: People| (people > People::ZERO).then(|| sum / people.as_f64());
        BarrierCost {
            severed: mean(pairs, of.cost.affected),
            to_crossing_m: mean(of.metres.total(), of.with_crossing),
            ..of.cost
        }
    };
    all.into_iter().map(cost).collect()
}

impl CitySeverance {
    /// Whole barriers with what they cost, those that affect most residents first, equals in their order.
    #[must_use]
    pub fn worst(&self) -> Vec<(&Divide, &BarrierCost)> {
        let mut all: Vec<_> = self.severance.divides.iter().zip(&self.costs).collect();
        all.retain(|(_, cost)| cost.affected > People::ZERO);
        all.sort_by_key(|(_, cost)| core::cmp::Reverse(cost.affected));
        all
    }

    fn barriers(&self) -> std::result::Result<FeatureTable, InvalidSet> {
        let divides = &self.severance.divides;
        let (barriers, costs) = (Rows(divides), Rows(&self.costs));
        let mut table = barriers.table([
            ("id", barriers.text(|divide| Some(divide.id.as_str()))),
            ("kind", barriers.text(|divide| Some(divide.kind.to_string()))),
            ("name", barriers.text(|divide| divide.name.as_deref())),
            ("length_m", barriers.number(|divide| Some(divide.length_m))),
            ("crossings", barriers.whole(|divide| Some(divide.crossings.len()))),
            ("spacing_m", barriers.number(Divide::spacing_m)),
            ("affected", costs.number(|cost| Some(cost.affected.as_f64()))),
            ("losing", costs.number(|cost| Some(cost.losing.as_f64()))),
            ("severed_mean", costs.number(|cost| cost.severed)),
            ("to_crossing_m", costs.number(|cost| cost.to_crossing_m)),
        ])?;
        let course = |divide: &Divide| {
            let line = |&row: &u32| -> LineString<f64> {
                self.lines[row as usize].line.iter().map(|&at| coord(at)).collect()
            };
            Some(Geometry::MultiLineString(MultiLineString(divide.lines.iter().map(line).collect())))
        };
        table.set_geometry(divides.iter().map(course).collect())?;
        Ok(table)
    }
}

fn islands(city: &CitySeverance) -> std::result::Result<FeatureTable, InvalidSet> {
    let rows = Rows(&city.components);
    let whole = |of: fn(&ComponentAccount) -> usize| rows.whole(|row| Some(of(row)));
    let number = |of: fn(&ComponentAccount) -> f64| rows.number(|row| Some(of(row)));
    let mut table = rows.table([
        ("cause", rows.text(|row| Some(row.component.cause.map_or("main", IslandCause::as_str)))),
        ("nodes", whole(|row| row.component.nodes)),
        ("segments", whole(|row| row.component.segments)),
        ("length_m", number(|row| row.component.length_m)),
        ("people", number(|row| row.people.as_f64())),
        ("places", whole(|row| row.places)),
        ("facilities", whole(|row| row.facilities)),
        ("west", number(|row| row.component.bounds.min.lon())),
        ("south", number(|row| row.component.bounds.min.lat())),
        ("east", number(|row| row.component.bounds.max.lon())),
        ("north", number(|row| row.component.bounds.max.lat())),
    ])?;
    table.set_geometry(city.components.iter().map(|row| Some(point(row.component.position))).collect())?;
    Ok(table)
}

fn coord(at: LonLat) -> Coord<f64> {
    Coord { x: at.lon(), y: at.lat() }
}

fn point(at: LonLat) -> Geometry<f64> {
    Geometry::Point(Point(coord(at)))
}
