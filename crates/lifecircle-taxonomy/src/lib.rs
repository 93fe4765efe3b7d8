#![doc = include_str!("../README.md")]
//!
//! | You look for | It is |
//! |---|---|
//! | all services, their domains, names and families | [`Catalogue`], [`Service`], [`Family`] |
//! | how services sort by another scheme | [`Crosswalk`] |
//! | what a service's class is on a day in a place | [`Tier`], [`Catalogue::tier`] |
//! | how a tagged place is recognised | [`TagRule`], [`Quality`] |
//! | which service must be how near | [`Pack`], [`PackRule`], [`Requirement`] |
//! | how much of it there has to be, and what else a standard states | [`Norm`], [`Figure`] |
//! | what a place measures itself by | [`Indicator`], [`Quantity`], [`Goal`] |
//! | what they say in free words, in Chinese | [`Catalogue::chinese`], [`Pack::chinese`] |
//! | how sure a fact or a figure is, and what it rests on | [`Confidence`], [`Citation`], [`Backing`], [`Reference`] |

mod catalogue;
mod crosswalk;
mod error;
mod pack;
mod phrases;
mod service;
mod tags;
mod tier;

pub use catalogue::{Alias, Catalogue, Domain, Family, Reference};
pub use crosswalk::{Crosswalk, CrosswalkClass};
pub use error::Error;
pub use pack::{
    Amount, Axis, Backing, Base, Baseline, Better, BottomLine, Combination, FacilityCount, Figure,
    FigureKind, FindPack, Goal, Grade, Ground, Indicator, Judgement, LifeStage, Measure, Need, Norm, Pack,
    PackRule, PeopleCount, PeopleReach, ProblemClass, Quantity, Requirement, Scale, Score, ScoreCondition,
    ScorePart, Scored, ServiceScope, SiteCondition, Spread, Standing, Target, UnitCount, Validity,
};
pub use service::{Audience, Circle, Citation, Condition, Delivery, Fact, Frequency, Season, Service};
pub use tags::{Quality, TagRule};
pub use tier::{Confidence, Tier, TierSpan};

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;
