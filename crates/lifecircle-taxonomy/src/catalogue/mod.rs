//! The catalogue: every service once, in the order of its key; a [`ServiceIx`] counts that order.
//!
//! It is read from any number of TOML files, each with any of the tables `[[domain]]`, `[[condition]]`, `[[family]]`,
//! `[[crosswalk]]`, `[[source]]`, `[[service]]`, `[[tier]]` and `[[tags]]`, and a table `[zh]`. The files form one catalogue: a tier or
//! a tag rule may stand in another file than its service, so that a boundary that moves, or a city's own map, needs
//! no change of the service. What is described twice, or names what is not there, is refused with file and line.

mod read;

use std::collections::BTreeMap;

use lifecircle_types::{Certainty, Date, Offer, ServiceIx, ServiceKey, Shape, TagClassifier, Tags};
use serde::Deserialize;

use crate::crosswalk::Crosswalk;
use crate::phrases::Phrases;
use crate::service::{Condition, Service};
use crate::tags::{Quality, TagRule};
use crate::tier::Tier;

/// Another name of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
}

/// A field of public services.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Key, such as `education`.
    pub key: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// What others call it.
    #[serde(default)]
    pub aliases: Vec<Alias>,
}

/// Services of which one place satisfies at most one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Key, such as `schools`.
    pub key: String,
    /// Its services, the level nearest to home first.
    pub levels: Vec<ServiceKey>,
    /// The level for which a place of unknown level counts in the lenient reading.
    pub unknown_counts_for: ServiceKey,
}

/// A text that facts and figures rest on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Key by which it is cited, such as `P-CC20`.
    pub key: String,
    /// What it is: `policy`, `page`, `program`, `docs` or `memory`.
    pub kind: String,
    /// What it is about.
    pub title: String,
    /// Where it was read.
    #[serde(default)]
    pub address: Option<String>,
    /// How far the text itself can be trusted.
    #[serde(default)]
    pub quality: Option<String>,
}

/// All services with their domains, level families, crosswalks and references.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    domains: Vec<Domain>,
    conditions: Vec<Condition>,
    families: Vec<Family>,
    crosswalks: Vec<Crosswalk>,
    references: Vec<Reference>,
    services: Vec<Service>,
    phrases: Phrases,
    family_of: BTreeMap<ServiceKey, usize>,
    /// For each service, the services whose places count for it, itself first.
    satisfied_by: BTreeMap<ServiceKey, Vec<ServiceKey>>,
}

const BUILTIN: [(&str, &str); 18] = [
    ("scheme.toml", include_str!("../../data/catalogue/scheme.toml")),
    ("sources.toml", include_str!("../../data/catalogue/sources.toml")),
    ("tiers.toml", include_str!("../../data/catalogue/tiers.toml")),
    ("tags.toml", include_str!("../../data/catalogue/tags.toml")),
    ("parenting.toml", include_str!("../../data/catalogue/parenting.toml")),
    ("education.toml", include_str!("../../data/catalogue/education.toml")),
    ("employment.toml", include_str!("../../data/catalogue/employment.toml")),
    ("health.toml", include_str!("../../data/catalogue/health.toml")),
    ("elderly_care.toml", include_str!("../../data/catalogue/elderly_care.toml")),
    ("environment.toml", include_str!("../../data/catalogue/environment.toml")),
    ("livelihood.toml", include_str!("../../data/catalogue/livelihood.toml")),
    ("veterans.toml", include_str!("../../data/catalogue/veterans.toml")),
    ("culture.toml", include_str!("../../data/catalogue/culture.toml")),
    ("fitness.toml", include_str!("../../data/catalogue/fitness.toml")),
    ("leisure.toml", include_str!("../../data/catalogue/leisure.toml")),
    ("community.toml", include_str!("../../data/catalogue/community.toml")),
    ("legal.toml", include_str!("../../data/catalogue/legal.toml")),
    ("chinese.toml", include_str!("../../data/catalogue/chinese.toml")),
];

impl Catalogue {
    /// The catalogue that comes with the crate.
    ///
    /// # Panics
    /// Never: a test reads the built-in data.
    #[must_use]
    pub fn builtin() -> Self {
        Self::from_files(&BUILTIN).expect("the built-in catalogue is tested")
    }

    /// The built-in catalogue together with files of one's own: further services, tiers of other places or days, tag
    /// rules for other maps.
    ///
    /// ```
    /// # use lifecircle_taxonomy::{Catalogue, Tier};
    /// let mine = "[[tier]]\ntier = 'basic'\nservices = ['nursery_0_3']\njurisdiction = 'CN-51-01'\n\
    ///     valid_from = '2026-01-01'\nconfidence = 'policy'\nsources = ['S1']\nreason = 'free from 2026 on'";
    /// let catalogue = Catalogue::builtin_with(&[("mine.toml", mine)])?;
    /// let tier = |day: &str| catalogue.tier(&"nursery_0_3".parse().unwrap(), day.parse().unwrap(), "CN-51-01");
    /// assert_eq!(tier("2025-12-31"), Some(Tier::InclusiveNonBasic));
    /// assert_eq!(tier("2026-01-01"), Some(Tier::Basic));
    /// # Ok::<(), lifecircle_taxonomy::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Catalogue::from_files`].
    pub fn builtin_with(files: &[(&str, &str)]) -> crate::Result<Self> {
        Self::from_files(&[&BUILTIN, files].concat())
    }

    /// Reads a catalogue from files, each a name for messages and its text.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File) with file and line: no TOML, an unknown key, a service, domain, condition, family or source
    /// that does not exist or exists twice, a fact without a citation, tiers that contradict each other, a tag rule
    /// that would hold for everything, Chinese for what nobody says.
    pub fn from_files(files: &[(&str, &str)]) -> crate::Result<Self> {
        read::read(files)
    }

    /// Domains in the order of the data.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// The conditions that target groups are named by, in the order of the data.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Crosswalks in the order of the data.
    #[must_use]
    pub fn crosswalks(&self) -> &[Crosswalk] {
        &self.crosswalks
    }

    /// The crosswalk with `key`, such as `national_areas`.
    #[must_use]
    pub fn crosswalk(&self, key: &str) -> Option<&Crosswalk> {
        self.crosswalks.iter().find(|crosswalk| crosswalk.key == key)
    }

    /// The text cited as `key`.
    #[must_use]
    pub fn reference(&self, key: &str) -> Option<&Reference> {
        self.references.iter().find(|reference| reference.key == key)
    }

    /// Level families in the order of the data.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// Services by key.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The row of the service with `key`.
    #[must_use]
    pub fn find(&self, key: &ServiceKey) -> Option<ServiceIx> {
        self.services.binary_search_by(|service| service.key.cmp(key)).ok().map(ServiceIx::new)
    }

    /// The service with `key`.
    #[must_use]
    pub fn service(&self, key: &ServiceKey) -> Option<&Service> {
        self.find(key).map(|ix| &self.services[ix.index()])
    }

    /// The family in which `key` is a level.
    #[must_use]
    pub fn family(&self, key: &ServiceKey) -> Option<&Family> {
        self.family_of.get(key).map(|&row| &self.families[row])
    }

    /// The main institutions behind `key`, from its own upward: station, centre, hospital.
    pub fn mains<'a>(&'a self, key: &ServiceKey) -> impl Iterator<Item = &'a ServiceKey> {
        let first = self.service(key).and_then(|service| service.main.as_ref());
        core::iter::successors(first, |main| self.service(main)?.main.as_ref())
    }

    /// The services whose places count for `key` by the catalogue's `counts_as`: itself, then the others by key.
    #[must_use]
    pub fn satisfied_by(&self, key: &ServiceKey) -> &[ServiceKey] {
        self.satisfied_by.get(key).map_or(&[], Vec::as_slice)
    }

    /// A phrase of the catalogue in Chinese: the title or the quality of a reference, the reason for a tier, a note, the
    /// unit of a capacity, as a table `[zh]` puts it; `None` where none does.
    ///
    /// ```
    /// # use lifecircle_taxonomy::Catalogue;
    /// assert_eq!(Catalogue::builtin().chinese("bed"), Some("张床位"));
    /// ```
    #[must_use]
    pub fn chinese(&self, phrase: &str) -> Option<&str> {
        self.phrases.chinese(phrase)
    }

    /// What the catalogue says in free words, each phrase once and with its Chinese, in the order of the phrases' bytes.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.phrases.iter()
    }

    /// The best quality with which a map can show `key`, through any service that counts for it.
    #[must_use]
    pub fn map_quality(&self, key: &ServiceKey) -> Option<Quality> {
        self.satisfied_by(key).iter().filter_map(|key| self.service(key)?.map_quality()).min()
    }

    /// The tier of `key` on `day` in `place`; where several hold, that of the most specific place, then of the
    /// latest start.
    #[must_use]
    pub fn tier(&self, key: &ServiceKey, day: Date, place: &str) -> Option<Tier> {
        let spans = self.service(key)?.tiers.iter().filter(|span| span.holds(day, place));
        spans.max_by_key(|span| (span.jurisdiction.len(), span.valid_from)).map(|span| span.tier)
    }
}

impl TagClassifier for Catalogue {
    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<_> =
            self.services.iter().flat_map(|service| &service.tags).flat_map(TagRule::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn classify(&self, tags: &Tags, shape: Shape) -> Vec<Offer> {
        let mut best: BTreeMap<usize, (i32, usize, Offer)> = BTreeMap::new();
        let mut offers = Vec::new();
        for service in &self.services {
            let Some(rule) =
                service.tags.iter().filter(|rule| rule.holds(tags, shape)).max_by_key(|rule| rule.priority)
            else {
                continue;
            };
            let offer =
                |key: &ServiceKey, certainty| Offer { service: key.clone(), certainty, capacity: None };
            let certainty = if rule.quality == Quality::Weak { Certainty::Weak } else { Certainty::Known };
            let Some(&row) = self.family_of.get(&service.key) else {
                offers.push(offer(&service.key, certainty));
                continue;
            };
            let family = &self.families[row];
            let level = family.levels.iter().position(|key| key == &service.key).unwrap_or(usize::MAX);
            let found = if rule.level_unknown {
                (i32::MIN, level, offer(&family.unknown_counts_for, Certainty::LevelUnknown))
            } else {
                (rule.priority, level, offer(&service.key, certainty))
            };
            match best.get(&row) {
                Some(known) if (known.0, usize::MAX - known.1) >= (found.0, usize::MAX - found.1) => {}
                _ => {
                    best.insert(row, found);
                }
            }
        }
        offers.extend(best.into_values().map(|(_, _, offer)| offer));
        offers.sort_by(|a, b| a.service.cmp(&b.service));
        offers
    }
}

#[cfg(test)]
mod tests;
