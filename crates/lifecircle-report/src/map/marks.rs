//! Marks: resident places, or squares of them where there are too many to tell apart.

use std::collections::BTreeMap;

use lifecircle_indicators::Inputs;
use lifecircle_types::People;

use super::Plane;

/// Marks of a map at most.
pub(crate) const MOST: usize = 5_000;

/// Sides of squares, in metres.
const SIDES: [f64; 10] = [50.0, 100.0, 200.0, 250.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 50_000.0];

/// Resident places that are drawn as one.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Rows of the places.
    pub(crate) places: Vec<usize>,
    pub(crate) people: People,
}

/// All marks, in the order of their first places.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(crate) marks: Vec<Mark>,
    /// The side of a square in metres; `None` where every mark is a place.
    pub(crate) side_m: Option<f64>,
}

/// Marks of every place that has people and a position.
pub(super) fn marks(inputs: &Inputs<'_>, plane: &Plane) -> Marks {
    let residents = inputs.residents;
    let people = residents.people();
    let lived_in: Vec<(usize, (f64, f64))> = residents
        .positions()
        .iter()
        .enumerate()
        .filter(|(place, _)| people[*place] > People::ZERO)
        .filter_map(|(place, at)| Some((place, plane.at((*at)?))))
        .collect();
    if lived_in.len() <= MOST {
        let one = |&(place, (x, y)): &(usize, (f64, f64))| Mark {
            x,
            y,
            places: vec![place],
            people: people[place],
        };
        return Marks { marks: lived_in.iter().map(one).collect(), side_m: None };
    }
    let mut squares = BTreeMap::new();
    let mut side_m = SIDES[0];
    for side in SIDES {
        side_m = side;
        let units = side / plane.unit_m;
        squares.clear();
        for &(place, (x, y)) in &lived_in {
            let key = ((x / units).floor().to_bits(), (y / units).floor().to_bits());
            squares.entry(key).or_insert_with(Vec::new).push(place);
        }
        if squares.len() <= MOST {
            break;
        }
    }
    let units = side_m / plane.unit_m;
    let middle = |bits: u64| ((f64::from_bits(bits) + 0.5) * units).round();
    let mut marks: Vec<Mark> = squares
        .into_iter()
        .map(|((x, y), places)| Mark {
            x: middle(x),
            y: middle(y),
            people: places.iter().map(|&place| people[place]).sum(),
            places,
        })
        .collect();
    marks.sort_by_key(|mark| mark.places[0]);
    Marks { marks, side_m: Some(side_m) }
}
