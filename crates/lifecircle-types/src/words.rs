//! Closed lists of words that stand in files: each has one spelling, read and written by the same table.

/// Declares an enum whose variants are words of a file format: `as_str`, `ALL`, `FromStr`, `Display`, serde, schemars.
#[macro_export]
macro_rules! word_enum {
    (
        $(#[doc = $doc:literal])*
        $name:ident, $what:literal { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $vdoc])* $variant),+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it stands in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::InvalidText;
            fn from_str(text: &str) -> core::result::Result<Self, $crate::InvalidText> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| $crate::InvalidText {
                    what: $what,
                    value: text.into(),
                    expected: concat!("one of: ", $($word, " "),+).trim_end(),
                })
            }
        }

        $crate::serde_as_text!($name);
        $crate::schema_of_words!($name, [$($doc),*], $($word: [$($vdoc),*]),+);
    };
}

/// Implements serde for a type through its `Display` and `FromStr`.
#[cfg(feature = "serde")]
#[macro_export]
#[doc(hidden)]
macro_rules! serde_as_text {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> core::result::Result<Self, D::Error> {
                let text =
                    <std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
    };
}

/// Without the feature `serde` there is nothing to implement.
#[cfg(not(feature = "serde"))]
#[macro_export]
#[doc(hidden)]
macro_rules! serde_as_text {
    ($name:ident) => {};
}

/// Implements schemars for an enum of words, each with what it means.
#[cfg(feature = "schema")]
#[macro_export]
#[doc(hidden)]
macro_rules! schema_of_words {
    ($name:ident, [$($doc:literal),*], $($word:literal: [$($vdoc:literal),*]),+) => {
        $crate::schema_by!($name, $crate::schema::words(&[$($doc),*], &[$(($word, &[$($vdoc),*])),+]));
    };
}

/// Without the feature `schema` there is nothing to implement.
#[cfg(not(feature = "schema"))]
#[macro_export]
#[doc(hidden)]
macro_rules! schema_of_words {
    ($name:ident, [$($doc:literal),*], $($word:literal: [$($vdoc:literal),*]),+) => {};
}

/// Implements schemars for a type whose serde is written by hand.
#[cfg(feature = "schema")]
#[macro_export]
#[doc(hidden)]
macro_rules! schema_by {
    ($name:ident, |$generator:pat_param| $schema:expr) => {
        impl $crate::schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }

            fn json_schema($generator: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $schema
            }
        }
    };
    ($name:ident, $schema:expr) => {
        $crate::schema_by!($name, |_| $schema);
    };
}
