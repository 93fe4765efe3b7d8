//! Tiers: the three classes of public services.
//!
//! A service has no tier as such: a tier holds on some days in some places, for a reason. What is inclusive in
//! one year may be basic in the next (policy #46, #47).

use lifecircle_types::{Date, word_enum};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierSpan {
    /// The tier.
    pub tier: Tier,
    /// First day; `None` is "always was".
    pub valid_from: Option<Date>,
    /// Last day; `None` is "until further notice".
    pub valid_to: Option<Date>,
    /// Code of the place (`CN`, `CN-51`, …); `*` is anywhere.
    pub jurisdiction: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Keys of [`Reference`](crate::Reference)s.
    pub sources: Vec<String>,
    /// Why.
    pub reason: String,
}

pub(crate) fn anywhere() -> String {
    "*".into()
}

impl TierSpan {
    /// Whether the span holds on `day` in `place`.
    pub(crate) fn holds(&self, day: Date, place: &str) -> bool {
        within(self.valid_from, self.valid_to, day) && applies(&self.jurisdiction, place)
    }

    /// Whether two spans of one service contradict each other: the same place, days in common.
    pub(crate) fn contradicts(&self, other: &Self) -> bool {
        self.jurisdiction == other.jurisdiction
            && overlap((self.valid_from, self.valid_to), (other.valid_from, other.valid_to))
    }
}

/// Whether `day` lies between two days, both inclusive; an open end is no limit.
pub(crate) fn within(from: Option<Date>, to: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// Whether two spans of days, both ends inclusive, share a day.
pub(crate) fn overlap(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    let starts_in_time = |from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    starts_in_time(a.0, b.1) && starts_in_time(b.0, a.1)
}

/// Whether what is said for `jurisdiction` holds in `place`: codes nest by `-`, `*` holds everywhere.
pub(crate) fn applies(jurisdiction: &str, place: &str) -> bool {
    jurisdiction == "*"
        || place.strip_prefix(jurisdiction).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::{applies, overlap};

    #[test]
    fn spans_overlap_on_a_shared_day_only() {
        let day = |text: &str| Some(text.parse().unwrap());
        let (new_year, end) = (day("2025-01-01"), day("2025-12-31"));
        assert!(overlap((None, end), (end, None)), "both hold on the last day of the year");
        assert!(!overlap((None, day("2024-12-31")), (new_year, None)));
        assert!(overlap((None, None), (new_year, end)));
    }

    #[test]
    fn what_holds_for_a_nation_holds_for_its_cities_and_not_the_other_way() {
        assert!(applies("*", "IM") && applies("CN", "CN") && applies("CN", "CN-51"));
        assert!(!applies("CN-51", "CN") && !applies("C", "CN") && !applies("CN", "CNX"));
    }
}
