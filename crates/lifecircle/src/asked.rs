//! What a study asks for beside its rules, checked against what it holds.

use std::collections::BTreeMap;

use lifecircle_network::WalkProfile;
use lifecircle_taxonomy::Catalogue;
#[cfg(all(feature = "csv", feature = "geojson"))]
use lifecircle_types::FeatureTable;
use lifecircle_types::{
    DemandSet, Fate, HomeBed, Issues, MobileStop, People, Progress, ServiceKey, Severity, most_alike,
};

use crate::journey::{EscortConfig, LevelsConfig, OneStopConfig};
use crate::outcome::Outcome;
use crate::outreach::{CareConfig, FamilyBedsConfig, HomeVisitsConfig, MobileConfig, OnlineConfig};
use crate::parity::ParityConfig;
use crate::provenance::{InputRecord, InputRole};
use crate::seasons::SeasonConfig;
use crate::study::Study;
use crate::walkers::by_key;
use crate::{Error, Result};

/// The longest time that anybody is taken to go, in minutes.
const LONGEST_MIN: u32 = 240;

/// Everything that is asked for, in the order of `study.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Asked {
    pub(crate) levels: Vec<LevelsConfig>,
    pub(crate) one_stop: Vec<OneStopConfig>,
    pub(crate) escort: Vec<EscortConfig>,
    pub(crate) home_visits: Vec<HomeVisitsConfig>,
    /// With their stops.
    pub(crate) mobile: Vec<(MobileConfig, Vec<MobileStop>)>,
    pub(crate) online: Vec<OnlineConfig>,
    pub(crate) care: Option<CareConfig>,
    /// With the beds.
    pub(crate) family_beds: Option<(FamilyBedsConfig, Vec<HomeBed>)>,
    pub(crate) parity: Vec<ParityConfig>,
    pub(crate) seasons: Vec<SeasonConfig>,
}

/// What a question can be about.
pub(crate) struct Known<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) walkers: &'a [WalkProfile],
    pub(crate) residents: &'a DemandSet,
}

/// A field that cannot be used, with what would be right.
pub(crate) type Fault = (&'static str, String);

/// What is asked for under a key of `study.toml`.
pub(crate) trait Question {
    /// Its name in results.
    fn key(&self) -> String;

    /// Whether it can be answered with what the study holds.
    fn check(&self, known: &Known<'_>) -> core::result::Result<(), Fault>;
}

impl Asked {
    /// Whether everything can be answered.
    pub(crate) fn check(&self, known: &Known<'_>) -> Result<()> {
        check("levels", &self.levels, known)?;
        check("one_stop", &self.one_stop, known)?;
        check("escort", &self.escort, known)?;
        check("home_visits", &self.home_visits, known)?;
        check("mobile", self.mobile.iter().map(|(asked, _)| asked), known)?;
        check("online", &self.online, known)?;
        check("care", &self.care, known)?;
        check("family_beds", self.family_beds.iter().map(|(asked, _)| asked), known)?;
        check("parity", &self.parity, known)?;
        check("seasons", &self.seasons, known)
    }

    /// Services that no walk measures and a question does, with what measures them.
    pub(crate) fn measures(&self) -> BTreeMap<&ServiceKey, &'static str> {
        let visits =
            self.home_visits.iter().filter_map(|asked| Some((asked.service.as_ref()?, "home visits")));
        let mobile = self
            .mobile
            .iter()
            .filter_map(|(asked, _)| Some((asked.service.as_ref()?, "stops of mobile services")));
        let online = self
            .online
            .iter()
            .filter_map(|asked| Some((asked.service.as_ref()?, "online use and help nearby")));
        online.chain(mobile).chain(visits).collect()
    }
}

impl Study {
    /// Whether a question can be answered by this study.
    pub(crate) fn can_answer(&self, list: &'static str, question: &impl Question) -> Result<Known<'_>> {
        let fault = |(field, problem)| Error::Asked { list, at: 0, field, problem };
        let Self { catalogue, walkers, residents, .. } = self;
        let known = Known { catalogue, walkers, residents };
        question.check(&known).map_err(fault)?;
        Ok(known)
    }
}

fn check<'q, Q: Question + 'q>(
    list: &'static str,
    questions: impl IntoIterator<Item = &'q Q>,
    known: &Known<'_>,
) -> Result<()> {
    let mut keys: Vec<String> = Vec::new();
    for (at, question) in questions.into_iter().enumerate() {
        let fault = |(field, problem)| Error::Asked { list, at, field, problem };
        question.check(known).map_err(fault)?;
        let key = question.key();
        if let Some(first) = keys.iter().position(|other| *other == key) {
            let problem = format!("number {} is called `{key}` as well: give each a `key`", first + 1);
            return Err(fault(("key", problem)));
        }
        keys.push(key);
    }
    Ok(())
}

/// The name of a question: the key that it states, or the services it is about.
pub(crate) fn name_of(key: Option<&String>, services: &[ServiceKey]) -> String {
    let named = || services.iter().map(ServiceKey::as_str).collect::<Vec<_>>().join("+");
    key.map_or_else(named, Clone::clone)
}

impl<'a> Known<'a> {
    /// Services of the catalogue, at least so many, none twice.
    pub(crate) fn services(
        &self,
        field: &'static str,
        services: &[ServiceKey],
        least: usize,
    ) -> core::result::Result<(), Fault> {
        if services.len() < least {
            return Err((field, format!("name at least {least}, by their keys in the catalogue")));
        }
        if let Some((_, twice)) = services.iter().enumerate().find(|(at, key)| services[..*at].contains(key))
        {
            return Err((field, format!("`{twice}` is named twice: remove one")));
        }
        let Some(unknown) = services.iter().find(|key| self.catalogue.find(key).is_none()) else {
            return Ok(());
        };
        let keys = self.catalogue.services().iter().map(|service| service.key.as_str());
        let near = most_alike(unknown.as_str(), keys).unwrap_or_default();
        Err((field, format!("`{unknown}` is no service of the catalogue; did you mean `{near}`?")))
    }

    /// A walker of the study; the standard walker where none is named.
    pub(crate) fn walker(
        &self,
        field: &'static str,
        key: Option<&str>,
    ) -> core::result::Result<Option<&'a WalkProfile>, Fault> {
        let Some(key) = key else { return Ok(None) };
        let keys = || self.walkers.iter().map(|walker| walker.key.as_str());
        let found = by_key(self.walkers, key);
        found.map(Some).ok_or_else(|| (field, unknown("walker of the study", key, keys())))
    }

    /// A group of the residents; everybody where none is named.
    pub(crate) fn group(
        &self,
        field: &'static str,
        name: Option<&str>,
    ) -> core::result::Result<&'a [People], Fault> {
        let Some(name) = name else { return Ok(self.residents.people()) };
        let groups = self.residents.groups();
        let names = || groups.groups().iter().map(|group| group.name.as_str());
        let found = groups.iter().find(|(group, _)| group.name == name);
        found
            .map(|(_, people)| people)
            .ok_or_else(|| (field, unknown("group of the residents", name, names())))
    }
}

/// A time that somebody may go.
pub(crate) fn minutes(field: &'static str, minutes: u32) -> core::result::Result<(), Fault> {
    if (1..=LONGEST_MIN).contains(&minutes) {
        return Ok(());
    }
    Err((field, format!("{minutes} is out of range: write minutes from 1 to {LONGEST_MIN}")))
}

fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match most_alike(word, known.clone()) {
        Some(near) => format!("`{word}` is no {what}; did you mean `{near}`? There are {}", listed(known)),
        None => format!("`{word}` is no {what}: there is none"),
    }
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

impl Outcome<'_> {
    /// Answers what the study asks for beside its rules.
    pub(crate) fn answer(&mut self, progress: &dyn Progress) -> Result<()> {
        let asked = &self.study.asked;
        self.levels = asked.levels.iter().map(|one| self.levels(one, progress)).collect::<Result<_>>()?;
        self.one_stop =
            asked.one_stop.iter().map(|one| self.one_stop(one, progress)).collect::<Result<_>>()?;
        self.escort = asked.escort.iter().map(|one| self.escort(one, progress)).collect::<Result<_>>()?;
        self.home_visits =
            asked.home_visits.iter().map(|one| self.home_visits(one, progress)).collect::<Result<_>>()?;
        let mobile = asked.mobile.iter().map(|(one, stops)| self.mobile(one, stops, progress));
        self.mobile = mobile.collect::<Result<_>>()?;
        self.online = asked.online.iter().map(|one| self.online(one, progress)).collect::<Result<_>>()?;
        self.care = asked.care.as_ref().map(|one| self.care(one, progress)).transpose()?;
        let beds = asked.family_beds.as_ref().map(|(one, beds)| self.family_beds(one, beds, progress));
        self.family_beds = beds.transpose()?;
        self.parity = asked.parity.iter().map(|one| self.parity(one)).collect::<Result<_>>()?;
        if !asked.seasons.is_empty() {
            self.seasons = Some(self.seasons(&asked.seasons)?);
        }
        self.tell_of_stops();
        Ok(())
    }

    /// Tells which stops of mobile services came to no street.
    fn tell_of_stops(&mut self) {
        let mut records = Vec::new();
        for (city, (asked, stops)) in self.mobile.iter().zip(&self.study.asked.mobile) {
            let mut fate = Fate { rows: stops.len() as u64, ..Fate::default() };
            let mut issues = Issues::new();
            for (stop, approach) in stops.iter().zip(&city.approaches) {
                if approach.link.is_some() {
                    fate.moved += 1;
                } else {
                    fate.reject(&self.study.no_street());
                    issues.push(
                        Severity::Warning,
                        "stop beyond every street",
                        &stop.id,
                        "nobody can walk to it",
                    );
                }
            }
            let (name, rows_are) = (asked.stops.clone(), "stops linked to streets".into());
            records.push(InputRecord {
                name,
                role: InputRole::Outreach,
                rows_are,
                fate,
                moves: None,
                issues,
            });
        }
        let inputs = &mut self.provenance.inputs;
        inputs.extend(records);
        inputs.sort_by_key(|input| input.role);
    }

    /// The tables of the answers by file name.
    #[cfg(all(feature = "csv", feature = "geojson"))]
    pub(crate) fn answer_tables(&self) -> Result<Vec<(&'static str, FeatureTable)>> {
        let tables = [
            ("levels.csv", self.levels_table()?),
            ("one_stop.csv", self.one_stop_table()?),
            ("escort.csv", self.escort_table()?),
            ("home_visits.csv", self.home_visits_table()?),
            ("mobile.csv", self.mobile_table()?),
            ("online.csv", self.online_table()?),
            ("care.csv", self.care_table()?),
            ("family_beds.csv", self.family_beds_table()?),
            ("parity.csv", self.parity_table()?),
            ("seasons.csv", self.seasons_table()?),
        ];
        Ok(tables.into_iter().filter_map(|(name, table)| Some((name, table?))).collect())
    }
}
