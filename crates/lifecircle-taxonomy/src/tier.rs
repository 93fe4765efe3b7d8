//! Tiers: the three classes of public services.
//!
//! A service has no tier as such: a tier holds on some days in some places, for a reason. What is inclusive in
//! one year may be basic in the next (policy #46, #47).

use lifecircle_types::{Date, word_enum};
use serde::Deserialize;

word_enum! {
    /// The class of a service.
    Tier, "tier" {
        /// Basic public service (基本公共服务): guaranteed by government.
        Basic = "basic",
        /// Inclusive non-basic public service (普惠性非基本公共服务): many providers, affordable prices.
        InclusiveNonBasic = "inclusive_non_basic",
        /// Life service (生活服务): the market, with public support for quality.
        LifeService = "life_service",
    }
}

word_enum! {
    /// How sure a figure or a class is.
    Confidence, "confidence" {
        /// A policy document states it.
        Policy = "policy",
        /// A published page states it.
        Verified = "verified",
        /// Computed or chosen here, from what others state.
        Derived = "derived",
        /// Verified in part.
        Partial = "partial",
        /// Recalled; check it before calling it law.
        Memory = "memory",
    }
}

/// A tier with the days and the place in which it holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierSpan {
    /// The tier.
    pub tier: Tier,
    /// First day; `None` is "always was".
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Last day; `None` is "until further notice".
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Code of the place (`CN`, `CN-SC`, …); `*` is anywhere.
    #[serde(default = "anywhere")]
    pub jurisdiction: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why.
    pub reason: String,
}

pub(crate) fn anywhere() -> String {
    "*".into()
}

impl TierSpan {
    /// Whether the span holds on `day` in `place`.
    pub(crate) fn holds(&self, day: Date, place: &str) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_to.is_none_or(|to| day <= to)
            && applies(&self.jurisdiction, place)
    }
}

/// Whether what is said for `jurisdiction` holds in `place`: codes nest by `-`, `*` holds everywhere.
pub(crate) fn applies(jurisdiction: &str, place: &str) -> bool {
    jurisdiction == "*"
        || place.strip_prefix(jurisdiction).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::applies;

    #[test]
    fn what_holds_for_a_nation_holds_for_its_cities_and_not_the_other_way() {
        assert!(applies("*", "IM") && applies("CN", "CN") && applies("CN", "CN-51"));
        assert!(!applies("CN-51", "CN") && !applies("C", "CN") && !applies("CN", "CNX"));
    }
}
