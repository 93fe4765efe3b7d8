#![doc = include_str!("../README.md")]

mod availability;
mod bands;
mod capacity;
mod catchment;
mod choice;
mod coverage;
mod decay;
mod equity;
mod error;
mod gravity;
mod hours;
mod journey;
mod laws;
mod nearest;
mod outreach;
mod pairs;
mod raam;

pub use availability::{
    Availability, DoublyConstrained, TotallyConstrained, doubly_constrained, singly_constrained,
    spatial_availability, totally_constrained,
};
pub use bands::{Band, BandTask, CoverageBands, DrawnPeople, coverage_bands};
pub use capacity::{
    Allocation, Bottleneck, CapacityTask, Certificate, MostServed, Need, ProvisionNorm, UnitService,
    UnknownCapacity, allocate, check_allocation, most_served, served_at, whole_persons,
};
pub use catchment::{
    Catchment, CatchmentForm, Crowdedness, Factor, Group, GroupedCatchment, Growth, VariableCatchment,
    catchment, catchments, crowdedness, grouped_catchment, two_step_fca, variable_two_step_fca,
};
pub use choice::{Choice, choice_diversity, huff, participation};
pub use coverage::{Coverage, Portion, coverage};
pub use decay::{
    Binary, Custom, Decay, Exponential, Gaussian, Kernel, Linear, LogGaussian, Logistic, Plateau, Power,
    RootExponential, SoftThreshold, Stepped, TruncatedGaussian,
};
pub use equity::{
    Bootstrap, Chance, Decomposition, Distribution, GroupPart, KolmPollak, Measured, Moran, Neighbours,
    PermutationTest, Preference, Resampled, SpatialGini, Undefined, WorstGroup, bootstrap, moran,
    parity_ratio, permutation_test, spatial_gini, stacked,
};
pub use error::Error;
pub use gravity::{
    Middle, cumulative, cumulative_interval, gravity, log_sum, passive, ranked, weighted_mean,
};
pub use hours::{HoursCoverage, HoursTask, OpenHours, Period, TimedCoverage, coverage_by_time, over_seasons};
#[cfg(feature = "hours")]
pub use hours::{HoursRefused, StudyDays, parse_hours};
pub use journey::{
    Escort, EscortLimit, EscortTrip, Levels, OneStop, Referral, WayBack, escort_trips, levels, one_stop,
};
pub use laws::{check_conservation, check_decay};
pub use nearest::{balancing_cost, cost_of_supply, mean_of_nearest, nearest};
pub use outreach::{
    BedState, CareDistances, CareLimits, DaysInReach, FamilyBed, FamilyBeds, HomeVisitTask, HomeVisits,
    OnlineGroup, OnlineUse, Support, Tally, VisitTravel, VisitsInReach, care_distances, family_beds,
    home_visits, mobile_days, mobile_visits, online, tally,
};
pub use raam::{Crowding, Raam, check_equilibrium, raam};

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;
