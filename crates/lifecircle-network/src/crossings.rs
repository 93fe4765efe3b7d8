//! Which ends of which streets wait, and how long.

use lifecircle_types::{Tags, TravelTime};

use crate::ids::ArcIx;
use crate::network::StreetNetwork;
use crate::profile::WalkProfile;
use crate::walk_rules::Crossings;

/// The waits of one walker along every segment, in milliseconds: the same both ways.
#[derive(Clone, Debug)]
pub(crate) struct Waits(Vec<u32>);

impl Waits {
    /// The waits by the rules of [`Crossings`]; `None` when nobody waits anywhere.
    pub(crate) fn new(network: &StreetNetwork, profile: &WalkProfile) -> Option<Self> {
        let rule = profile.crossings;
        if rule == Crossings::NONE {
            return None;
        }
        let kinds: Vec<Kind> = network.ways.iter().map(|way| Kind::of(&way.tags)).collect();
        let kind = |arc: ArcIx| &kinds[network.way_of[network.segment_of(arc)] as usize];
        let mut waits = vec![0_u32; network.segment_count()];
        for &(segment, _, ref tags) in &network.inner_tags {
            let road = kinds[network.way_of[segment as usize] as usize].class;
            if tags.has("highway", "traffic_signals") || road == Class::FOOT && is_signal(tags) {
                add(&mut waits[segment as usize], rule.signal.as_millis());
            }
        }
        for node in network.nodes() {
            let tags = network.node_tags(node);
            let streets = || network.out_arcs(node).map(kind);
            let junction = tags.is_some_and(|tags| tags.has("highway", "traffic_signals"));
            let crossing = tags.is_some_and(is_signal) || streets().any(|street| street.has_signals);
            let barred = tags.is_some_and(|tags| tags.has("crossing", "no"));
            let Some(main) = streets().max_by_key(|street| street.class) else { continue };
            for arc in network.out_arcs(node) {
                let own = kind(arc);
                let wait = if barred {
                    TravelTime::ZERO
                } else if junction || crossing && (own.class < main.class || main.class == Class::FOOT) {
                    rule.signal
                } else if own.class < main.class && main.class > Class::OTHER {
                    rule.wait_at_main_road(profile.speed, main.lanes)
                } else {
                    TravelTime::ZERO
                };
                // a wait of odd milliseconds is one longer
                add(&mut waits[network.segment_of(arc)], wait.as_millis().div_ceil(2));
            }
        }
        Some(Self(waits))
    }

    pub(crate) fn of(&self, segment: usize) -> u32 {
        self.0[segment]
    }
}

fn add(wait: &mut u32, more: u32) {
    *wait = wait.saturating_add(more);
}

fn is_signal(tags: &Tags) -> bool {
    if tags.has("crossing", "no") {
        return false;
    }
    tags.has("highway", "traffic_signals")
        || tags.has("crossing", "traffic_signals")
        || tags.has("crossing:signals", "yes")
}

/// How important a road is: main roads stand above [`Class::OTHER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Class(u8);

impl Class {
    const FOOT: Self = Self(0);
    const OTHER: Self = Self(1);
}

/// What matters of a way.
#[derive(Clone, Copy, Debug)]
struct Kind {
    class: Class,
    lanes: u32,
    /// Whether it is a foot way that crosses a road at signals.
    has_signals: bool,
}

impl Kind {
    fn of(tags: &Tags) -> Self {
        let class = match tags.get("highway").unwrap_or_default() {
            "trunk" | "trunk_link" => Class(4),
            "primary" | "primary_link" => Class(3),
            "secondary" | "secondary_link" => Class(2),
            "footway" | "path" | "steps" | "pedestrian" | "cycleway" | "bridleway" | "corridor" => {
                Class::FOOT
            }
            _ => Class::OTHER,
        };
        let lanes = tags.get("lanes").and_then(|lanes| lanes.parse().ok());
        Self {
            class,
            lanes: lanes.filter(|lanes| (1..=16).contains(lanes)).unwrap_or(2),
            has_signals: class == Class::FOOT && is_signal(tags),
        }
    }
}
