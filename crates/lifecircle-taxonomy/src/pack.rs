//! Packs: what a place promises its residents. A pack names services with a rule each; its standard walker
//! turns minutes into metres for every headline figure.

use lifecircle_types::{
    Date, Millimetres, Rule, ServiceKey, Speed, TravelTime, UnitKind, ZoneType, word_enum,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

use crate::catalogue::Catalogue;
use crate::error::{Error, parse};
use crate::tier::{Confidence, anywhere, applies};

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

/// The share of residents that a pack wants covered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Share of residents, from 0 to 1.
    pub share: f64,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: String,
}

/// What a pack asks of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct PackRule {
    /// The service.
    pub service: ServiceKey,
    /// When it counts as reached. Where the standard gives metres and minutes, the one that binds.
    pub rule: Rule,
    /// The other figure of a standard that gives both: said, not tested.
    pub also: Option<Rule>,
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
    /// How sure the figure is.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: String,
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

    /// How strongly the service is asked for in a kind of place.
    #[must_use]
    pub fn requirement_for(&self, zone: Option<ZoneType>) -> Requirement {
        zone.and_then(|zone| self.requirement_in.get(&zone)).copied().unwrap_or(self.requirement)
    }
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
    /// First day; `None` is "always was".
    pub valid_from: Option<Date>,
    /// Last day; `None` is "until further notice".
    pub valid_to: Option<Date>,
    /// The one walker of every headline figure.
    pub standard_walker: Speed,
    rules: Vec<PackRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    key: String,
    title: String,
    #[serde(default = "anywhere")]
    jurisdiction: String,
    #[serde(default)]
    valid_from: Option<Date>,
    #[serde(default)]
    valid_to: Option<Date>,
    #[serde(default)]
    standard_walker: Option<Spanned<RawWalker>>,
    #[serde(default)]
    target: Option<Spanned<Target>>,
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWalker {
    metres: u32,
    minutes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    service: ServiceKey,
    #[serde(default)]
    walk_minutes: Option<u32>,
    #[serde(default)]
    walk_metres: Option<u32>,
    #[serde(default)]
    binds: Option<String>,
    #[serde(default)]
    straight_metres: Option<u32>,
    #[serde(default)]
    drive_minutes: Option<u32>,
    #[serde(default)]
    one_in: Option<UnitKind>,
    #[serde(default)]
    no_walking_catchment: bool,
    #[serde(default)]
    accepts: Vec<ServiceKey>,
    requirement: Requirement,
    #[serde(default)]
    requirement_in: BTreeMap<ZoneType, Requirement>,
    #[serde(default)]
    counted_over: Option<UnitKind>,
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    target: Option<Target>,
    confidence: Confidence,
    source: String,
}

impl RawRule {
    /// The rule that binds and the one that is only said.
    fn rules(&self) -> Result<(Rule, Option<Rule>), String> {
        let mut found: Vec<Rule> = Vec::new();
        for (minutes, kind) in [
            (self.walk_minutes, Rule::WalkTime as fn(TravelTime) -> Rule),
            (self.drive_minutes, Rule::DriveTime as fn(TravelTime) -> Rule),
        ] {
            if let Some(minutes) = minutes {
                found.push(kind(TravelTime::from_minutes(within(minutes, 1, 600, "minutes")?)));
            }
        }
        for (metres, kind) in [
            (self.walk_metres, Rule::WalkDistance as fn(Millimetres) -> Rule),
            (self.straight_metres, Rule::StraightRadius as fn(Millimetres) -> Rule),
        ] {
            if let Some(metres) = metres {
                found.push(kind(Millimetres::from_metres(within(metres, 1, 100_000, "metres")?)));
            }
        }
        found.extend(self.one_in.map(Rule::PresenceInUnit));
        if self.no_walking_catchment {
            found.push(Rule::NoWalkingCatchment);
        }
        match (found.as_slice(), self.binds.as_deref()) {
            (&[rule], None) => Ok((rule, None)),
            (&[time @ Rule::WalkTime(_), length @ Rule::WalkDistance(_)], Some(binds)) => match binds {
                "time" => Ok((time, Some(length))),
                "distance" => Ok((length, Some(time))),
                _ => Err(format!("`binds` is `{binds}`, expected `time` or `distance`")),
            },
            ([Rule::WalkTime(_), Rule::WalkDistance(_)], None) => {
                Err("the rule gives minutes and metres: say which one binds, `binds = \"time\"` or `\"distance\"`".into())
            }
            (&[_], Some(_)) => Err("`binds` needs both `walk_minutes` and `walk_metres`".into()),
            _ => Err("give one of walk_minutes, walk_metres, straight_metres, drive_minutes, one_in or \
                      no_walking_catchment = true (walk_minutes and walk_metres may stand together with `binds`)"
                .into()),
        }
    }
}

fn within(value: u32, low: u32, high: u32, unit: &str) -> Result<u32, String> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(format!("{value} {unit} is outside {low} to {high}"))
    }
}

const BUILTIN: [(&str, &str); 2] = [
    ("cn-gb50180", include_str!("../data/packs/cn-gb50180.toml")),
    ("international-15min", include_str!("../data/packs/international-15min.toml")),
];

impl Pack {
    /// The pack that a study gets when it names none.
    pub const DEFAULT: &'static str = "international-15min";

    /// A pack that comes with the crate.
    ///
    /// # Errors
    /// [`Error::UnknownPack`] with the keys there are.
    pub fn builtin(key: &str) -> crate::Result<Self> {
        let Some((key, text)) = BUILTIN.iter().find(|(known, _)| *known == key) else {
            let known: Vec<_> = BUILTIN.iter().map(|(known, _)| *known).collect();
            return Err(Error::UnknownPack { key: key.into(), known: known.join(", ") });
        };
        Self::from_toml(&format!("{key}.toml"), text)
    }

    /// Reads a pack.
    ///
    /// # Errors
    /// [`Error::File`] with file and line: no TOML, an unknown key, a rule without or with two limits, a figure
    /// out of range, a service named twice, dates the wrong way round.
    pub fn from_toml(file: &str, text: &str) -> crate::Result<Self> {
        let raw: RawPack = parse(file, text)?;
        let fault =
            |span: std::ops::Range<usize>, problem: String| Error::at(file, text, Some(span), problem);
        if let (Some(from), Some(to)) = (raw.valid_from, raw.valid_to)
            && from > to
        {
            return Err(fault(0..0, format!("valid_from {from} is later than valid_to {to}")));
        }
        let standard_walker = match &raw.standard_walker {
            None => standard_walker(1000, 15),
            Some(walker) => {
                let RawWalker { metres, minutes } = *walker.get_ref();
                within(metres, 1, 10_000, "metres")
                    .and_then(|_| within(minutes, 1, 120, "minutes"))
                    .map_err(|problem| fault(walker.span(), format!("standard_walker: {problem}")))?;
                standard_walker(metres, minutes)
            }
        };
        let check_target = |target: &Target, span: std::ops::Range<usize>| {
            if (0.0..=1.0).contains(&target.share) {
                Ok(())
            } else {
                Err(fault(span, format!("target share {} is outside 0 to 1 (85 % is 0.85)", target.share)))
            }
        };
        if let Some(target) = &raw.target {
            check_target(target.get_ref(), target.span())?;
        }
        let mut rules: Vec<PackRule> = Vec::with_capacity(raw.rule.len());
        for spanned in raw.rule {
            let span = spanned.span();
            let rule = spanned.into_inner();
            if rules.iter().any(|known| known.service == rule.service) {
                return Err(fault(span, format!("service `{}` has two rules: keep one", rule.service)));
            }
            let (binding, also) = rule
                .rules()
                .map_err(|problem| fault(span.clone(), format!("service `{}`: {problem}", rule.service)))?;
            if let Some(target) = &rule.target {
                check_target(target, span)?;
            }
            rules.push(PackRule {
                service: rule.service,
                rule: binding,
                also,
                accepts: rule.accepts,
                requirement: rule.requirement,
                requirement_in: rule.requirement_in,
                counted_over: rule.counted_over,
                level: rule.level,
                target: rule.target.or_else(|| raw.target.as_ref().map(|target| target.get_ref().clone())),
                confidence: rule.confidence,
                source: rule.source,
            });
        }
        rules.sort_by(|a, b| a.service.cmp(&b.service));
        Ok(Self {
            key: raw.key,
            title: raw.title,
            jurisdiction: raw.jurisdiction,
            valid_from: raw.valid_from,
            valid_to: raw.valid_to,
            standard_walker,
            rules,
        })
    }

    /// The rules, by service.
    #[must_use]
    pub fn rules(&self) -> &[PackRule] {
        &self.rules
    }

    /// The rule for `service`.
    #[must_use]
    pub fn rule(&self, service: &ServiceKey) -> Option<&PackRule> {
        self.rules.binary_search_by(|rule| rule.service.cmp(service)).ok().map(|at| &self.rules[at])
    }

    /// Whether the pack holds on `day` in `place`.
    #[must_use]
    pub fn holds(&self, day: Date, place: &str) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_to.is_none_or(|to| day <= to)
            && applies(&self.jurisdiction, place)
    }
}

fn standard_walker(metres: u32, minutes: u32) -> Speed {
    Speed::covering(Millimetres::from_metres(metres), TravelTime::from_minutes(minutes))
        .expect("both are checked to be more than zero")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "key = 'p'\ntitle = 'P'\n[[rule]]\nservice = 'pharmacy'\nrequirement = 'must'\nconfidence = 'memory'\nsource = 's'\n";

    #[test]
    fn built_in_packs_name_services_of_the_catalogue() {
        let catalogue = Catalogue::builtin();
        for (key, _) in BUILTIN {
            let pack = Pack::builtin(key).unwrap();
            assert_eq!(pack.key, key);
            for rule in pack.rules() {
                assert!(catalogue.service(&rule.service).is_some(), "{key}: {}", rule.service);
                assert!(
                    rule.accepts.iter().all(|s| catalogue.service(s).is_some()),
                    "{key}: {}",
                    rule.service
                );
            }
        }
    }

    #[test]
    fn distances_bind_in_the_chinese_pack_and_minutes_in_the_international_one() {
        let school: ServiceKey = "primary_school".parse().unwrap();
        let chinese = Pack::builtin("cn-gb50180").unwrap();
        let rule = chinese.rule(&school).unwrap();
        assert_eq!(rule.rule, Rule::WalkDistance(Millimetres::from_metres(500)));
        assert_eq!(rule.also, Some(Rule::WalkTime(TravelTime::from_minutes(10))));
        let international = Pack::builtin(Pack::DEFAULT).unwrap();
        assert_eq!(international.rule(&school).unwrap().rule, Rule::WalkTime(TravelTime::from_minutes(15)));
        assert!(chinese.holds("2025-01-01".parse().unwrap(), "CN-51"));
        assert!(!chinese.holds("2017-01-01".parse().unwrap(), "CN-51"));
        assert!(!chinese.holds("2025-01-01".parse().unwrap(), "IM"));
    }

    #[test]
    fn wrong_packs_are_refused_with_line_and_remedy() {
        let check = |tail: &str, expected: &str| {
            let error = Pack::from_toml("mine.toml", &format!("{HEAD}{tail}")).unwrap_err().to_string();
            assert!(error.contains(expected) && error.starts_with("mine.toml, line "), "{error}");
        };
        check("", "give one of walk_minutes");
        check("walk_minutes = 0", "0 minutes is outside 1 to 600");
        check("walk_minutes = 15\nwalk_metres = 1000", "say which one binds");
        check("walk_minutes = 15\nbinds = 'time'", "needs both");
        check("walk_minuets = 15", "unknown field `walk_minuets`");
        check(
            "walk_minutes = 15\ntarget = { share = 85, confidence = 'policy', source = 's' }",
            "85 % is 0.85",
        );
        check(
            &format!("walk_minutes = 15\n{}walk_metres = 5", &HEAD[HEAD.find("[[").unwrap()..]),
            "has two rules",
        );
    }
}
