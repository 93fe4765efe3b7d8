//! The wire format of protocol buffers, as far as OpenStreetMap files use it.
//!
//! A message is a chain of fields; a field is a key (number and wire type, as one varint) and a value. Nothing
//! here allocates, so a length that lies about what follows costs nothing.

/// What is wrong with a message; the caller knows the file and the byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) &'static str);

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2: texts, messages and packed lists.
    Bytes(&'a [u8]),
    /// Wire types 1 and 5, which OpenStreetMap files do not use.
    Fixed,
}

impl<'a> Value<'a> {
    pub(super) fn varint(self) -> Result<u64, Broken> {
        match self {
            Self::Varint(value) => Ok(value),
            _ => Err(Broken("a field holds something else than the number it should")),
        }
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], Broken> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Broken("a field holds a number instead of text or a list")),
        }
    }
}

/// The unread rest of a message or of a packed list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

impl<'a> Wire<'a> {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number: seven bits a byte, least significant first.
    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0_u64;
        for (at, &byte) in self.0.iter().enumerate().take(10) {
            let bits = u64::from(byte & 0x7f);
            if at == 9 && bits > 1 {
                return Err(Broken("a number has more than 64 bits"));
            }
            value |= bits << (7 * at);
            if byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Ok(value);
            }
        }
        Err(Broken("a number does not end"))
    }

    /// The next signed number in zigzag order: 0, -1, 1, -2, ...
    #[inline]
    pub(super) fn zigzag(&mut self) -> Result<i64, Broken> {
        let raw = self.varint()?;
        Ok((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    /// The next number that must fit 32 bits, such as an index of a string.
    #[inline]
    pub(super) fn index(&mut self) -> Result<u32, Broken> {
        u32::try_from(self.varint()?).map_err(|_| Broken("an index has more than 32 bits"))
    }

    /// The next field of a message, or `None` at its end.
    pub(super) fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, Broken> {
        if self.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => {
                self.take(8)?;
                Value::Fixed
            }
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Value::Fixed
            }
            _ => return Err(Broken("a field has an unknown wire type")),
        };
        Ok(Some((key >> 3, value)))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Broken> {
        let (taken, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.0.split_at_checked(length))
            .ok_or(Broken("a field is longer than what is left"))?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_to_ten_bytes() {
        let check = |bytes: &[u8], expected| assert_eq!(Wire(bytes).varint(), expected, "{bytes:?}");
        check(&[0], Ok(0));
        check(&[0x96, 0x01], Ok(150));
        check(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Ok(u64::MAX));
        check(
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            Err(Broken("a number has more than 64 bits")),
        );
        check(&[0x80; 11], Err(Broken("a number does not end")));
        check(&[], Err(Broken("a number does not end")));
        assert_eq!(Wire(&[3]).zigzag(), Ok(-2));
        assert_eq!(
            Wire(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).zigzag(),
            Ok(i64::MIN)
        );
    }

    #[test]
    fn a_length_that_lies_is_an_error() {
        // field 1, bytes, length 2^63
        let mut wire = Wire(&[0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 7]);
        assert_eq!(wire.field(), Err(Broken("a field is longer than what is left")));
        assert_eq!(Wire(&[0x0a, 1, 7]).field(), Ok(Some((1, Value::Bytes(&[7])))));
    }
}
