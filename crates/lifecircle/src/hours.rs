//! Coverage by time of day: who finds a door open when, by the opening hours of every facility in reach.

use std::collections::BTreeMap;

use lifecircle_access::{
    Coverage, HoursCoverage, HoursRefused, HoursTask, OpenHours, Period, StudyDays, coverage_by_time,
    parse_hours,
};
use lifecircle_indicators::Range;
use lifecircle_types::{
    Date, FacilityIx, FacilitySet, Fate, FeatureTable, InvalidSet, Issues, Millimetres, Progress, ServiceKey,
    Severity, SpecialDay, TravelTime, Weekday,
};

use crate::Result;
use crate::columns::Rows;
use crate::outcome::Outcome;
use crate::provenance::{InputRecord, InputRole};
use crate::walks::{WalkRule, travel_matrix};

/// Minutes of a slot: weekdays by hour.
const SLOT: u32 = 60;

/// How coverage by time is measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HoursOptions {
    /// How long a door has to stay open after one arrives; not at all unless set.
    pub stay: TravelTime,
    /// Holidays and days that count as others.
    pub special_days: Vec<SpecialDay>,
}

impl HoursOptions {
    /// Sets the least stay.
    #[must_use]
    pub fn stay(mut self, stay: TravelTime) -> Self {
        self.stay = stay;
        self
    }

    /// Names holidays and days that count as others.
    #[must_use]
    pub fn special_days(mut self, days: impl IntoIterator<Item = SpecialDay>) -> Self {
        self.special_days = days.into_iter().collect();
        self
    }
}

/// Opening hours that could not be read; they count as unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedHours {
    /// The facility.
    pub facility: FacilityIx,
    /// Why.
    pub reason: HoursRefused,
}

/// One service by time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServiceHours {
    /// The service.
    pub service: ServiceKey,
    /// Its coverage at any time, as the assessment has it.
    pub at_any_time: Range,
    /// Facilities that count, strictly or leniently.
    pub facilities: usize,
    /// Those of them whose hours are not known.
    pub unknown: usize,
    /// Its coverage by weekday and hour.
    pub coverage: HoursCoverage,
}

/// Coverage by time of every service with a rule of a walk, in the week of the study's date.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hours {
    /// The days, from Monday to Sunday.
    pub days: Vec<Date>,
    /// The least stay.
    pub stay: TravelTime,
    /// The services, in the order of the assessment.
    pub services: Vec<ServiceHours>,
    /// Facilities that count for any of them, ascending.
    pub facilities: Vec<FacilityIx>,
    /// Those that state no hours.
    pub unstated: Vec<FacilityIx>,
    /// Those whose hours cannot be read, with the reason.
    pub refused: Vec<RefusedHours>,
}

impl Outcome<'_> {
    /// Coverage by weekday and hour of every assessed service with a rule of a walk: who finds one of the facilities in
    /// reach open on arrival, in the week of the study's date. Strictly, only facilities that count for certain are taken
    /// and unknown hours are closed; leniently, both may be otherwise.
    ///
    /// Walks the residents to every facility within the rules, not to the nearest alone.
    ///
    /// # Errors
    /// [`Error::Access`](crate::Error::Access) for a date of which opening hours say nothing; cancelled by `progress`.
    pub fn hours(&self, options: &HoursOptions, progress: &dyn Progress) -> Result<Hours> {
        let days = StudyDays::week_of(self.study.date, &options.special_days)?;
        let asked = self.rules_of_walks();
        let mut facilities: Vec<FacilityIx> = asked
            .iter()
            .flat_map(|walk| self.candidates_of(walk.row))
            .map(|(facility, _)| facility)
            .collect();
        facilities.sort_unstable();
        facilities.dedup();
        let (mut unstated, mut refused) = (vec![], vec![]);
        let mut read = BTreeMap::new();
        let mut hours = Vec::with_capacity(facilities.len());
        for &facility in &facilities {
            let Some(text) = self.study.facilities[facility].hours.as_deref() else {
                unstated.push(facility);
                hours.push(OpenHours::unknown(days.period()));
                continue;
            };
            match read.entry(text).or_insert_with(|| parse_hours(text, &days)) {
                Ok(found) => hours.push(found.clone()),
                Err(reason) => {
                    refused.push(RefusedHours { facility, reason: reason.clone() });
                    hours.push(OpenHours::unknown(days.period()));
                }
            }
        }
        let longest = asked.iter().filter_map(|walk| walk.limits.iter().max()).max();
        let trips =
            self.walks_within(&facilities, longest.copied().unwrap_or(Millimetres::ZERO), progress)?;
        let at = |facility: FacilityIx| facilities.binary_search(&facility).ok();
        let mut services = Vec::with_capacity(asked.len());
        for (done, WalkRule { row, limits }) in asked.iter().enumerate() {
            progress.advance("coverage by time of day", done as u64, asked.len() as u64)?;
            let rule = &self.rules[*row];
            let candidates: Vec<(FacilityIx, bool)> = self.candidates_of(*row).collect();
            let pace = rule.standard_walker;
            let reached = trips.entries().filter_map(|(place, facility, cost)| {
                let column = candidates.binary_search_by_key(&facility, |candidate| candidate.0).ok()?;
                let length = Millimetres::new(cost.raw());
                let near = length <= limits[place.index()];
                near.then(|| (place, FacilityIx::new(column), pace.time_for(length)))
            });
            let within = pace.time_for(limits.iter().copied().max().unwrap_or(Millimetres::ZERO));
            let matrix = travel_matrix(trips.rows(), candidates.len(), within, reached)?;
            let open = candidates.iter().map(|&(facility, certain)| match at(facility) {
                Some(row) => doubted(&hours[row], certain),
                None => Ok(OpenHours::unknown(days.period())),
            });
            let open: Vec<OpenHours> = open.collect::<Result<_>>()?;
            let unknown = open.iter().filter(|hours| **hours == OpenHours::unknown(Period::WEEK)).count();
            let coverage = coverage_by_time(&HoursTask {
                matrix: &matrix,
                within,
                period: days.period(),
                hours: &open,
                people: self.study.residents.people(),
                stay: options.stay,
                slot: SLOT,
            })?;
            let known = self.assessment.services.iter().find(|known| known.service == rule.rule.service);
            let Some(at_any_time) = known.and_then(|known| known.coverage) else { continue };
            services.push(ServiceHours {
                service: rule.rule.service.clone(),
                at_any_time,
                facilities: open.len(),
                unknown,
                coverage,
            });
        }
        Ok(Hours {
            days: days.dates().collect(),
            stay: options.stay,
            services,
            facilities,
            unstated,
            refused,
        })
    }

    /// The table of `hours.csv`: for every service and hour of the week the residents who find it open, on average over
    /// the hour; `None` where the study does not ask for hours.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn hours_table(&self) -> Result<Option<FeatureTable>> {
        self.hours.as_ref().map(|hours| self.noted("hours", hours.table())).transpose()
    }

    /// Measures what the study asks for, and tells what became of opening hours.
    pub(crate) fn add_hours(&mut self, options: &HoursOptions, progress: &dyn Progress) -> Result<()> {
        let hours = self.hours(options, progress)?;
        let name = crate::builder::input_names(&self.provenance.inputs, InputRole::Facilities);
        let record = hours.record(name, &self.study.facilities);
        let inputs = &mut self.provenance.inputs;
        let at = inputs.partition_point(|input| input.role <= InputRole::Facilities);
        inputs.insert(at, record);
        self.hours = Some(hours);
        Ok(())
    }

    /// The facilities that count for a rule, ascending, and whether they do so for certain.
    fn candidates_of(&self, row: usize) -> impl Iterator<Item = (FacilityIx, bool)> + use<> {
        let found = &self.candidates[row];
        let certain = found.strict.iter().map(|&facility| (facility, true));
        let mut all: Vec<_> =
            certain.chain(found.lenient_only.iter().map(|&facility| (facility, false))).collect();
        all.sort_unstable();
        all.into_iter()
    }
}

/// The hours of a facility, of which nothing is certain where it is not certain that it counts.
fn doubted(hours: &OpenHours, certain: bool) -> Result<OpenHours> {
    if certain {
        return Ok(hours.clone());
    }
    let possible = hours.possible_spans().iter().copied();
    Ok(OpenHours::new(hours.period(), [], possible)?)
}

impl Hours {
    fn table(&self) -> core::result::Result<FeatureTable, InvalidSet> {
        struct Slot<'a> {
            service: &'a ServiceKey,
            /// Day of the week studied, and minute of the day.
            start: (usize, usize),
            strict: Coverage,
            lenient: Coverage,
        }
        let slots = self.services.iter().flat_map(|ServiceHours { service, coverage, .. }| {
            let both = coverage.strict.slots.iter().zip(&coverage.lenient.slots).enumerate();
            both.map(move |(slot, (strict, lenient))| Slot {
                service,
                start: coverage.start_of(slot),
                strict: *strict,
                lenient: *lenient,
            })
        });
        let slots: Vec<Slot<'_>> = slots.collect();
        let rows = Rows(&slots);
        let day = |slot: &Slot<'_>| self.days.get(slot.start.0).copied();
        rows.table([
            ("service", rows.text(|slot| Some(slot.service.as_str()))),
            ("date", rows.text(|slot| Some(day(slot)?.to_string()))),
            ("weekday", rows.text(|slot| Some(day(slot)?.weekday().to_string()))),
            ("hour", rows.text(|slot| Some(clock(slot.start.1)))),
            ("residents", rows.number(|slot| Some(slot.strict.all.as_f64()))),
            ("open_strict", rows.number(|slot| Some(slot.strict.covered.as_f64()))),
            ("open_lenient", rows.number(|slot| Some(slot.lenient.covered.as_f64()))),
            ("share_strict", rows.number(|slot| slot.strict.share())),
            ("share_lenient", rows.number(|slot| slot.lenient.share())),
        ])
    }

    /// The account of opening hours: how many could be read, and why others could not.
    pub(crate) fn record(&self, name: String, facilities: &FacilitySet) -> InputRecord {
        let (mut fate, mut issues) = (Fate::default(), Issues::new());
        fate.rows = self.facilities.len() as u64;
        fate.used = fate.rows;
        for _ in &self.unstated {
            fate.used -= 1;
            fate.reject("no hours stated");
        }
        for refused in &self.refused {
            fate.used -= 1;
            fate.reject("hours that cannot be read");
            let facility = &facilities[refused.facility];
            let text = facility.hours.as_deref().unwrap_or_default();
            let detail = format!("`{text}`: {}", refused.reason);
            issues.push(Severity::Warning, "opening hours that cannot be read", &facility.id, detail);
        }
        let rows_are = "opening hours of facilities in question".into();
        InputRecord { name, role: InputRole::Facilities, rows_are, fate, moves: None, issues }
    }
}

/// A minute of the day as on a clock.
fn clock(minute: usize) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl ServiceHours {
    /// The mean coverage over the hours `from` up to, and without, `to` on `weekdays`; past midnight where `to` is not
    /// later than `from`.
    #[must_use]
    pub fn over(&self, weekdays: &[Weekday], from: usize, to: usize) -> Range {
        let hours: Vec<usize> =
            if from < to { (from..to).collect() } else { (from..24).chain(0..to).collect() };
        let slots: Vec<usize> =
            weekdays.iter().flat_map(|&day| hours.iter().map(move |hour| day as usize * 24 + hour)).collect();
        Range {
            strict: self.coverage.strict.mean_over(&slots),
            lenient: self.coverage.lenient.mean_over(&slots),
        }
    }
}
