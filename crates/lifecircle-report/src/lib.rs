#![doc = include_str!("../README.md")]

mod chart;
mod language;
mod map;
mod number;
mod page;
mod phrase;
mod register;
mod section;
mod sentence;
mod word;

use std::io::Write;

use lifecircle_indicators::{
    Assessment, Course, History, IndicatorResult, Inputs, Opinion, Problem, Project, Promotion, ScoreResult,
    TicketCount, UnitAxes, Unreached,
};
use lifecircle_taxonomy::Pack;
use lifecircle_types::{FacilitySet, Fate, IssueCount, LonLat, Millimetres};

pub use language::Language;

/// What a line of the ground is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroundKind {
    /// A street for cars that leads somewhere.
    MainStreet,
    /// A river, a canal, a coast.
    Water,
    /// A railway.
    Railway,
    /// Any other street or path.
    Street,
}

/// A line that is drawn below a map so that people find their way on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundLine<'a> {
    /// What it is.
    pub kind: GroundKind,
    /// Its course.
    pub course: &'a [LonLat],
}

/// What became of the rows of an input.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// Name of the input.
    pub name: &'a str,
    /// What it is to the study: `streets`, `residents` ….
    pub role: &'a str,
    /// What its rows are.
    pub rows_are: &'a str,
    /// Where they went.
    pub fate: &'a Fate,
    /// How far rows were moved on average and at most, in metres.
    pub moved_m: Option<(f64, f64)>,
    /// What was noticed.
    pub issues: &'a [IssueCount],
}

/// What the results were made with and from.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    /// Name of the software and its version.
    pub software: &'a str,
    /// Inputs.
    pub accounts: Vec<Account<'a>>,
    /// SHA-256 of the canonical form of what was used, by its role.
    pub hashes: Vec<(&'a str, &'a str)>,
    /// Farthest street that anything is linked to.
    pub max_link: Millimetres,
    /// How much nearer an island of streets must be than the main network.
    pub island_penalty: Millimetres,
    /// Whether everybody may pass private streets and gates.
    pub open_gates: bool,
    /// Time by car at the hour that is meant, in per cent of that on empty streets.
    pub peak_percent: Option<u16>,
    /// Files of results that hold what the report does not tell.
    pub beside: Vec<&'a str>,
    /// Attribution and licences of the inputs.
    pub attribution: &'a [String],
}

/// All that a report tells of.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// Name of the study.
    pub study: &'a str,
    /// What the assessment was made from.
    pub inputs: Inputs<'a>,
    /// The assessment.
    pub assessment: &'a Assessment,
    /// The packs, a later one overriding an earlier.
    pub packs: &'a [Pack],
    /// Facilities, open and not.
    pub facilities: &'a FacilitySet,
    /// Indicators, by key.
    pub indicators: &'a [IndicatorResult],
    /// Axes of the whole place and its units.
    pub axes: &'a [UnitAxes],
    /// Scores, by key.
    pub scores: &'a [ScoreResult],
    /// The problem register, in its order.
    pub problems: &'a [Problem],
    /// What happened to problems; `None` where nobody keeps it.
    pub history: Option<&'a History>,
    /// Problems bundled into work.
    pub projects: &'a [Project],
    /// Whom services have to find.
    pub unreached: &'a [Unreached],
    /// Indicators on their way to their targets.
    pub courses: &'a [Course],
    /// What people think.
    pub opinions: &'a [Opinion],
    /// Requests.
    pub tickets: &'a [TicketCount],
    /// Services that ought to be promoted.
    pub promotions: &'a [Promotion],
    /// What is drawn below maps.
    pub ground: &'a [GroundLine<'a>],
    /// What all of it comes from.
    pub sources: Sources<'a>,
}

/// Writes a report as one HTML file that needs nothing else: no network, no server, no other file.
///
/// The same report gives the same bytes. Drawn are at most 5,000 marks of resident places; where there are more, squares
/// of a round size take their place.
///
/// # Errors
/// Those of `w`.
pub fn write_html(mut w: impl Write, report: &Report<'_>, language: Language) -> std::io::Result<()> {
    w.write_all(page::Page::new(report, language).html().into_string().as_bytes())?;
    w.flush()
}
