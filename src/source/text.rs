//! Bytes of a file to text: UTF-8 as it is, UTF-16 by its byte order mark or its first character.

/// Why bytes are not text. Offsets count bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A byte sequence that no encoding of Unicode allows.
    #[error("the bytes at offset {offset} are not valid {encoding}")]
    Invalid {
        /// Offset of the first wrong byte.
        offset: usize,
        /// `UTF-8`, `UTF-16LE` or `UTF-16BE`.
        encoding: &'static str,
    },
    /// U+0000, which neither JSON nor YAML allows and which no text file holds.
    #[error("there is a NUL character at byte offset {offset}")]
    Nul {
        /// Offset of the first NUL.
        offset: usize,
    },
}

/// Decodes the bytes of a file.
///
/// UTF-8 is kept byte for byte, a byte order mark included, so that offsets into the text are offsets into the
/// file. UTF-16 (RFC 8259 §8.1 forbids it for interchange, YAML 1.2.2 §5.2 demands it) is transcoded; offsets
/// then count bytes of the UTF-8 text.
pub fn decode(bytes: Vec<u8>) -> Result<String, TextError> {
    if let Some((encoding, skip)) = utf16_encoding(&bytes) {
        return decode_utf16(&bytes, encoding, skip);
    }
    if let Some(offset) = memchr::memchr(0, &bytes) {
        return Err(TextError::Nul { offset });
    }
    String::from_utf8(bytes)
        .map_err(|error| TextError::Invalid { offset: error.utf8_error().valid_up_to(), encoding: "UTF-8" })
}

#[derive(Clone, Copy, PartialEq)]
enum Utf16 {
    Little,
    Big,
}

/// The rule of YAML 1.2.2 §5.2: a byte order mark, or a first character that is ASCII.
fn utf16_encoding(bytes: &[u8]) -> Option<(Utf16, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => Some((Utf16::Little, 2)),
        [0xfe, 0xff, ..] => Some((Utf16::Big, 2)),
        [0, first, 0, _, ..] if *first != 0 => Some((Utf16::Big, 0)),
        [first, 0, _, 0, ..] if *first != 0 => Some((Utf16::Little, 0)),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], encoding: Utf16, skip: usize) -> Result<String, TextError> {
    let name = if encoding == Utf16::Little { "UTF-16LE" } else { "UTF-16BE" };
    let units = bytes[skip..].chunks_exact(2).map(|pair| match encoding {
        Utf16::Little => u16::from_le_bytes([pair[0], pair[1]]),
        Utf16::Big => u16::from_be_bytes([pair[0], pair[1]]),
    });
    let mut text = String::with_capacity(bytes.len());
    let mut offset = skip;
    for unit in char::decode_utf16(units) {
        match unit {
            Ok('\0') => return Err(TextError::Nul { offset }),
            Ok(character) => {
                text.push(character);
                offset += 2 * character.len_utf16();
            }
            Err(_) => return Err(TextError::Invalid { offset, encoding: name }),
        }
    }
    if (bytes.len() - skip) % 2 == 1 {
        return Err(TextError::Invalid { offset: bytes.len() - 1, encoding: name });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool, little: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn utf16_is_read_with_and_without_a_byte_order_mark() {
        for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
            assert_eq!(decode(utf16("{ä😀}", mark, little)).as_deref(), Ok("{ä😀}"), "{mark} {little}");
        }
    }

    #[test]
    fn what_is_no_text_is_an_error_that_names_the_offset() {
        assert_eq!(decode(b"ab\0c".to_vec()), Err(TextError::Nul { offset: 2 }));
        assert_eq!(decode(b"a\xffb".to_vec()), Err(TextError::Invalid { offset: 1, encoding: "UTF-8" }));
        let lone = [0xff, 0xfe, b'a', 0, 0x00, 0xd8];
        assert_eq!(decode(lone.to_vec()), Err(TextError::Invalid { offset: 4, encoding: "UTF-16LE" }));
        let odd = [0xff, 0xfe, b'a', 0, b'b'];
        assert_eq!(decode(odd.to_vec()), Err(TextError::Invalid { offset: 4, encoding: "UTF-16LE" }));
    }
}
