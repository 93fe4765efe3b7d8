//! How a reader of maps learns which elements are facilities, without knowing the catalogue.

use crate::facility::Offer;
use crate::street::Tags;

/// What a map element is besides its tags.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shape {
    /// Its area in square metres; `None` for a point.
    pub area_m2: Option<f64>,
}

/// Tells which services a tagged element offers.
pub trait TagClassifier: Sync {
    /// Keys of which an element must carry at least one to be worth a look.
    fn keys(&self) -> Vec<&str>;

    /// The services of an element, empty when it is no facility.
    fn classify(&self, tags: &Tags, shape: Shape) -> Vec<Offer>;
}

/// Takes nothing for a facility: for streets alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacilities;

impl TagClassifier for NoFacilities {
    fn keys(&self) -> Vec<&str> {
        vec![]
    }

    fn classify(&self, _: &Tags, _: Shape) -> Vec<Offer> {
        vec![]
    }
}
