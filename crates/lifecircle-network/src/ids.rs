//! Dense indices of one network. They count its nodes and arcs and mean nothing outside it; what leaves a
//! program carries the ids of the map instead.

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $name(pub u32);

        impl $name {
            /// The index of row `row`.
            ///
            /// # Panics
            /// When `row` does not fit 32 bits; a network refuses to grow that far.
            #[must_use]
            pub fn new(row: usize) -> Self {
                Self(u32::try_from(row).expect("networks count in 32 bits"))
            }

            /// The row this index counts, for slices.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

index! {
    /// A node of a [`StreetNetwork`](crate::StreetNetwork): a junction or the end of a street.
    NodeIx,
    /// An arc of a [`StreetNetwork`](crate::StreetNetwork): a segment in one of its two directions.
    ArcIx,
}
