//! The catalogue: every service once, in the order of its key; a [`ServiceIx`] counts that order.
//!
//! It is read from any number of TOML files, each with any of the tables `[[domain]]`, `[[condition]]`, `[[family]]`,
//! `[[crosswalk]]`, `[[source]]`, `[[service]]`, `[[tier]]` and `[[tags]]`, and a table `[zh]`. The files form one catalogue: a tier or
//! a tag rule may stand in another file than its service, so that a boundary that moves, or a city's own map, needs
//! no change of the service. What is described twice, or names what is not there, is refused with file and line.

use std::collections::BTreeMap;
use std::ops::Range;

use lifecircle_types::{
    Certainty, Date, Offer, OperatingMode, Provider, ServiceIx, ServiceKey, Shape, TagClassifier, Tags,
    most_alike,
};
use serde::Deserialize;
use toml::Spanned;

use crate::crosswalk::Crosswalk;
use crate::error::{Error, parse};
use crate::phrases::{ChineseTable, Phrases};
use crate::service::{Audience, Circle, Citation, Condition, Delivery, Fact, Frequency, Season, Service};
use crate::tags::{Quality, TagRule};
use crate::tier::{Confidence, Tier, TierSpan, anywhere};

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct RawCatalogue {
    domain: Vec<Spanned<Domain>>,
    condition: Vec<Spanned<Condition>>,
    family: Vec<Spanned<Family>>,
    crosswalk: Vec<Spanned<Crosswalk>>,
    source: Vec<Spanned<Reference>>,
    service: Vec<Spanned<RawService>>,
    tier: Vec<Spanned<RawTier>>,
    tags: Vec<Spanned<TagRule>>,
    zh: ChineseTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    key: ServiceKey,
    en: String,
    zh: String,
    domain: String,
    delivery: Vec<Delivery>,
    capacity_unit: String,
    groups: Vec<Audience>,
    frequency: Frequency,
    #[serde(default)]
    season: Option<Season>,
    circle: Circle,
    #[serde(default)]
    providers: Vec<Provider>,
    #[serde(default)]
    operating_modes: Vec<OperatingMode>,
    #[serde(default)]
    main: Option<ServiceKey>,
    #[serde(default)]
    counts_as: Vec<ServiceKey>,
    #[serde(default)]
    note: Option<String>,
    cites: Vec<Citation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTier {
    tier: Tier,
    services: Vec<ServiceKey>,
    #[serde(default)]
    valid_from: Option<Date>,
    #[serde(default)]
    valid_to: Option<Date>,
    #[serde(default = "anywhere")]
    jurisdiction: String,
    confidence: Confidence,
    sources: Vec<String>,
    reason: String,
}

/// A table entry with the file and the place in it where it stands.
struct Entry<T> {
    file: usize,
    span: Range<usize>,
    value: T,
}

/// The tables of all files together.
#[derive(Default)]
struct Tables {
    domains: Vec<Entry<Domain>>,
    conditions: Vec<Entry<Condition>>,
    families: Vec<Entry<Family>>,
    crosswalks: Vec<Entry<Crosswalk>>,
    references: Vec<Entry<Reference>>,
    services: Vec<Entry<RawService>>,
    tiers: Vec<Entry<RawTier>>,
    tags: Vec<Entry<TagRule>>,
    chinese: Vec<Entry<(Spanned<String>, Spanned<String>)>>,
}

/// The files, to say where a fault stands.
struct Files<'a>(&'a [(&'a str, &'a str)]);

impl Files<'_> {
    fn fault<T>(&self, entry: &Entry<T>, problem: impl Into<String>) -> Error {
        let (name, text) = self.0[entry.file];
        Error::at(name, text, Some(entry.span.clone()), problem)
    }

    /// Refuses a second entry with the key of a first.
    fn check_unique<T>(
        &self,
        what: &str,
        entries: &[Entry<T>],
        key: impl Fn(&T) -> &str,
    ) -> crate::Result<()> {
        let mut seen: BTreeMap<&str, &Entry<T>> = BTreeMap::new();
        for entry in entries {
            if let Some(first) = seen.insert(key(&entry.value), entry) {
                let line = Error::line(self.0[first.file].1, first.span.start);
                let problem = format!(
                    "{what} `{}` is described twice, first in {}, line {line}: keep one",
                    key(&entry.value),
                    self.0[first.file].0
                );
                return Err(self.fault(entry, problem));
            }
        }
        Ok(())
    }
}

/// `key` is unknown; says what it may have been.
fn unknown<'a>(what: &str, key: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match most_alike(key, known) {
        Some(nearest) => format!("there is no {what} `{key}`; did you mean `{nearest}`?"),
        None => format!("there is no {what} `{key}`"),
    }
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
    ("scheme.toml", include_str!("../data/catalogue/scheme.toml")),
    ("sources.toml", include_str!("../data/catalogue/sources.toml")),
    ("tiers.toml", include_str!("../data/catalogue/tiers.toml")),
    ("tags.toml", include_str!("../data/catalogue/tags.toml")),
    ("parenting.toml", include_str!("../data/catalogue/parenting.toml")),
    ("education.toml", include_str!("../data/catalogue/education.toml")),
    ("employment.toml", include_str!("../data/catalogue/employment.toml")),
    ("health.toml", include_str!("../data/catalogue/health.toml")),
    ("elderly_care.toml", include_str!("../data/catalogue/elderly_care.toml")),
    ("environment.toml", include_str!("../data/catalogue/environment.toml")),
    ("livelihood.toml", include_str!("../data/catalogue/livelihood.toml")),
    ("veterans.toml", include_str!("../data/catalogue/veterans.toml")),
    ("culture.toml", include_str!("../data/catalogue/culture.toml")),
    ("fitness.toml", include_str!("../data/catalogue/fitness.toml")),
    ("leisure.toml", include_str!("../data/catalogue/leisure.toml")),
    ("community.toml", include_str!("../data/catalogue/community.toml")),
    ("legal.toml", include_str!("../data/catalogue/legal.toml")),
    ("chinese.toml", include_str!("../data/catalogue/chinese.toml")),
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
    /// [`Error::File`] with file and line: no TOML, an unknown key, a service, domain, condition, family or source
    /// that does not exist or exists twice, a fact without a citation, tiers that contradict each other, a tag rule
    /// that would hold for everything, Chinese for what nobody says.
    pub fn from_files(files: &[(&str, &str)]) -> crate::Result<Self> {
        let mut tables = Tables::default();
        for (at, (name, text)) in files.iter().enumerate() {
            let raw: RawCatalogue = parse(name, text)?;
            fn take<T>(into: &mut Vec<Entry<T>>, file: usize, from: Vec<Spanned<T>>) {
                into.extend(from.into_iter().map(|entry| Entry {
                    file,
                    span: entry.span(),
                    value: entry.into_inner(),
                }));
            }
            take(&mut tables.domains, at, raw.domain);
            take(&mut tables.conditions, at, raw.condition);
            take(&mut tables.families, at, raw.family);
            take(&mut tables.crosswalks, at, raw.crosswalk);
            take(&mut tables.references, at, raw.source);
            take(&mut tables.services, at, raw.service);
            take(&mut tables.tiers, at, raw.tier);
            take(&mut tables.tags, at, raw.tags);
            tables.chinese.extend(raw.zh.into_iter().map(|(phrase, chinese)| Entry {
                file: at,
                span: phrase.span(),
                value: (phrase, chinese),
            }));
        }
        tables.services.sort_by(|a, b| a.value.key.cmp(&b.value.key));
        let files = Files(files);
        tables.check(&files)?;
        tables.into_catalogue(&files)
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

impl Tables {
    fn check(&self, files: &Files<'_>) -> crate::Result<()> {
        files.check_unique("domain", &self.domains, |domain| &domain.key)?;
        files.check_unique("condition", &self.conditions, |condition| &condition.key)?;
        files.check_unique("family", &self.families, |family| &family.key)?;
        files.check_unique("crosswalk", &self.crosswalks, |crosswalk| &crosswalk.key)?;
        files.check_unique("source", &self.references, |reference| &reference.key)?;
        files.check_unique("service", &self.services, |service| service.key.as_str())?;
        files.check_unique("the Chinese of", &self.chinese, |(phrase, _)| phrase.get_ref())?;
        for entry in &self.services {
            self.check_service(&entry.value)
                .map_err(|problem| files.fault(entry, format!("service `{}`: {problem}", entry.value.key)))?;
        }
        for entry in &self.tiers {
            let tier = &entry.value;
            let checked = tier.services.iter().try_for_each(|service| self.check_key(service));
            checked
                .and_then(|()| self.check_sources(tier.confidence, &tier.sources))
                .and_then(|()| match (tier.valid_from, tier.valid_to) {
                    (Some(from), Some(to)) if from > to => {
                        Err(format!("valid_from {from} is later than valid_to {to}"))
                    }
                    _ => Ok(()),
                })
                .map_err(|problem| files.fault(entry, format!("tier: {problem}")))?;
        }
        for entry in &self.tags {
            self.check_key(&entry.value.service)
                .and_then(|()| {
                    if entry.value.is_unbounded() {
                        Err("the rule has neither `all` nor `any` and would hold for everything".into())
                    } else {
                        Ok(())
                    }
                })
                .map_err(|problem| {
                    files.fault(entry, format!("tags of `{}`: {problem}", entry.value.service))
                })?;
        }
        for entry in &self.crosswalks {
            let classes = &entry.value.classes;
            let named = classes.iter().flat_map(|class| class.services.iter().chain(&class.except));
            named
                .map(|service| self.check_key(service))
                .chain(classes.iter().flat_map(|class| &class.domains).map(|key| self.check_domain(key)))
                .collect::<Result<(), String>>()
                .and_then(|()| self.check_sources(entry.value.confidence, &entry.value.sources))
                .map_err(|problem| {
                    files.fault(entry, format!("crosswalk `{}`: {problem}", entry.value.key))
                })?;
        }
        Ok(())
    }

    fn check_key(&self, key: &ServiceKey) -> Result<(), String> {
        match self.services.binary_search_by(|entry| entry.value.key.cmp(key)) {
            Ok(_) => Ok(()),
            Err(_) => {
                let known = self.services.iter().map(|entry| entry.value.key.as_str());
                Err(unknown("service", key.as_str(), known))
            }
        }
    }

    fn check_domain(&self, key: &str) -> Result<(), String> {
        let known = || self.domains.iter().map(|entry| entry.value.key.as_str());
        if known().any(|domain| domain == key) { Ok(()) } else { Err(unknown("domain", key, known())) }
    }

    fn check_sources(&self, confidence: Confidence, sources: &[String]) -> Result<(), String> {
        if sources.is_empty() && confidence != Confidence::Derived {
            return Err(format!("`{confidence}` needs a source; what was chosen here is `derived`"));
        }
        let known = || self.references.iter().map(|entry| entry.value.key.as_str());
        match sources.iter().find(|source| !known().any(|known| known == source.as_str())) {
            Some(source) => Err(unknown("source", source, known())),
            None => Ok(()),
        }
    }

    fn check_service(&self, service: &RawService) -> Result<(), String> {
        self.check_domain(&service.domain)?;
        service.counts_as.iter().chain(&service.main).try_for_each(|key| self.check_key(key))?;
        if service.delivery.is_empty() || service.groups.is_empty() {
            return Err("name at least one way of `delivery` and one of `groups`".into());
        }
        for group in &service.groups {
            if let Audience::Condition(key) = group {
                let known = || self.conditions.iter().map(|entry| entry.value.key.as_str());
                if !known().any(|condition| condition == key) {
                    return Err(unknown("condition", key, known()));
                }
            }
        }
        if let Some(season) = service.season
            && !((1..=12).contains(&season.from_month) && (1..=12).contains(&season.to_month))
        {
            return Err("months of a season run from 1 to 12".into());
        }
        for citation in &service.cites {
            self.check_sources(citation.confidence, &citation.sources)?;
        }
        let rest = service.cites.iter().filter(|citation| citation.of.is_empty()).count();
        for &fact in Fact::ALL {
            match service.cites.iter().filter(|citation| citation.of.contains(&fact)).count() {
                0 if rest == 0 => {
                    return Err(format!("nothing is cited for its {fact}: add a row to `cites`"));
                }
                0 | 1 => {}
                _ => return Err(format!("its {fact} is cited twice: keep one row of `cites`")),
            }
        }
        if rest > 1 {
            return Err("two rows of `cites` stand for all other facts: keep one".into());
        }
        self.check_mains(service)
    }

    /// A chain of main institutions ends.
    fn check_mains(&self, service: &RawService) -> Result<(), String> {
        let main = |key: &ServiceKey| {
            let at = self.services.binary_search_by(|entry| entry.value.key.cmp(key)).ok()?;
            self.services[at].value.main.as_ref()
        };
        let mut next = service.main.as_ref();
        for _ in 0..self.services.len() {
            match next {
                None => return Ok(()),
                Some(key) if key == &service.key => break,
                Some(key) => next = main(key),
            }
        }
        Err("it is a branch of itself through `main`: cut the circle".into())
    }

    /// What stands there in free words, with its Chinese.
    fn phrases(&mut self, files: &Files<'_>) -> crate::Result<Phrases> {
        let mut phrases = Phrases::default();
        for Entry { value: reference, .. } in &self.references {
            phrases.say(&reference.kind);
            phrases.say(&reference.title);
            reference.quality.iter().for_each(|quality| phrases.say(quality));
        }
        for Entry { value: service, .. } in &self.services {
            phrases.say(&service.capacity_unit);
            service.note.iter().for_each(|note| phrases.say(note));
        }
        self.tiers.iter().for_each(|tier| phrases.say(&tier.value.reason));
        self.crosswalks
            .iter()
            .filter_map(|entry| entry.value.note.as_ref())
            .for_each(|note| phrases.say(note));
        for Entry { file, span, value } in self.chinese.drain(..) {
            let (name, text) = files.0[file];
            phrases
                .translate([value].into())
                .map_err(|(_, problem)| Error::at(name, text, Some(span), problem))?;
        }
        Ok(phrases)
    }

    fn into_catalogue(mut self, files: &Files<'_>) -> crate::Result<Catalogue> {
        let phrases = self.phrases(files)?;
        let mut family_of = BTreeMap::new();
        for (row, entry) in self.families.iter().enumerate() {
            let family = &entry.value;
            let fault = |problem: String| files.fault(entry, format!("family `{}`: {problem}", family.key));
            for level in &family.levels {
                self.check_key(level).map_err(fault)?;
                if family_of.insert(level.clone(), row).is_some() {
                    return Err(fault(format!("service `{level}` belongs to two families")));
                }
            }
            if !family.levels.contains(&family.unknown_counts_for) {
                return Err(fault(format!("`{}` is no level of it", family.unknown_counts_for)));
            }
        }
        let mut services: Vec<Service> = self
            .services
            .into_iter()
            .map(|Entry { value: raw, .. }| Service {
                key: raw.key,
                en: raw.en,
                zh: raw.zh,
                domain: raw.domain,
                delivery: raw.delivery,
                capacity_unit: raw.capacity_unit,
                groups: raw.groups,
                frequency: raw.frequency,
                season: raw.season,
                circle: raw.circle,
                providers: raw.providers,
                operating_modes: raw.operating_modes,
                main: raw.main,
                counts_as: raw.counts_as,
                note: raw.note,
                citations: raw.cites,
                tiers: vec![],
                tags: vec![],
            })
            .collect();
        fn of<'s>(services: &'s mut [Service], key: &ServiceKey) -> &'s mut Service {
            let at = services.binary_search_by(|service| service.key.cmp(key)).expect("keys are checked");
            &mut services[at]
        }
        for entry in self.tiers {
            let raw = &entry.value;
            for key in &raw.services {
                let span = TierSpan {
                    tier: raw.tier,
                    valid_from: raw.valid_from,
                    valid_to: raw.valid_to,
                    jurisdiction: raw.jurisdiction.clone(),
                    confidence: raw.confidence,
                    sources: raw.sources.clone(),
                    reason: raw.reason.clone(),
                };
                let service = of(&mut services, key);
                if service.tiers.iter().any(|known| known.contradicts(&span)) {
                    let problem = format!(
                        "tier: service `{key}` has another tier in `{}` on days of this row: let one end the day \
                         before the other begins",
                        span.jurisdiction
                    );
                    return Err(files.fault(&entry, problem));
                }
                service.tiers.push(span);
            }
        }
        for entry in self.tags {
            of(&mut services, &entry.value.service.clone()).tags.push(entry.value);
        }
        if services.is_empty() {
            let (name, text) = files.0.first().copied().unwrap_or(("catalogue", ""));
            return Err(Error::at(name, text, None, "there is no service: add a [[service]]"));
        }
        let mut satisfied_by: BTreeMap<_, _> =
            services.iter().map(|service| (service.key.clone(), vec![service.key.clone()])).collect();
        for service in &services {
            for target in &service.counts_as {
                if let Some(list) = satisfied_by.get_mut(target) {
                    list.push(service.key.clone());
                }
            }
        }
        fn values<T>(entries: Vec<Entry<T>>) -> Vec<T> {
            entries.into_iter().map(|entry| entry.value).collect()
        }
        Ok(Catalogue {
            domains: values(self.domains),
            conditions: values(self.conditions),
            families: values(self.families),
            crosswalks: values(self.crosswalks),
            references: values(self.references),
            services,
            phrases,
            family_of,
            satisfied_by,
        })
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
mod tests {
    use super::*;

    fn offers(tags: &[(&str, &str)], area_m2: Option<f64>) -> Vec<(String, Certainty)> {
        let tags = Tags::new(tags.iter().copied());
        let found = Catalogue::builtin().classify(&tags, Shape { area_m2 });
        found.into_iter().map(|offer| (offer.service.to_string(), offer.certainty)).collect()
    }

    #[test]
    fn places_are_recognised() {
        use Certainty::{Known, LevelUnknown};
        let check = |tags: &[(&str, &str)], area, expected: &[(&str, Certainty)]| {
            let expected: Vec<_> = expected.iter().map(|&(key, c)| (key.to_string(), c)).collect();
            assert_eq!(offers(tags, area), expected, "{tags:?}");
        };
        let school = ("amenity", "school");
        check(&[school], None, &[("primary_school", LevelUnknown)]);
        check(&[school, ("name", "Ashley Hill Primary School")], None, &[("primary_school", Known)]);
        check(
            &[school, ("name", "Queen Elizabeth II High School")],
            None,
            &[("complete_secondary_school", Known)],
        );
        check(&[school, ("isced:level", "1;2")], None, &[("nine_year_school", Known)]);
        check(&[school, ("isced:level", "1-2")], None, &[("nine_year_school", Known)]);
        check(
            &[school, ("isced:level", "2"), ("name", "X Primary School")],
            None,
            &[("junior_middle_school", Known)],
        );
        check(&[school, ("name", "成都七中高中部高级中学")], None, &[("senior_high_school", Known)]);
        check(&[school, ("school", "driving")], None, &[]);
        check(
            &[("leisure", "park")],
            Some(60_000.0),
            &[("circle_park_15", Known), ("park_green_radius", Known)],
        );
        check(&[("leisure", "park")], Some(500.0), &[("pocket_park", Known)]);
        check(&[("leisure", "park")], None, &[("pocket_park", LevelUnknown)]);
        check(&[("leisure", "pitch")], Some(7000.0), &[("large_multi_sports_ground", Known)]);
        check(&[("leisure", "pitch"), ("access", "private")], Some(7000.0), &[]);
        check(&[("amenity", "pharmacy")], None, &[("pharmacy", Known)]);
        check(&[("amenity", "bench")], None, &[]);
    }

    #[test]
    fn nobody_satisfies_two_levels_of_a_family() {
        let catalogue = Catalogue::builtin();
        let values = ["school", "clinic", "doctors", "community_centre", "hospital"];
        for value in values {
            for name in ["Primary School and High School", "Health Centre Surgery", "服务站服务中心", ""]
            {
                for level in ["1", "2", "1-3", "x"] {
                    let tags = Tags::new([("amenity", value), ("name", name), ("isced:level", level)]);
                    let offers = catalogue.classify(&tags, Shape::default());
                    for family in catalogue.families() {
                        let levels = offers.iter().filter(|o| family.levels.contains(&o.service)).count();
                        assert!(levels <= 1, "{value} {name} {level}: {offers:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_larger_park_counts_as_a_park_but_not_as_a_smaller_level() {
        let catalogue = Catalogue::builtin();
        let by = |key: &str| {
            catalogue
                .satisfied_by(&key.parse().unwrap())
                .iter()
                .map(ServiceKey::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(by("park"), ["park", "circle_park_10", "circle_park_15", "circle_park_5", "pocket_park"]);
        assert_eq!(by("circle_park_5"), ["circle_park_5"]);
        assert_eq!(by("primary_school"), ["primary_school", "nine_year_school"]);
    }

    /// Two services, a clinic that is a branch of a hospital, in a catalogue small enough to read at a glance.
    const TOY: &str = "
[[domain]]
key = 'health'
en = 'Health'
zh = '卫生'

[[condition]]
key = 'chronic'
en = 'Chronic'
zh = '慢性病'

[[source]]
key = 'plan'
kind = 'policy'
title = 'A plan'

[[service]]
key = 'clinic'
en = 'Clinic'
zh = '诊所'
domain = 'health'
delivery = ['site', 'home']
capacity_unit = 'consultation'
groups = ['everyone', 'chronic']
frequency = 'monthly'
circle = 'circle_5'
main = 'hospital'
cites = [
  { of = ['circle', 'main'], confidence = 'policy', sources = ['plan'] },
  { confidence = 'derived', sources = [] },
]

[[service]]
key = 'hospital'
en = 'Hospital'
zh = '医院'
domain = 'health'
delivery = ['site']
capacity_unit = 'bed'
groups = ['everyone']
frequency = 'rare'
circle = 'city'
cites = [{ confidence = 'derived', sources = [] }]

[[tier]]
tier = 'inclusive_non_basic'
services = ['clinic', 'hospital']
confidence = 'policy'
sources = ['plan']
reason = 'until it is taken into basic cover'
valid_to = '2024-12-31'

[[tier]]
tier = 'basic'
services = ['clinic']
confidence = 'policy'
sources = ['plan']
reason = 'urgent'
valid_from = '2025-01-01'

[[tags]]
service = 'clinic'
all = ['category=0901*']
quality = 'good'
";

    fn toy(change: &[(&str, &str)]) -> crate::Result<Catalogue> {
        let text = change.iter().fold(TOY.to_string(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        Catalogue::from_files(&[("toy.toml", &text)])
    }

    #[test]
    fn a_toy_catalogue_says_what_stands_in_it() {
        let toy = toy(&[]).unwrap();
        let clinic: ServiceKey = "clinic".parse().unwrap();
        let service = toy.service(&clinic).unwrap();
        assert_eq!(service.citation(Fact::Circle).confidence, Confidence::Policy);
        assert_eq!(service.citation(Fact::Frequency).confidence, Confidence::Derived);
        assert_eq!(toy.mains(&clinic).map(ServiceKey::as_str).collect::<Vec<_>>(), ["hospital"]);
        let tier = |day: &str, key: &str| toy.tier(&key.parse().unwrap(), day.parse().unwrap(), "CN-51");
        assert_eq!(tier("2024-12-31", "clinic"), Some(Tier::InclusiveNonBasic));
        assert_eq!(tier("2025-01-01", "clinic"), Some(Tier::Basic));
        assert_eq!(tier("2025-01-01", "hospital"), None, "its tier has ended and no other began");
        let found = toy.classify(&Tags::new([("category", "090102")]), Shape::default());
        assert_eq!(found.iter().map(|offer| offer.service.as_str()).collect::<Vec<_>>(), ["clinic"]);
    }

    #[test]
    fn faults_name_file_line_and_remedy() {
        let check = |change: &[(&str, &str)], line: usize, expected: &str| {
            let error = toy(change).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("toy.toml, line {line}: ")) && error.contains(expected),
                "{error}"
            );
        };
        check(
            &[("domain = 'health'\ndelivery = ['site', 'h", "domain = 'healt'\ndelivery = ['site', 'h")],
            17,
            "did you mean `health`",
        );
        check(&[("zh = '卫生'", "zz = '卫生'")], 5, "unknown field `zz`");
        check(
            &[("'chronic']\nfreq", "'chronik']\nfreq")],
            17,
            "no condition `chronik`; did you mean `chronic`?",
        );
        check(
            &[("main = 'hospital'", "main = 'hospitl'")],
            17,
            "no service `hospitl`; did you mean `hospital`?",
        );
        check(&[("circle = 'city'", "circle = 'city'\nmain = 'clinic'")], 17, "a branch of itself");
        check(
            &[("  { confidence = 'derived', sources = [] },\n", "")],
            17,
            "nothing is cited for its existence",
        );
        check(&[("'plan'] },", "'plam'] },")], 17, "no source `plam`; did you mean `plan`?");
        check(&[("'derived', sources = [] },", "'memory', sources = [] },")], 17, "`memory` needs a source");
        check(&[("valid_from = '2025-01-01'", "valid_from = '2024-12-31'")], 53, "has another tier in `*`");
        check(
            &[("valid_to = '2024-12-31'", "valid_from = '2024-12-31'\nvalid_to = '2024-12-30'")],
            45,
            "is later than valid_to",
        );
        check(&[("key = 'hospital'", "key = 'clinic'")], 33, "described twice, first in toy.toml, line 17");
        check(&[("all = ['category=0901*']", "none = ['category=0901*']")], 61, "would hold for everything");
        check(&[("all = ['category=0901*']", "all = ['category']")], 63, "is no condition");
        let zh = |table: &str| {
            let files = [("toy.toml", TOY), ("zh.toml", table), ("more.toml", "[zh]\nbed = '床'")];
            Catalogue::from_files(&files).map_err(|error| error.to_string())
        };
        let toy = zh("[zh]\n'A plan' = '规划'\n'urgent' = '急需'").unwrap();
        assert_eq!((toy.chinese("A plan"), toy.chinese("bed")), (Some("规划"), Some("床")));
        assert_eq!((toy.chinese("policy"), toy.chinese("Clinic")), (None, None));
        let wrong = "zh.toml, line 2: zh: nothing says `Clinic`";
        assert!(zh("[zh]\nClinic = '诊所'").unwrap_err().starts_with(wrong));
        let twice =
            "more.toml, line 2: the Chinese of `bed` is described twice, first in zh.toml, line 2: keep one";
        assert_eq!(zh("[zh]\nbed = '床位'").unwrap_err(), twice);
        let error = Catalogue::from_files(&[("empty.toml", "")]).unwrap_err();
        assert_eq!(error.to_string(), "empty.toml, line 1: there is no service: add a [[service]]");
    }

    #[test]
    fn the_built_in_catalogue_is_whole() {
        let catalogue = Catalogue::builtin();
        assert_eq!(catalogue.domains().len(), 13);
        for service in catalogue.services() {
            assert!(!service.tiers.is_empty(), "{} has no tier", service.key);
            let levels = [Circle::None, Circle::City, Circle::Region];
            assert!(
                service.has_sites() || levels.contains(&service.circle) || service.circle <= Circle::Five,
                "{}",
                service.key
            );
            for &fact in Fact::ALL {
                let citation = service.citation(fact);
                assert!(citation.sources.iter().all(|key| catalogue.reference(key).is_some()));
            }
        }
        let national = catalogue.crosswalk("national_areas").unwrap();
        let classes = |key: &str| -> Vec<&str> {
            let service = catalogue.service(&key.parse().unwrap()).unwrap();
            national.classes_of(service).map(|class| class.zh.as_str()).collect()
        };
        assert_eq!(classes("kindergarten"), ["学有所教"]);
        assert_eq!(classes("affordable_rental_housing"), ["住有所居"]);
        assert_eq!(classes("severe_disability_care"), ["弱有所扶"]);
        assert!(classes("pharmacy") == ["病有所医"] && classes("public_toilet").is_empty());
        let mains = |key: &str| {
            let key = key.parse().unwrap();
            catalogue.mains(&key).map(ServiceKey::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            mains("community_health_station"),
            ["community_health_centre", "general_hospital", "regional_medical_centre"]
        );
        assert_eq!(mains("elderly_meal_point"), ["central_kitchen"]);
    }

    #[test]
    fn a_tier_moved_by_date_moves_no_other() {
        let row = |to: &str| {
            format!(
                "[[tier]]\ntier = 'basic'\nservices = ['community_canteen', 'gym']\njurisdiction = 'CN-31'\n\
                 valid_from = '2026-07-01'\nvalid_to = '{to}'\nconfidence = 'derived'\nsources = []\nreason = 'r'"
            )
        };
        let before = Catalogue::builtin();
        let after = Catalogue::builtin_with(&[("mine.toml", &row("2026-12-31"))]).unwrap();
        for service in before.services() {
            for place in ["CN-31", "CN-31-15", "CN-51", "IM"] {
                for day in ["2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01"] {
                    let day: Date = day.parse().unwrap();
                    let moved = ["community_canteen", "gym"].contains(&service.key.as_str())
                        && place.starts_with("CN-31")
                        && ("2026-07-01".parse().unwrap()..="2026-12-31".parse().unwrap()).contains(&day);
                    let expected =
                        if moved { Some(Tier::Basic) } else { before.tier(&service.key, day, place) };
                    assert_eq!(
                        after.tier(&service.key, day, place),
                        expected,
                        "{} {day} {place}",
                        service.key
                    );
                }
            }
        }
    }
}
