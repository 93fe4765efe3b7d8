//! Which tags matter, and what the values of some of them mean.

use std::collections::BTreeMap;

use lifecircle_types::{BarrierKind, BuildingUse, Provider, TagClassifier, Tags};

use super::OsmOptions;

/// Keys kept on streets, for walking and driving profiles.
pub(super) const STREET_KEYS: [&str; 54] = [
    "access",
    "area",
    "bicycle",
    "bridge",
    "conveying",
    "covered",
    "crossing",
    "cycleway",
    "foot",
    "footway",
    "highway",
    "incline",
    "indoor",
    "informal",
    "junction",
    "lanes",
    "layer",
    "level",
    "lit",
    "maxspeed",
    "maxspeed:backward",
    "maxspeed:forward",
    "maxspeed:type",
    "motor_vehicle",
    "motorcar",
    "motorroad",
    "name",
    "name:en",
    "name:zh",
    "oneway",
    "oneway:foot",
    "oneway:motor_vehicle",
    "railway",
    "ramp",
    "ramp:stroller",
    "ramp:wheelchair",
    "route",
    "seasonal",
    "service",
    "sidewalk",
    "sidewalk:both",
    "sidewalk:left",
    "sidewalk:right",
    "smoothness",
    "source:maxspeed",
    "step_count",
    "surface",
    "tracktype",
    "tunnel",
    "vehicle",
    "wheelchair",
    "width",
    "winter_service",
    "zone:maxspeed",
];

/// Keys kept on the nodes of streets.
pub(super) const NODE_KEYS: [&str; 14] = [
    "access",
    "barrier",
    "button_operated",
    "crossing",
    "crossing:island",
    "crossing:signals",
    "entrance",
    "foot",
    "highway",
    "kerb",
    "locked",
    "tactile_paving",
    "traffic_signals",
    "wheelchair",
];

/// What a key is asked for; several may apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyUse(u16);

impl KeyUse {
    pub(super) const STREET: Self = Self(1);
    pub(super) const PLACE: Self = Self(2);
    pub(super) const BUILDING: Self = Self(4);
    pub(super) const LAND: Self = Self(8);
    pub(super) const BOUNDARY: Self = Self(16);
    /// Kept on streets.
    pub(super) const STREET_TAG: Self = Self(32);
    /// Kept on nodes of streets.
    pub(super) const NODE_TAG: Self = Self(64);
    /// Tells a way in.
    pub(super) const ENTRANCE: Self = Self(128);
    /// May tell a barrier.
    pub(super) const BARRIER: Self = Self(256);

    /// What a relation may be kept for.
    pub(super) const OF_RELATION: Self =
        Self::PLACE.with(Self::BUILDING).with(Self::LAND).with(Self::BOUNDARY).with(Self::BARRIER);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// The uses of every key that matters.
#[derive(Debug)]
pub(super) struct Keys {
    uses: BTreeMap<Vec<u8>, KeyUse>,
    /// Lengths of keys, one bit each, by first byte; the longest share the last bit.
    lengths: [u64; 256],
}

impl Keys {
    pub(super) fn new(classifier: &dyn TagClassifier, o: &OsmOptions) -> Self {
        let mut keys = Self { uses: BTreeMap::new(), lengths: [0; 256] };
        for key in classifier.keys() {
            keys.add(key, KeyUse::PLACE);
        }
        for key in STREET_KEYS {
            keys.add(key, KeyUse::STREET_TAG);
        }
        for key in NODE_KEYS {
            keys.add(key, KeyUse::NODE_TAG);
        }
        for (key, usage, is_asked) in [
            ("highway", KeyUse::STREET, true),
            ("building", KeyUse::BUILDING, o.buildings),
            ("landuse", KeyUse::LAND, o.residential_land),
            ("boundary", KeyUse::BOUNDARY, o.areas),
            ("entrance", KeyUse::ENTRANCE, true),
            ("barrier", KeyUse::ENTRANCE, true),
            ("barrier", KeyUse::BARRIER, o.barriers),
            ("landuse", KeyUse::BARRIER, o.barriers),
            ("natural", KeyUse::BARRIER, o.barriers),
            ("waterway", KeyUse::BARRIER, o.barriers),
            ("railway", KeyUse::BARRIER, o.barriers),
        ] {
            if is_asked {
                keys.add(key, usage);
            }
        }
        keys
    }

    fn add(&mut self, key: &str, usage: KeyUse) {
        let entry = self.uses.entry(key.as_bytes().to_vec()).or_default();
        *entry = entry.with(usage);
        if let Some((first, length)) = shape(key.as_bytes()) {
            self.lengths[first] |= length;
        }
    }

    /// The uses of each string of a block. Most are no key that matters, which their first byte and their length tell.
    pub(super) fn of(&self, strings: &[&[u8]]) -> Vec<KeyUse> {
        let of = |text: &&[u8]| match shape(text) {
            Some((first, length)) if self.lengths[first] & length == 0 => KeyUse::default(),
            _ => self.uses.get(*text).copied().unwrap_or_default(),
        };
        strings.iter().map(of).collect()
    }

    /// Whether anything is asked for that relations tell as well, or change for their ways.
    pub(super) fn of_areas(&self) -> bool {
        self.uses.values().any(|usage| usage.has(KeyUse::OF_RELATION))
    }
}

/// The first byte of a text, and its length as a bit.
fn shape(text: &[u8]) -> Option<(usize, u64)> {
    Some((usize::from(*text.first()?), 1 << text.len().min(63)))
}

/// Whether the tags tell a way in: an entrance that is not closed to visitors, or a gate.
pub(super) fn is_entrance(tags: &Tags) -> bool {
    let entrance = tags.get("entrance").is_some_and(|v| !matches!(v, "no" | "emergency" | "service"));
    entrance || matches!(tags.get("barrier"), Some("gate" | "entrance"))
}

/// The barrier that a line with these tags is, and whether it lies on a bridge, where it bars nobody. Streams and
/// ditches are stepped over; what lies underground is no barrier, nor is a wall on a bridge.
pub(super) fn barrier_kind(tags: &Tags) -> Option<(BarrierKind, bool)> {
    let says = |key: &str| tags.get(key).is_some_and(|value| value != "no");
    if says("tunnel") || tags.has("location", "underground") {
        return None;
    }
    let raised = says("bridge");
    let is = |key: &str, values: &[&str]| tags.get(key).is_some_and(|value| values.contains(&value));
    if (is("waterway", &["river", "canal", "tidal_channel", "dock", "riverbank"])
        || is("natural", &["water", "coastline"])
        || tags.has("landuse", "reservoir"))
        && !tags.has("intermittent", "yes")
    {
        Some((BarrierKind::Water, raised))
    } else if is("railway", &["rail", "light_rail", "narrow_gauge", "subway", "preserved"]) {
        Some((BarrierKind::Railway, raised))
    } else if !raised && is("barrier", &["wall", "fence", "city_wall"]) {
        Some((BarrierKind::Wall, false))
    } else {
        None
    }
}

/// Whether a street with these tags leads visitors in where it meets an outline: it is in use, and open to walkers.
pub(super) fn is_way_in(street: &Tags) -> bool {
    const UNUSED: [&str; 9] = [
        "construction",
        "proposed",
        "planned",
        "abandoned",
        "disused",
        "razed",
        "motorway",
        "motorway_link",
        "raceway",
    ];
    let barred = |key| matches!(street.get(key), Some("no" | "private"));
    let opened = matches!(street.get("foot"), Some("yes" | "designated" | "permissive"));
    !street.get("highway").is_some_and(|class| UNUSED.contains(&class))
        && !barred("foot")
        && (opened || !barred("access"))
}

/// Whether an area is open ground that people enter from any side: a park, a pitch, a playground without a wall.
pub(super) fn is_open_ground(tags: &Tags) -> bool {
    const OPEN: [&str; 7] = ["park", "pitch", "playground", "garden", "track", "fitness_station", "common"];
    tags.get("leisure").is_some_and(|kind| OPEN.contains(&kind))
        && tags.get("building").is_none()
        && !matches!(tags.get("barrier"), Some("wall" | "fence" | "hedge"))
}

/// Whether the tags tell a building that stands.
pub(super) fn is_building(tags: &Tags) -> bool {
    tags.get("building").is_some_and(|value| {
        !matches!(
            value,
            "no" | "ruins"
                | "ruin"
                | "collapsed"
                | "demolished"
                | "destroyed"
                | "razed"
                | "proposed"
                | "construction"
        )
    })
}

pub(super) fn is_residential_land(tags: &Tags) -> bool {
    tags.has("landuse", "residential")
}

/// The level of an administrative boundary.
pub(super) fn admin_level(tags: &Tags) -> Option<u8> {
    if !tags.has("boundary", "administrative") {
        return None;
    }
    tags.get("admin_level")?.trim().parse().ok()
}

/// The use of a building.
pub(super) fn building_use(tags: &Tags) -> BuildingUse {
    match tags.get("building") {
        Some(
            "house" | "residential" | "apartments" | "detached" | "semidetached_house" | "semi" | "terrace"
            | "bungalow" | "dormitory" | "farm" | "static_caravan" | "houseboat" | "cabin" | "villa" | "ger"
            | "tree_house" | "stilt_house" | "trullo",
        ) => BuildingUse::Residential,
        Some("yes") => {
            const OTHER: [&str; 8] =
                ["amenity", "shop", "office", "tourism", "leisure", "craft", "religion", "healthcare"];
            if OTHER.iter().any(|key| tags.get(key).is_some()) {
                BuildingUse::Other
            } else {
                BuildingUse::Unspecified
            }
        }
        _ => BuildingUse::Other,
    }
}

/// Storeys: rounded half up, 1 to 200. `Err` holds a text that is no such number.
pub(super) fn levels(tags: &Tags) -> Result<Option<u16>, &str> {
    let Some(text) = tags.get("building:levels") else {
        return Ok(None);
    };
    let number = text.trim().parse::<f64>().ok().map(|levels| libm::floor(levels + 0.5));
    match number {
        Some(levels) if (1.0..=200.0).contains(&levels) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked above: 1 to 200"
            )]
            let levels = levels as u16;
            Ok(Some(levels))
        }
        _ => Err(text),
    }
}

/// Dwellings: 1 to 10,000. `Err` holds a text that is no such number.
pub(super) fn dwellings(tags: &Tags) -> Result<Option<u32>, &str> {
    let Some(text) = tags.get("building:flats") else {
        return Ok(None);
    };
    match text.trim().parse::<u32>() {
        Ok(dwellings @ 1..=10_000) => Ok(Some(dwellings)),
        _ => Err(text),
    }
}

/// Who provides a place.
pub(super) fn provider(tags: &Tags) -> Option<Provider> {
    match tags.get("operator:type")? {
        "public" | "government" | "council" | "military" => Some(Provider::Government),
        "public_institution" | "university" => Some(Provider::PublicInstitution),
        "ngo" | "charity" | "religious" | "private_non_profit" | "non_profit" | "association" => {
            Some(Provider::SocialOrganisation)
        }
        "private" | "business" | "commercial" | "company" | "cooperative" => Some(Provider::Enterprise),
        "community" => Some(Provider::Community),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storeys_are_rounded_half_up_and_nonsense_is_named() {
        let check = |text: &str, expected: Result<Option<u16>, &str>| {
            assert_eq!(levels(&Tags::new([("building:levels", text)])), expected, "{text}");
        };
        check("3", Ok(Some(3)));
        check(" 2.5 ", Ok(Some(3)));
        check("2.4", Ok(Some(2)));
        check("200", Ok(Some(200)));
        for bad in ["0", "-1", "NaN", "inf", "1e9", "2;3", "two", "201"] {
            check(bad, Err(bad));
        }
        assert_eq!(levels(&Tags::default()), Ok(None));
    }

    #[test]
    fn buildings_say_what_they_are_used_for() {
        let check = |pairs: &[(&str, &str)], expected| {
            assert_eq!(building_use(&Tags::new(pairs.iter().copied())), expected, "{pairs:?}");
        };
        check(&[("building", "house")], BuildingUse::Residential);
        check(&[("building", "yes")], BuildingUse::Unspecified);
        check(&[("building", "yes"), ("shop", "bakery")], BuildingUse::Other);
        check(&[("building", "church")], BuildingUse::Other);
        check(&[("building", "apartments"), ("shop", "bakery")], BuildingUse::Residential);
        assert!(!is_building(&Tags::new([("building", "no")])));
        assert!(!is_building(&Tags::new([("building", "ruins")])));
    }

    #[test]
    fn entrances_for_visitors() {
        let check = |key: &str, value: &str, expected| {
            assert_eq!(is_entrance(&Tags::new([(key, value)])), expected, "{key}={value}");
        };
        check("entrance", "main", true);
        check("entrance", "yes", true);
        check("entrance", "emergency", false);
        check("entrance", "no", false);
        check("barrier", "gate", true);
        check("barrier", "bollard", false);
    }
}
