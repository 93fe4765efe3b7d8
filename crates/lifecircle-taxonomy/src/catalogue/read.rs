//! Reading a catalogue: files into tables, what they name checked, then into one catalogue.

use std::collections::BTreeMap;
use std::ops::Range;

use lifecircle_types::{Date, OperatingMode, Provider, ServiceKey, most_alike};
use serde::Deserialize;
use toml::Spanned;

use super::{Catalogue, Domain, Family, Reference};
use crate::crosswalk::Crosswalk;
use crate::error::{Error, parse};
use crate::phrases::{ChineseTable, Phrases};
use crate::service::{Audience, Circle, Citation, Condition, Delivery, Fact, Frequency, Season, Service};
use crate::tags::TagRule;
use crate::tier::{Confidence, Tier, TierSpan, anywhere};

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

pub(super) fn read(files: &[(&str, &str)]) -> crate::Result<Catalogue> {
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
