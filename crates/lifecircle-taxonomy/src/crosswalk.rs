//! Crosswalks: the services sorted by somebody else's scheme. Codes stay strings, as the scheme writes them.

use lifecircle_types::ServiceKey;
use serde::Deserialize;

use crate::service::Service;
use crate::tier::Confidence;

/// A scheme, such as the nine areas of the national basic public services.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    /// Key, such as `national_areas`.
    pub key: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// How sure it is which services belong to which class.
    pub confidence: Confidence,
    /// Keys of [`Reference`](crate::Reference)s.
    pub sources: Vec<String>,
    /// What else to know.
    #[serde(default)]
    pub note: Option<String>,
    /// The classes, in the scheme's order.
    #[serde(rename = "class")]
    pub classes: Vec<CrosswalkClass>,
}

/// A class of a scheme: the services of its domains and those it names, without those it leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrosswalkClass {
    /// The scheme's own code.
    pub code: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// Keys of domains that belong to it whole.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Further services.
    #[serde(default)]
    pub services: Vec<ServiceKey>,
    /// Services of its domains that do not belong.
    #[serde(default)]
    pub except: Vec<ServiceKey>,
}

impl CrosswalkClass {
    /// Whether a service belongs to the class.
    #[must_use]
    pub fn holds(&self, service: &Service) -> bool {
        self.services.contains(&service.key)
            || (self.domains.contains(&service.domain) && !self.except.contains(&service.key))
    }
}

impl Crosswalk {
    /// The classes of a service: none, one or several.
    pub fn classes_of<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a CrosswalkClass> {
        self.classes.iter().filter(|class| class.holds(service))
    }
}
