use thiserror::Error as ThisError;

/// Why a study cannot be built or assessed. Faults of the stages come through as they are.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A study lacks something.
    #[error("the study has no {what}: {remedy}")]
    Missing {
        /// What.
        what: &'static str,
        /// How to add it.
        remedy: &'static str,
    },
    /// A key or value of `study.toml` that does not belong.
    #[error("{file}{}: {problem}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Config {
        /// The file.
        file: String,
        /// Line, counted from one; `None` where the fault stands in no line, such as a key that is missing.
        line: Option<usize>,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// Something that a study asks for beside its rules and that cannot be answered so.
    #[error("{list}, number {}, `{field}`: {problem}", at + 1)]
    Asked {
        /// The key of `study.toml` that asks.
        list: &'static str,
        /// Which of its questions, counted from zero.
        at: usize,
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A pack that does not hold on the study's day or in its place.
    #[error(
        "the pack `{pack}` does not hold on {date} in `{jurisdiction}`: it holds {holds}; take another pack, or \
         correct the date or the jurisdiction"
    )]
    PackDoesNotHold {
        /// Key of the pack.
        pack: String,
        /// The study's day.
        date: String,
        /// The study's place.
        jurisdiction: String,
        /// Where and when it does.
        holds: String,
    },
    /// A pack or table names a service that is not in the catalogue.
    #[error(
        "{input} names the service `{service}`, which is not in the catalogue; did you mean `{nearest}`?"
    )]
    UnknownService {
        /// The input.
        input: String,
        /// The key.
        service: String,
        /// The key of the catalogue that is most alike.
        nearest: String,
    },
    /// A service without a rule that land or buildings could be measured by.
    #[error(
        "no pack asks for a walk or a straight line to `{service}`: coverage by land and buildings needs such a rule; \
         take a pack that has one"
    )]
    NoRule {
        /// Key of the service.
        service: String,
    },
    /// Streets on which no car may drive.
    #[error(
        "{input}: no car may drive on any of its streets: check the map, or leave [drive] out of the study"
    )]
    NoDrivableStreet {
        /// The input.
        input: String,
    },
    /// A row that lies nowhere near the streets.
    #[error(
        "{input}: `{id}` (longitude {}, latitude {}) lies {kilometres} km from the streets of the study: {remedy}",
        at.lon(),
        at.lat()
    )]
    FarAway {
        /// The input.
        input: String,
        /// Public id of the row.
        id: String,
        /// Where it lies.
        at: lifecircle_types::LonLat,
        /// Whole kilometres to the nearest edge of the streets' extent.
        kilometres: u64,
        /// What would help.
        remedy: &'static str,
    },
    /// A unit whose boundary is no sound polygon.
    #[error("{input}: the boundary of unit `{code}` cannot be used")]
    Boundary {
        /// The input.
        input: String,
        /// Code of the unit.
        code: String,
        /// What is wrong.
        source: lifecircle_population::Error,
    },
    /// Residents of whom nobody is left.
    #[error("{input} counts nobody: give its column of residents (`people`, `population`) a number above 0")]
    Nobody {
        /// The input.
        input: String,
    },
    /// Streets of which none may be walked on.
    #[error(
        "{input} has no street that may be walked on: give a map with ways such as highway=residential or \
         highway=footway"
    )]
    NoWalkableStreet {
        /// The input.
        input: String,
    },
    /// Two runs that were measured in different ways.
    #[error(
        "the runs cannot be compared, their {what} differ: {before} before, {after} after; measure both alike"
    )]
    NotComparable {
        /// What differs.
        what: &'static str,
        /// In the earlier run.
        before: String,
        /// In the later run.
        after: String,
    },
    /// A history with an event that cannot follow those before it.
    #[error("{input}: the history cannot be continued")]
    History {
        /// The input.
        input: String,
        /// The event.
        source: lifecircle_indicators::InvalidEvent,
    },
    /// A file that is no bundle, or one that cannot be trusted.
    #[cfg(feature = "bundle")]
    #[error("{file} is no bundle of results: {problem}")]
    NoBundle {
        /// The file.
        file: String,
        /// Why not.
        problem: String,
    },
    /// A value that is out of range, such as a date.
    #[error(transparent)]
    Text(#[from] lifecircle_types::InvalidText),
    /// Reading or writing.
    #[error(transparent)]
    Io(#[from] lifecircle_io::Error),
    /// The catalogue or a pack.
    #[error(transparent)]
    Taxonomy(#[from] lifecircle_taxonomy::Error),
    /// Streets and searches.
    #[error(transparent)]
    Network(#[from] lifecircle_network::Error),
    /// A measure that is asked for, or an option of it.
    #[error("`{what}`: {problem}")]
    Measure {
        /// The measure, the option or the file.
        what: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// Measures.
    #[error(transparent)]
    Access(#[from] lifecircle_access::Error),
    /// Placing residents; names the input that asked for it.
    #[error("{input}: residents cannot be placed")]
    Population {
        /// The input.
        input: String,
        /// What is wrong.
        source: lifecircle_population::Error,
    },
    /// Sets that do not fit together.
    #[error("{input}: rows do not fit together")]
    Set {
        /// The input.
        input: String,
        /// What is wrong.
        source: lifecircle_types::InvalidSet,
    },
    /// A folder for a new city that holds something.
    #[cfg(feature = "synth")]
    #[error("{} is not empty: name another folder, or allow what is in it to be replaced", path.display())]
    NotEmpty {
        /// The folder.
        path: std::path::PathBuf,
    },
    /// Formats that leave a city without streets or tables.
    #[cfg(feature = "synth")]
    #[error("a study needs {what}: add the format {formats}")]
    Formats {
        /// What would be missing.
        what: &'static str,
        /// Formats that hold it.
        formats: &'static str,
    },
    /// A synthetic city.
    #[cfg(feature = "synth")]
    #[error(transparent)]
    Synth(#[from] lifecircle_synth::Error),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] lifecircle_types::Cancelled),
}
