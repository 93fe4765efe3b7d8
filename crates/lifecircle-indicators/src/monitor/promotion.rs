//! Services that ought to be promoted: urgent needs with a wide shortage that no basic tier covers yet (policy #47).

use lifecircle_taxonomy::Tier;
use lifecircle_types::{ServiceKey, word_enum};

use super::survey::{KanoClass, Opinion, Quadrant};
use super::tickets::TicketCount;
use crate::assessment::Assessment;

/// The share of residents without a service from which on its shortage is wide: every second one.
pub const WIDE_SHORTAGE: f64 = 0.5;

word_enum! {
    /// Why a need is urgent.
    Urgency, "urgency" {
        /// Most people take the service for granted.
        TakenForGranted = "taken_for_granted",
        /// It matters more and contents less than others.
        MattersAndDisappoints = "matters_and_disappoints",
        /// More requests are about it than about the mean of services.
        AskedFor = "asked_for",
    }
}

/// A service that is a candidate for a tier above its own.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Promotion {
    /// The service.
    pub service: ServiceKey,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// Its tier now.
    pub tier: Option<Tier>,
    /// The tier above it.
    pub to: Tier,
    /// Share of residents for certain without it, from 0 to 1.
    pub without: f64,
    /// Those people.
    pub people: f64,
    /// Why it is urgent.
    pub urgency: Vec<Urgency>,
    /// Requests about it.
    pub tickets: usize,
    /// Satisfaction with it, from 0 to 100.
    pub satisfaction: Option<f64>,
}

/// Services below the basic tier that at least half of the residents lack for certain and that are urgent, most people
/// first. Opinions and requests of the whole place count; they name services by their keys.
#[must_use]
pub fn promotions(assessment: &Assessment, opinions: &[Opinion], tickets: &[TicketCount]) -> Vec<Promotion> {
    let of_place = || tickets.iter().filter(|count| count.unit.is_none() && count.about.is_some());
    #[expect(clippy::cast_precision_loss, reason = "a number of requests")]
    let mean = of_place().map(|count| count.tickets as f64).sum::<f64>() / (of_place().count().max(1) as f64);
    let mut found: Vec<Promotion> = assessment
        .services
        .iter()
        .filter_map(|service| {
            let to = match service.tier {
                Some(Tier::Basic) => return None,
                Some(Tier::InclusiveNonBasic) => Tier::Basic,
                Some(Tier::LifeService) | None => Tier::InclusiveNonBasic,
            };
            let key = service.service.as_str();
            let lenient = service.coverage?.lenient;
            let without = 1.0 - lenient.share()?;
            let opinion = opinions.iter().find(|opinion| opinion.unit.is_none() && opinion.about == key);
            let asked =
                of_place().find(|count| count.about.as_deref() == Some(key)).map_or(0, |count| count.tickets);
            let taken_for_granted = opinion
                .and_then(|opinion| opinion.kano.as_ref())
                .is_some_and(|kano| kano.class == KanoClass::MustBe);
            let disappoints = opinion.is_some_and(|opinion| opinion.quadrant == Some(Quadrant::Concentrate));
            #[expect(clippy::cast_precision_loss, reason = "a number of requests")]
            let asked_for = asked > 0 && asked as f64 > mean;
            let reasons = [
                (Urgency::TakenForGranted, taken_for_granted),
                (Urgency::MattersAndDisappoints, disappoints),
                (Urgency::AskedFor, asked_for),
            ];
            let urgency: Vec<Urgency> =
                reasons.into_iter().filter(|(_, holds)| *holds).map(|(urgency, _)| urgency).collect();
            (without >= WIDE_SHORTAGE && !urgency.is_empty()).then(|| Promotion {
                service: service.service.clone(),
                en: service.en.clone(),
                zh: service.zh.clone(),
                tier: service.tier,
                to,
                without,
                people: lenient.all.as_f64() - lenient.covered.as_f64(),
                urgency,
                tickets: asked,
                satisfaction: opinion.and_then(|opinion| opinion.satisfaction).map(|mean| mean.value),
            })
        })
        .collect();
    found.sort_by(|a, b| b.people.total_cmp(&a.people).then_with(|| a.service.cmp(&b.service)));
    found
}
