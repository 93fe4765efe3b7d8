//! What is done first, by whom, and who pays.

use lifecircle_taxonomy::{Delivery, Requirement, Tier};
use lifecircle_types::UnitKind;

use super::{Funding, ProblemCause, Remedy};

/// How much a service counts: what government guarantees before what the market offers.
pub(super) const fn importance(tier: Option<Tier>, requirement: Option<Requirement>) -> f64 {
    let tier = match tier {
        Some(Tier::Basic) => 1.0,
        Some(Tier::InclusiveNonBasic) => 0.8,
        Some(Tier::LifeService) => 0.5,
        None => 0.6,
    };
    let asked = match requirement {
        Some(Requirement::Must) => 1.0,
        Some(Requirement::AsNeeded) | None => 0.7,
        Some(Requirement::Feature) => 0.4,
    };
    tier * asked
}

/// How easily a cause is removed, from 0 to 1: what needs no space before what needs some.
pub(super) const fn feasibility(cause: ProblemCause) -> f64 {
    match cause {
        ProblemCause::Hours | ProblemCause::NotOpen | ProblemCause::Price | ProblemCause::Data => 1.0,
        ProblemCause::Function | ProblemCause::Quality => 0.9,
        ProblemCause::Barrier | ProblemCause::Capacity | ProblemCause::Size => 0.7,
        ProblemCause::Distance | ProblemCause::Absent => 0.5,
    }
}

/// What can be done, the easiest first; only a service that comes to people can be brought to them.
pub(super) fn remedies(cause: ProblemCause, delivery: &[Delivery]) -> Vec<Remedy> {
    let comes = |way: &Delivery| matches!(way, Delivery::Home | Delivery::Mobile | Delivery::Online);
    let mut remedies = match cause {
        ProblemCause::Data => vec![Remedy::Survey],
        ProblemCause::Barrier => {
            vec![Remedy::OpenTheWay, Remedy::BringToPeople, Remedy::UseVacantSpace, Remedy::Build]
        }
        ProblemCause::Distance => vec![Remedy::BringToPeople, Remedy::UseVacantSpace, Remedy::Build],
        ProblemCause::Absent => vec![Remedy::UseVacantSpace, Remedy::Build],
        ProblemCause::Size => vec![Remedy::Enlarge, Remedy::UseVacantSpace],
        ProblemCause::Function => vec![Remedy::AddFunction],
        ProblemCause::NotOpen => vec![Remedy::PutIntoUse],
        ProblemCause::Capacity => vec![Remedy::AddPlaces, Remedy::Enlarge, Remedy::Build],
        ProblemCause::Hours => vec![Remedy::ExtendHours],
        ProblemCause::Price => vec![Remedy::SupportPrice],
        ProblemCause::Quality => vec![Remedy::RaiseQuality],
    };
    remedies.retain(|remedy| *remedy != Remedy::BringToPeople || delivery.iter().any(comes));
    remedies
}

/// Who is in charge of a unit: the level of government above it, or the next one that the place has.
pub(super) fn responsible(kind: Option<UnitKind>, kinds: &[UnitKind]) -> UnitKind {
    let above = level_above(kind);
    UnitKind::ALL
        .iter()
        .copied()
        .find(|kind| *kind >= above && kinds.contains(kind))
        .unwrap_or(UnitKind::City)
}

const fn level_above(kind: Option<UnitKind>) -> UnitKind {
    match kind {
        Some(UnitKind::Estate) => UnitKind::Community,
        Some(UnitKind::Community | UnitKind::Block) => UnitKind::Street,
        Some(UnitKind::Street | UnitKind::District) => UnitKind::District,
        Some(UnitKind::City) | None => UnitKind::City,
    }
}

/// Who pays for a service of a tier.
pub(super) const fn funding(tier: Option<Tier>) -> Funding {
    match tier {
        Some(Tier::Basic) => Funding::Government,
        Some(Tier::InclusiveNonBasic) => Funding::Shared,
        Some(Tier::LifeService) => Funding::Market,
        None => Funding::Unsettled,
    }
}
