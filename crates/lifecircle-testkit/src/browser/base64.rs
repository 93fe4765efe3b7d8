//! Bytes from base 64 (RFC 4648), as the protocol sends pictures and documents.

/// The bytes behind `text`.
///
/// # Panics
/// When a character is none of the alphabet, or the text ends inside a byte.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let digits = text.trim_end_matches('=').as_bytes();
    assert!(digits.len() % 4 != 1, "base 64 ends inside a byte");
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits: u32, &digit| bits << 6 | u32::from(value(digit)));
        // a short group lacks six bits for every missing digit
        let [_, whole @ ..] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend(&whole[..group.len() - 1]);
    }
    bytes
}

fn value(digit: u8) -> u8 {
    match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{:?} is no digit of base 64", char::from(digit)),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// The vectors of RFC 4648, section 10.
    #[test]
    fn vectors_of_the_standard() {
        let vectors = [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ];
        for (text, bytes) in vectors {
            assert_eq!(decode(text), bytes.as_bytes(), "{text}");
        }
        assert_eq!(decode("+/+/"), [0xfb, 0xff, 0xbf]);
    }

    #[test]
    #[should_panic(expected = "no digit of base 64")]
    fn other_letters_are_refused() {
        decode("Zm9*");
    }
}
