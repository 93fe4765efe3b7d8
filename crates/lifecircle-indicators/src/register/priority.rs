//! What is done first, by whom, and who pays.

use lifecircle_taxonomy::{ProblemClass, Requirement, Tier};
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

/// What can be done, the easiest first.
pub(super) fn remedies(class: ProblemClass, cause: ProblemCause) -> Vec<Remedy> {
    match (class, cause) {
        (_, ProblemCause::Data) => vec![Remedy::Survey],
        (_, ProblemCause::Barrier) => {
            vec![Remedy::OpenTheWay, Remedy::BringToPeople, Remedy::UseVacantSpace, Remedy::Build]
        }
        (_, ProblemCause::Distance) => vec![Remedy::BringToPeople, Remedy::UseVacantSpace, Remedy::Build],
        (_, ProblemCause::Absent) => vec![Remedy::UseVacantSpace, Remedy::Build],
        (_, ProblemCause::Size) => vec![Remedy::Enlarge, Remedy::UseVacantSpace],
        (_, ProblemCause::Function) => vec![Remedy::AddFunction],
        (_, ProblemCause::NotOpen) => vec![Remedy::PutIntoUse],
        (_, ProblemCause::Capacity) => vec![Remedy::AddPlaces, Remedy::Enlarge, Remedy::Build],
        (_, ProblemCause::Hours) => vec![Remedy::ExtendHours],
        (_, ProblemCause::Price) => vec![Remedy::SupportPrice],
        (_, ProblemCause::Quality) => vec![Remedy::RaiseQuality],
    }
}

/// Who is in charge of a unit: the level of government above it.
pub(super) const fn responsible(kind: Option<UnitKind>) -> UnitKind {
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
