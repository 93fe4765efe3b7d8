//! The catalogue: every service once, in the order of its key; a [`ServiceIx`] counts that order.

use std::collections::BTreeMap;

use lifecircle_types::{
    AgeBand, Certainty, Date, Offer, ServiceIx, ServiceKey, Shape, TagClassifier, Tags, word_enum,
};
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, parse};
use crate::tags::{Quality, TagRule};
use crate::tier::{Tier, TierSpan};

word_enum! {
    /// How a service comes to people.
    Delivery, "delivery" {
        /// People go to a site.
        Site = "site",
        /// The provider comes to the home.
        Home = "home",
        /// The service stops by on a round.
        Mobile = "mobile",
        /// From afar.
        Online = "online",
    }
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

/// A leaf of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Key, such as `primary_school`.
    pub key: ServiceKey,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// Key of its domain.
    pub domain: String,
    /// How it comes to people.
    pub delivery: Delivery,
    /// The unit of its capacity, such as `seat` or `bed`.
    pub capacity_unit: String,
    /// Whom it is for, where it is for an age.
    pub ages: Option<AgeBand>,
    /// Services for which a place of this one counts as well.
    pub counts_as: Vec<ServiceKey>,
    /// Tiers with their days and places.
    pub tiers: Vec<TierSpan>,
    /// How places are recognised on a map.
    pub tags: Vec<TagRule>,
}

impl Service {
    /// The best quality with which a map can show the service; `None` when it cannot show it at all.
    #[must_use]
    pub fn map_quality(&self) -> Option<Quality> {
        self.tags.iter().map(|rule| rule.quality).min()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalogue {
    domain: Vec<Domain>,
    #[serde(default)]
    family: Vec<Spanned<Family>>,
    service: Vec<Spanned<RawService>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    key: ServiceKey,
    en: String,
    zh: String,
    domain: String,
    delivery: Delivery,
    capacity_unit: String,
    #[serde(default)]
    ages: Option<AgeBand>,
    #[serde(default)]
    counts_as: Vec<ServiceKey>,
    tier: Vec<TierSpan>,
    #[serde(default)]
    tags: Vec<TagRule>,
}

/// All services with their domains and level families.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    domains: Vec<Domain>,
    families: Vec<Family>,
    services: Vec<Service>,
    family_of: BTreeMap<ServiceKey, usize>,
    /// For each service, the services whose places count for it, itself first.
    satisfied_by: BTreeMap<ServiceKey, Vec<ServiceKey>>,
}

impl Catalogue {
    /// The catalogue that comes with the crate.
    ///
    /// # Panics
    /// Never: a test reads the built-in data.
    #[must_use]
    pub fn builtin() -> Self {
        Self::from_toml("catalogue.toml", include_str!("../data/catalogue.toml"))
            .expect("the built-in catalogue is tested")
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// [`Error::File`] with file and line: no TOML, an unknown key, a service, domain or family that does not
    /// exist or exists twice, a tag rule that would hold for everything.
    pub fn from_toml(file: &str, text: &str) -> crate::Result<Self> {
        let raw: RawCatalogue = parse(file, text)?;
        let mut services: Vec<(std::ops::Range<usize>, Service)> = Vec::with_capacity(raw.service.len());
        for service in raw.service {
            let span = service.span();
            let raw_service = service.into_inner();
            let problem = if !raw.domain.iter().any(|domain| domain.key == raw_service.domain) {
                Some(format!(
                    "service `{}` names the unknown domain `{}`",
                    raw_service.key, raw_service.domain
                ))
            } else if raw_service.tags.iter().any(TagRule::is_unbounded) {
                Some(format!(
                    "a tag rule of `{}` has neither `all` nor `any` and would hold for everything",
                    raw_service.key
                ))
            } else {
                None
            };
            if let Some(problem) = problem {
                return Err(Error::at(file, text, Some(span), problem));
            }
            services.push((
                span,
                Service {
                    key: raw_service.key,
                    en: raw_service.en,
                    zh: raw_service.zh,
                    domain: raw_service.domain,
                    delivery: raw_service.delivery,
                    capacity_unit: raw_service.capacity_unit,
                    ages: raw_service.ages,
                    counts_as: raw_service.counts_as,
                    tiers: raw_service.tier,
                    tags: raw_service.tags,
                },
            ));
        }
        services.sort_by(|a, b| a.1.key.cmp(&b.1.key));
        if let Some(pair) = services.windows(2).find(|pair| pair[0].1.key == pair[1].1.key) {
            let span = pair[0].0.start.max(pair[1].0.start);
            let problem = format!("service `{}` is described twice", pair[0].1.key);
            return Err(Error::at(file, text, Some(span..span), problem));
        }
        let exists = |key: &ServiceKey| services.binary_search_by(|(_, s)| s.key.cmp(key)).is_ok();
        for (span, service) in &services {
            if let Some(unknown) = service.counts_as.iter().find(|key| !exists(key)) {
                let problem = format!("service `{}` counts as the unknown service `{unknown}`", service.key);
                return Err(Error::at(file, text, Some(span.clone()), problem));
            }
        }
        let mut family_of = BTreeMap::new();
        for (row, family) in raw.family.iter().enumerate() {
            let inner = family.get_ref();
            for level in &inner.levels {
                let problem = if !exists(level) {
                    format!("family `{}` names the unknown service `{level}`", inner.key)
                } else if family_of.insert(level.clone(), row).is_some() {
                    format!("service `{level}` belongs to two families")
                } else {
                    continue;
                };
                return Err(Error::at(file, text, Some(family.span()), problem));
            }
            if !inner.levels.contains(&inner.unknown_counts_for) {
                let problem = format!("`{}` is no level of family `{}`", inner.unknown_counts_for, inner.key);
                return Err(Error::at(file, text, Some(family.span()), problem));
            }
        }
        let services: Vec<_> = services.into_iter().map(|(_, service)| service).collect();
        let mut satisfied_by: BTreeMap<_, _> =
            services.iter().map(|service| (service.key.clone(), vec![service.key.clone()])).collect();
        for service in &services {
            for target in &service.counts_as {
                if let Some(list) = satisfied_by.get_mut(target) {
                    list.push(service.key.clone());
                }
            }
        }
        let families = raw.family.into_iter().map(Spanned::into_inner).collect();
        Ok(Self { domains: raw.domain, families, services, family_of, satisfied_by })
    }

    /// Domains in the order of the data.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.domains
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

    /// The services whose places count for `key` by the catalogue's `counts_as`: itself, then the others by key.
    #[must_use]
    pub fn satisfied_by(&self, key: &ServiceKey) -> &[ServiceKey] {
        self.satisfied_by.get(key).map_or(&[], Vec::as_slice)
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
        check(&[("leisure", "park")], Some(60_000.0), &[("circle_park_15", Known)]);
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

    #[test]
    fn faults_name_file_and_line() {
        let text = "[[domain]]\nkey = 'd'\nen = 'D'\nzh = 'D'\n\n[[service]]\nkey = 'a'\nen = 'A'\nzh = 'A'\ndomain = 'x'\n\
                    delivery = 'site'\ncapacity_unit = 'seat'\ntier = []\n";
        let error = Catalogue::from_toml("mine.toml", text).unwrap_err();
        assert_eq!(error.to_string(), "mine.toml, line 6: service `a` names the unknown domain `x`");
        let error = Catalogue::from_toml("mine.toml", &text.replace("zh", "zz")).unwrap_err();
        assert!(error.to_string().starts_with("mine.toml, line 4: unknown field `zz`"), "{error}");
    }
}
