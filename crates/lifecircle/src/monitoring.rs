//! Monitoring of a study: courses to targets, what people say, and services that ought to be promoted.

use lifecircle_indicators::{
    Course, Opinion, Promotion, TicketCell, TicketCount, continued_series, count_tickets, courses,
    courses_table, opinions, opinions_table, problems_table, promotions, promotions_table, series_table,
    ticket_cells, ticket_cells_table, tickets_table,
};
use lifecircle_population::UnitIndex;
use lifecircle_types::{FeatureTable, LonLat, People, SeriesValue, SurveyAnswer, Ticket, UnitIx};

use crate::Result;
use crate::outcome::Outcome;

/// What a study is monitored by.
#[derive(Clone, Debug, PartialEq)]
pub struct MonitoringOptions {
    /// What earlier runs measured; `None` keeps no series.
    pub series: Option<Vec<SeriesValue>>,
    /// Answers to a survey.
    pub survey: Vec<SurveyAnswer>,
    /// Requests.
    pub tickets: Vec<Ticket>,
    /// How far behind its path an indicator may be and still be amber, as a part of the whole way.
    pub tolerance: f64,
    /// Days within which a request without a day of its own has to be answered.
    pub answer_days: Option<u16>,
    /// The satisfaction that is wanted, from 0 to 100.
    pub satisfaction_target: f64,
}

impl Default for MonitoringOptions {
    fn default() -> Self {
        Self {
            series: None,
            survey: vec![],
            tickets: vec![],
            tolerance: 0.1,
            answer_days: None,
            satisfaction_target: 90.0,
        }
    }
}

/// What came out of monitoring.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitoring {
    /// Indicators on their way from baseline to target.
    pub courses: Vec<Course>,
    /// The series with this run; `None` where the study keeps none.
    pub series: Option<Vec<SeriesValue>>,
    /// What people think, for the whole place and for units; empty without a survey.
    pub opinions: Vec<Opinion>,
    /// Requests by thing and unit.
    pub tickets: Vec<TicketCount>,
    /// Requests and problems by squares of a kilometre; empty without requests.
    pub cells: Vec<TicketCell>,
    /// Services that ought to be promoted.
    pub promotions: Vec<Promotion>,
}

impl Outcome<'_> {
    /// Monitors, where the study asks for it.
    pub(crate) fn monitor(&mut self) -> Result<()> {
        let Some(options) = &self.study.monitoring else {
            return Ok(());
        };
        let (units, residents, day) = (&self.study.units, &self.study.residents, self.study.date);
        let places = self.inputs().places_by_unit();
        let members = |unit: Option<&str>, group: &str| {
            let (_, people) = residents.groups().iter().find(|(of, _)| of.name == group)?;
            let members: People = match unit.map(|code| units.find(code)) {
                None => people.iter().copied().sum(),
                Some(unit) => {
                    unit.iter().flat_map(|unit| &places[unit.index()]).map(|&place| people[place]).sum()
                }
            };
            Some(members.as_f64())
        };
        let opinions = opinions(&options.survey, &members, options.satisfaction_target);
        let index = UnitIndex::new(units);
        let homes: Vec<Option<UnitIx>> = options
            .tickets
            .iter()
            .map(|ticket| {
                let named = ticket.unit.as_deref().and_then(|code| units.find(code));
                named.or_else(|| index.locate(ticket.position?))
            })
            .collect();
        let tickets = count_tickets(&options.tickets, &homes, units, day, options.answer_days);
        let cells = if options.tickets.is_empty() {
            vec![]
        } else {
            ticket_cells(&options.tickets, &self.problem_positions()?, day, options.answer_days)
        };
        let series = options.series.as_deref();
        self.monitoring = Some(Monitoring {
            courses: courses(&self.indicators, series.unwrap_or_default(), day, options.tolerance),
            series: series.map(|series| continued_series(&self.indicators, series, day)),
            promotions: promotions(&self.assessment, &opinions, &tickets),
            opinions,
            tickets,
            cells,
        });
        Ok(())
    }

    /// Where the problems of the register are shown.
    fn problem_positions(&self) -> Result<Vec<LonLat>> {
        let table = problems_table(&self.problems, &self.study.residents, &self.study.facilities);
        let table = self.noted("problems", table)?;
        let points = table.geometry().unwrap_or_default().iter().filter_map(|geometry| match geometry {
            Some(geo_types::Geometry::Point(point)) => LonLat::new(point.x(), point.y()).ok(),
            _ => None,
        });
        Ok(points.collect())
    }

    /// The tables of monitoring by the name of their file; those without a row are left out but for the series.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn monitoring_tables(&self) -> Result<Vec<(&'static str, FeatureTable)>> {
        let Some(monitoring) = &self.monitoring else {
            return Ok(vec![]);
        };
        let mut tables = vec![
            ("monitoring", courses_table(&monitoring.courses)),
            ("satisfaction", opinions_table(&monitoring.opinions)),
            ("tickets", tickets_table(&monitoring.tickets)),
            ("promotion", promotions_table(&monitoring.promotions)),
            ("tickets_grid", ticket_cells_table(&monitoring.cells)),
        ];
        tables.retain(|(_, table)| table.as_ref().map_or(true, |table| table.rows() > 0));
        if let Some(series) = &monitoring.series {
            tables.push(("series", series_table(series)));
        }
        tables.into_iter().map(|(name, table)| Ok((name, self.noted(name, table)?))).collect()
    }
}
