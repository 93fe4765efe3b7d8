//! Packs: what a place promises its residents, as data.
//!
//! A pack has rows of five kinds. A *rule* says when a service counts as reached; a *norm* how much of it there has to
//! be per base (residents, households, sites, units …); an *indicator* what the place measures itself by; a *score* how
//! that is weighed and graded; a *figure* is anything else that the standard states: targets, baselines, definitions. Every row has its days, its confidence and its source. A pack may inherit from one of a
//! larger place; a row of the child overrides, field by field, the parent's row of the same service or key. What a
//! parent says of its own place alone (`only_here`), such as the number of beds in the country, is not inherited.
//!
//! The pack's standard walker turns minutes into metres for every headline figure.

mod builtin;
mod indicator;
mod indicator_row;
mod judgement;
mod made_of;
mod read;
mod rows;
mod score;
mod score_row;

use core::fmt;
use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, Date, Rule, ServiceKey, Speed, UnitKind, ZoneType, word_enum};
use serde::{Deserialize, Serialize};

pub use indicator::{
    Baseline, Better, FacilityCount, Goal, Ground, Indicator, Need, PeopleCount, PeopleReach, ProblemClass,
    Quantity, SiteCondition, Spread, Standing, UnitCount,
};

pub use judgement::Judgement;
pub use score::{
    Axis, BottomLine, Combination, Grade, LifeStage, Scale, Score, ScoreCondition, ScorePart, Scored,
    ServiceScope,
};

use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::phrases::Phrases;
use crate::tier::{Confidence, applies, within};

word_enum! {
    /// How strongly a pack asks for a service.
    Requirement, "requirement" {
        /// Every unit of the level needs it.
        Must = "must",
        /// Where residents need it.
        AsNeeded = "as_needed",
        /// What gives a place its character.
        Feature = "feature",
    }
}

word_enum! {
    /// What a norm counts of the facilities of its services.
    Measure, "measure" {
        /// The sites themselves.
        Sites = "sites",
        /// Capacity, in the service's unit.
        Capacity = "capacity",
        /// Floor area in square metres.
        FloorArea = "floor_area_m2",
        /// Area of the site in square metres.
        SiteArea = "site_area_m2",
        /// The narrowest width of the site in metres.
        Width = "width_m",
        /// School classes.
        Classes = "classes",
        /// Functions under one roof.
        Functions = "functions",
        /// People who work there.
        Staff = "staff",
        /// Uses in a year.
        Users = "users",
        /// What they cost to run in a year, in the study's currency.
        YearlyCost = "yearly_cost",
        /// Residents in the catchment.
        Residents = "residents",
        /// Hours open in a week.
        Hours = "hours_a_week",
    }
}

word_enum! {
    /// What a norm is measured against; bases are never mixed.
    Base, "base" {
        /// Everyone who lives here (常住人口).
        Residents = "residents",
        /// Everyone who is registered here (户籍人口).
        Registered = "registered",
        /// Holders of a residence permit (居住证持有人).
        PermitHolders = "permit_holders",
        /// Residents of towns.
        UrbanResidents = "urban_residents",
        /// Households.
        Households = "households",
        /// Each site.
        Site = "site",
        /// Each school class.
        Class = "class",
        /// Each unit of `counted_over`.
        Unit = "unit",
        /// The same measure of the services in `of`, or of all sites: the norm is a share.
        Whole = "whole",
        /// The floor area of the buildings around.
        BuildingFloorArea = "building_floor_area_m2",
    }
}

word_enum! {
    /// What a figure is.
    FigureKind, "figure kind" {
        /// To be reached.
        Target = "target",
        /// Where things stood.
        Baseline = "baseline",
        /// What a word of the standard means.
        Definition = "definition",
        /// Something that happens in a year.
        Milestone = "milestone",
        /// A sentence without a number.
        Statement = "statement",
    }
}

/// A number as a standard states it: at least, at most, both, or exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Amount {
    /// Lower end, inclusive; `None` is no lower end.
    pub at_least: Option<f64>,
    /// Upper end, inclusive; `None` is no upper end.
    pub at_most: Option<f64>,
}

impl Amount {
    /// Whether `value` keeps it, both ends inclusive.
    ///
    /// ```
    /// # use lifecircle_taxonomy::Amount;
    /// let area = Amount { at_least: Some(350.0), at_most: Some(750.0) };
    /// assert!(area.holds(350.0) && area.holds(750.0) && !area.holds(349.9));
    /// ```
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        self.at_least.is_none_or(|low| value >= low) && self.at_most.is_none_or(|high| value <= high)
    }

    /// Whether it says anything.
    #[must_use]
    pub fn is_stated(self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }
}

/// What a row rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backing {
    /// How sure the figure is.
    pub confidence: Confidence,
    /// Where it comes from, for people: the document and its clause.
    pub source: String,
    /// Keys of [`Reference`](crate::Reference)s.
    pub cites: Vec<String>,
}

/// Days on which a row holds, both ends inclusive; an open end is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        within(self.from, self.to, day)
    }
}

/// As it goes on after a place: ` from 2025-01-01 on`, and nothing where no day is named.
impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => write!(f, " from {from} to {to}"),
            (Some(from), None) => write!(f, " from {from} on"),
            (None, Some(to)) => write!(f, " until {to}"),
            (None, None) => Ok(()),
        }
    }
}

/// The share of residents that a pack wants covered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Share of residents, from 0 to 1.
    pub share: f64,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: String,
}

/// When a service counts as reached.
#[derive(Clone, Debug, PartialEq)]
pub struct PackRule {
    /// The service.
    pub service: ServiceKey,
    /// When it counts as reached. Where the standard gives metres and minutes, the one that binds.
    pub rule: Rule,
    /// The other figure of a standard that gives both: said, not tested.
    pub also: Option<Rule>,
    /// Where a kind of place has another limit, of the same kind.
    pub rule_in: BTreeMap<ZoneType, Rule>,
    /// Services whose places count here as well, besides the catalogue's.
    pub accepts: Vec<ServiceKey>,
    /// How strongly it is asked for.
    pub requirement: Requirement,
    /// Where a kind of place asks differently.
    pub requirement_in: BTreeMap<ZoneType, Requirement>,
    /// The unit over which facilities are counted.
    pub counted_over: Option<UnitKind>,
    /// Level of the standard, such as `circle_15`.
    pub level: Option<String>,
    /// Share of residents wanted; the pack's where a rule has none.
    pub target: Option<Target>,
    /// Days on which it holds.
    pub validity: Validity,
    /// What it rests on.
    pub backing: Backing,
}

impl PackRule {
    /// The services the rule names: its own, then those it accepts.
    pub fn named(&self) -> impl Iterator<Item = &ServiceKey> {
        core::iter::once(&self.service).chain(&self.accepts)
    }

    /// The services whose places count for the rule: those it names, each with what the catalogue says counts as it.
    pub fn counting<'a>(&'a self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a ServiceKey> {
        self.named().flat_map(|service| catalogue.satisfied_by(service))
    }

    /// The limit in a kind of place.
    #[must_use]
    pub fn rule_for(&self, zone: Option<ZoneType>) -> Rule {
        zone.and_then(|zone| self.rule_in.get(&zone)).copied().unwrap_or(self.rule)
    }

    /// How strongly the service is asked for in a kind of place.
    #[must_use]
    pub fn requirement_for(&self, zone: Option<ZoneType>) -> Requirement {
        zone.and_then(|zone| self.requirement_in.get(&zone)).copied().unwrap_or(self.requirement)
    }
}

/// How much of a service there has to be: an amount of a measure per so much of a base, such as 4.5 places
/// (`capacity`) per 1000 `residents`, 350 `floor_area_m2` per `site`, 1 of `sites` per `unit` of a community.
#[derive(Clone, Debug, PartialEq)]
pub struct Norm {
    /// Key, unique in the pack on each day.
    pub key: String,
    /// The services whose facilities are counted; empty where the norm is about something else, named in `what`.
    pub services: Vec<ServiceKey>,
    /// The services whose measure is the whole of a share.
    pub of: Vec<ServiceKey>,
    /// What is counted.
    pub measure: Measure,
    /// What is counted in the standard's words, where the measure does not say it: `doctors`, `ball court`.
    pub what: Option<String>,
    /// Words of functions, where the norm names those that a site has to be equipped for; they alone are counted.
    pub functions: Vec<String>,
    /// How much of it.
    pub amount: Amount,
    /// Per so much of the base.
    pub per: f64,
    /// The base.
    pub base: Base,
    /// Ages to which a base of people is limited.
    pub ages: Option<AgeBand>,
    /// The case in which it holds, such as `new` or `core districts`.
    pub case: Option<String>,
    /// The unit over which it is counted.
    pub counted_over: Option<UnitKind>,
    /// Level of the standard.
    pub level: Option<String>,
    /// The year by which it is to be kept.
    pub year: Option<u16>,
    /// Better than kept: what the standard wishes for.
    pub preferred: Option<f64>,
    /// What else to know.
    pub note: Option<String>,
    /// Days on which it holds.
    pub validity: Validity,
    /// What it rests on.
    pub backing: Backing,
}

/// Anything else that a standard states.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Key, unique in the pack on each day.
    pub key: String,
    /// What it is about, in English.
    pub en: String,
    /// What it is about, in Chinese.
    pub zh: Option<String>,
    /// What it is.
    pub kind: FigureKind,
    /// How much; nothing for a statement.
    pub amount: Amount,
    /// The unit of the amount.
    pub unit: String,
    /// The services it is about.
    pub services: Vec<ServiceKey>,
    /// Level of the standard.
    pub level: Option<String>,
    /// The case in which it holds.
    pub case: Option<String>,
    /// The unit over which it is counted.
    pub counted_over: Option<UnitKind>,
    /// Its year.
    pub year: Option<u16>,
    /// What else to know.
    pub note: Option<String>,
    /// Days on which it holds.
    pub validity: Validity,
    /// What it rests on.
    pub backing: Backing,
}

/// The dated standards of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Key, such as `international-15min`.
    pub key: String,
    /// Title for people.
    pub title: String,
    /// Code of the place; `*` is anywhere.
    pub jurisdiction: String,
    /// Days on which it holds.
    pub validity: Validity,
    /// Keys of the packs it inherits from, the nearest first.
    pub lineage: Vec<String>,
    /// The one walker of every headline figure.
    pub standard_walker: Speed,
    rules: Vec<PackRule>,
    norms: Vec<Norm>,
    figures: Vec<Figure>,
    indicators: Vec<Indicator>,
    scores: Vec<Score>,
    phrases: Phrases,
}

/// Finds the pack that another inherits from, by the name it is called there: a name for messages and the text, or
/// nothing when there is no such pack.
pub type FindPack<'a> = &'a dyn Fn(&str) -> Option<(String, String)>;

impl Pack {
    /// The pack that a study gets when it names none.
    pub const DEFAULT: &'static str = "international-15min";

    /// Keys of the packs that come with the crate.
    pub fn builtin_keys() -> impl Iterator<Item = &'static str> {
        builtin::PACKS.iter().map(|(key, _)| *key)
    }

    /// A pack that comes with the crate.
    ///
    /// # Errors
    /// [`Error::UnknownPack`] with the keys there are.
    pub fn builtin(key: &str) -> crate::Result<Self> {
        Self::builtin_with(key, &Catalogue::builtin())
    }

    /// A pack that comes with the crate, for whoever has read the built-in catalogue, or more than that, already.
    ///
    /// # Errors
    /// [`Error::UnknownPack`] with the keys there are; as [`Pack::read`] when the catalogue lacks a service.
    pub fn builtin_with(key: &str, catalogue: &Catalogue) -> crate::Result<Self> {
        let Some((file, text)) = builtin::find(key) else {
            let known: Vec<_> = Self::builtin_keys().collect();
            return Err(Error::UnknownPack { key: key.into(), known: known.join(", ") });
        };
        Self::read(&file, &text, catalogue, &builtin::find)
    }

    /// Reads a pack that names services of the built-in catalogue and inherits, if at all, from a built-in pack.
    ///
    /// ```
    /// # use lifecircle_taxonomy::Pack;
    /// let text = "key = 'mine'\ntitle = 'Ours'\ninherits = 'international-15min'\n[[rule]]\nservice = 'pharmacy'\n\
    ///     walk_minutes = 10\nconfidence = 'policy'\nsource = 'council decision'";
    /// let mine = Pack::from_toml("mine.toml", text)?;
    /// let day = "2025-06-30".parse().unwrap();
    /// assert_eq!(mine.rule(&"pharmacy".parse().unwrap(), day).unwrap().rule.limit(), "10 min");
    /// assert_eq!(mine.rule(&"park".parse().unwrap(), day).unwrap().rule.limit(), "15 min");
    /// # Ok::<(), lifecircle_taxonomy::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Pack::read`].
    pub fn from_toml(file: &str, text: &str) -> crate::Result<Self> {
        Self::read(file, text, &Catalogue::builtin(), &builtin::find)
    }

    /// Reads a pack; `find` finds what it inherits from.
    ///
    /// # Errors
    /// [`Error::File`] with file and line: no TOML, an unknown key, service or source, a rule without or with two
    /// limits, an impossible figure, two rows of one service or key on the same day, a pack that is not there or
    /// inherits from itself, a figure changed without saying where the new one comes from, Chinese for what nobody says.
    pub fn read(file: &str, text: &str, catalogue: &Catalogue, find: FindPack<'_>) -> crate::Result<Self> {
        read::read(file, text, catalogue, find, &builtin::find)
    }

    /// Reads a pack where the built-in packs are those of `builtin`, such as the ones of another version of this crate:
    /// their keys are taken, and they themselves are read.
    ///
    /// # Errors
    /// As [`Pack::read`].
    pub fn read_with(
        file: &str,
        text: &str,
        catalogue: &Catalogue,
        find: FindPack<'_>,
        builtin: FindPack<'_>,
    ) -> crate::Result<Self> {
        read::read(file, text, catalogue, find, builtin)
    }

    /// A built-in pack as a file that another inherits from: its name and its text.
    #[must_use]
    pub fn builtin_text(key: &str) -> Option<(String, String)> {
        builtin::find(key)
    }

    /// The rules, by service, then by first day.
    #[must_use]
    pub fn rules(&self) -> &[PackRule] {
        &self.rules
    }

    /// The norms, by key, then by first day.
    #[must_use]
    pub fn norms(&self) -> &[Norm] {
        &self.norms
    }

    /// The figures, by key, then by first day.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// The indicators, by key, then by first day.
    #[must_use]
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The scores, by key, then by first day.
    #[must_use]
    pub fn scores(&self) -> &[Score] {
        &self.scores
    }

    /// A phrase of the pack in Chinese: a title, a source, a note, a unit, a case, a level, a function or a grade, as
    /// the table `[zh]` of the pack or of one that it inherits from puts it; `None` where none does.
    ///
    /// ```
    /// # use lifecircle_taxonomy::Pack;
    /// let pack = Pack::builtin("cn-gb50180")?;
    /// assert_eq!(pack.chinese("GB 50180-2018, table C.0.1"), Some("GB 50180-2018 附录C表C.0.1"));
    /// # Ok::<(), lifecircle_taxonomy::Error>(())
    /// ```
    #[must_use]
    pub fn chinese(&self, phrase: &str) -> Option<&str> {
        self.phrases.chinese(phrase)
    }

    /// What the pack says in free words, each phrase once and with its Chinese, in the order of the phrases' bytes.
    ///
    /// Names are no phrases: indicators, scores and figures have a field for each language.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.phrases.iter()
    }

    /// The rule for `service` on `day`.
    #[must_use]
    pub fn rule(&self, service: &ServiceKey, day: Date) -> Option<&PackRule> {
        let from = self.rules.partition_point(|rule| rule.service < *service);
        let own = self.rules[from..].iter().take_while(|rule| rule.service == *service);
        own.into_iter().find(|rule| rule.validity.holds(day))
    }

    /// Whether the pack holds on `day` in `place`.
    #[must_use]
    pub fn holds(&self, day: Date, place: &str) -> bool {
        self.validity.holds(day) && applies(&self.jurisdiction, place)
    }
}

#[cfg(test)]
mod tests;
