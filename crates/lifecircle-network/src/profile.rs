//! Who walks how: a pace, the ages it belongs to, and the streets it may use.
//!
//! A profile reads the tags of a street and says yes or no; it never changes the network. One-way rules bind vehicles
//! and are of no concern here. What slopes and crossings cost is said by rules ([`Slope`], [`Crossings`]) that the costs
//! apply.

use lifecircle_types::{AgeBand, Millimetres, Speed, Tags, TravelTime};

use crate::walk_rules::{Crossings, GradeLimits, Slope, Winter};
use crate::wheels::Wheels;

lifecircle_types::word_enum! {
    /// Whether strangers may pass private streets and private gates.
    PrivateStreets, "use of private streets" {
        /// Only those who live or arrive there use them.
        Closed = "closed",
        /// Everybody passes: the gates are opened.
        Open = "open",
    }
}

lifecircle_types::word_enum! {
    /// Whether a walker can take stairs.
    Stairs, "use of stairs" {
        /// Stairs are streets like others.
        Allowed = "allowed",
        /// Stairs cannot be passed.
        Impassable = "impassable",
    }
}

/// How a group of people walks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WalkProfile {
    /// Key in files and messages, such as `standard`.
    pub key: String,
    /// Pace.
    pub speed: Speed,
    /// Ages that walk like this; `None` is everyone.
    pub ages: Option<AgeBand>,
    /// Whether stairs can be taken.
    pub stairs: Stairs,
    /// Time that stairs take, in per cent of the time for their length on the level; 100 unless set.
    pub stairs_percent: u16,
    /// Whether private streets and gates can be passed.
    pub private_streets: PrivateStreets,
    /// What slopes do; nothing unless set.
    pub slope: Slope,
    /// Waiting at crossings; none unless set.
    pub crossings: Crossings,
    /// What bars wheels, for those who come on them.
    pub wheels: Option<Wheels>,
    /// What winter does, when it is winter.
    pub winter: Option<Winter>,
}

impl WalkProfile {
    /// A walker of any age who takes stairs.
    ///
    /// ```
    /// # use lifecircle_network::WalkProfile;
    /// # use lifecircle_types::Speed;
    /// let courier = WalkProfile::new("courier", Speed::try_from_metres_per_second(1.6)?);
    /// assert!(courier.ages.is_none());
    /// # Ok::<(), lifecircle_types::InvalidQuantity>(())
    /// ```
    pub fn new(key: impl Into<String>, speed: Speed) -> Self {
        Self {
            key: key.into(),
            speed,
            ages: None,
            stairs: Stairs::Allowed,
            stairs_percent: 100,
            private_streets: PrivateStreets::Closed,
            slope: Slope::Ignored,
            crossings: Crossings::NONE,
            wheels: None,
            winter: None,
        }
    }

    /// The standard walker: 1000 m in 15 minutes to the millisecond, all ages, stairs allowed.
    ///
    /// ```
    /// # use lifecircle_network::WalkProfile;
    /// # use lifecircle_types::{Millimetres, TravelTime};
    /// let speed = WalkProfile::standard().speed;
    /// assert_eq!(speed.time_for(Millimetres::from_metres(1000)), TravelTime::from_minutes(15));
    /// ```
    #[must_use]
    pub fn standard() -> Self {
        Self::new("standard", pace(1_000_000, 900_000))
    }

    /// Everybody at their own pace, youngest first; stairs allowed. Bands overlap, so that a census of coarse
    /// bands finds a walker too: a group takes the narrowest band around it.
    ///
    /// | Key | Ages | m/s | Source |
    /// |---|---|---|---|
    /// | `child_0_14` | 0-14, with an adult | 1.00 | planning value, unconfirmed |
    /// | `adult_15_64` | 15-64 | 1.20 | planning value, unconfirmed |
    /// | `older_65_plus` | 65 and over | 0.76 | the mean of the trial below |
    /// | `older_65_74` | 65-74 | 0.80 | measured in a randomised trial of 768 older people, Bath |
    /// | `older_75_84` | 75-84 | 0.75 | the same trial |
    /// | `older_85_plus` | 85 and over | 0.71 | the same trial |
    #[must_use]
    pub fn by_age() -> Vec<Self> {
        [
            ("child_0_14", 0, Some(14), 1000),
            ("adult_15_64", 15, Some(64), 1200),
            ("older_65_plus", 65, None, 760),
            ("older_65_74", 65, Some(74), 800),
            ("older_75_84", 75, Some(84), 750),
            ("older_85_plus", 85, None, 710),
        ]
        .map(|(key, from, to, mm_per_second)| Self {
            ages: Some(AgeBand { from, to }),
            ..Self::new(key, pace(mm_per_second, 1000))
        })
        .into()
    }

    /// A wheelchair user: stairs are impassable, and so is what bars wheels ([`Wheels`]) or is steeper than a ramp
    /// ([`GradeLimits::RAMP`](crate::GradeLimits::RAMP)). The pace is the standard walker's, an assumption, so that the
    /// difference between the two is the effect of the streets alone.
    #[must_use]
    pub fn wheelchair() -> Self {
        Self {
            key: "wheelchair".into(),
            stairs: Stairs::Impassable,
            slope: Slope::Bounded(GradeLimits::RAMP),
            wheels: Some(Wheels::default()),
            ..Self::standard()
        }
    }

    /// Sets what slopes do.
    #[must_use]
    pub const fn slope(mut self, slope: Slope) -> Self {
        self.slope = slope;
        self
    }

    /// Sets the waiting at crossings.
    #[must_use]
    pub const fn crossings(mut self, crossings: Crossings) -> Self {
        self.crossings = crossings;
        self
    }

    /// Sets what winter does.
    #[must_use]
    pub const fn winter(mut self, winter: Winter) -> Self {
        self.winter = Some(winter);
        self
    }

    /// Whether this walker's costs are another's but for the pace: the same streets and slopes, and no waiting. One
    /// search over [`WalkCosts::level_lengths`](crate::WalkCosts::level_lengths) serves both.
    #[must_use]
    pub fn is_proportional_to(&self, other: &Self) -> bool {
        let paceless =
            |walker: &Self| Self { key: String::new(), speed: other.speed, ages: None, ..walker.clone() };
        self.crossings == Crossings::NONE && paceless(self) == paceless(other)
    }

    /// The same walker with all gates opened: private streets are streets like others.
    #[must_use]
    pub fn with_gates_open(mut self) -> Self {
        self.private_streets = PrivateStreets::Open;
        self
    }

    /// Whether this walker may use a street with `tags`.
    ///
    /// A street is closed when
    /// * it is no street in use ([`is_street`]) or of a class built for vehicles alone (motorways, bus ways,
    ///   race tracks, escape lanes);
    /// * `foot` is `no`, `private` or `use_sidepath`;
    /// * `access` is `no` or `private` and `foot` does not open it; where gates are open, `private` closes nothing;
    /// * it is a trunk road, `foot` does not open it, no sidewalk is tagged, and it is a `motorroad`, or its
    ///   `maxspeed` is not known to be 70 km/h (45 mph) or less: a slower trunk road is a street of a town;
    /// * it is a flight of stairs, stairs are impassable, and it has no ramp for wheels that come;
    /// * it bars wheels ([`Wheels`]), or winter closes it ([`Winter`]).
    ///
    /// The values of `foot` that open a street are `yes`, `designated`, `permissive`, `official`,
    /// `destination` and `customers`.
    ///
    /// ```
    /// # use lifecircle_network::WalkProfile;
    /// # use lifecircle_types::Tags;
    /// let steps = Tags::new([("highway", "steps")]);
    /// assert!(WalkProfile::standard().permits(&steps));
    /// assert!(!WalkProfile::wheelchair().permits(&steps));
    /// ```
    #[must_use]
    pub fn permits(&self, tags: &Tags) -> bool {
        let Some(class) = street_class(tags) else {
            return false;
        };
        let foot = tags.get("foot").unwrap_or_default();
        if VEHICLES_ONLY.contains(&class)
            || matches!(foot, "no" | "use_sidepath")
            || foot == "private" && !self.opens_private()
        {
            return false;
        }
        let ramp = self.wheels.is_some() && tags.has("ramp:wheelchair", "yes");
        if class == "steps" && self.stairs == Stairs::Impassable && !ramp
            || self.wheels.is_some_and(|wheels| wheels.closed_by(tags).next().is_some())
            || self.winter.is_some() && Winter::closes(tags)
        {
            return false;
        }
        let opened = FOOT_OPENS.contains(&foot);
        let barred = match tags.get("access") {
            Some("no") => true,
            Some("private") => !self.opens_private(),
            _ => false,
        };
        let trunk = matches!(class, "trunk" | "trunk_link");
        opened || !barred && (!trunk || has_sidewalk(tags) || is_slow(tags))
    }

    fn opens_private(&self) -> bool {
        self.private_streets == PrivateStreets::Open
    }
}

/// Whether a node with these tags is a gate that strangers may not pass: `foot` is `no` or `private`; or it is a
/// gate for people (`barrier` = `gate`, `swing_gate`, `sliding_gate`, `wicket_gate`, `kissing_gate`, `turnstile`,
/// `full-height_turnstile`, `door` or `entrance`) that is `locked`, or whose `access` is `no` or `private`, and
/// `foot` does not open it. Bollards and lift gates hold up vehicles.
pub(crate) fn is_private_gate(tags: &Tags) -> bool {
    const FOR_PEOPLE: [&str; 9] = [
        "gate",
        "swing_gate",
        "sliding_gate",
        "wicket_gate",
        "kissing_gate",
        "turnstile",
        "full-height_turnstile",
        "door",
        "entrance",
    ];
    let Some(kind) = tags.get("barrier") else { return false };
    match tags.get("foot") {
        Some("no" | "private") => true,
        Some(foot) if FOOT_OPENS.contains(&foot) => false,
        _ => {
            let shut = tags.has("locked", "yes") || matches!(tags.get("access"), Some("no" | "private"));
            shut && FOR_PEOPLE.contains(&kind)
        }
    }
}

/// Whether nothing drives faster than 70 km/h here, as far as the tags tell.
fn is_slow(tags: &Tags) -> bool {
    let Some(limit) = tags.get("maxspeed") else { return false };
    let (number, factor) = limit.strip_suffix("mph").map_or((limit, 1000), |miles| (miles, 1609));
    let slow = number.trim().parse::<u32>().is_ok_and(|number| number.saturating_mul(factor) <= 45 * 1609);
    slow && !tags.has("motorroad", "yes")
}

/// Classes on which nobody walks, whatever the other tags say.
const VEHICLES_ONLY: [&str; 7] =
    ["motorway", "motorway_link", "raceway", "bus_guideway", "busway", "escape", "emergency_bay"];

/// Values of `highway` that mean something other than a street in use.
const NO_STREET: [&str; 12] = [
    "abandoned",
    "construction",
    "disused",
    "elevator",
    "no",
    "planned",
    "platform_edge",
    "proposed",
    "razed",
    "rest_area",
    "services",
    "street_lamp",
];

const FOOT_OPENS: [&str; 6] = ["yes", "designated", "permissive", "official", "destination", "customers"];

fn has_sidewalk(tags: &Tags) -> bool {
    ["sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both"]
        .iter()
        .any(|key| matches!(tags.get(key), Some("yes" | "both" | "left" | "right" | "separate")))
}

fn street_class(tags: &Tags) -> Option<&str> {
    tags.get("highway").filter(|class| !NO_STREET.contains(class))
}

/// Whether a way with `tags` is a street in use: it has a `highway` that is neither planned, under
/// construction, given up nor something other than a street. Who may walk on it is another question.
///
/// ```
/// # use lifecircle_network::is_street;
/// # use lifecircle_types::Tags;
/// assert!(is_street(&Tags::new([("highway", "motorway")])));
/// assert!(!is_street(&Tags::new([("highway", "proposed")])));
/// assert!(!is_street(&Tags::new([("railway", "rail")])));
/// ```
#[must_use]
pub fn is_street(tags: &Tags) -> bool {
    street_class(tags).is_some()
}

fn pace(millimetres: u32, millis: u32) -> Speed {
    Speed::covering(Millimetres::new(millimetres), TravelTime::from_millis(millis))
        .expect("the paces above are not zero")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_walk_where() {
        let check = |tags: &[(&str, &str)], expected: bool| {
            let tags = Tags::new(tags.iter().copied());
            assert_eq!(WalkProfile::standard().permits(&tags), expected, "{tags:?}");
        };
        check(&[("highway", "residential")], true);
        check(&[("highway", "motorway"), ("foot", "yes")], false);
        check(&[("highway", "construction"), ("foot", "yes")], false);
        check(&[("railway", "rail")], false);
        check(&[("highway", "trunk")], false);
        check(&[("highway", "trunk"), ("sidewalk", "no")], false);
        check(&[("highway", "trunk"), ("sidewalk", "right")], true);
        check(&[("highway", "trunk_link"), ("sidewalk:left", "separate")], true);
        check(&[("highway", "trunk"), ("foot", "designated")], true);
        check(&[("highway", "trunk"), ("maxspeed", "30 mph")], true);
        check(&[("highway", "trunk"), ("maxspeed", "70")], true);
        check(&[("highway", "trunk"), ("maxspeed", "50 mph")], false);
        check(&[("highway", "trunk"), ("maxspeed", "none")], false);
        check(&[("highway", "trunk"), ("maxspeed", "50"), ("motorroad", "yes")], false);
        check(&[("highway", "trunk"), ("sidewalk", "both"), ("access", "no")], false);
        check(&[("highway", "service"), ("access", "private")], false);
        check(&[("highway", "service"), ("access", "private"), ("foot", "yes")], true);
        check(&[("highway", "service"), ("access", "customers")], true);
        check(&[("highway", "primary"), ("foot", "use_sidepath")], false);
        check(&[("highway", "cycleway"), ("foot", "private")], false);
    }

    #[test]
    fn every_age_has_a_walker_and_the_old_walk_slower() {
        let profiles = WalkProfile::by_age();
        let band = |profile: &WalkProfile| profile.ages.map(|ages| (ages.from, ages.to.unwrap_or(u8::MAX)));
        for age in 0..=u8::MAX {
            let walkers =
                profiles.iter().filter_map(band).filter(|(from, to)| (*from..=*to).contains(&age)).count();
            // the old have a walker of their band and one of all who are 65 and over
            assert_eq!(walkers, if age < 65 { 1 } else { 2 }, "{age}");
        }
        let paces: Vec<_> = profiles.iter().map(|profile| profile.speed.to_string()).collect();
        assert_eq!(paces, ["1.00 m/s", "1.20 m/s", "0.76 m/s", "0.80 m/s", "0.75 m/s", "0.71 m/s"]);
    }
}
