//! Dense indices. An index counts rows of one set and means nothing outside it; files carry the public
//! string ids instead.

use core::fmt;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $name(pub u32);

        impl $name {
            /// The index of row `row`.
            ///
            /// # Panics
            /// When `row` does not fit 32 bits; every set of this crate refuses to grow that far.
            #[must_use]
            pub fn new(row: usize) -> Self {
                Self(u32::try_from(row).expect("sets hold fewer than 2^32 rows"))
            }

            /// The row this index counts, for slices.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

index! {
    /// A resident place: a row of a [`DemandSet`](crate::DemandSet).
    DemandIx,
    /// A facility: a row of a [`FacilitySet`](crate::FacilitySet).
    FacilityIx,
    /// A service: a row of a catalogue.
    ServiceIx,
    /// A planning unit: a row of a [`UnitSet`](crate::UnitSet).
    UnitIx,
}
