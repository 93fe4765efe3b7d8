//! Which facilities count for a rule.

use std::collections::BTreeSet;

use lifecircle_taxonomy::{Catalogue, PackRule};
use lifecircle_types::{Certainty, Date, FacilityIx, FacilitySet, ServiceKey};

use crate::rules::AppliedRule;

/// The facilities that count for a rule on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Those that count for certain, ascending.
    pub strict: Vec<FacilityIx>,
    /// Those that count as well in the lenient reading, ascending.
    pub lenient_only: Vec<FacilityIx>,
    /// Where the service is a level of a family: the facilities of every level, ascending. They do not stand in for
    /// one another; how near any of them is stands beside the verdict.
    pub any_level: Option<Vec<FacilityIx>>,
    /// Facilities that would count but are not in use on the day.
    pub not_open: u32,
}

/// Collects the facilities that count for `rule` and are open on `day`.
///
/// A facility counts for a service that it offers, that the catalogue says its service counts as, or that the
/// rule accepts; once, however many of its offers count. An offer of unknown level is certain for a service
/// outside the family: whatever its level, a park is a park.
#[must_use]
pub fn candidates(catalogue: &Catalogue, rule: &PackRule, facilities: &FacilitySet, day: Date) -> Candidates {
    let counting: Vec<&ServiceKey> = rule.counting(catalogue).collect();
    counted(catalogue, &rule.service, &counting, facilities, day)
}

/// Collects the facilities that count for a service for which no rule asks, as [`candidates`] does for a rule: those that
/// offer it or what the catalogue says counts as it.
#[must_use]
pub fn candidates_without_rule(
    catalogue: &Catalogue,
    service: &ServiceKey,
    facilities: &FacilitySet,
    day: Date,
) -> Candidates {
    let counting: Vec<&ServiceKey> = catalogue.satisfied_by(service).iter().collect();
    counted(catalogue, service, &counting, facilities, day)
}

fn counted(
    catalogue: &Catalogue,
    service: &ServiceKey,
    counting: &[&ServiceKey],
    facilities: &FacilitySet,
    day: Date,
) -> Candidates {
    let family_of = |service| catalogue.family(service).map(|family| family.key.as_str());
    let own_family = family_of(service);
    let mut found = Candidates { any_level: own_family.map(|_| Vec::new()), ..Candidates::default() };
    for (ix, facility) in facilities.iter() {
        if let Some(any_level) = &mut found.any_level
            && facility.status.is_open_on(day)
            && facility.offers.iter().any(|offer| family_of(&offer.service) == own_family)
        {
            any_level.push(ix);
        }
        let best = facility
            .offers
            .iter()
            .filter(|offer| counting.contains(&&offer.service))
            .map(|offer| match offer.certainty {
                Certainty::Known => true,
                Certainty::LevelUnknown => own_family.is_none() || own_family != family_of(&offer.service),
                Certainty::Weak => false,
            })
            .max();
        match best {
            None => {}
            Some(_) if !facility.status.is_open_on(day) => found.not_open += 1,
            Some(true) => found.strict.push(ix),
            Some(false) => found.lenient_only.push(ix),
        }
    }
    found
}

/// Services that some facility offers and for which no rule asks, neither directly nor through what counts for it:
/// they are listed as "no rule" and never given a limit in silence.
#[must_use]
pub fn without_rule(
    catalogue: &Catalogue,
    rules: &[AppliedRule],
    facilities: &FacilitySet,
) -> Vec<ServiceKey> {
    let asked: BTreeSet<&ServiceKey> =
        rules.iter().flat_map(|applied| applied.rule.counting(catalogue)).collect();
    facilities.services().into_iter().filter(|service| !asked.contains(service)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lifecircle_taxonomy::Pack;
    use lifecircle_types::{Facility, FacilityState, LonLat, Offer, Status};

    fn facility(id: &str, service: &str, certainty: Certainty) -> Facility {
        let mut facility = Facility::new(id, LonLat::new(0.0, 0.0).unwrap(), "test");
        facility.offers = vec![Offer { service: service.parse().unwrap(), certainty, capacity: None }];
        facility
    }

    #[test]
    fn levels_do_not_stand_in_for_one_another_but_an_umbrella_takes_them_all() {
        let mut closed = facility("d", "circle_park_5", Certainty::Known);
        closed.status = Status { state: FacilityState::Closed, ..Status::OPEN };
        let facilities = FacilitySet::new(vec![
            facility("a", "circle_park_15", Certainty::Known),
            facility("b", "circle_park_5", Certainty::Known),
            facility("c", "pocket_park", Certainty::LevelUnknown),
            closed,
        ])
        .unwrap();
        let catalogue = Catalogue::builtin();
        let day = "2025-01-01".parse().unwrap();
        let rule = |pack: &str, service: &str| {
            Pack::builtin(pack).unwrap().rule(&service.parse().unwrap(), day).unwrap().clone()
        };
        let five = candidates(&catalogue, &rule("cn-gb50180", "circle_park_5"), &facilities, day);
        assert_eq!((five.strict, five.lenient_only, five.not_open), (vec![FacilityIx(1)], vec![], 1));
        assert_eq!(five.any_level, Some(vec![FacilityIx(0), FacilityIx(1), FacilityIx(2)]));
        let any = candidates(&catalogue, &rule("international-15min", "park"), &facilities, day);
        assert_eq!(any.strict, [FacilityIx(0), FacilityIx(1), FacilityIx(2)]);
        assert_eq!(any.any_level, None, "an umbrella is no level");
    }

    #[test]
    fn a_school_of_unknown_level_counts_only_in_the_lenient_reading() {
        let facilities = FacilitySet::new(vec![
            facility("a", "primary_school", Certainty::LevelUnknown),
            facility("b", "nine_year_school", Certainty::Known),
            facility("c", "junior_middle_school", Certainty::Known),
        ])
        .unwrap();
        let pack = Pack::builtin("international-15min").unwrap();
        let day = "2025-01-01".parse().unwrap();
        let rule = pack.rule(&"primary_school".parse().unwrap(), day).unwrap();
        let found = candidates(&Catalogue::builtin(), rule, &facilities, day);
        assert_eq!((found.strict, found.lenient_only), (vec![FacilityIx(1)], vec![FacilityIx(0)]));
    }
}
