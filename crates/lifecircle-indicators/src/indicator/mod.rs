//! Indicators of a place: what standards measure it by, for every unit and for the whole.
//!
//! Three kinds of rows of a pack become indicators: its `[[indicator]]`s, its norms (so much of a service per so much
//! of a base), and its target figures, whose values are stated in a table because nothing here measures them. Where
//! keys are the same, the formula of the indicator goes with the amount of the norm or the figure.
//!
//! `value = per · count / of`. What is not known makes the value an interval, from what is certain to what may be: a
//! site that does not state its floor area may have any. A target is met when the whole interval keeps it, missed
//! when nothing of it does, open in between. Without a source there is no value but a reason.

mod applied;
mod count;
mod norms;
mod supply;
mod table;
mod value;

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Baseline, Goal, Ground, Pack};
use lifecircle_types::{
    FacilitySet, ServiceKey, StatedValue, TravelMatrix, UnitIx, UnitKind, ZoneType, word_enum,
};

pub use applied::{AppliedIndicator, applied_indicators, asked_values};
pub(crate) use count::takes_people;
pub use norms::{AppliedNorm, SiteFault, applied_norms, site_faults};
pub(crate) use norms::{counts_as, site_measure};
pub use table::indicators_table;
pub use value::measure_indicators;

use crate::assess::Inputs;
use crate::assessment::{Assessment, Attainment};
use crate::between::Between;
use crate::inventory::Source;

word_enum! {
    /// Where the formula of an indicator comes from.
    Origin, "origin of an indicator" {
        /// A pack states it.
        Indicator = "indicator",
        /// It follows from a norm.
        Norm = "norm",
        /// A target figure, whose value a table states.
        Figure = "figure",
    }
}

/// Ground that the rule of a service covers, as [`Quantity::Ground`](lifecircle_taxonomy::Quantity) asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundCoverage {
    /// The service.
    pub service: ServiceKey,
    /// Which ground.
    pub ground: Ground,
    /// What is covered: square metres, buildings or dwellings.
    pub covered: f64,
    /// All of it.
    pub all: f64,
}

/// All that indicators are measured from.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// What the assessment was made from.
    pub inputs: &'a Inputs<'a>,
    /// The assessment.
    pub assessment: &'a Assessment,
    /// The packs, a later one overriding an earlier.
    pub packs: &'a [Pack],
    /// Facilities, open and not.
    pub facilities: &'a FacilitySet,
    /// The smallest unit around each facility.
    pub facility_units: &'a [Option<UnitIx>],
    /// What the sources show.
    pub sources: &'a [Source],
    /// Per rule: which certain facilities every resident place reaches within it; `None` where that was not measured.
    pub reach: &'a [Option<TravelMatrix>],
    /// Values that nobody measures here.
    pub values: &'a [StatedValue],
    /// Coverage of ground in the whole place.
    pub grounds: &'a [GroundCoverage],
    /// Hours that each facility is open in a week, where they are known; empty where nobody looked.
    pub hours_a_week: &'a [Option<f64>],
}

/// The value of an indicator for a unit or for the whole place.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnitValue {
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Name of the unit, or its code.
    pub label: String,
    /// Its kind.
    pub kind: Option<UnitKind>,
    /// Its zone, where all of it is of one.
    pub zone: Option<ZoneType>,
    /// What is certain; `None` is no data, and `note` says why.
    pub value: Option<f64>,
    /// What may be, where that is not the same; `None` has no upper end, unless `value` is the whole truth.
    pub at_most: Option<f64>,
    /// Whether `value` is the whole truth.
    pub is_exact: bool,
    /// The numerator that is certain.
    pub count: Option<f64>,
    /// The denominator that is certain.
    pub of: Option<f64>,
    /// The year of a stated value.
    pub year: Option<u16>,
    /// What is to be reached.
    pub target: Option<Goal>,
    /// How the value stands to it.
    pub attainment: Option<Attainment>,
    /// What it takes to reach the target, in the unit of the indicator; 0 where it is met.
    pub short_by: Option<f64>,
    /// Where the whole place stood.
    pub baseline: Option<Baseline>,
    /// The part of the way from the baseline to the target that has been gone, `(x − b)/(t − b)`.
    pub way_gone: Option<f64>,
    /// Why there is no value, or what to know about it.
    pub note: Option<String>,
}

impl UnitValue {
    /// The value, as far as it is known.
    pub(crate) fn known(&self) -> Option<Between> {
        let low = self.value?;
        Some(Between { low, high: if self.is_exact { Some(low) } else { self.at_most } })
    }
}

/// An indicator with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorResult {
    /// The indicator.
    pub applied: AppliedIndicator,
    /// The whole place first, then units from the largest kind, by code.
    pub values: Vec<UnitValue>,
}

impl IndicatorResult {
    /// The values by the codes of their units.
    pub(crate) fn by_unit(&self) -> BTreeMap<Option<&str>, &UnitValue> {
        self.values.iter().map(|value| (value.unit.as_deref(), value)).collect()
    }
}
