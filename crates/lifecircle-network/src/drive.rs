//! How long a car takes, well enough for circles of 30 to 45 minutes: ways, directions, speeds, a stated peak.
//!
//! A street takes its length over its speed, times the peak factor, and half of the delay of a signal at each end that
//! has one. The speed is 80 % of the limit that the map states, else that of its class; see [`DriveProfile::speed`].
//!
//! What is not modelled: turn restrictions, turns themselves and lanes; a car may turn round at every junction; streets
//! open to residents alone count as open; bans by hour or weight are not read. A road between two bollards is lost with
//! the segment on which a bollard stands. [`DriveProfile::costs`] gives costs like those of a walker, so every search of
//! this crate answers; they differ by direction, and [`WalkCosts::reversed`] asks for the trip from a station to a home.

use lifecircle_types::{CostUnit, Millimetres, Speed, Tags, TravelTime};

use crate::costs::WalkCosts;
use crate::ids::{ArcIx, NodeIx};
use crate::network::StreetNetwork;
use crate::profile::{PrivateStreets, WalkProfile, is_street};

/// How cars drive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DriveProfile {
    /// Key in files and messages.
    pub key: String,
    /// Time at the hour that is meant, in per cent of that on empty streets; more than zero.
    pub peak_percent: u16,
    /// Mean delay at a signal; 10 s unless set, a planning value.
    pub signal: TravelTime,
    /// Pace from a door to the street and back; the standard walker's unless set.
    pub leg: Speed,
    /// Whether private streets can be used.
    pub private_streets: PrivateStreets,
}

/// The directions in which a way may be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directions {
    /// In the direction of the way.
    pub along: bool,
    /// Against it.
    pub against: bool,
}

impl Directions {
    const NONE: Self = Self { along: false, against: false };
    const BOTH: Self = Self { along: true, against: true };
}

impl DriveProfile {
    /// A car at an hour at which a trip takes `peak_percent` of the time on empty streets; 0 counts as 1.
    ///
    /// ```
    /// # use lifecircle_network::DriveProfile;
    /// let rush_hour = DriveProfile::new(150);
    /// assert_eq!(rush_hour.peak_percent, 150);
    /// ```
    #[must_use]
    pub fn new(peak_percent: u16) -> Self {
        Self {
            key: "car".into(),
            peak_percent: peak_percent.max(1),
            signal: TravelTime::from_secs(10),
            leg: WalkProfile::standard().speed,
            private_streets: PrivateStreets::Closed,
        }
    }

    /// The directions in which a way with `tags` may be driven.
    ///
    /// * Streets for cars are `motorway`, `trunk`, `primary`, `secondary`, `tertiary` with their links, `unclassified`,
    ///   `residential`, `living_street`, `service` and `road`. Tracks, pedestrian streets, paths, foot and cycle ways
    ///   are only where `motorcar`, `motor_vehicle` or `vehicle` opens them (`yes`, `designated`, `permissive`, `official`).
    /// * The most special of `motorcar`, `motor_vehicle`, `vehicle` and `access` that is tagged rules: `no`, `private`,
    ///   `agricultural`, `forestry`, `emergency`, `military` and `delivery` close; `private` does not where gates are open.
    /// * `oneway` (before it `oneway:motor_vehicle`) = `yes`, `true`, `1` is along the way, `-1`, `reverse` against it;
    ///   `reversible` is closed, as its hours are not known. A roundabout (`junction` = `roundabout`, `circular`) and a
    ///   motorway are along the way unless `oneway=no`.
    ///
    /// ```
    /// # use lifecircle_network::{Directions, DriveProfile};
    /// # use lifecircle_types::Tags;
    /// let car = DriveProfile::new(100);
    /// let against = car.directions(&Tags::new([("highway", "primary"), ("oneway", "-1")]));
    /// assert_eq!(against, Directions { along: false, against: true });
    /// ```
    #[must_use]
    pub fn directions(&self, tags: &Tags) -> Directions {
        const OPENS: [&str; 4] = ["yes", "designated", "permissive", "official"];
        const CLOSES: [&str; 6] = ["no", "agricultural", "forestry", "emergency", "military", "delivery"];
        let class = tags.get("highway").unwrap_or_default();
        let special = ["motorcar", "motor_vehicle", "vehicle"].into_iter().find_map(|key| tags.get(key));
        let rule = special.or(tags.get("access"));
        let closed = rule.is_some_and(|rule| CLOSES.contains(&rule))
            || rule == Some("private") && self.private_streets == PrivateStreets::Closed;
        let for_cars = class_speed(class).is_some();
        let opened = MAY_OPEN.contains(&class) && special.is_some_and(|rule| OPENS.contains(&rule));
        if !is_street(tags) || closed || !(for_cars || opened) {
            return Directions::NONE;
        }
        match tags.get("oneway:motor_vehicle").or(tags.get("oneway")) {
            Some("yes" | "true" | "1") => Directions { along: true, against: false },
            Some("-1" | "reverse") => Directions { along: false, against: true },
            Some("reversible") => Directions::NONE,
            None if class == "motorway"
                || matches!(tags.get("junction"), Some("roundabout" | "circular")) =>
            {
                Directions { along: true, against: false }
            }
            _ => Directions::BOTH,
        }
    }

    /// The speed on empty streets, in metres an hour, in the direction of the way or against it.
    ///
    /// It is 80 % of the limit that `maxspeed:forward` or `maxspeed:backward`, `maxspeed`, or a zone (`maxspeed:type`,
    /// `source:maxspeed`, `zone:maxspeed`) states: kilometres or miles (`30 mph`) an hour, `walk` (7 km/h), or the usual
    /// limit of a kind of place, such as `DE:urban` (50 km/h), `rural` (80), `trunk` (100), `motorway` (120),
    /// `living_street` (10), `zone30` (30), `nsl_single` and `nsl_dual` (60 and 70 mph). Without one, and for `none` and
    /// `signals`, it is that of the class: those of the car profile of OSRM, in km/h:
    ///
    /// | motorway | trunk | primary | secondary | tertiary | unclassified, residential, road | service | living street | others |
    /// |---|---|---|---|---|---|---|---|---|
    /// | 90, link 45 | 85, link 40 | 65, link 30 | 55, link 25 | 40, link 20 | 25 | 15 | 10 | 10 |
    ///
    /// ```
    /// # use lifecircle_network::DriveProfile;
    /// # use lifecircle_types::Tags;
    /// let street = Tags::new([("highway", "primary"), ("maxspeed", "50"), ("maxspeed:backward", "30 mph")]);
    /// assert_eq!(DriveProfile::speed(&street, true), 40_000);
    /// assert_eq!(DriveProfile::speed(&street, false), 38_624); // 80 % of 48.28 km/h
    /// ```
    #[must_use]
    pub fn speed(tags: &Tags, along: bool) -> u32 {
        let directed = if along { "maxspeed:forward" } else { "maxspeed:backward" };
        let keys = [directed, "maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed"];
        let limit = keys.into_iter().find_map(|key| limit(tags.get(key)?));
        let class = class_speed(tags.get("highway").unwrap_or_default()).unwrap_or(10) * 1000;
        limit.map_or(class, |limit| limit / 10 * 8 + limit % 10 * 8 / 10)
    }

    /// Costs in milliseconds, by direction.
    ///
    /// A segment is closed by a bollard or another block for cars inside it, or at an end where no third street meets.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, DriveProfile, NetworkBuilder};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let costs = DriveProfile::new(150).costs(&network); // residential streets of 100 m
    /// let arc = network.arcs().next().unwrap();
    /// assert_eq!(costs.cost(arc).unwrap().raw(), 21_600); // 14.4 s at 25 km/h, and half as much again
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    #[must_use]
    pub fn costs(&self, network: &StreetNetwork) -> WalkCosts {
        let ways: Vec<(Directions, [u32; 2])> = network
            .ways
            .iter()
            .map(|way| (self.directions(&way.tags), [true, false].map(|along| Self::speed(&way.tags, along))))
            .collect();
        let blocked = blocked(network);
        let delays = self.delays(network);
        let walker = WalkProfile::new(self.key.clone(), self.leg);
        WalkCosts::custom(network, &walker, CostUnit::Time, |arc| {
            let segment = network.segment_of(arc);
            let (directions, [along, against]) = ways[network.way_of[segment] as usize];
            let (open, speed) = if network.is_against(arc) {
                (directions.against, against)
            } else {
                (directions.along, along)
            };
            let time = self.time(network.length(arc), speed);
            (open && !blocked[segment]).then(|| (time + TravelTime::from_millis(delays[segment])).as_millis())
        })
    }

    /// `length` at `speed` metres an hour, at the peak; to the nearest millisecond, and saturates.
    fn time(&self, length: Millimetres, speed: u32) -> TravelTime {
        // mm / (m/h) = 3600 ms
        let product = u64::from(length.get()) * 3600 * u64::from(self.peak_percent);
        let divisor = u64::from(speed.max(1)) * 100;
        TravelTime::from_millis(u32::try_from((product + divisor / 2) / divisor).unwrap_or(u32::MAX))
    }

    /// Milliseconds that signals take on every segment: half at an end, whole inside.
    fn delays(&self, network: &StreetNetwork) -> Vec<u32> {
        let mut delays = vec![0_u32; network.segment_count()];
        let signal = self.signal.as_millis();
        let mut add = |segment: usize, more: u32| delays[segment] = delays[segment].saturating_add(more);
        for (segment, _, tags) in &network.inner_tags {
            if tags.has("highway", "traffic_signals") {
                add(*segment as usize, signal);
            }
        }
        for (node, tags) in &network.node_tags {
            if tags.has("highway", "traffic_signals") {
                for arc in network.out_arcs(NodeIx(*node)) {
                    add(network.segment_of(arc), signal.div_ceil(2));
                }
            }
        }
        delays
    }
}

/// Classes that a tag may open to cars.
const MAY_OPEN: [&str; 6] = ["track", "pedestrian", "path", "footway", "cycleway", "bridleway"];

/// Kilometres an hour on a street of a class for cars.
fn class_speed(class: &str) -> Option<u32> {
    Some(match class {
        "motorway" => 90,
        "motorway_link" => 45,
        "trunk" => 85,
        "trunk_link" => 40,
        "primary" => 65,
        "primary_link" => 30,
        "secondary" => 55,
        "secondary_link" | "unclassified" | "residential" | "road" => 25,
        "tertiary" => 40,
        "tertiary_link" => 20,
        "service" => 15,
        "living_street" => 10,
        _ => return None,
    })
}

/// A stated limit in metres an hour; `None` for words that state none. Limits beyond 1 to 200 km/h are slips.
fn limit(text: &str) -> Option<u32> {
    const MILE: u32 = 1609;
    let kilometres = |number: u32| number.checked_mul(1000);
    let metres = if let Some(miles) = text.strip_suffix("mph") {
        // 1609.344 m, to the metre
        let miles: u32 = miles.trim().parse().ok().filter(|miles| *miles < 1000)?;
        miles * MILE + (miles * 344 + 500) / 1000
    } else if let Ok(number) = text.trim_end_matches("km/h").trim().parse::<u32>() {
        kilometres(number)?
    } else {
        let place = text.rsplit_once(':').map_or(text, |(_, place)| place);
        match place {
            "walk" => 7_000,
            "urban" => 50_000,
            "rural" => 80_000,
            "trunk" => 100_000,
            "motorway" => 120_000,
            "living_street" => 10_000,
            "nsl_single" => 60 * MILE + 21,
            "nsl_dual" => 70 * MILE + 24,
            _ => kilometres(place.trim_start_matches("zone").parse().ok()?)?,
        }
    };
    (1_000..=200_000).contains(&metres).then_some(metres)
}

/// Whether a point with these tags stops cars.
fn is_block(tags: &Tags) -> bool {
    const BLOCKS: [&str; 12] = [
        "bollard",
        "block",
        "jersey_barrier",
        "cycle_barrier",
        "motorcycle_barrier",
        "kissing_gate",
        "stile",
        "turnstile",
        "full-height_turnstile",
        "log",
        "debris",
        "planter",
    ];
    const OPENS: [&str; 4] = ["yes", "designated", "permissive", "destination"];
    let Some(kind) = tags.get("barrier") else { return false };
    let special = ["motorcar", "motor_vehicle", "vehicle"].into_iter().find_map(|key| tags.get(key));
    match special.or(tags.get("access")) {
        Some(rule) if OPENS.contains(&rule) => false,
        Some("no" | "private") => true,
        _ => BLOCKS.contains(&kind) || tags.has("locked", "yes"),
    }
}

/// The segments that a block closes.
fn blocked(network: &StreetNetwork) -> Vec<bool> {
    let mut blocked = vec![false; network.segment_count()];
    for (segment, _, tags) in &network.inner_tags {
        blocked[*segment as usize] |= is_block(tags);
    }
    for (node, tags) in &network.node_tags {
        let arcs = || network.out_arcs(NodeIx(*node));
        if is_block(tags) && arcs().len() <= 2 {
            arcs().for_each(|arc: ArcIx| blocked[network.segment_of(arc)] = true);
        }
    }
    blocked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[(&str, &str)]) -> Tags {
        Tags::new(tags.iter().copied())
    }

    #[test]
    fn who_may_drive_where() {
        let check = |given: &[(&str, &str)], along: bool, against: bool| {
            let found = DriveProfile::new(100).directions(&tags(given));
            assert_eq!(found, Directions { along, against }, "{given:?}");
        };
        check(&[("highway", "residential")], true, true);
        check(&[("highway", "motorway")], true, false);
        check(&[("highway", "motorway"), ("oneway", "no")], true, true);
        check(&[("highway", "motorway_link")], true, true);
        check(&[("highway", "primary"), ("oneway", "yes")], true, false);
        check(&[("highway", "primary"), ("oneway", "-1")], false, true);
        check(&[("highway", "primary"), ("oneway", "reversible")], false, false);
        check(&[("highway", "tertiary"), ("junction", "roundabout")], true, false);
        check(&[("highway", "tertiary"), ("oneway", "yes"), ("oneway:motor_vehicle", "no")], true, true);
        check(&[("highway", "footway")], false, false);
        check(&[("highway", "pedestrian"), ("motor_vehicle", "yes")], true, true);
        check(&[("highway", "track")], false, false);
        check(&[("highway", "steps"), ("motor_vehicle", "yes")], false, false);
        check(&[("highway", "construction"), ("motor_vehicle", "yes")], false, false);
        check(&[("highway", "service"), ("access", "private")], false, false);
        check(&[("highway", "service"), ("access", "no"), ("motor_vehicle", "yes")], true, true);
        check(&[("highway", "residential"), ("vehicle", "no"), ("motorcar", "destination")], true, true);
        let mut resident = DriveProfile::new(100);
        resident.private_streets = PrivateStreets::Open;
        assert_eq!(
            resident.directions(&tags(&[("highway", "service"), ("access", "private")])),
            Directions::BOTH
        );
    }

    #[test]
    fn limits_in_every_spelling() {
        for (text, expected) in [
            ("50", Some(50_000)),
            ("50 km/h", Some(50_000)),
            ("30 mph", Some(48_280)),
            ("20mph", Some(32_187)),
            ("walk", Some(7_000)),
            ("none", None),
            ("signals", None),
            ("DE:urban", Some(50_000)),
            ("CN:rural", Some(80_000)),
            ("GB:nsl_dual", Some(112_654)),
            ("DE:zone30", Some(30_000)),
            ("DE:zone:20", Some(20_000)),
            ("FR:30", Some(30_000)),
            ("0", None),
            ("500", None),
            ("99999999999", None),
        ] {
            assert_eq!(limit(text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_stop_cars_unless_they_may_pass() {
        assert!(is_block(&tags(&[("barrier", "bollard")])));
        assert!(is_block(&tags(&[("barrier", "gate"), ("access", "private")])));
        assert!(!is_block(&tags(&[("barrier", "bollard"), ("motor_vehicle", "yes")])));
        assert!(!is_block(&tags(&[("barrier", "lift_gate")])));
        assert!(!is_block(&tags(&[("highway", "crossing")])));
    }
}
