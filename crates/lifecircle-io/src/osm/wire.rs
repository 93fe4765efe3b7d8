//! The wire format of protocol buffers, as far as OpenStreetMap files use it.
//!
//! A message is a chain of fields; a field is a key (number and wire type, as one varint) and a value. Nothing
//! here allocates, so a length that lies about what follows costs nothing.

/// What is wrong with a message; the caller knows the file and the byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) &'static str);

pub(super) const NO_END: Broken = Broken("a number does not end");

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
        if let Some((&byte @ 0..0x80, rest)) = self.0.split_first() {
            self.0 = rest;
            return Ok(byte.into());
        }
        // eight bytes at once and without a loop: how many are of the number is hard to foresee
        if let Some(eight) = self.0.first_chunk::<8>() {
            let word = u64::from_le_bytes(*eight);
            let last = (!word & 0x8080_8080_8080_8080).trailing_zeros();
            if last < u64::BITS {
                self.0 = &self.0[last as usize / 8 + 1..];
                let sevens = word & (u64::MAX >> (63 - last)) & 0x7f7f_7f7f_7f7f_7f7f;
                let fourteens = sevens & 0x007f_007f_007f_007f | (sevens & 0x7f00_7f00_7f00_7f00) >> 1;
                let halves = fourteens & 0x3fff_0000_3fff | (fourteens & 0x3fff_0000_3fff_0000) >> 2;
                return Ok(halves & 0x0fff_ffff | halves >> 32 << 28);
            }
        }
        self.long_varint()
    }

    #[cold]
    fn long_varint(&mut self) -> Result<u64, Broken> {
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
        Err(NO_END)
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
    #[inline]
    pub(super) fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, Broken> {
        if self.is_empty() {
            return Ok(None);
        }
        // a short list with a short name, as most are
        if let &[key @ 0..0x80, length @ 0..0x80, ref rest @ ..] = self.0
            && key & 7 == 2
            && let Some((value, rest)) = rest.split_at_checked(length.into())
        {
            self.0 = rest;
            return Ok(Some((u64::from(key >> 3), Value::Bytes(value))));
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

    #[inline]
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
