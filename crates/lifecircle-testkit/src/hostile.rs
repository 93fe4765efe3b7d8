//! Hostile bytes: valid files that were cut, flipped, repeated or had their lengths blown up.
//!
//! A reader must answer every one of them with an error or with a full account of its rows, and must never
//! panic or set aside memory that the bytes cannot fill.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::sample::Index;

/// One thing that happens to a file.
#[derive(Clone, Debug)]
pub enum Damage {
    /// Everything from here on is lost.
    Cut(Index),
    /// One byte is replaced.
    Replace(Index, u8),
    /// Some bits of one byte are turned.
    Flip(Index, u8),
    /// A stretch of at most 64 bytes stands twice.
    Repeat(Index, usize),
    /// A stretch of at most 64 bytes is lost.
    Lose(Index, usize),
    /// Bytes of a huge number, in every notation of lengths, stand here instead of what was there.
    Inflate(Index),
}

impl Damage {
    /// Does this to `bytes`.
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        match self {
            Self::Cut(at) => bytes.truncate(at.index(length)),
            Self::Replace(at, byte) => bytes[at.index(length)] = *byte,
            Self::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Self::Repeat(at, most) => {
                let from = at.index(length);
                let stretch = bytes[from..length.min(from + most)].to_vec();
                bytes.splice(from..from, stretch);
            }
            Self::Lose(at, most) => {
                let from = at.index(length);
                bytes.drain(from..length.min(from + most));
            }
            Self::Inflate(at) => {
                let from = at.index(length);
                let end = length.min(from + 5);
                bytes.splice(from..end, [0xff, 0xff, 0xff, 0xff, 0x0f]);
            }
        }
    }
}

/// One to four things that happen to a file.
pub fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let one = prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<Index>(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any::<Index>(), 1..=64_usize).prop_map(|(at, most)| Damage::Repeat(at, most)),
        (any::<Index>(), 1..=64_usize).prop_map(|(at, most)| Damage::Lose(at, most)),
        any::<Index>().prop_map(Damage::Inflate),
    ];
    prop::collection::vec(one, 1..=4)
}

/// The bytes of `valid` after one to four things happened to them.
///
/// ```
/// # use lifecircle_testkit::hostile::damaged;
/// # use proptest::prelude::{ProptestConfig, prop_assert, proptest};
/// proptest!(ProptestConfig::with_cases(16), |(bytes in damaged(b"id,lon,lat\n".to_vec()))| {
///     prop_assert!(bytes.len() < 1000);
/// });
/// ```
pub fn damaged(valid: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    (Just(valid), damages()).prop_map(|(mut bytes, damages)| {
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        bytes
    })
}

/// Bytes without any sense, up to 512 of them.
pub fn noise() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..512)
}
