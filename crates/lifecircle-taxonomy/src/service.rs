//! A service: what it is, whom it is for, how it comes to them, and what each of these facts rests on.

use core::fmt;
use core::str::FromStr;

use lifecircle_types::{AgeBand, Group, InvalidText, OperatingMode, Provider, ServiceKey, word_enum};
use serde::Deserialize;

use crate::tags::{Quality, TagRule};
use crate::tier::{Confidence, TierSpan};

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
        /// It supplies other sites, not residents.
        Supply = "supply",
    }
}

word_enum! {
    /// How often someone of the target groups uses a service.
    Frequency, "frequency" {
        /// Every day or so.
        Daily = "daily",
        /// Every week or so.
        Weekly = "weekly",
        /// Every month or so.
        Monthly = "monthly",
        /// A few times a year.
        Occasional = "occasional",
        /// A few times in a life.
        Rare = "rare",
    }
}

word_enum! {
    /// The ring around home in which a service usually belongs. What a standard demands stands in packs.
    Circle, "circle" {
        /// The residential block (居住街坊).
        Block = "block",
        /// A walk of 5 minutes.
        Five = "circle_5",
        /// A walk of 10 minutes.
        Ten = "circle_10",
        /// A walk of 15 minutes.
        Fifteen = "circle_15",
        /// The city or the district.
        City = "city",
        /// Several districts, by car.
        Region = "region",
        /// No ring: the service comes home or from afar.
        None = "none",
    }
}

/// Months of a season, both ends inclusive; November to March runs over the new year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First month, 1 to 12.
    pub from_month: u8,
    /// Last month, 1 to 12.
    pub to_month: u8,
}

impl Season {
    /// Whether `month` (1 to 12) belongs to it.
    ///
    /// ```
    /// # use lifecircle_taxonomy::Season;
    /// let winter = Season { from_month: 11, to_month: 3 };
    /// assert!(winter.holds(1) && winter.holds(11) && !winter.holds(4));
    /// ```
    #[must_use]
    pub fn holds(self, month: u8) -> bool {
        if self.from_month <= self.to_month {
            (self.from_month..=self.to_month).contains(&month)
        } else {
            month >= self.from_month || month <= self.to_month
        }
    }
}

/// Whom a service is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everyone: `everyone`.
    Everyone,
    /// Ages: `age_0_2`, `age_60_plus`.
    Ages(AgeBand),
    /// Key of a [`Condition`], such as `disabled`.
    Condition(String),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.pad("everyone"),
            Self::Ages(ages) => ages.fmt(f),
            Self::Condition(key) => f.pad(key),
        }
    }
}

impl FromStr for Audience {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text == "everyone" {
            Ok(Self::Everyone)
        } else if text.starts_with("age_") {
            text.parse().map(Self::Ages)
        } else {
            Ok(Self::Condition(text.into()))
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What the members of a target group have in common, where it is not their age.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Key, such as `disabled`.
    pub key: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
}

word_enum! {
    /// A fact about a service that somebody can doubt.
    Fact, "fact" {
        /// That there is such a service, under this name, in this domain.
        Existence = "existence",
        /// How it comes to people.
        Delivery = "delivery",
        /// The unit of its capacity.
        CapacityUnit = "capacity_unit",
        /// Whom it is for.
        Groups = "groups",
        /// How often it is used.
        Frequency = "frequency",
        /// When in the year it runs.
        Season = "season",
        /// The ring in which it belongs.
        Circle = "circle",
        /// Who provides it.
        Providers = "providers",
        /// How it is run.
        OperatingModes = "operating_modes",
        /// Of which service it is a branch.
        Main = "main",
        /// For which services its places count as well.
        CountsAs = "counts_as",
    }
}

/// What facts rest on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The facts; none given means every fact that no other citation names.
    #[serde(default)]
    pub of: Vec<Fact>,
    /// How sure they are.
    pub confidence: Confidence,
    /// Keys of [`Reference`](crate::Reference)s; empty only for what was chosen here.
    pub sources: Vec<String>,
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
    /// How it comes to people, the usual way first.
    pub delivery: Vec<Delivery>,
    /// The unit of its capacity, such as `seat` or `bed`.
    pub capacity_unit: String,
    /// Whom it is for.
    pub groups: Vec<Audience>,
    /// How often it is used.
    pub frequency: Frequency,
    /// When in the year it runs; `None` is all year.
    pub season: Option<Season>,
    /// The ring in which it usually belongs.
    pub circle: Circle,
    /// Who provides it, the usual provider first.
    pub providers: Vec<Provider>,
    /// How it is run, the usual mode first.
    pub operating_modes: Vec<OperatingMode>,
    /// The service of its main institution (总馆, hub, central kitchen), where it is a branch.
    pub main: Option<ServiceKey>,
    /// Services for which a place of this one counts as well.
    pub counts_as: Vec<ServiceKey>,
    /// What else to know.
    pub note: Option<String>,
    /// What the facts rest on.
    pub(crate) citations: Vec<Citation>,
    /// Tiers with their days and places.
    pub tiers: Vec<TierSpan>,
    /// How places are recognised on a map.
    pub tags: Vec<TagRule>,
}

impl Service {
    /// What a fact of this service rests on.
    ///
    /// # Panics
    /// Never: a catalogue without a citation for every fact is refused.
    #[must_use]
    pub fn citation(&self, fact: Fact) -> &Citation {
        self.citations
            .iter()
            .find(|citation| citation.of.contains(&fact))
            .or_else(|| self.citations.iter().find(|citation| citation.of.is_empty()))
            .expect("every fact is cited")
    }

    /// Whether it is for a group: for everyone, for ages that overlap its own, for what its members have in common. Of a
    /// group of which no age is told, such as permit holders, nobody knows who has the age of a service for some ages.
    #[must_use]
    pub fn is_for(&self, group: &Group) -> bool {
        let end = |band: AgeBand| band.to.unwrap_or(u8::MAX);
        !self.is_for_some()
            || self.groups.iter().any(|audience| match audience {
                Audience::Everyone => true,
                Audience::Ages(ages) => {
                    group.age.is_some_and(|own| ages.from <= end(own) && own.from <= end(*ages))
                }
                Audience::Condition(key) => group.vulnerability.as_ref() == Some(key),
            })
    }

    /// Whether it is for some people, and not for everyone.
    #[must_use]
    pub fn is_for_some(&self) -> bool {
        !self.groups.is_empty() && !self.groups.contains(&Audience::Everyone)
    }

    /// Whether residents go to a site of it.
    #[must_use]
    pub fn has_sites(&self) -> bool {
        self.delivery.contains(&Delivery::Site)
    }

    /// The best quality with which a map can show the service; `None` when it cannot show it at all.
    #[must_use]
    pub fn map_quality(&self) -> Option<Quality> {
        self.tags.iter().map(|rule| rule.quality).min()
    }
}
