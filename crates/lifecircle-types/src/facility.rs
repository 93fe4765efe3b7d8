//! Facilities: the sites where services are offered.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeSet;

use crate::date::Date;
use crate::error::{InvalidSet, InvalidText};
use crate::ids::FacilityIx;
use crate::position::{GivenPosition, LonLat};

/// The key of a service in a catalogue, such as `primary_school`: lower-case letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceKey(String);

impl ServiceKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServiceKey {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let mut bytes = text.bytes();
        let starts = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        if starts && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            Ok(Self(text.into()))
        } else {
            Err(InvalidText {
                what: "service key",
                value: text.into(),
                expected: "lower-case letters, digits and _, such as primary_school",
            })
        }
    }
}

impl fmt::Display for ServiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

crate::serde_as_text!(ServiceKey);

#[cfg(feature = "schema")]
crate::schema_by!(
    ServiceKey,
    schemars::json_schema!({
        "description": "The key of a service in the catalogue, such as primary_school.",
        "type": "string",
        "pattern": "^[a-z][a-z0-9_]*$"
    })
);

crate::word_enum! {
    /// How sure it is that a place offers a service.
    Certainty, "certainty" {
        /// The source says so.
        Known = "known",
        /// The place belongs to the service's level family, but its level cannot be told.
        LevelUnknown = "level_unknown",
        /// The tags only hint at the service.
        Weak = "weak",
    }
}

/// One service of a facility.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Offer {
    /// The service.
    pub service: ServiceKey,
    /// How sure it is.
    pub certainty: Certainty,
    /// Places, seats, beds or visits, in the service's capacity unit; `None` is "not stated".
    pub capacity: Option<f64>,
}

crate::word_enum! {
    /// Who provides a facility.
    Provider, "provider" {
        /// Government.
        Government = "government",
        /// A public institution, such as a public hospital.
        PublicInstitution = "public_institution",
        /// A social organisation or charity.
        SocialOrganisation = "social_organisation",
        /// An enterprise.
        Enterprise = "enterprise",
        /// A community body.
        Community = "community",
        /// Volunteers.
        Volunteers = "volunteers",
    }
}

crate::word_enum! {
    /// How a facility is run.
    OperatingMode, "operating mode" {
        /// Publicly built and publicly run.
        PublicBuiltPublicRun = "public_built_public_run",
        /// Publicly built and privately run.
        PublicBuiltPrivateRun = "public_built_private_run",
        /// Privately built with public aid.
        PrivateWithPublicAid = "private_with_public_aid",
        /// Privately built and privately run.
        Private = "private",
        /// Run by others for a fee that government pays (purchase of services).
        PurchasedService = "purchased_service",
        /// Entrusted to a stronger institution (policy #120).
        Entrusted = "entrusted",
        /// Supported by a partner institution elsewhere (policy #120).
        PairedSupport = "paired_support",
    }
}

crate::word_enum! {
    /// The state of a facility.
    FacilityState, "facility state" {
        /// In a plan.
        Planned = "planned",
        /// Under construction.
        Building = "building",
        /// In use.
        Open = "open",
        /// Not in use for a time.
        Suspended = "suspended",
        /// Given up.
        Closed = "closed",
    }
}

/// A state and the days on which it holds, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Status {
    /// The state.
    pub state: FacilityState,
    /// First day; `None` is "always was".
    pub from: Option<Date>,
    /// Last day; `None` is "until further notice".
    pub until: Option<Date>,
}

impl Status {
    /// In use, from always until further notice.
    pub const OPEN: Self = Self { state: FacilityState::Open, from: None, until: None };

    /// Whether the facility can be used on `day`: open, and within the stated days.
    #[must_use]
    pub fn is_open_on(&self, day: Date) -> bool {
        self.state == FacilityState::Open
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }
}

/// A site that offers services.
///
/// The five hardware elements of a facility (policy #315) are its site (the areas), its functions, its staff, the
/// people it serves and its yearly cost.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Facility {
    /// Public id, unique in the set, such as `node/123` or a register number.
    pub id: String,
    /// Name, where it has one.
    pub name: Option<String>,
    /// A position inside the site.
    pub position: LonLat,
    /// Its coordinates in the source, where they are not degrees on WGS 84.
    pub given: Option<GivenPosition>,
    /// Ways in; empty means that the position serves as the entrance.
    pub entrances: Vec<LonLat>,
    /// What it offers; at most one offer per service.
    pub offers: Vec<Offer>,
    /// Opening hours in the notation of OpenStreetMap.
    pub hours: Option<String>,
    /// Price per use in the study's currency.
    pub price: Option<f64>,
    /// Who provides it.
    pub provider: Option<Provider>,
    /// How it is run.
    pub operating_mode: Option<OperatingMode>,
    /// Who runs it, by name: sites of one operator are a chain.
    pub operator: Option<String>,
    /// Id of the main institution of which this is a branch.
    pub parent: Option<String>,
    /// State and dates.
    pub status: Status,
    /// Floor area in square metres.
    pub floor_area_m2: Option<f64>,
    /// Area of the site in square metres.
    pub site_area_m2: Option<f64>,
    /// What it is equipped for, in the source's words, such as `day_care` or `sports_hall`; empty is "not stated".
    pub functions: Vec<String>,
    /// People who work there, in full-time equivalents.
    pub staff: Option<f64>,
    /// People served in a year.
    pub users: Option<f64>,
    /// What it costs to run in a year, in the study's currency.
    pub yearly_cost: Option<f64>,
    /// Where the record comes from: the name of the input.
    pub source: String,
}

impl Facility {
    /// A facility with an id, a position and a source; everything else unknown, open, without offers.
    #[must_use]
    pub fn new(id: impl Into<String>, position: LonLat, source: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
            position,
            given: None,
            entrances: vec![],
            offers: vec![],
            hours: None,
            price: None,
            provider: None,
            operating_mode: None,
            operator: None,
            parent: None,
            status: Status::OPEN,
            floor_area_m2: None,
            site_area_m2: None,
            functions: vec![],
            staff: None,
            users: None,
            yearly_cost: None,
            source: source.into(),
        }
    }

    /// The offer of `service`, if there is one.
    #[must_use]
    pub fn offer(&self, service: &ServiceKey) -> Option<&Offer> {
        self.offers.iter().find(|offer| &offer.service == service)
    }

    /// The points at which a visitor arrives: the entrances, or the position when none is known.
    #[must_use]
    pub fn arrivals(&self) -> &[LonLat] {
        if self.entrances.is_empty() { core::slice::from_ref(&self.position) } else { &self.entrances }
    }
}

/// Facilities in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacilitySet {
    facilities: Vec<Facility>,
}

impl FacilitySet {
    /// Puts facilities into canonical order: by id, their offers by service, their entrances west to east, their
    /// functions by name.
    ///
    /// # Errors
    /// [`InvalidSet`] when an id appears twice, a facility offers one service twice, or there are more than
    /// 2^32 - 2 facilities.
    pub fn new(mut facilities: Vec<Facility>) -> Result<Self, InvalidSet> {
        crate::set::check_size("the set of facilities", facilities.len())?;
        facilities.sort_by(|a, b| a.id.cmp(&b.id));
        crate::set::check_unique("facility", facilities.iter().map(|f| f.id.as_str()))?;
        for facility in &mut facilities {
            facility.offers.sort_by(|a, b| a.service.cmp(&b.service));
            crate::set::check_unique(
                "the offer of a facility for",
                facility.offers.iter().map(|o| o.service.as_str()),
            )?;
            facility
                .entrances
                .sort_by(|a, b| a.lon().total_cmp(&b.lon()).then_with(|| a.lat().total_cmp(&b.lat())));
            facility.entrances.dedup();
            facility.functions.sort_unstable();
            facility.functions.dedup();
        }
        Ok(Self { facilities })
    }

    /// Number of facilities.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facilities.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facilities.is_empty()
    }

    /// The facilities, by id.
    #[must_use]
    pub fn as_slice(&self) -> &[Facility] {
        &self.facilities
    }

    /// The facility with an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<FacilityIx> {
        self.facilities.binary_search_by(|facility| facility.id.as_str().cmp(id)).ok().map(FacilityIx::new)
    }

    /// Facilities with their indices.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FacilityIx, &Facility)> {
        self.facilities.iter().enumerate().map(|(row, facility)| (FacilityIx::new(row), facility))
    }

    /// The services that some facility offers, by key.
    #[must_use]
    pub fn services(&self) -> BTreeSet<&ServiceKey> {
        self.facilities.iter().flat_map(|facility| &facility.offers).map(|offer| &offer.service).collect()
    }

    /// The facilities themselves, for another set.
    #[must_use]
    pub fn into_vec(self) -> Vec<Facility> {
        self.facilities
    }
}

impl core::ops::Index<FacilityIx> for FacilitySet {
    type Output = Facility;
    fn index(&self, index: FacilityIx) -> &Facility {
        &self.facilities[index.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_serves_only_while_it_is_open() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let status = Status {
            state: FacilityState::Open,
            from: Some(day("2024-01-01")),
            until: Some(day("2024-12-31")),
        };
        assert!(status.is_open_on(day("2024-01-01")) && status.is_open_on(day("2024-12-31")));
        assert!(!status.is_open_on(day("2023-12-31")) && !status.is_open_on(day("2025-01-01")));
        assert!(!Status { state: FacilityState::Planned, ..Status::OPEN }.is_open_on(day("2024-06-01")));
    }

    #[test]
    fn keys_are_plain() {
        assert!("primary_school".parse::<ServiceKey>().is_ok());
        for bad in ["", "Primary", "1st", "a-b", "学校"] {
            assert!(bad.parse::<ServiceKey>().is_err(), "{bad}");
        }
    }
}
