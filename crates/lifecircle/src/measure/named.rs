//! Rows of a table that are asked for by name.

/// Makes `$name` a row of `$table`, asked for by its name.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $table:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(&'static Row);

        impl $name {
            /// All of them.
            pub fn all() -> impl ExactSizeIterator<Item = Self> {
                $table.iter().map(Self)
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.0.name
            }

            /// What it is, in a line.
            #[must_use]
            pub const fn about(self) -> &'static str {
                self.0.about
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.name == other.0.name
            }
        }

        impl Eq for $name {}

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.0.name)
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::Error;

            fn from_str(text: &str) -> crate::Result<Self> {
                if let Some(row) = $table.iter().find(|row| row.name == text) {
                    return Ok(Self(row));
                }
                let names: Vec<&str> = $table.iter().map(|row| row.name).collect();
                let meant = lifecircle_types::most_alike(text, names.iter().copied()).unwrap_or_default();
                let known = names.join(", ");
                Err(super::fault(text, format!("there is no such {}; do you mean `{meant}`? Write one of {known}", $what)))
            }
        }
    };
}
pub(super) use named;
